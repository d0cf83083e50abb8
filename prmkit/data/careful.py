"""Damaged or unusual text exports, record by record: what can be read is kept, what cannot is named by its row."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.scan import opened
from prmkit.data.staging import Staged, StageWriter

if TYPE_CHECKING:
    from prmkit.data.csvfile import Layout

_LONGEST_RECORD = 500
FOOTER_ROWS = 20
FOOTER = re.compile(
    r"\s*(\(?\d[\d,. ]* rows?\b|(grand |sub-?)?totals?\b|sum\b|summe\b|gesamt|copyright|©|confidential|generated\b|exported\b"
    r"|report\b|filtered by|source:|as of\b|records?:|end of (file|report))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Record:
    row: int
    cells: list[str]
    after_gap: bool


class _TooLong(Exception):
    """A record that goes on over more lines than any record would: its quote is never closed."""


class _Lines:
    """Lines of a stream that can be taken back when a record turned out not to end where it should."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self.used: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.used) >= _LONGEST_RECORD:
            raise _TooLong
        line = self._returned.popleft() if self._returned else next(self._stream)
        self.used.append(line)
        return line

    def take_back(self) -> None:
        """All lines of this record but its first are still to be read."""
        self._returned.extendleft(reversed(self.used[1:]))
        self.used = []


def stage(engine: Engine, path: Path, layout: Layout, chosen: dict[str, int], log: FaultLog, *, table: str, file: str) -> Staged:
    """Stage the rows under the header; rows that do not fit it become faults, footers of a report are set aside."""
    width = len(layout.headers)
    positions = list(chosen.values())
    misfits: deque[_Record] = deque()
    last_good = 0
    with StageWriter(engine, list(chosen)) as writer:
        for record in _records(path, layout, log, table, file):
            if len(record.cells) > width and not any(cell.strip() for cell in record.cells[width:]):
                record.cells = record.cells[:width]
            if len(record.cells) == width:
                writer.add(record.row, [record.cells[position] for position in positions])
                last_good = record.row
            else:
                misfits.append(record)
            if len(misfits) > FOOTER_ROWS:
                _misfit(misfits.popleft(), width, log, table, file)
    below = False
    for record in misfits:
        below = record.row > last_good and (below or record.after_gap or _is_footer(record.cells))
        if below:
            log.add("footer", table=table, file=file, row=record.row, value=_first(record.cells))
        else:
            _misfit(record, width, log, table, file)
    return writer.staged(file)


def _records(path: Path, layout: Layout, log: FaultLog, table: str, file: str) -> Iterator[_Record]:
    """The records after the header that hold anything, with their spreadsheet rows."""
    with opened(path) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as stream:
        lines = _Lines(stream)
        reader = _reader(lines, layout)
        row = 0
        gap = False
        while True:
            lines.used = []
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong):
                log.add("broken_quotes", table=table, file=file, row=row, value=lines.used[0].strip() if lines.used else "")
                lines.take_back()
                reader = _reader(lines, layout)
                gap = False
                continue
            if not any(cell.strip() for cell in cells) and len(cells) <= 1:
                gap = True
                continue
            if row > layout.header + 1:
                yield _Record(row, cells, gap)
            gap = False


def _reader(lines: _Lines, layout: Layout) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote, strict=True, skipinitialspace=True)


def _misfit(record: _Record, width: int, log: FaultLog, table: str, file: str) -> None:
    code = "row_too_long" if len(record.cells) > width else "row_too_short"
    words = {"found": str(len(record.cells)), "expected": str(width)}
    log.add(code, table=table, file=file, row=record.row, value=said(record.cells), words=words)


def said(cells: list[str]) -> str:
    """A record as a fault shows it."""
    return " | ".join(cell for cell in cells if cell.strip())


def _first(cells: list[str]) -> str:
    return next((cell for cell in cells if cell.strip()), "")


def _is_footer(cells: list[str]) -> bool:
    return bool(FOOTER.match(_first(cells)))
