"""Origins staged: each file by the reader for its kind, each preset's raw files once, each query's rows."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import duckdb

from prmkit.data import warehouse
from prmkit.data.csvfile import stage_csv
from prmkit.data.engine import Engine, identifier, literal, parquet
from prmkit.data.faults import FaultLog
from prmkit.data.forms import unfold
from prmkit.data.identity.hints import hint_columns
from prmkit.data.mapping import near
from prmkit.data.parquetfile import as_text, stage_parquet
from prmkit.data.presets import PresetTable
from prmkit.data.scan import Unfinished, UnpacksTooLarge
from prmkit.data.sources import Origin, label, suffix_of
from prmkit.data.staging import Staged, Wanted
from prmkit.data.tables import Column, Table, table
from prmkit.data.wide import Wide, wide
from prmkit.data.workbook import stage_workbook
from prmkit.engagement import Engagement

# What a reader meets when a file is no longer what it was when it was looked at.
_NOT_AS_LOOKED_AT = (UnicodeError, EOFError, zlib.error, csv.Error, UnpacksTooLarge, Unfinished)


def wanted(origin: Origin) -> Wanted:
    """Which columns an origin is asked for, and under which headers."""
    canonical, settings, made = table(origin.table), origin.settings, origin.made
    columns = (*canonical.readable, *hint_columns(canonical))
    known = {column.name for column in columns}
    mapped = {name: header for name, header in settings.columns.items() if name in known}
    spelled = {header: there for headers in origin.spelled.values() for header, there in headers.items()}
    by_preset = {name: spelled.get(header, header) for name, header in made.columns.items()} if made else {}
    must = {name for name, header in by_preset.items() if made and any(header in headers for headers in made.files.values())}
    needed = frozenset({*canonical.required_names, *mapped, *must})
    other = origin.also(next(iter(made.files))) if made and made.files else {}
    also = {name: other[header] for name, header in (made.columns.items() if made else ()) if header in other and name not in mapped}
    return Wanted(origin.table, columns, {**by_preset, **mapped}, needed, whole=made is None, also=also)


class Fileset:
    """Stages what the origins of one engagement name; a raw file that several tables of a preset need is read once."""

    def __init__(self, engine: Engine, engagement: Engagement, origins: Sequence[Origin], log: FaultLog) -> None:
        self._engine, self._engagement, self._log = engine, engagement, log
        self._headers, self._needed, self._spelled, self._also = _headers_read(origins)
        self._raw: dict[Path, Staged | None] = {}
        self._wide: dict[Path, Wide] = {}
        self._long = {
            path
            for origin in origins
            for name, paths in origin.raw.items()
            if origin.preset and name in origin.preset.exports and origin.preset.exports[name].wide
            for path in paths
        }

    def stage(self, origin: Origin) -> list[Staged]:
        """The staged files of one origin; those that cannot be used are in the log."""
        check_mapping(origin, self._log)
        if origin.settings.sql is not None:
            found = [warehouse.stage_query(self._engine, origin.settings, wanted(origin), self._log, self._engagement.as_of)]
        elif origin.raw:
            found = [*self._select(origin)]
        elif origin.form:
            read = [self._read(path, origin.form.wanted()) for path in origin.files]
            found = [unfold(self._engine, one, origin.form, self._log) for one in read if one]
        else:
            found = [self._read(path, wanted(origin)) for path in origin.files]
        staged = [one for one in found if one]
        self._check_currency(origin, staged)
        return staged

    def _check_currency(self, origin: Origin, staged: Iterable[Staged]) -> None:
        """A preset that knows the currency of its amounts tells when the engagement counts in another."""
        known = origin.preset.engagement.get("currency") if origin.preset else None
        silent = any("currency" not in one.columns for one in staged)
        if known and silent and table(origin.table).money and origin.preset and known != self._engagement.currency:
            words = {"preset": origin.preset.name, "currency": self._engagement.currency}
            self._log.add("preset_currency", table=origin.table, file="engagement.yaml", value=str(known), words=words)

    def _read(self, path: Path, wanted: Wanted) -> Staged | None:
        file = label(self._engagement, path)
        reader = {".parquet": stage_parquet, ".xlsx": stage_workbook, ".xlsm": stage_workbook}.get(suffix_of(path), stage_csv)
        try:
            return reader(self._engine, self._named(path), wanted, self._log, file=file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._log.add("unreadable_file", table=wanted.table, file=file, words={"reason": reason})
            return None
        except _NOT_AS_LOOKED_AT:
            self._log.add("unreadable_file", table=wanted.table, file=file, words={"reason": "it is written to while it is read"})
            return None

    def _named(self, path: Path) -> Path:
        """The file under a name that can be written as text, where its own cannot."""
        try:
            str(path).encode()
        except UnicodeEncodeError:
            alias = self._engine.fresh(suffix_of(path))
            alias.symlink_to(path.resolve())
            return alias
        return path

    def _select(self, origin: Origin) -> list[Staged]:
        """The table that a preset's SQL makes from its raw files; file by file where it says which rows are whose."""
        made = origin.made
        assert made is not None
        assert origin.preset is not None
        files = [label(self._engagement, path) for paths in origin.raw.values() for path in paths]
        views = []
        for name in made.files:
            staged = [self._read_raw(path, origin.table) for path in origin.raw[name]]
            if not all(staged):
                return []
            there = [one for one in staged if one]
            views.append((name, self._relation(origin, name, there, made.headers(name))))
        try:
            return self._made(table(origin.table), made, views, files)
        except duckdb.Error as error:
            words = {"preset": origin.preset.name, "reason": str(error).partition("\n")[0]}
            self._log.add("preset_failed", table=origin.table, file=files[0], words=words)
            return []
        finally:
            for name, _ in views:
                self._engine.run(f"DROP VIEW IF EXISTS {identifier(name)}")

    def _read_raw(self, path: Path, needed_by: str) -> Staged | None:
        if path not in self._raw:
            headers = self._headers[path]
            columns = tuple(Column(name=header, kind="string") for header in headers)
            wanted = Wanted(needed_by, columns, self._spelled[path], self._needed[path], whole=False, also=self._also[path])
            if path in self._long:
                self._wide[path] = wide(path, wanted)
                wanted = self._wide[path].wanted
            self._raw[path] = self._read(path, wanted)
        return self._raw[path]

    def _relation(self, origin: Origin, name: str, staged: list[Staged], headers: list[str]) -> str:
        """SQL for a raw file of a preset, long where it is a wide one."""
        exports = origin.preset.exports if origin.preset else {}
        is_wide = name in exports and exports[name].wide
        if not staged:
            nothing = "CAST(NULL AS VARCHAR) AS question, 0 AS place, CAST(NULL AS VARCHAR) AS answer, "
            row = "CAST(NULL AS BIGINT) AS _row, 0 AS _file"
            return f"(SELECT {_columns((), headers)}, {nothing if is_wide else ''}{row} WHERE false)"
        every = [path for paths in origin.raw.values() for path in paths]
        parts = []
        for path, one in zip(origin.raw[name], staged, strict=True):
            rows = f"SELECT * FROM {self._wide[path].long(one, headers)}" if is_wide else _rows(one, headers)
            parts.append(f"SELECT *, {every.index(path)} AS _file FROM ({rows})")
        return "(" + " UNION ALL ".join(parts) + ")"

    def _made(self, canonical: Table, made: PresetTable, views: list[tuple[str, str]], files: list[str]) -> list[Staged]:
        for name, relation in views:
            self._engine.run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS SELECT * FROM {relation}")
        query = f"({made.select.strip().rstrip(';')})"
        types = {str(row[0]): str(row[1]) for row in self._engine.rows(f"DESCRIBE SELECT * FROM {query}")}
        columns = [column for column in (*canonical.readable, *hint_columns(canonical)) if column.name in types]
        texts = [f"{as_text(column, identifier(column.name), types[column.name])} AS {identifier(column.name)}" for column in columns]
        row = "CAST(_row AS BIGINT)" if "_row" in types else "CAST(0 AS BIGINT)"
        self._engine.run(f"CREATE OR REPLACE TEMP TABLE selected AS SELECT * FROM {query}")
        numbers = [int(one[0]) for one in self._engine.rows("SELECT DISTINCT _file FROM selected ORDER BY 1")] if "_file" in types else []
        staged = []
        for number in numbers or [0]:
            path = self._engine.fresh(".parquet")
            own = f"selected WHERE _file = {number}" if numbers else "selected"
            self._engine.run(
                f"COPY (SELECT {row} AS _row, {', '.join(texts)} FROM {own}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION snappy)"
            )
            rows = self._engine.row(f"SELECT count(*) FROM {parquet(path)}")[0]
            staged.append(Staged(file=files[number], path=path, columns=tuple(column.name for column in columns), rows=rows))
        self._engine.run("DROP TABLE selected")
        return staged


