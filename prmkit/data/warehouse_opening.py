"""Sales that stay in the warehouse, opened: columns found, words read, checked as far as sums can check, described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import CTE, Connection, Date, Select, distinct, false, func, literal_column, select

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.fileset import check_mapping, wanted
from prmkit.data.lines import counted_channels, stamp
from prmkit.data.mapping import choose
from prmkit.data.rates import rates_used
from prmkit.data.sources import Origin
from prmkit.data.tables import table
from prmkit.data.typed import typed_table
from prmkit.data.warehouse import query_label
from prmkit.data.warehouse_checks import check_lines, check_rates, check_references
from prmkit.data.warehouse_lines import WarehouseLines
from prmkit.data.warehouse_link import reading
from prmkit.data.warehouse_query import Trouble, prepared
from prmkit.data.warehouse_relation import AMOUNTS, WORDS, Relation, decimal, rows
from prmkit.data.words import word_reader
from prmkit.engagement import Engagement

_MOST_WORDS = 1000


def open_lines(
    engine: Engine, engagement: Engagement, origin: Origin, present: Mapping[str, Any], log: FaultLog, *, today: dt.date
) -> WarehouseLines | None:
    """The lines of an aggregating source; partners that only they name are added. None, with the reasons in `log`, where there are none.

    `present`: the other tables that were read into the engine.
    """
    check_mapping(origin, log)
    file = query_label(origin.settings)
    try:
        with reading(origin.settings) as connection:
            relation = _relation(connection, engine, engagement, origin, present, log)
            if relation is None:
                return None
            check_lines(connection, relation, engagement, log, file=file, today=today)
            check_rates(connection, relation, engagement, log, file=file)
            check_references(connection, relation, engine, present, log, file=file)
            log.add("warehouse_unchecked", table="sales", file=file)
            return _described(connection, relation, engagement, log)
    except Trouble as trouble:
        log.add(trouble.code, table="sales", file=file, value=trouble.value, words=trouble.words)
        return None


def figures(origin: Origin, as_of: dt.date | None) -> str:
    """Count, sum and newest date of a query's lines, for a fingerprint; what went wrong where there is no answer."""
    try:
        with reading(origin.settings) as connection:
            headers = _headers(connection, origin, as_of, FaultLog())
            if headers is None:
                return "no such columns"
            lines = Relation(origin.settings, as_of, headers).typed(connection.dialect.name)
            sums = (func.sum(lines.c[name]) for name in AMOUNTS)
            newest = func.max(lines.c.date, type_=Date)
            return repr(rows(connection, select(func.count(), newest, func.count(distinct(lines.c.partner_id)), *sums))[0])
    except Trouble as trouble:
        return trouble.code


def _headers(connection: Connection, origin: Origin, as_of: dt.date | None, log: FaultLog) -> Mapping[str, str] | None:
    """Canonical column -> column of the query."""
    nothing: Select[*tuple[Any, ...]] = (
        select(literal_column("*")).select_from(prepared(origin.settings, as_of).columns().cte("given")).where(false())
    )
    names = list(connection.execute(nothing).keys())
    chosen = choose(wanted(origin), names, log, file=query_label(origin.settings), row=0)
    return None if chosen is None else {name: names[place] for name, place in chosen.items()}


def _relation(
    connection: Connection, engine: Engine, engagement: Engagement, origin: Origin, present: Collection[str], log: FaultLog
) -> Relation | None:
    headers = _headers(connection, origin, engagement.as_of, log)
    if headers is None:
        return None
    by_preset = origin.made.values if origin.made else {}
    given = {name: {**by_preset.get(name, {}), **origin.settings.values.get(name, {})} for name in {*by_preset, *origin.settings.values}}
    plain = Relation(
        origin.settings,
        engagement.as_of,
        headers,
        currency=engagement.currency,
        mapped={name: words for name, words in given.items() if name not in WORDS},
        homes=_looked_up(engine, "partners", "partner_id", "territory", present),
        families=_looked_up(engine, "products", "product_id", "family", present),
        rates=[(code, month, rate) for code, month, rate in engine.rows(f"SELECT * FROM {rates_used(engine, engagement)} ORDER BY ALL")],
    )
    typed = plain.typed(connection.dialect.name)
    words = {name: _words(connection, typed, name, given.get(name, {}), log, origin) for name in WORDS if name in headers}
    return replace(plain, words=words)


def _looked_up(engine: Engine, name: str, key: str, column: str, present: Collection[str]) -> tuple[tuple[str, str], ...]:
    """One value of a column for each key, as the file of lines has it."""
    if name not in present:
        return ()
    found = engine.rows(f"SELECT {identifier(key)} AS k, min({identifier(column)}) AS v FROM {typed_table(name)} GROUP BY k ORDER BY k")
    return tuple((known, value) for known, value in found if value is not None)


def _words(connection: Connection, typed: CTE, name: str, given: Mapping[str, str], log: FaultLog, origin: Origin) -> dict[str, str | None]:
    """What each word of a column means, read as the words of files are."""
    column = table("sales")[name]
    read = word_reader(column)
    assert read is not None
    cell = typed.c[name]
    found = rows(connection, select(cell, func.count()).where(cell.is_not(None)).group_by(cell).order_by(cell).limit(_MOST_WORDS))
    alike = {raw.strip().casefold(): word for raw, word in given.items()}
    meanings: dict[str, str | None] = {}
    for said, count in found:
        mapped = given.get(said, alike.get(said.casefold(), said))
        word = read(mapped) if mapped else None
        meanings[said] = word.meaning if word else None
        if word and word.fault:
            words = {"allowed": ", ".join(column.words), "near": word.nearest or "one of them"}
            file = query_label(origin.settings)
            log.add(word.fault, table="sales", file=file, column=name, value=said, count=count, words=words)
    return meanings


def _described(connection: Connection, relation: Relation, engagement: Engagement, log: FaultLog) -> WarehouseLines:
    dialect = connection.dialect.name
    lines = relation.lines(dialect)
    first, last = func.min(lines.c.date, type_=Date), func.max(lines.c.date, type_=Date)
    count, begun, ended = rows(connection, select(func.count(), first, last))[0]
    through = select(lines.c.channel, func.sum(lines.c.revenue), last).where(lines.c.partner_id.is_not(None)).group_by(lines.c.channel)
    sums = [(channel, decimal(revenue, dialect), day) for channel, revenue, day in rows(connection, through)]
    sums.sort(key=lambda one: (-(one[1] or 0), one[0] is None, one[0] or ""))
    channels, newest = counted_channels(sums, engagement, log)
    return WarehouseLines(relation, int(count), channels, stamp(begun), stamp(ended), newest)
