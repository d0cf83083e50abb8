"""What a consultant has noted in an earlier request: status, date and remark of each export."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from prmkit.request.exports_sheet import COLUMNS, SHEET

_LONGEST = 1_000
_MOST_ROWS = 200
_LARGEST_UNPACKED = 100_000_000


@dataclass(frozen=True, slots=True)
class Noted:
    """What stands in the last three columns of one export."""

    status: str = ""
    date: str = ""
    remark: str = ""


def noted(path: Path) -> dict[str, Noted]:
    """Table -> what was noted about its export; nothing where the workbook cannot be read or is another one."""
    places = [list(COLUMNS).index(name) for name in ("Save as", "Status", "Date", "Remark")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
                    return {}
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception:  # openpyxl lets every error of a damaged archive or XML through
            return {}
        try:
            rows = list(book[SHEET].iter_rows(max_row=_MOST_ROWS, max_col=len(COLUMNS), values_only=True))
        except Exception:  # the same, met while reading, or no such sheet
            return {}
        finally:
            book.close()
    if not rows or [str(cell) for cell in rows[0]] != list(COLUMNS):
        return {}
    found = ([_text(row[place]) for place in places] for row in rows[1:])
    return {saved.removesuffix(".csv"): Noted(*own) for saved, *own in found if saved}


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.date()
    return "" if value is None else str(value).strip()[:_LONGEST]
