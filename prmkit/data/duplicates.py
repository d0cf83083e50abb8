"""Rows that stand there twice: word for word, or under one key with different contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.tables import Table
from prmkit.data.typed import typed_table

_GROUPS_READ = 1000


def check_duplicates(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    """Rows equal in all columns under a full key are counted once; rows that differ under one key are errors.

    Rows whose key is empty or partly empty are never dropped: equal ones are told.
    """
    if table.key:
        _full_keys(engine, table, files, log)
    if not table.key or any(not table[name].required for name in table.key):
        _same_rows(engine, table, files, log)
    if sum(table[name].required for name in table.key) >= 2:
        _open_keys(engine, table, files, log)


def _content(table: Table) -> str:
    return ", ".join(identifier(column.name) for column in table.readable)


def _full_keys(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    rows = typed_table(table.name)
    key = ", ".join(identifier(name) for name in table.key)
    full = " AND ".join(f"{identifier(name)} IS NOT NULL" for name in table.key)
    engine.run(f"CREATE OR REPLACE TEMP TABLE twins AS SELECT hash({key}) AS h FROM {rows} WHERE {full} GROUP BY h HAVING count(*) > 1")
    if not engine.row("SELECT count(*) FROM twins")[0]:
        return
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE suspects AS SELECT *, rowid AS _id, dense_rank() OVER (ORDER BY {key}) AS _group
        FROM {rows} WHERE {full} AND hash({key}) IN (SELECT h FROM twins)"""
    )
    engine.run(
        f"""CREATE OR REPLACE TEMP TABLE repeated AS SELECT _group, count(*) AS many, count(DISTINCT ({_content(table)})) AS versions,
        min(_id) AS first FROM suspects GROUP BY _group HAVING count(*) > 1"""
    )
    _drop_equal(engine, table, files, log)
    _report_conflicts(engine, table, files, log)


def _drop_equal(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    extra = "suspects s JOIN repeated r USING (_group) WHERE r.versions = 1 AND s._id <> r.first"
    key = ", ".join(f"s.{identifier(name)}" for name in table.key)
    found = engine.rows(
        f"SELECT s._unit, count(*), min(s._row, 3), arg_min(concat_ws(', ', {key}), s._row) FROM {extra} GROUP BY s._unit ORDER BY s._unit"
    )
    for unit, count, numbers, value in found:
        _note("duplicate_row", table, files.get(unit, ""), numbers, value, count, log)
    engine.run(f"DELETE FROM {typed_table(table.name)} WHERE rowid IN (SELECT s._id FROM {extra})")


def _report_conflicts(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    names = [column.name for column in table.readable]
    groups = engine.rows(
        f"""SELECT s._group, s._unit, s._row, {", ".join("s." + identifier(name) for name in names)} FROM suspects s
        JOIN (SELECT * FROM repeated WHERE versions > 1 ORDER BY _group LIMIT {_GROUPS_READ}) r USING (_group)
        ORDER BY s._group, s._unit, s._row"""
    )
    total = engine.row("SELECT count(*) FROM repeated WHERE versions > 1")[0]
    by_group: dict[int, list[tuple[Any, ...]]] = {}
    for row in groups:
        by_group.setdefault(row[0], []).append(row[1:])
    counted = 0
    for same in by_group.values():
        first = dict(zip(names, same[0][2:], strict=True))
        differ = [name for place, name in enumerate(names) if len({row[2 + place] for row in same}) > 1]
        value = ", ".join(str(first[name]) for name in table.key)
        places = [f"{files.get(unit, 'added')} row {number}" if number else files.get(unit, "added") for unit, number, *_ in same[:3]]
        code, where = "duplicate_key", f" They differ in {', '.join(differ)}: {' and '.join(places)}."
        if table.name == "partners" and differ == ["territory"]:
            code = "partner_in_two_territories"
            homes = [str(row[2 + names.index("territory")] or "none") for row in same[:3]]
            where = ", ".join(f"{home} ({place})" for home, place in zip(homes, places, strict=True))
        log.add(
            code,
            table=table.name,
            file=files.get(same[0][0], ""),
            row=same[0][1],
            column=", ".join(table.key),
            value=value,
            count=1,
            rows=[row[1] for row in same],
            words={"where": where},
        )
        counted += 1
    if total > counted:
        log.add("duplicate_key", table=table.name, column=", ".join(table.key), count=total - counted, words={"where": ""})


def _same_rows(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    """Rows without a full key that equal another in everything."""
    missing = " OR ".join(f"{identifier(name)} IS NULL" for name in table.key) or "true"
    content = _content(table)
    rows = typed_table(table.name)
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE twins AS SELECT hash({content}) AS h FROM {rows} WHERE {missing} GROUP BY h HAVING count(*) > 1"
    )
    if not engine.row("SELECT count(*) FROM twins")[0]:
        return
    repeated = f"""SELECT *, row_number() OVER (PARTITION BY {content} ORDER BY _unit, _row) AS n
        FROM {rows} WHERE ({missing}) AND hash({content}) IN (SELECT h FROM twins)"""
    for unit, count, numbers in engine.rows(
        f"SELECT _unit, count(*), min(_row, 3) FROM ({repeated}) WHERE n > 1 GROUP BY _unit ORDER BY _unit"
    ):
        _note("same_row_twice", table, files.get(unit, ""), numbers, "", count, log)


def _open_keys(engine: Engine, table: Table, files: Mapping[int, str], log: FaultLog) -> None:
    """Keys with an empty part that stand there more than once."""
    key = ", ".join(identifier(name) for name in table.key)
    missing = " OR ".join(f"{identifier(name)} IS NULL" for name in table.key)
    query = f"""SELECT arg_min(_unit, _row), count(*), min(_row, 3), concat_ws(', ', {key}) FROM {typed_table(table.name)}
        WHERE {missing} GROUP BY {key} HAVING count(*) > 1 ORDER BY min(_unit), min(_row) LIMIT {_GROUPS_READ}"""
    for unit, count, numbers, value in engine.rows(query):
        _note("duplicate_open_key", table, files.get(unit, ""), numbers, value, count, log)


def _note(code: str, table: Table, file: str, numbers: Sequence[int], value: str, count: int, log: FaultLog) -> None:
    column = ", ".join(table.key)
    log.add(code, table=table.name, file=file, column=column, value=value, count=count, rows=numbers)
