"""A database of answers of both kinds, and an engagement folder with results that nobody had to compute."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prmkit import results
from prmkit.practices.result import Action, Amount, Finding
from prmkit.results import Results, by_worth

SERVER = os.environ.get("PRMKIT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
VARIABLE = "PRMKIT_TEST_ANSWERS"
RUN = {
    "results_version": 1, "prmkit_version": "0", "not_computed": [], "warnings": [], "fingerprint": "f", "locale": "en_GB",
    "currency": "EUR", "portfolio": "all", "client": "Example", "as_of": "2026-09-30", "practices": [], "measure": "sell_in",
    "inputs": {}, "settings": {},
    "started_at": "2026-10-01T00:00:00+00:00", "finished_at": "2026-10-01T00:00:00+00:00", "seed": 1,
}  # fmt: skip


def make_finding(
    name: str = "p1", worth: float | None = 400_000.0, low: float | None = 300_000.0, high: float | None = 500_000.0
) -> Finding:
    """A finding on one partner."""
    return Finding(
        id=f"prune.scorecard.loss:partner:{name}",
        practice="prune",
        subject_kind="partner",
        subject_id=name,
        title=f"{name} costs more than it brings",
        statement="It does.",
        value=Amount(11.0, 9.0, 13.0, "partners"),
        worth=Amount(worth, low, high, "EUR", "a year"),
        confidence="high",
        action=Action("Talk", "partner manager", "2026-12-31", "contribution above zero"),
        evidence=("prune_scorecard",),
    )


def make_results(*findings: Finding) -> Results:
    """Results that hold only findings."""
    partners = pd.DataFrame({"partner_id": ["p1", "p2"], "name": ["One", "Two"]})
    return Results(dict(RUN), by_worth(findings), {}, partners)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An engagement folder with results for `all`: two findings."""
    home = tmp_path / "acme"
    home.mkdir()
    (home / "engagement.yaml").write_text("client: Example\ncurrency: EUR\n", encoding="utf-8")
    results.write(make_results(make_finding(), make_finding("p2", 90_000.0, 50_000.0, 120_000.0)), home / "out" / "all" / "results")
    return home


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[str]:
    """The engagement's answers in answers.db, then in a database of PostgreSQL made for the test."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    import sqlalchemy

    server = sqlalchemy.create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    name = f"prmkit_{uuid.uuid4().hex}"
    try:
        with server.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    except sqlalchemy.exc.OperationalError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("no PostgreSQL server answers on this machine")
    monkeypatch.setenv(VARIABLE, server.url.set(database=name).render_as_string(hide_password=False))
    with (folder / "engagement.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"store_env: {VARIABLE}\n")
    yield "postgresql"
    with server.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(name="make_finding")
def make_finding_fixture() -> Callable[..., Finding]:
    """The function that makes a finding."""
    return make_finding


@pytest.fixture(name="make_results")
def make_results_fixture() -> Callable[..., Any]:
    """The function that makes results of findings."""
    return make_results
