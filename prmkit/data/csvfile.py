"""A text export staged as it is: delimiter, quotes and header row found, every row kept or named in a fault."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import duckdb

from prmkit.data import careful
from prmkit.data.engine import Engine, file_literal, identifier, literal, parquet
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import choose, columns_in, header_row
from prmkit.data.scan import HEAD, Scan, scan
from prmkit.data.staging import Staged, Wanted

_DELIMITERS = (",", ";", "\t", "|")
_FIRST_RECORDS = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text export is written: delimiter, quote, and the position of the header among the records."""

    delimiter: str
    quote: str
    header: int
    headers: tuple[str, ...]


def stage_csv(engine: Engine, path: Path, wanted: Wanted, log: FaultLog, *, file: str) -> Staged | None:
    """Stage the wanted columns of a .csv, .tsv or .txt file (or the same packed by gzip); None where it cannot be used."""
    seen = scan(engine, path, log, table=wanted.table, file=file)
    if seen is None:
        return None
    layout = find_layout(seen.head, wanted)
    if layout.header and not _only_separator_hint(seen.head, layout):
        log.add("header_not_first", table=wanted.table, file=file, row=layout.header + 1, count=layout.header)
    chosen = choose(wanted, layout.headers, log, file=file, row=layout.header + 1)
    if chosen is None:
        return None
    if seen.nul_line:
        log.add("nul_character", table=wanted.table, file=file, row=seen.nul_line)
    staged = _at_once(engine, seen, layout, chosen, file) if seen.regular else None
    return staged or careful.stage(engine, seen.path, layout, chosen, log, table=wanted.table, file=file)


def find_layout(head: str, wanted: Wanted) -> Layout:
    """The layout under which the first lines hold the most of the wanted headers."""
    whole_lines = head if len(head) < HEAD // 4 else head[: head.rfind("\n") + 1] or head
    quote = _quote(whole_lines)
    best: tuple[tuple[int, int, float], Layout] | None = None
    for delimiter in _DELIMITERS:
        records = _records(whole_lines, delimiter, quote)
        position = header_row(records, wanted)
        headers = tuple(records[position]) if records else ()
        found = columns_in(headers, wanted)
        needed, known = len(found & wanted.needed), len(found)
        widths = [len(record) for record in records if record]
        even = sum(width == len(headers) > 1 for width in widths) / len(widths) if widths else 0.0
        score = (needed, known, even)
        if best is None or score > best[0]:
            best = score, Layout(delimiter, quote, position, headers)
    assert best is not None
    return best[1]


def _quote(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    single = first.startswith("'") and first.endswith("'") and '"' not in first
    return "'" if single else '"'


def _records(text: str, delimiter: str, quote: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, skipinitialspace=True)
    try:
        for record in reader:
            records.append(record)
            if len(records) >= _FIRST_RECORDS:
                break
    except csv.Error:
        pass
    return records


def _only_separator_hint(head: str, layout: Layout) -> bool:
    """Whether all that stands above the header is the `sep=;` line that Excel writes."""
    return layout.header == 1 and head.lstrip().casefold().startswith("sep=")


def _at_once(engine: Engine, seen: Scan, layout: Layout, chosen: dict[str, int], file: str) -> Staged | None:
    """The whole file by the database; None where it stumbles or counts other rows than the scan did."""
    made = engine.fresh(".parquet")
    expected = seen.records - layout.header - 1
    try:
        engine.run(f"COPY ({_select(seen.path, layout, chosen)}) TO {literal(str(made))} (FORMAT parquet, COMPRESSION snappy)")
    except duckdb.Error:
        return None
    rows = engine.row(f"SELECT count(*) FROM {parquet(made)}")[0]
    if rows != expected:
        return None
    return Staged(file=file, path=made, columns=tuple(chosen), rows=rows, first_row=layout.header + 2)


def _select(path: Path, layout: Layout, chosen: dict[str, int]) -> str:
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(layout.headers)))
    quote = literal(layout.quote)
    packed = "'gzip'" if path.suffix.casefold() == ".gz" else "'none'"
    options = (
        f"auto_detect = false, header = false, skip = {layout.header + 1}, delim = {literal(layout.delimiter)}, "
        f"quote = {quote}, escape = {quote}, columns = {{{columns}}}, compression = {packed}"
    )
    names = ", ".join(f"c{position} AS {identifier(column)}" for column, position in chosen.items())
    return f"SELECT {names} FROM read_csv({file_literal(path)}, {options})"
