"""A Parquet file staged as text: whatever its physical types, read the way each column is meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from prmkit.data.cells import WRITTEN
from prmkit.data.engine import Engine, identifier, literal, parquet
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import choose
from prmkit.data.scan import ordinary
from prmkit.data.staging import Staged, Wanted
from prmkit.data.tables import Column

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"})
_FLOATING = frozenset({"FLOAT", "DOUBLE"})
_LARGEST_WHOLE = 2**53
# A larger file cannot be a bomb without being a burden to whoever sends it.
_NOT_SMALL = 50_000_000
_MANY_ROWS, _ROWS_A_BYTE = 2_000_000, 20
_MANY_LETTERS, _LETTERS_A_BYTE = 1 << 28, 200


def stage_parquet(engine: Engine, path: Path, wanted: Wanted, log: FaultLog, *, file: str) -> Staged | None:
    """Stage the wanted columns of a .parquet file; None where it cannot be used."""
    with ordinary(path) as stream:
        if not stream.read(1):
            log.add("empty_file", table=wanted.table, file=file)
            return None
    try:
        described = engine.rows(f"DESCRIBE SELECT * FROM {parquet(path)}")
        headers, types = [str(row[0]) for row in described], [str(row[1]) for row in described]
        chosen = choose(wanted, [_header(header) for header in headers], log, file=file, row=1)
        if chosen is None:
            return None
        selected = []
        for column in wanted.columns:
            if column.name in chosen:
                place = chosen[column.name]
                source = identifier(headers[place])
                text = as_text(column, source, types[place])
                if text is None:
                    words = {"type": types[place].split("(")[0].lower()}
                    log.add("nested_column", table=wanted.table, file=file, row=1, column=column.name, words=words)
                    return None
                if types[place] in _FLOATING and column.is_id:
                    _check_ids(engine, path, source, column, wanted.table, file, log)
                selected.append(f"{text} AS {identifier(column.name)}")
        if _unpacks_too_large(engine, path, dict(zip(headers, types, strict=True))):
            log.add("unpacks_too_large", table=wanted.table, file=file)
            return None
        made = engine.fresh(".parquet")
        query = f"SELECT {', '.join(selected)} FROM {parquet(path)}"
        engine.run(f"COPY ({query}) TO {literal(str(made))} (FORMAT parquet, COMPRESSION snappy)")
        rows = engine.row(f"SELECT count(*) FROM {parquet(made)}")[0]
    except duckdb.Error:
        log.add("broken_parquet", table=wanted.table, file=file)
        return None
    return Staged(file=file, path=made, columns=tuple(chosen), rows=rows, first_row=2)


def _unpacks_too_large(engine: Engine, path: Path, types: Mapping[str, str]) -> bool:
    """Whether a small file holds more rows or letters than its bytes could carry, were it not made to."""
    size = path.stat().st_size
    if size > _NOT_SMALL:
        return False
    rows = engine.row(f"SELECT count(*) FROM {parquet(path)}")[0]
    if rows > max(_MANY_ROWS, _ROWS_A_BYTE * size):
        return True
    texts = [f"coalesce(sum(strlen({identifier(header)})), 0)" for header, kind in types.items() if kind == "VARCHAR"]
    letters = engine.row(f"SELECT {' + '.join(texts)} FROM {parquet(path)}")[0] if texts else 0
    return bool(letters > max(_MANY_LETTERS, _LETTERS_A_BYTE * size))


def _header(name: str) -> str:
    return "" if name.startswith("__index_level_") else name


def as_text(column: Column, source: str, kind: str) -> str | None:
    """SQL for a physical column as text; None for lists, structs and the like."""
    plain = f"CAST({source} AS VARCHAR)"
    if kind == "VARCHAR":
        return f"nullif({source}, '')"
    if kind in _WHOLE or kind in {"BOOLEAN", "UUID", "DATE", "TIME"} or kind.startswith("ENUM"):
        return plain
    if kind == '"NULL"':
        return "CAST(NULL AS VARCHAR)"
    if kind == "BLOB":
        return f"decode({source})"
    if kind in _FLOATING:
        return _floating(column, source)
    if kind.startswith("DECIMAL"):
        if kind.endswith(",0)"):
            return plain
        if column.kind in {"number", "integer"}:
            return f"{plain} || '{WRITTEN}'"
        return f"CASE WHEN {source} = trunc({source}) THEN CAST(CAST({source} AS HUGEINT) AS VARCHAR) ELSE {plain} END"
    if kind.startswith("TIMESTAMP"):
        local = f"({source} AT TIME ZONE 'UTC')" if kind.endswith("TIME ZONE") else source
        day = f"strftime({local}, '%Y-%m-%d')"
        if column.kind == "date":
            return day
        return f"CASE WHEN {local} = date_trunc('day', {local}) THEN {day} ELSE CAST({local} AS VARCHAR) END"
    return None


def _floating(column: Column, source: str) -> str:
    shortest = f"CAST({source} AS VARCHAR)"
    if column.is_money:
        shortest = f"coalesce(CAST(TRY_CAST({source} AS DECIMAL(28, 10)) AS VARCHAR), {shortest})"
    if column.kind in {"number", "integer"}:
        shortest = (
            f"CASE WHEN contains({shortest}, '.') AND NOT contains({shortest}, 'e') THEN {shortest} || '{WRITTEN}' ELSE {shortest} END"
        )
    whole = f"isfinite({source}) AND {source} = trunc({source}) AND abs({source}) < {_LARGEST_WHOLE}"
    return f"CASE WHEN isnan({source}) THEN NULL WHEN {whole} THEN CAST(CAST({source} AS HUGEINT) AS VARCHAR) ELSE {shortest} END"


def _check_ids(engine: Engine, path: Path, source: str, column: Column, table: str, file: str, log: FaultLog) -> None:
    finite = f"isfinite({source})"
    large = f"{finite} AND abs({source}) >= {_LARGEST_WHOLE}"
    numbers = f"(SELECT file_row_number + 2 AS _row, {source} FROM {parquet(path, numbered=True)})"
    query = f"""SELECT count(*) FILTER ({finite}), min(_row) FILTER ({finite}), count(*) FILTER ({large}), min(_row) FILTER ({large}),
                CAST(arg_min({source}, _row) FILTER ({large}) AS VARCHAR) FROM {numbers}"""
    many, first, lost, first_lost, value = engine.row(query)
    if lost:
        log.add("id_lost_digits", table=table, file=file, row=first_lost, column=column.name, value=value, count=lost)
    elif many:
        log.add("id_was_number", table=table, file=file, row=first, column=column.name, count=many)
