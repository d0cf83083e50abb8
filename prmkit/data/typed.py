"""Text becomes dates, numbers, words and ids: one table in the engine for each canonical table, every refusal a fault."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data import dates, numbers
from prmkit.data.conventions import Conventions, Met, day_text, distinct
from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.flags import Flag, raise_flags
from prmkit.data.tables import Column, Table
from prmkit.data.words import word_reader
from prmkit.errors import Severity

_EARLIEST, _LATEST = 1990, 2100


def sql_type(table: Table, column: Column) -> str:
    """The engine's type of a canonical column: money and rates are exact."""
    if table.name == "rates" and column.name == "rate":
        return "DECIMAL(38, 18)"
    if column.is_money:
        return "DECIMAL(28, 10)"
    return {"date": "DATE", "boolean": "BOOLEAN", "number": "DOUBLE", "integer": "DOUBLE"}.get(column.kind, "VARCHAR")


def typed_table(table: str) -> str:
    """The name of a canonical table's typed rows in the engine."""
    return identifier(f"typed {table}")


def create(engine: Engine, table: Table) -> None:
    """An empty typed table: `_unit` and `_row` say where each row came from."""
    columns = ", ".join(f"{identifier(column.name)} {sql_type(table, column)}" for column in table.readable)
    engine.run(f"CREATE TABLE {typed_table(table.name)} (_unit INTEGER, _row BIGINT, {columns})")


def insert(engine: Engine, found: Conventions, log: FaultLog) -> int:
    """Add one unit's rows to its typed table; rows without what every row needs stay out, their faults noted. Rows added."""
    unit = found.unit
    meanings = {column.name: name for column in unit.columns if (name := _meanings(engine, found, column, log))}
    source = _prepared(found)
    _refused_numbers(engine, found, source, log)
    selected, joins, needed = [], [], []
    for column in unit.table.readable:
        expression = _expression(found, column, meanings)
        selected.append(f"{expression} AS {identifier(column.name)}")
        if column.required:
            needed.append(f"{identifier(column.name)} IS NOT NULL")
        if column.name in meanings:
            raw = _day(column) if column.kind == "date" else identifier(column.name)
            joins.append(f"LEFT JOIN {meanings[column.name]} ON {meanings[column.name]}.raw = s.{raw}")
    query = f"SELECT {unit.number} AS _unit, s._row, {', '.join(selected)} FROM {source} s {' '.join(joins)}"
    target = typed_table(unit.table.name)
    before = engine.row(f"SELECT count(*) FROM {target}")[0]
    engine.run(f"INSERT INTO {target} SELECT * FROM ({query}) WHERE {' AND '.join(needed) or 'true'}")
    added = int(engine.row(f"SELECT count(*) FROM {target}")[0] - before)
    for name in meanings.values():
        engine.run(f"DROP TABLE {name}")
    if added > unit.rows or (added < unit.rows and not log.has_errors(unit.table.name)):
        words = {"expected": str(unit.rows), "found": str(added)}
        log.add("rows_lost", table=unit.table.name, file=unit.file, words=words)
    return added


def _expression(found: Conventions, column: Column, meanings: Mapping[str, str]) -> str:
    kind = sql_type(found.unit.table, column)
    if column not in found.unit.columns:
        return f"CAST(NULL AS {kind})"
    name = f"s.{identifier(column.name)}"
    if column.name in meanings:
        meaning = f"CAST({meanings[column.name]}.meaning AS {kind})"
        return f"coalesce({meaning}, {name})" if column.name == "country" else meaning
    if column.name in found.numerals:
        return numbers.typed(name, f"s.{_body(column)}", column, found.numerals[column.name], kind)
    return name


def _body(column: Column) -> str:
    return identifier(f"{column.name} body")


def _day(column: Column) -> str:
    return identifier(f"{column.name} day")


def _prepared(found: Conventions) -> str:
    """The unit's rows with the bare body of every number that is not plainly written, and the day of every date."""
    extra, replaced = [], []
    for column in found.unit.columns:
        name = identifier(column.name)
        numerals = found.numerals.get(column.name)
        if column.kind == "date":
            extra.append(f"{day_text(name)} AS {_day(column)}")
        elif numerals and not numerals.plain:
            replaced.append(f"CASE WHEN NOT {numbers.is_nothing(name)} THEN {name} END AS {name}")
            extra.append(f"{numbers.body(name)} AS {_body(column)}")
    if not extra:
        return found.unit.view
    replace = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    return f"(SELECT *{replace}, {', '.join(extra)} FROM {found.unit.view})"


