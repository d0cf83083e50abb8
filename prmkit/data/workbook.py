"""An Excel sheet staged as text: values, not formulas; ids as the sheet shows them."""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import MAC_EPOCH

from prmkit.data.cells import cell_text, padded
from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog
from prmkit.data.mapping import choose, header_row, plain
from prmkit.data.scan import content_of, ordinary
from prmkit.data.staging import Staged, StageWriter, Wanted
from prmkit.data.tables import Column

_FIRST_ROWS = 60
_LARGEST_UNPACKED = 2_000_000_000
_LARGEST_RATIO = 100
_ALWAYS_FINE = 5_000_000
# Parts that describe a workbook are read whole, its sheets and strings piece by piece.
_LARGEST_DESCRIPTION = 5_000_000
_PIECEWISE = re.compile(
    r"xl/(worksheets/|sharedStrings\.xml|media/|calcChain|pivotCache/|drawings/|embeddings/|printerSettings/)", re.IGNORECASE
)
_MOST_CELLS = 20_000_000
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
_DAYS_BETWEEN_EPOCHS = 1462
_LARGEST_EXACT = 10**15
# Every repetition is bounded or ends at a letter of its own: a hostile sheet takes no longer than its length.
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?![^<>]{0,200}t="str")[^<>]{0,200}><f[^<>]{0,500}>[^<]{0,9000}</f>'
    rb"\s{0,50}(?:(?:<v\s{0,9}/>|<v>\s{0,50}</v>)\s{0,50})?</c>"
)
_LONGEST_CELL = 40_000


class _TooManyCells(Exception):
    """A sheet that holds more than a person's table does."""


def stage_workbook(engine: Engine, path: Path, wanted: Wanted, log: FaultLog, *, file: str) -> Staged | None:
    """Stage the wanted columns of an .xlsx file's sheet; None where it cannot be used."""
    if not is_safe(path, wanted.table, file, log):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        return _open(engine, path, wanted, log, file)


def _open(engine: Engine, path: Path, wanted: Wanted, log: FaultLog, file: str) -> Staged | None:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception:  # openpyxl lets every error of a damaged archive or XML through
        log.add("broken_workbook", table=wanted.table, file=file)
        return None
    try:
        name = _sheet_name(book, wanted, file, log)
        return _stage(engine, book, name, wanted, log, file) if name else None
    except _TooManyCells:
        log.add("workbook_too_large", table=wanted.table, file=file)
    except Exception as error:  # the same, met while reading
        log.add("broken_workbook", table=wanted.table, file=file, value=type(error).__name__)
    finally:
        book.close()
    return None


def is_safe(path: Path, table: str, file: str, log: FaultLog) -> bool:
    """Whether a file is a workbook that unpacks to a size of this world; if not, the log says why."""
    with ordinary(path) as stream:
        head = stream.read(1000)
    if not head:
        log.add("empty_file", table=table, file=file)
        return False
    if not head.startswith(b"PK\x03\x04"):
        log.add("not_a_workbook", table=table, file=file, words={"what": content_of(head) or "something else"})
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        log.add("broken_workbook", table=table, file=file)
        return False
    unpacked = sum(member.file_size for member in members)
    described = max((member.file_size for member in members if not _PIECEWISE.match(member.filename)), default=0)
    bombs = [one for one in members if one.file_size > max(_ALWAYS_FINE, _LARGEST_RATIO * one.compress_size)]
    if unpacked > _LARGEST_UNPACKED or bombs or described > _LARGEST_DESCRIPTION:
        log.add("workbook_too_large", table=table, file=file)
        return False
    return True


def _sheet_name(book: Any, wanted: Wanted, file: str, log: FaultLog) -> str:
    called = wanted.sheet or wanted.table
    sheets = [sheet.title for sheet in book.worksheets]
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    named = [title for title in sheets if plain(title) == plain(called)]
    chosen = named or (shown if len(shown) == 1 else [])
    if chosen:
        return str(chosen[0])
    log.add("which_sheet", table=wanted.table, file=file, words={"sheets": ", ".join(sheets) or "none", "called": called})
    return ""


