"""A connection to a client's warehouse that can only read, gives up in time, and never says where it went."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prmkit.data.warehouse_query import Trouble, writing_word
from prmkit.engagement import SourceSettings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

_LONGEST_CONNECTING = 30
_STEPS_BETWEEN_LOOKS = 10_000
_PSYCOPG, _MYSQL = ("psycopg", "psycopg2"), ("pymysql", "mysqldb")
# SQLSTATE, or the class that it begins with -> fault
_BY_STATE = {
    "57014": "warehouse_timeout",
    "25": "warehouse_writes",
    "0A": "warehouse_query_wrong",
    "42501": "warehouse_no_permission",
    "28": "warehouse_login",
    "3D": "warehouse_no_database",
    "42": "warehouse_query_wrong",
    "22": "warehouse_query_wrong",
    "08": "warehouse_unreachable",
    "57P": "warehouse_unreachable",
}
# parts of what drivers say without a state -> fault, the first that fits
_BY_WORDS = (
    ("does not exist", "warehouse_login", "role "),
    ("does not exist", "warehouse_no_database", "database "),
    ("interrupted", "warehouse_timeout", ""),
    ("readonly database", "warehouse_writes", ""),
    ("password", "warehouse_login", ""),
    ("pg_hba.conf", "warehouse_login", ""),
    ("access denied", "warehouse_login", ""),
    ("no such", "warehouse_query_wrong", ""),
    ("syntax error", "warehouse_query_wrong", ""),
    ("not all data", "warehouse_query_wrong", ""),
    ("locked", "warehouse_timeout", ""),
)


@contextmanager
def reading(settings: SourceSettings) -> Iterator[Connection]:
    """A connection in a transaction that only reads and is rolled back. Raises Trouble, of which no word is from the address."""
    failed: Trouble | None = None
    try:
        with _opened(settings) as connection:
            yield connection
    except Trouble as trouble:
        failed = trouble
    except Exception as error:
        failed = _trouble(error, settings)
        if failed is None:
            raise
    if failed is not None:
        raise failed


@contextmanager
def _opened(settings: SourceSettings) -> Iterator[Connection]:
    from sqlalchemy import create_engine

    url = _url(settings)
    backend = url.get_backend_name()
    writes = writing_word(settings) if backend not in {"postgresql", "sqlite"} else ""
    if writes:
        raise Trouble("warehouse_writes", reason=f"{writes} is no word of a query that only reads")
    if backend == "sqlite" and not _is_there(url):
        raise Trouble("warehouse_unreachable", settings.url_env or "", reason="there is no such file")
    warehouse = create_engine(url, connect_args=_arguments(url, settings.timeout_seconds), hide_parameters=True)
    try:
        _only_reading(warehouse, backend, settings.timeout_seconds)
        with warehouse.connect() as fresh:
            options = {"postgresql_readonly": True} if backend == "postgresql" else {}
            connection = fresh.execution_options(**options)
            try:
                yield connection
            finally:
                connection.rollback()
    finally:
        warehouse.dispose()


def _url(settings: SourceSettings) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    address = os.environ.get(settings.url_env or "", "")
    if not address:
        raise Trouble("warehouse_no_address", settings.url_env or "")
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        pass
    raise Trouble("warehouse_bad_address", settings.url_env or "")


def _is_there(url: URL) -> bool:
    name = url.database or ""
    return not name or name == ":memory:" or name.startswith("file:") or Path(name).is_file()


def _arguments(url: URL, seconds: int) -> dict[str, Any]:
    connecting = max(2, min(seconds, _LONGEST_CONNECTING))
    driver = url.drivername.partition("+")[2]
    if url.get_backend_name() == "postgresql" and driver in {"", *_PSYCOPG}:
        already = url.query.get("options", "")
        options = f"{already if isinstance(already, str) else ' '.join(already)} -c default_transaction_read_only=on"
        return {"connect_timeout": connecting, "options": f"{options} -c statement_timeout={seconds * 1000}".strip()}
    if url.get_backend_name() == "sqlite":
        return {"timeout": connecting}
    if driver in _MYSQL:
        return {"connect_timeout": connecting, "read_timeout": seconds}
    return {}


def _only_reading(warehouse: Engine, backend: str, seconds: int) -> None:
    """Tell every new connection of the kinds that take no such thing while connecting."""
    from sqlalchemy import event

    def told(connection: Any, _record: Any) -> None:
        if backend == "sqlite":
            connection.execute("PRAGMA query_only = ON")
            until = time.monotonic() + seconds
            connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
        elif backend in {"mysql", "mariadb"}:
            with connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")

    event.listen(warehouse, "connect", told)


def _trouble(error: Exception, settings: SourceSettings) -> Trouble | None:
    """What an error of the database means; None where it is no such error."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

    variable, seconds = settings.url_env or "", str(settings.timeout_seconds)
    if isinstance(error, NoSuchModuleError | ImportError):
        return Trouble("warehouse_driver", variable)
    if not isinstance(error, SQLAlchemyError):
        return None
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(cause, "sqlstate", None) or "")
    said = str(cause).casefold()
    code = next((_BY_STATE[state[:length]] for length in (5, 3, 2) if state[:length] in _BY_STATE), "")
    if type(cause).__name__ == "ConnectionTimeout":
        code = "warehouse_unreachable"
    if not code:
        code = next((found for words, found, also in _BY_WORDS if words in said and also in said), "")
    if not code and type(cause).__name__ == "OperationalError":
        code = "warehouse_unreachable"
    reason = _reason(cause, settings) if code in {"warehouse_query_wrong", "warehouse_writes"} else type(cause).__name__
    return Trouble(code or "warehouse_failed", variable, seconds=seconds, reason=reason)


def _reason(cause: BaseException, settings: SourceSettings) -> str:
    """The database's own sentence about a query, where no part of the address stands in it; else the kind of error."""
    said = str(getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause).partition("\n")[0])
    url = _url(settings)
    values = (str(value) for value in settings.params.values())
    secret = [part for part in (url.password and str(url.password), url.host, url.username, *values) if part]
    return type(cause).__name__ if any(part in said for part in secret) or len(said) > 200 else said