def check_mapping(origin: Origin, log: FaultLog) -> None:
    """Columns and words that the settings map to must be canonical, and none may be passed over."""
    linked = {"partner_id"} if origin.spelled else set()
    aside = sorted(set(origin.settings.columns) - linked) if origin.preset and origin.made and origin.made.select else []
    if aside and origin.preset:
        words = {"preset": origin.preset.name, "columns": ", ".join(aside)}
        log.add("preset_makes_columns", table=origin.table, file="engagement.yaml", value=aside[0], words=words)
    columns = {column.name: column for column in (*table(origin.table).readable, *hint_columns(table(origin.table)))}
    for where, names in (("columns", origin.settings.columns), ("values", origin.settings.values)):
        for name in names:
            if name not in columns:
                close = near(name, columns)
                words = {"where": where, "hint": f" Did you mean '{close}'?" if close else ""}
                log.add("mapping_unknown_column", table=origin.table, file="engagement.yaml", value=name, words=words, detail=where + name)
    for name, words in origin.settings.values.items():
        allowed = columns[name].words if name in columns else ()
        for word in dict.fromkeys(words.values()):
            if allowed and word not in allowed:
                close = near(word, allowed)
                said = {"allowed": ", ".join(allowed), "hint": f" Did you mean '{close}'?" if close else ""}
                log.add("mapping_unknown_word", table=origin.table, file="engagement.yaml", column=name, value=word, words=said)


