"""Origins staged: each file by the reader for its kind, each preset's raw files once, each query's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from prmkit.data import warehouse
from prmkit.data.csvfile import stage_csv
from prmkit.data.engine import Engine, identifier, literal
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import near
from prmkit.data.parquetfile import as_text, stage_parquet
from prmkit.data.presets import PresetTable
from prmkit.data.sources import Origin, label, suffix_of
from prmkit.data.staging import Staged, Wanted
from prmkit.data.tables import Column, Table, table
from prmkit.data.workbook import stage_workbook
from prmkit.engagement import Engagement


def wanted(origin: Origin) -> Wanted:
    """Which columns an origin is asked for, and under which headers."""
    canonical, settings, made = table(origin.table), origin.settings, origin.made
    known = {column.name for column in canonical.readable}
    mapped = {name: header for name, header in settings.columns.items() if name in known}
    by_preset = dict(made.columns) if made else {}
    must = {name for name, header in by_preset.items() if made and any(header in headers for headers in made.files.values())}
    needed = frozenset({*canonical.required_names, *mapped, *must})
    return Wanted(origin.table, canonical.readable, {**by_preset, **mapped}, needed, whole=made is None)


class Fileset:
    """Stages what the origins of one engagement name; a raw file that several tables of a preset need is read once."""

    def __init__(self, engine: Engine, engagement: Engagement, origins: Sequence[Origin], log: FaultLog) -> None:
        self._engine, self._engagement, self._log = engine, engagement, log
        self._headers, self._needed = _headers_read(origins)
        self._raw: dict[Path, Staged | None] = {}

    def stage(self, origin: Origin) -> list[Staged]:
        """The staged files of one origin; those that cannot be used are in the log."""
        check_mapping(origin, self._log)
        if origin.settings.sql is not None:
            found = [warehouse.stage_query(self._engine, origin.settings, wanted(origin), self._log, self._engagement.as_of)]
        elif origin.raw:
            found = [self._select(origin)]
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
            return reader(self._engine, path, wanted, self._log, file=file)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._log.add("unreadable_file", table=wanted.table, file=file, words={"reason": reason})
            return None

    def _select(self, origin: Origin) -> Staged | None:
        """The table that a preset's SQL makes from its raw files."""
        made = origin.made
        assert made is not None
        assert origin.preset is not None
        first = label(self._engagement, next(path for paths in origin.raw.values() for path in paths))
        views = []
        for name in made.files:
            staged = [self._read_raw(path, origin.table) for path in origin.raw[name]]
            if not all(staged):
                return None
            views.append((name, _raw_relation([one for one in staged if one], made.headers(name))))
        try:
            return self._made(table(origin.table), made, views, first)
        except duckdb.Error as error:
            words = {"preset": origin.preset.name, "reason": str(error).partition("\n")[0]}
            self._log.add("preset_failed", table=origin.table, file=first, words=words)
            return None
        finally:
            for name, _ in views:
                self._engine.run(f"DROP VIEW IF EXISTS {identifier(name)}")

    def _read_raw(self, path: Path, needed_by: str) -> Staged | None:
        if path not in self._raw:
            headers = self._headers[path]
            columns = tuple(Column(name=header, kind="string") for header in headers)
            self._raw[path] = self._read(path, Wanted(needed_by, columns, needed=self._needed[path], whole=False))
        return self._raw[path]

    def _made(self, canonical: Table, made: PresetTable, views: list[tuple[str, str]], file: str) -> Staged:
        for name, relation in views:
            self._engine.run(f"CREATE OR REPLACE TEMP VIEW {identifier(name)} AS SELECT * FROM {relation}")
        query = f"({made.select.strip().rstrip(';')})"
        types = {str(row[0]): str(row[1]) for row in self._engine.rows(f"DESCRIBE SELECT * FROM {query}")}
        columns = [column for column in canonical.readable if column.name in types]
        texts = [f"{as_text(column, identifier(column.name), types[column.name])} AS {identifier(column.name)}" for column in columns]
        row = "CAST(_row AS BIGINT)" if "_row" in types else "CAST(0 AS BIGINT)"
        path = self._engine.fresh(".parquet")
        self._engine.run(
            f"COPY (SELECT {row} AS _row, {', '.join(texts)} FROM {query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION snappy)"
        )
        rows = self._engine.row(f"SELECT count(*) FROM read_parquet({literal(str(path))})")[0]
        return Staged(file=file, path=path, columns=tuple(column.name for column in columns), rows=rows)


def check_mapping(origin: Origin, log: FaultLog) -> None:
    """Columns and words that the settings map to must be canonical."""
    columns = {column.name: column for column in table(origin.table).readable}
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


def _headers_read(origins: Iterable[Origin]) -> tuple[Mapping[Path, tuple[str, ...]], Mapping[Path, frozenset[str]]]:
    """Every raw file's headers that some table reads, in order, and those of them without which some table cannot be made."""
    read: dict[Path, dict[str, None]] = {}
    needed: dict[Path, frozenset[str]] = {}
    for origin in origins:
        for name, paths in origin.raw.items():
            for path in paths:
                assert origin.made is not None
                read.setdefault(path, {}).update(dict.fromkeys(origin.made.headers(name)))
                needed[path] = needed.get(path, frozenset()).union(origin.made.files[name])
    return {path: tuple(headers) for path, headers in read.items()}, needed


def _raw_relation(staged: list[Staged], headers: list[str]) -> str:
    """SQL for a preset's raw file: its headers as text columns and `_row`; no rows where an optional file is missing."""
    if not staged:
        return f"(SELECT {_columns((), headers)}, CAST(NULL AS BIGINT) AS _row WHERE false)"
    return "(" + " UNION ALL ".join(f"SELECT {_columns(one.columns, headers)}, _row FROM {one.relation()}" for one in staged) + ")"


def _columns(there: Collection[str], headers: list[str]) -> str:
    """SQL for text columns by header; empty where the file has no such header."""
    return ", ".join(identifier(name) if name in there else f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in headers)