def _refused_numbers(engine: Engine, found: Conventions, source: str, log: FaultLog) -> None:
    unit = found.unit
    flags: list[Flag] = []
    for column in unit.columns:
        if column.name not in found.numerals:
            continue
        name, numerals = identifier(column.name), found.numerals[column.name]
        if column.is_money:
            long = f"strlen({name}) > 12 AND regexp_matches({name}, '[.,][0-9]{{10}}[0-9]*[1-9]')"
            flags.append(Flag("many_decimals", column.name, long, name))
        if not numerals.plain:
            flags.append(Flag("currency_sign", column.name, f"regexp_matches({name}, '{numbers.SIGNS}')", name))
            if column.is_fraction:
                flags.append(Flag("percent_read", column.name, f"ends_with({name}, '%')", name))
            _refused(engine, found, column, numerals, source, log)
    raise_flags(engine, source, flags, log, table=unit.table.name, file=unit.file)


def _refused(engine: Engine, found: Conventions, column: Column, numerals: numbers.Numerals, source: str, log: FaultLog) -> None:
    """The values of one column that mean no number, by the reason."""
    name, body = identifier(column.name), _body(column)
    number = numbers.typed(name, body, column, numerals, sql_type(found.unit.table, column))
    refused = f"SELECT _row, {name} AS v, {body} AS b FROM {source} WHERE {name} IS NOT NULL AND ({number}) IS NULL"
    either = "number_marks_mixed" if column.name in found.mixed else "number_ambiguous"
    code = f"""CASE WHEN ends_with(v, '%') THEN 'percent_in_number' ELSE CASE {numbers.shape("b")}
        WHEN 'either_dot' THEN '{either}' WHEN 'either_comma' THEN '{either}'
        WHEN 'dot' THEN '{either}' WHEN 'comma' THEN '{either}'
        WHEN 'too_large' THEN 'number_too_large' WHEN 'power' THEN 'number_too_large' ELSE 'bad_number' END END"""
    for reason, count, value, rows in engine.rows(
        f"SELECT {code} AS code, count(*), arg_min(v, _row), min(_row, 3) FROM ({refused}) GROUP BY code ORDER BY code"
    ):
        _note(found, str(reason), column, (str(value), int(count), [int(row) for row in rows if row]), log)


def _meanings(engine: Engine, found: Conventions, column: Column, log: FaultLog) -> str:
    """A table raw -> meaning in the engine for a date or word column; empty for other columns."""
    read = word_reader(column)
    if column.kind == "date":
        pairs = _days(found, column, log)
    elif read is not None:
        pairs = []
        for raw, count, rows in distinct(engine, found.unit, identifier(column.name)):
            word = read(raw)
            for code in filter(None, (word.fault, word.note)):
                words = {"near": word.nearest or next(iter(column.words), ""), "allowed": ", ".join(column.words)}
                _note(found, code, column, (raw, count, rows), log, words=words)
            pairs.append((raw, word.meaning))
    else:
        return ""
    name = f"meaning_{found.unit.number}_{column.name}"
    frame = pd.DataFrame(pairs, columns=["raw", "meaning"]).astype("str")
    engine.connection.register("pairs", frame)
    engine.run(f"CREATE TEMP TABLE {identifier(name)} AS SELECT * FROM pairs")
    engine.connection.unregister("pairs")
    return identifier(name)


def _days(found: Conventions, column: Column, log: FaultLog) -> list[tuple[str, str | None]]:
    pairs = []
    order, month = found.orders.get(column.name, ""), column.name == "month"
    for met in found.days[column.name]:
        reading = dates.read_date(met[0], order, month_is_enough=month)
        mixed = reading.fault == "date_ambiguous" and column.name in found.mixed
        codes = ["date_order_mixed" if mixed else reading.fault, reading.note]
        if reading.day and reading.day.year < _EARLIEST:
            codes.append("date_before_1990")
        elif reading.day and reading.day.year >= _LATEST and not column.required:
            codes.append("date_far_off")
        for code in filter(None, codes):
            severe = code == "date_before_1990" and column.required
            _note(found, code, column, met, log, severity="error" if severe else None)
        pairs.append((met[0], reading.day.isoformat() if reading.day else None))
    return pairs


def _note(
    found: Conventions,
    code: str,
    column: Column,
    met: Met,
    log: FaultLog,
    *,
    words: Mapping[str, str] | None = None,
    severity: Severity | None = None,
) -> None:
    value, count, rows = met
    log.add(
        code,
        table=found.unit.table.name,
        file=found.unit.file,
        row=rows[0] if rows else 0,
        column=column.name,
        value=value,
        count=count,
        rows=rows,
        words=words,
        severity=severity,
    )