def _headers_read(
    origins: Iterable[Origin],
) -> tuple[dict[Path, tuple[str, ...]], dict[Path, frozenset[str]], dict[Path, dict[str, str]], dict[Path, dict[str, tuple[str, ...]]]]:
    """Of every raw file: the headers that some table reads, those without which some table cannot be made, and how they are written."""
    read: dict[Path, dict[str, None]] = {}
    needed: dict[Path, frozenset[str]] = {}
    spelled: dict[Path, dict[str, str]] = {}
    also: dict[Path, dict[str, tuple[str, ...]]] = {}
    for origin in origins:
        for name, paths in origin.raw.items():
            assert origin.made is not None
            for path in paths:
                read.setdefault(path, {}).update(dict.fromkeys(origin.made.headers(name)))
                needed[path] = needed.get(path, frozenset()).union(origin.made.files[name], origin.spelled.get(name, {}))
                spelled.setdefault(path, {}).update(origin.spelled.get(name, {}))
                also.setdefault(path, {}).update(origin.also(name))
    return {path: tuple(headers) for path, headers in read.items()}, needed, spelled, also


def _rows(staged: Staged, headers: list[str]) -> str:
    """SQL for the rows of a preset's raw file: its headers as text columns and `_row`."""
    return f"SELECT {_columns(staged.columns, headers)}, _row FROM {staged.relation()}"


def _columns(there: Collection[str], headers: list[str]) -> str:
    """SQL for text columns by header; empty where the file has no such header."""
    return ", ".join(identifier(name) if name in there else f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in headers)
