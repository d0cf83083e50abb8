"""Sheets in one style: frozen and filtered headers, and every text written as text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from prmkit.publish import titles

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_575
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INK, _PAPER, _RULE = "#1B2430", "#F7F6F3", "#D9D6CF"
_STYLES: Mapping[str, Mapping[str, Any]] = {
    "currency": {"num_format": "#,##0"},
    "fraction": {"num_format": "0.0%"},
    "number": {"num_format": "#,##0.00"},
    "hours": {"num_format": "#,##0.0"},
    "integer": {"num_format": "#,##0"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "text": {"num_format": "@"},
    "long": {"num_format": "@", "text_wrap": True},
}
_WIDTHS = {"long": 52, "text": 22, "date": 12}


class Sheets:
    """The sheets of one workbook. `currency` stands in the heading of every column of money."""

    def __init__(self, book: Workbook, currency: str) -> None:
        self.book, self.currency = book, currency
        body: dict[str, Any] = {"valign": "top", "font_name": "Arial", "font_size": 10, "font_color": _INK}
        head = {"bold": True, "text_wrap": True, "bg_color": _PAPER, "bottom": 1, "bottom_color": _RULE}
        self.heading: Format = book.add_format(body | head)
        self.formats: Mapping[str, Format] = {kind: book.add_format({**body, **style}) for kind, style in _STYLES.items()}

    def table(self, name: str, frame: pd.DataFrame, kinds: Mapping[str, str]) -> Worksheet:
        """A sheet of `frame`; `kinds` names a column's type (a key of the styles), text where it is silent."""
        sheet: Worksheet = self.book.add_worksheet(safe_name(name))
        shown = frame.iloc[:_MOST_ROWS]
        for place, column in enumerate(shown.columns):
            kind = kinds.get(str(column), "text")
            kind = kind if kind in _STYLES else "text"
            money = f" ({self.currency})" if kind == "currency" else ""
            write_text(sheet, 0, place, titles.plain(str(column)) + money, self.heading)
            sheet.set_column(place, place, _WIDTHS.get(kind, 14))
            self._fill(sheet, place, shown[column], kind)
        sheet.freeze_panes(1, 1)
        if len(shown.columns):
            sheet.autofilter(0, 0, max(len(shown), 1), len(shown.columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _fill(self, sheet: Worksheet, place: int, values: Iterable[Any], kind: str) -> None:
        style = self.formats[kind]
        for row, value in enumerate(values, start=1):
            if pd.isna(value):
                continue
            if kind == "date":
                self._date(sheet, row, place, value)
            elif kind in {"text", "long"}:
                write_text(sheet, row, place, value, style)
            elif math.isfinite(value):
                sheet.write_number(row, place, float(value), style)

    def _date(self, sheet: Worksheet, row: int, place: int, value: Any) -> None:
        """A day as a date; words ("next quarter") and days a spreadsheet cannot count as text."""
        if isinstance(value, str) and not _ISO_DAY.fullmatch(value):
            write_text(sheet, row, place, value, self.formats["text"])
            return
        day = pd.Timestamp(value)
        if day.year < 1900:
            write_text(sheet, row, place, str(day.date()), self.formats["text"])
        else:
            sheet.write_datetime(row, place, day.to_pydatetime(), self.formats["date"])


def write_text(sheet: Worksheet, row: int, place: int, value: Any, style: Format) -> None:
    """Text as text, whatever it begins with; cut where a cell ends."""
    said = str(value).encode("utf-8", "replace").decode("utf-8")
    sheet.write_string(row, place, said if len(said) <= _LONGEST_CELL else said[: _LONGEST_CELL - 1] + "\N{HORIZONTAL ELLIPSIS}", style)


def safe_name(name: str) -> str:
    """A sheet's name that every spreadsheet takes: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", name).strip(" '")
    return plain[:31].strip(" '") or "Sheet"