def _stage(engine: Engine, book: Any, name: str, wanted: Wanted, log: FaultLog, file: str) -> Staged | None:
    sheet = book[name]
    sheet.reset_dimensions()
    first = [[str(value) if value is not None else "" for value in row] for row in islice(_values(sheet), _FIRST_ROWS)]
    if not any(any(cell.strip() for cell in row) for row in first):
        log.add("empty_file", table=wanted.table, file=file)
        return None
    position = header_row(first, wanted)
    if position:
        log.add("header_not_first", table=wanted.table, file=file, row=position + 1, count=position)
    chosen = choose(wanted, first[position], log, file=file, row=position + 1)
    if chosen is None:
        return None
    _check_formulas(book, sheet, wanted.table, file, log)
    kinds = {column.name: column for column in wanted.columns}
    columns = [(kinds[column], place) for column, place in chosen.items()]
    reading = _Reading(columns, book.epoch == MAC_EPOCH, wanted.table, file, log)
    with StageWriter(engine, list(chosen)) as writer:
        for row, cells in enumerate(_cells(sheet), start=1):
            if row > position + 1 and any(cell.value is not None for cell in cells):
                writer.add(row, reading.texts(row, cells))
    return writer.staged(file)


def _check_formulas(book: Any, sheet: Any, table: str, file: str, log: FaultLog) -> None:
    """A formula that was never computed (a program wrote it) has no value to read: its cells would look empty."""
    with book._archive.open(sheet._worksheet_path) as stream:
        kept = b""
        while piece := stream.read(1 << 20):
            text = kept + piece
            end = 0
            for found in _UNCOMPUTED.finditer(text):
                end = found.end()
                place = (found.group(1) + found.group(2)).decode()
                log.add("formula_without_value", table=table, file=file, row=int(found.group(2)), value=place)
            kept = text[max(end, len(text) - _LONGEST_CELL) :]


def _values(sheet: Any) -> Iterator[Sequence[Any]]:
    return ([cell.value for cell in cells] for cells in _cells(sheet))


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    seen = 0
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        seen += len(cells)
        if seen > _MOST_CELLS or row > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
            raise _TooManyCells
        yield cells


class _Reading:
    """How cells of one sheet become texts, with what was noticed on the way."""

    def __init__(self, columns: list[tuple[Column, int]], mac: bool, table: str, file: str, log: FaultLog) -> None:
        self.columns, self.mac, self.table, self.file, self.log = columns, mac, table, file, log

    def texts(self, row: int, cells: Sequence[Any]) -> list[str | None]:
        """The texts of the wanted columns in one row; a row that ends early is filled with nothing."""
        return [self._text(row, column, cells[place]) if place < len(cells) else None for column, place in self.columns]

    def _text(self, row: int, column: Column, cell: Any) -> str | None:
        value = cell.value
        if value is None or isinstance(value, str):
            return value
        if column.kind == "date" and isinstance(value, int | float) and not isinstance(value, bool):
            return cell_text(value + _DAYS_BETWEEN_EPOCHS if self.mac and value < 100_000 else value, "string")
        if column.kind != "string":
            return cell_text(value, column.kind)
        if isinstance(value, bool) or not isinstance(value, int | float | dt.date | dt.datetime | dt.time):
            return cell_text(value, "string")
        if isinstance(value, int | float):
            if column.is_id and math.isfinite(value) and abs(value) >= _LARGEST_EXACT:
                self._note("id_lost_digits", row, column, str(value))
            return padded(value, cell.number_format)
        if column.is_id:
            self._note("id_became_date", row, column, str(value))
        return cell_text(value, "string")

    def _note(self, code: str, row: int, column: Column, value: str) -> None:
        self.log.add(code, table=self.table, file=self.file, row=row, column=column.name, value=value)
