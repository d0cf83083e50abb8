"""The rows of one file under canonical names: trimmed, mapped to canonical words, footers and empty rows set aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from prmkit.data.careful import FOOTER_ROWS
from prmkit.data.engine import WHITESPACE, Engine, identifier, literal, trimmed
from prmkit.data.faults import FaultLog
from prmkit.data.flags import Flag, raise_flags
from prmkit.data.numbers import is_nothing
from prmkit.data.staging import Staged
from prmkit.data.tables import Column, Table

_TOTAL = re.compile(r"(grand |sub-?)?totals?\s*:?|sum\s*:?|(gesamt)?summe\s*:?|gesamt\s*:?", re.IGNORECASE)
_SPREADSHEET_ERRORS = "'#REF!', '#N/A', '#VALUE!', '#NAME?', '#DIV/0!', '#NULL!', '#NUM!', '#SPILL!', '#CALC!'"
_SPACE = "[" + WHITESPACE.replace("\t\r\n\x0b\x0c", r"\t\r\n\v\f") + "]"
_EDGE = literal(f"^{_SPACE}|{_SPACE}$")
# A database's word for nothing; in names it stays, since it may be one.
_DATABASE_NULLS = "'NULL', '(null)', '\\N', '<NA>'"
Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """One staged file of a table: `view` names its rows (`_row` and the text columns present) in the engine."""

    number: int
    table: Table
    staged: Staged
    view: str
    columns: tuple[Column, ...]
    rows: int

    @property
    def file(self) -> str:
        """The file as a fault names it."""
        return self.staged.file


def open_unit(engine: Engine, table: Table, staged: Staged, values: Values, number: int, log: FaultLog) -> Unit:
    """Make the rows of a staged file available under canonical names, and note what their texts alone show."""
    columns = tuple(column for column in table.readable if column.name in staged.columns)
    aside = _totals(engine, table, staged, columns, log)
    spaced = _spaced(engine, table, staged, columns, log)
    names = {column.name: identifier(column.name) for column in columns}
    nulls = _database_nulls(engine, table, staged, columns, log)
    bare = ", ".join(f"{_bare(column, name, spaced, nulls)} AS {name}" for column, name in names.items())
    rows = f"(SELECT _row, {bare} FROM {staged.relation()})"
    something = f"coalesce({', '.join(names.values())}) IS NOT NULL"
    kept = something + (f" AND _row NOT IN ({', '.join(map(str, aside))})" if aside else "")
    mapped = ", ".join(f"{_mapped(column, values.get(column.name, {}))} AS {names[column.name]}" for column in columns)
    view = identifier(f"{table.name} {number}")
    engine.run(f"CREATE TEMP VIEW {view} AS SELECT _row, {mapped} FROM {rows} WHERE {kept}")
    raise_flags(engine, rows, [Flag("blank_rows", "", f"NOT ({something})")], log, table=table.name, file=staged.file)
    count = engine.row(f"SELECT count(*) FROM {rows} WHERE {kept}")[0]
    if not count:
        log.add("no_rows", table=table.name, file=staged.file, severity="error" if table.required else None)
    unit = Unit(number, table, staged, view, columns, count)
    _look_at_texts(engine, unit, log)
    return unit


def _spaced(engine: Engine, table: Table, staged: Staged, columns: tuple[Column, ...], log: FaultLog) -> set[str]:
    """The columns some value of which has white space around it; taking it off is only work where there is any."""
    counts = engine.row(f"SELECT {', '.join(f'count(*) FILTER ({_has_edge(column)})' for column in columns)} FROM {staged.relation()}")
    spaced = {column.name for column, count in zip(columns, counts, strict=True) if count}
    flags = []
    for column in columns:
        name = identifier(column.name)
        if column.is_id and column.name in spaced:
            flags.append(Flag("id_trimmed", column.name, f"{_has_edge(column)} AND {trimmed(name)} IS NOT NULL", name))
    raise_flags(engine, staged.relation(), flags, log, table=table.name, file=staged.file)
    return spaced


def _database_nulls(engine: Engine, table: Table, staged: Staged, columns: tuple[Column, ...], log: FaultLog) -> set[str]:
    """The text columns (names and ids apart) where a database's word for nothing stands for it."""
    texts = [column for column in columns if column.kind == "string" and not column.is_id and column.name != "name"]
    flags = [Flag("null_word", column.name, _is_null_word(identifier(column.name)), identifier(column.name)) for column in texts]
    raise_flags(engine, staged.relation(), flags, log, table=table.name, file=staged.file)
    return {column.name for column in texts if log.has("null_word", table.name, column.name)}


