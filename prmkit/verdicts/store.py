"""Where people's answers are kept: `answers.db` in the engagement folder, or a database its settings name.

Verdicts are only ever added; the latest on a finding stands. Two people who judge at once lose nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from prmkit.engagement import Engagement
from prmkit.errors import PrmkitError
from prmkit.practices.result import Amount
from prmkit.verdicts.verdict import Judgement

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FILE = "answers.db"
VERSION = 1
_LOCK = 7_276_301
_FIGURE = ("amount", "low", "high", "unit", "period")


@contextmanager
def open_store(engagement: Engagement) -> Iterator[Store]:
    """The store of an engagement, made on first use; PrmkitError, without the address, where it cannot be used."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    where = engagement.store_env or str(engagement.folder / FILE)
    try:
        engine = _engine(engagement)
        try:
            with engine.begin() as connection:
                _prepare(connection)
            yield Store(engine)
        finally:
            engine.dispose()
    except (SQLAlchemyError, ArgumentError, ImportError) as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        do = "See that the database is there, answers, and lets this user write. Nothing was changed."
        raise PrmkitError(f"The answers' database cannot be used ({reason}).", where=where, do=do) from None


class Store:
    """The verdicts of one engagement."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, said: Judgement) -> None:
        """Keep one verdict beside those before it."""
        verdicts = _tables()[1]
        row = {"finding_id": said.finding_id, "word": said.word, "reason": said.reason, "said_by": said.by, "said_on": said.on}
        row |= _columns("seen", said.seen) | _columns("corrected", said.corrected)
        with self._engine.begin() as connection:
            connection.execute(verdicts.insert().values(row))

    def history(self, finding_id: str = "") -> tuple[Judgement, ...]:
        """Every verdict on a finding, or on all, in the order they were given."""
        verdicts = _tables()[1]
        query = verdicts.select().order_by(verdicts.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(verdicts.c.finding_id == finding_id) if finding_id else query).mappings().all()
        return tuple(_judgement(row) for row in rows)

    def latest(self) -> dict[str, Judgement]:
        """Finding id -> the verdict that stands."""
        return {said.finding_id: said for said in self.history()}


def latest(engagement: Engagement) -> dict[str, Judgement]:
    """The verdicts that stand; none, without opening anything, where nobody has judged yet."""
    if engagement.store_env is None and not (engagement.folder / FILE).exists():
        return {}
    with open_store(engagement) as store:
        return store.latest()


def _engine(engagement: Engagement) -> Engine:
    from sqlalchemy import URL, create_engine, event

    if engagement.store_env:
        address = os.environ.get(engagement.store_env, "")
        if not address:
            do = f"Set {engagement.store_env} to the address of the answers' database, or take store_env out of engagement.yaml."
            raise PrmkitError("The environment does not hold the address of the answers' database.", where=engagement.store_env, do=do)
        engine = create_engine(address)
    else:
        engine = create_engine(URL.create("sqlite", database=str(engagement.folder / FILE)), connect_args={"timeout": 60})
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode = WAL")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _prepare(connection: Connection) -> None:
    """Make the tables on first use, one process at a time; refuse those of a newer prmkit."""
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    versions, verdicts = _tables()
    verdicts.metadata.create_all(connection)
    found = connection.execute(versions.select().where(versions.c.part == verdicts.name)).mappings().first()
    if found is None:
        connection.execute(versions.insert().values(part=verdicts.name, version=VERSION))
    elif found["version"] != VERSION:
        do = "Use the prmkit that wrote them, or a newer one."
        raise PrmkitError(f"The verdicts were written by another version of prmkit (layout {found['version']}).", do=do)


def _tables() -> tuple[Any, Any]:
    """The table of layouts and the table of verdicts."""
    from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text

    kept = MetaData()
    versions = Table("prmkit_layouts", kept, Column("part", String(64), primary_key=True), Column("version", Integer, nullable=False))
    figures = [
        Column(f"{kind}_{part}", Text if part in {"unit", "period"} else Float) for kind in ("seen", "corrected") for part in _FIGURE
    ]
    verdicts = Table(
        "prmkit_verdicts",
        kept,
        Column("number", Integer, primary_key=True, autoincrement=True),
        *(Column(name, Text, nullable=False) for name in ("finding_id", "word", "reason", "said_by", "said_on")),
        *figures,
        sqlite_autoincrement=True,
    )
    return versions, verdicts


def _columns(kind: str, figure: Amount | None) -> dict[str, Any]:
    return {f"{kind}_{part}": None if figure is None else getattr(figure, part) for part in _FIGURE}


def _judgement(row: Any) -> Judgement:
    seen, corrected = (_figure(row, kind) for kind in ("seen", "corrected"))
    said = (row["finding_id"], row["word"], row["reason"], row["said_by"], row["said_on"])
    return Judgement(*said, seen=seen, corrected=None if corrected.amount is None else corrected)


def _figure(row: Any, kind: str) -> Amount:
    amount, low, high, unit, period = (row[f"{kind}_{part}"] for part in _FIGURE)
    return Amount(amount, low, high, unit or "", period or "")
