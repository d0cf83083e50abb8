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

# No record goes on over more lines, or is longer; once many did, the next are given up sooner.
_MOST_LINES, _MOST_LINES_LATER, _OFTEN = 500, 10, 20
_LONGEST = 1 << 22
csv.field_size_limit(_LONGEST)
_SHOWN = 200
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


class _Endless(Exception):
    """One line that is longer than any record."""


class _Lines:
    """Lines of a stream that can be taken back when a record turned out not to end where it should."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._returned: deque[str] = deque()
        self._given_up = 0
        self._length = 0
        self.used: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.used) >= (_MOST_LINES if self._given_up < _OFTEN else _MOST_LINES_LATER) or self._length > _LONGEST:
            self._given_up += 1
            raise _TooLong
        line = self._returned.popleft() if self._returned else self._read()
        self.used.append(line)
        self._length += len(line)
        if _is_endless(line):
            raise _Endless
        return line

    def _read(self) -> str:
        line = self._stream.readline(_LONGEST)
        if not line:
            raise StopIteration
        rest = line
        while _is_endless(rest):
            rest = self._stream.readline(_LONGEST)
        return line

    def start(self) -> None:
        """The next line begins a record."""
        self.used, self._length = [], 0

    def take_back(self) -> None:
        """All lines of this record but its first are still to be read."""
        self._returned.extendleft(reversed(self.used[1:]))
        self.start()


def _is_endless(line: str) -> bool:
    return len(line) >= _LONGEST and not line.endswith(("\n", "\r"))


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
            lines.start()
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong, _Endless) as error:
                code = "line_too_long" if isinstance(error, _Endless) and len(lines.used) == 1 else "broken_quotes"
                words = {"most": f"{_LONGEST:,}"}
                log.add(code, table=table, file=file, row=row, value=lines.used[0][:_SHOWN].strip() if lines.used else "", words=words)
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