def _is_null_word(name: str) -> str:
    return f"{name} IN ({_DATABASE_NULLS})"


def _bare(column: str, name: str, spaced: set[str], nulls: set[str]) -> str:
    """SQL for a text without white space around it and without a database's word for nothing."""
    bare = trimmed(name) if column in spaced else name
    return f"CASE WHEN NOT {_is_null_word(name)} THEN {bare} END" if column in nulls else bare


def _has_edge(column: Column) -> str:
    """SQL: whether a text has white space around it."""
    return f"regexp_matches({identifier(column.name)}, {_EDGE})"


def _mapped(column: Column, words: Mapping[str, str]) -> str:
    """SQL for a cell with the settings' `values` applied; a word in other capitals counts as the same."""
    name = identifier(column.name)
    if not words:
        return name
    same = "".join(f" WHEN {name} = {literal(raw.strip())} THEN {literal(word)}" for raw, word in words.items() if raw.strip())
    alike = "".join(
        f" WHEN lower({name}) = lower({literal(raw.strip())}) THEN {literal(word)}" for raw, word in words.items() if raw.strip()
    )
    nothing = "".join(f" WHEN {name} IS NULL THEN {literal(word)}" for raw, word in words.items() if not raw.strip())
    return f"nullif(CASE{same}{alike}{nothing} ELSE {name} END, '')"


def _totals(engine: Engine, table: Table, staged: Staged, columns: tuple[Column, ...], log: FaultLog) -> list[int]:
    """Rows at the end that hold totals: a cell says so and a cell that every row needs is empty."""
    names = ", ".join(identifier(column.name) for column in columns)
    needed = [position for position, column in enumerate(columns, start=1) if column.required]
    last = engine.rows(f"SELECT _row, {names} FROM {staged.relation(last=FOOTER_ROWS)} ORDER BY _row DESC")
    found = []
    for row in last if staged.rows else []:
        texts = [(cell or "").strip(WHITESPACE) for cell in row[1:]]
        if not any(texts):
            continue
        said = next((text for text in texts if _TOTAL.fullmatch(text)), "")
        if not row[0] or not said or all(texts[position - 1] for position in needed):
            break
        found.append(int(row[0]))
        log.add("total_row", table=table.name, file=staged.file, row=row[0], value=said)
    return found


def _look_at_texts(engine: Engine, unit: Unit, log: FaultLog) -> None:
    flags = []
    for column in unit.columns:
        name = identifier(column.name)
        if column.kind == "string":
            flags.append(Flag("spreadsheet_error", column.name, f"{name} IN ({_SPREADSHEET_ERRORS})", name))
            flags.append(Flag("null_character", column.name, f"contains({name}, chr(0))", name))
        if column.is_id:
            flags.append(Flag("id_null_word", column.name, f"{is_nothing(name)} AND {name} <> '#N/A'", name))
        if column.kind in {"number", "integer", "date"}:
            flags.append(Flag("null_word", column.name, is_nothing(name), name))
        if column.required:
            nothing = f" OR {is_nothing(name)}" if column.kind != "string" else ""
            flags.append(Flag("required_empty", column.name, f"{name} IS NULL{nothing}"))
    raise_flags(engine, unit.view, flags, log, table=unit.table.name, file=unit.file)
