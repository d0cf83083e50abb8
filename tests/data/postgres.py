"""A real PostgreSQL for tests: a database of its own for each test that asks; none is a failure where CI runs."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import psycopg
import pytest

SERVER = os.environ.get("PRMKIT_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def connected() -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the server; without one the tests are skipped, but never where they are meant to run."""
    try:
        return psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL: start one, or name it in PRMKIT_POSTGRES ({type(error).__name__})"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database, which goes after the test."""
    name = f"prmkit_{uuid.uuid4().hex}"
    with connected() as server:
        server.execute(f"CREATE DATABASE {name}")
        yield SERVER.rpartition("/")[0] + f"/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
