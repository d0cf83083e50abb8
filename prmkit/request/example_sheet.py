"""One sheet an export: its fields as the header row, and three rows that say that they are made up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from prmkit.data.tables import Column
from prmkit.request.exports import Export, samples
from prmkit.request.style import Style

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

REMARK = "remark"
_MANY = 12
MADE_UP = "made up: delete this row"


def example_sheet(style: Style, export: Export) -> Worksheet:
    """The sheet of one export, called as its table is, so that it can be saved as a file and loaded as it stands.

    A field that is needed is bold on a band; its note says so in words, with what it means and which words it may hold.
    """
    columns = export.fills.readable
    names = [*(column.name for column in columns), REMARK]
    rows = samples()[export.table]
    texts = [[_text(row.get(column.name)) for column in columns] for row in rows]
    widths = [max(10, len(name) + 2, *(min(30, len(str(text[place])) + 2) for text in texts)) for place, name in enumerate(names[:-1])]
    head = f"{export.title}: three made-up rows. Bold fields are needed."
    sheet = style.sheet(export.table, [*widths, len(MADE_UP) + 2], head=head, large=len(names) > _MANY)
    for place, column in enumerate(columns):
        needed = column.name in export.fields_needed
        style.write(sheet, 0, place, column.name, "needed" if needed else "helps")
        sheet.write_comment(0, place, _note(column, needed), {"author": "", "x_scale": 2, "font_size": 9})
    style.write(sheet, 0, len(columns), REMARK, "helps")
    for number, text in enumerate(texts, start=1):
        style.row(sheet, number, text, "figure")
        style.write(sheet, number, len(columns), MADE_UP, "figure")
    return sheet


def _text(value: Any) -> Any:
    """A sample as it stands in the sheet: dates as 2026-09-30, yes and no in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


def _note(column: Column, needed: bool) -> str:
    words = f"one of: {', '.join(column.words)}" if column.words else column.kind if column.kind != "string" else "text"
    parts = ["needed" if needed else "helps", words, column.unit, column.note]
    return "; ".join(part for part in parts if part) + "."
