"""Checks of sales lines that stay in the warehouse, as far as counts can tell; none stops the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Integer, and_, case, cast, extract, func, or_, select

from prmkit.data.checks import MANY_RETURNS
from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.orphans import ADDED, TARGETS, hint
from prmkit.data.tables import tables
from prmkit.data.typed import typed_table
from prmkit.data.warehouse_relation import Relation, rows
from prmkit.engagement import Engagement

_REFERENCES = ("partner_id", "distributor_id", "product_id")
_NAMED = 5


def check_lines(connection: Connection, relation: Relation, engagement: Engagement, log: FaultLog, *, file: str, today: dt.date) -> None:
    """Empty dates and amounts, days that lie ahead, signs, and sale ids that stand there twice."""
    typed = relation.typed(connection.dialect.name)
    ahead, negative = typed.c.date > today, typed.c.revenue < 0
    tests = (typed.c.date.is_(None), typed.c.revenue.is_(None), ahead, negative, and_(negative, typed.c.units > 0))
    counts = (func.count(case((test, 1))) for test in tests)
    newest = func.max(case((ahead, typed.c.date)))
    lines, undated, unpaid, later, returned, odd, latest = rows(connection, select(func.count(), *counts, newest).select_from(typed))[0]
    if not lines:
        log.add("no_rows", table="sales", file=file, severity="error")
    for column, empty in (("date", undated), ("revenue", unpaid)):
        if empty:
            log.add("required_empty", table="sales", file=file, column=column, count=empty)
    if later:
        severity: Any = "error" if engagement.as_of is None else "warning"
        log.add("future_date", table="sales", file=file, column="date", value=str(latest), count=later, severity=severity)
    if odd:
        log.add("negative_with_units", table="sales", file=file, column="revenue", count=odd)
    if lines and returned / lines > MANY_RETURNS:
        log.add("many_returns", table="sales", column="revenue", value=f"{returned / lines:.0%}", count=returned)
    one = select(typed.c.sale_id, func.count().label("n")).where(typed.c.sale_id.is_not(None)).group_by(typed.c.sale_id)
    twice = one.having(func.count() > 1).cte("twice")
    value, more = rows(connection, select(func.min(twice.c.sale_id), func.sum(twice.c.n - 1)))[0]
    if more:
        log.add("warehouse_sale_twice", table="sales", file=file, column="sale_id", value=value, count=int(more))


def check_rates(connection: Connection, relation: Relation, engagement: Engagement, log: FaultLog, *, file: str) -> None:
    """Months of other currencies for which there is no rate: their lines are not counted."""
    if "currency" not in relation.headers:
        return
    typed = relation.typed(connection.dialect.name)
    month = cast(extract("year", typed.c.date), Integer) * 12 + cast(extract("month", typed.c.date), Integer) - 1
    foreign = and_(typed.c.currency != engagement.currency, typed.c.date.is_not(None))
    keys = typed.c.currency, month
    known = {(code, first.year * 12 + first.month - 1) for code, first, _ in relation.rates}
    found = rows(connection, select(*keys, func.count()).where(foreign).group_by(*keys))
    for code, number, count in sorted(found):
        if (code, number) in known:
            continue
        said = f"{number // 12}-{number % 12 + 1:02d}"
        words = {"kind": engagement.rates, "currency": code, "month": said, "target": engagement.currency}
        value = f"{code} {said}"
        log.add("rate_missing", table="sales", file=file, column="currency", value=value, count=count, words=words, detail=value)


def check_references(
    connection: Connection, relation: Relation, engine: Engine, present: Mapping[str, Any], log: FaultLog, *, file: str
) -> None:
    """Ids that other tables do not have: partners are added under their id, the others told."""
    typed = relation.typed(connection.dialect.name)
    counts = or_(typed.c.revenue.is_not(None), typed.c.date.is_not(None))
    for column in _REFERENCES:
        target = TARGETS[column]
        if column not in relation.headers or target not in present:
            continue
        key = tables()[target].key[0]
        known = {row[0] for row in engine.rows(f"SELECT {identifier(key)} FROM {typed_table(target)}")}
        named = select(typed.c[column], func.count()).where(typed.c[column].is_not(None), counts).group_by(typed.c[column])
        unknown = sorted(((value, n) for value, n in rows(connection, named) if value not in known), key=lambda one: (-one[1], one[0]))
        if unknown:
            _tell(engine, column, target, key, unknown, log, file)


def _tell(engine: Engine, column: str, target: str, key: str, unknown: list[tuple[Any, ...]], log: FaultLog, file: str) -> None:
    listed = ", ".join(f"'{value}' ({n:,} rows)" for value, n in unknown[:_NAMED])
    more = f" and {len(unknown) - _NAMED:,} more" if len(unknown) > _NAMED else ""
    words = {"target": target, "values": listed + more, "hint": hint(engine, target, key, [one[0] for one in unknown[:_NAMED]])}
    code = "partner_added" if column == "partner_id" else "orphan"
    total = sum(one[1] for one in unknown)
    log.add(code, table="sales", file=file, column=column, value=unknown[0][0], count=total, words=words)
    if column == "partner_id":
        added = sorted(one[0] for one in unknown)
        query = f"INSERT INTO {typed_table(target)} BY NAME SELECT {ADDED} AS _unit, 0 AS _row, id AS partner_id, id AS name"
        engine.rows(f"{query} FROM (SELECT unnest(?) AS id)", [added])
