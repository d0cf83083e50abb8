"""The first rows of any file that can be read, as texts: enough to tell what it is, whatever its size."""

from __future__ import annotations

import codecs
import contextlib
import csv
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from prmkit.data.faults import FaultLog
from prmkit.data.scan import content_of, opened, wide_encoding
from prmkit.data.workbook import is_safe

FEW, MANY = 300, 200_000
"""Records looked at to tell what a file is, and to know the ids in it."""
_BYTES_A_RECORD = 1 << 10
_WIDEST = 2_000
_LONGEST = 500
_DELIMITERS = (",", ";", "\t", "|")

Record = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peek:
    """A file's first records, its headers wherever they stand among them; none where it cannot be looked into."""

    path: Path
    records: tuple[Record, ...]

    def below(self, position: int) -> tuple[Record, ...]:
        """The records under the header at `position`, those that hold nothing left out."""
        return tuple(record for record in self.records[position + 1 :] if any(cell.strip() for cell in record))


def peek(path: Path, most: int = FEW) -> Peek:
    """Look at up to `most` records of a .csv, .tsv, .txt (packed or not), .xlsx, .xlsm or .parquet file.

    What cannot be looked into has no records.
    """
    suffix = path.suffix.casefold()
    try:
        if suffix == ".parquet":
            records = _parquet(path)
        elif suffix in {".xlsx", ".xlsm"}:
            records = _workbook(path, most)
        else:
            records = _text(path, most)
    except Exception:  # a look decides nothing: whatever is wrong with the file, its reader says so
        records = []
    return Peek(path, tuple(tuple(cell[:_LONGEST] for cell in record[:_WIDEST]) for record in records))


def _text(path: Path, most: int) -> list[Sequence[str]]:
    with opened(path) as stream:
        head = stream.read(most * _BYTES_A_RECORD)
    if not head.strip() or content_of(head):
        return []
    text = _decoded(head)
    whole = text if len(head) < most * _BYTES_A_RECORD else text[: text.rfind("\n") + 1]
    return max((_split(whole, delimiter, most) for delimiter in _DELIMITERS), key=_regular, default=[])


def _decoded(head: bytes) -> str:
    wide = wide_encoding(head)
    if wide:
        return head.decode(wide, "replace").lstrip("\ufeff")
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")


def _split(text: str, delimiter: str, most: int) -> list[Sequence[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[Sequence[str]] = []
    with contextlib.suppress(csv.Error):
        records.extend(islice(reader, most))
    return records


def _regular(records: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How much a text looks like a table under one delimiter: the share of records of the commonest width, and that width."""
    widths = [len(record) for record in records if record]
    if not widths:
        return 0.0, 0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(common) / len(widths) if common > 1 else 0.0), common


def _workbook(path: Path, most: int) -> list[Sequence[str]]:
    if not is_safe(path, "", path.name, FaultLog()):
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception:  # openpyxl lets every error of a damaged archive or XML through
            return []
        try:
            shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if len(shown) != 1:
                return []
            shown[0].reset_dimensions()
            rows = islice(shown[0].iter_rows(values_only=True), most)
            return [[str(value) if value is not None else "" for value in row[:_WIDEST]] for row in rows]
        except Exception:  # the same, met while reading
            return []
        finally:
            book.close()


def _parquet(path: Path) -> list[Sequence[str]]:
    """The names of the columns only: a Parquet file of a few bytes may hold more rows than a machine does."""
    return [[str(name) for name in pq.read_schema(path).names][:_WIDEST]]
