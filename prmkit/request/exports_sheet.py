"""The sheet of exports: one row an export to ask for, wave by wave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prmkit.practices import PRACTICES
from prmkit.publish import titles
from prmkit.request.exports import asked, unlocked_by
from prmkit.request.style import Style, height

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from prmkit.request.book import Line

SHEET = "Exports"
STATUSES = ("asked", "promised", "here", "refused")
COLUMNS = {
    "Wave": 6,
    "Export": 18,
    "What we ask for": 30,
    "Where it usually lives": 15,
    "Whom to ask": 15,
    "Fields": 34,
    "Period": 13,
    "One row is": 17,
    "Answers it unlocks": 36,
    "Minutes of the owner": 9,
    "Privacy": 34,
    "Save as": 17,
    "Status": 10,
    "Date": 11,
    "Remark": 18,
}
HERE = "here"
_PLACE = {name: place for place, name in enumerate(COLUMNS)}


def exports_sheet(style: Style, lines: tuple[Line, ...]) -> Worksheet:
    """Every export in the order of asking; its file name leads to the sheet of its fields and made-up rows."""
    sheet = style.sheet(SHEET, list(COLUMNS.values()), head="Data request: the exports, wave by wave", large=True, frozen=(1, 2))
    sheet.set_row(0, 46)
    style.row(sheet, 0, list(COLUMNS), "head")
    for row, line in enumerate(lines, start=1):
        values = line_values(line)
        sheet.set_row(row, height([(value, width) for value, width in zip(values, COLUMNS.values(), strict=True)]))
        for place, value in enumerate(values):
            style.write(sheet, row, place, value, "number" if isinstance(value, int) else "day" if place == _PLACE["Date"] else "cell")
        style.write(sheet, row, _PLACE["Export"], line.export.title, "strong")
        sheet.write_url(row, _PLACE["Save as"], f"internal:'{line.table}'!A1", style.formats["linked"], saved_as(line.table))
    style.choices(sheet, (1, max(1, len(lines)), _PLACE["Status"]), STATUSES, title="Status")
    sheet.autofilter(0, 0, max(1, len(lines)), len(COLUMNS) - 1)
    row = len(lines) + 2
    for table, reason in asked().not_asked.items():
        style.write(sheet, row, 1, f"Not asked for: {table}", "muted")
        style.write(sheet, row, 2, reason, "muted")
        sheet.set_row(row, height([(reason, COLUMNS["What we ask for"])]))
        row += 1
    return sheet


def line_values(line: Line) -> list[object]:
    """The cells of one export, in the order of `COLUMNS`."""
    export = line.export
    return [
        line.wave or HERE,
        export.title,
        export.ask,
        export.system,
        export.owner,
        fields_said(line),
        export.period,
        export.fills.grain,
        answers_said(line.table),
        export.minutes,
        _privacy(line),
        saved_as(line.table),
        line.status,
        line.date,
        line.remark,
    ]


def saved_as(table: str) -> str:
    """The name under which an export is found without mapping; .xlsx will do as well."""
    return f"{table}.csv"


def fields_said(line: Line) -> str:
    """The fields asked for, marked: "needed: ...; helps: ..."."""
    export = line.export
    parts = [("needed", export.fields_needed), ("helps", export.fields_that_help)]
    return "\n".join(f"{word}: {', '.join(names)}" for word, names in parts if names)


def answers_said(table: str) -> str:
    """The answers that a table has a part in, by practice; those that are only better with it are told apart."""
    must, better = unlocked_by(table)
    said = []
    for word, told in (("MAKES POSSIBLE", must), ("MAKES BETTER", better)):
        by_practice: dict[str, list[str]] = {}
        for one in told:
            title = titles.result_title(f"{one.practice}_{one.table}")
            by_practice.setdefault(PRACTICES.get(one.practice).title, []).append(title[0].lower() + title[1:])
        said += [word] if told else []
        said += [f"{practice}: {'; '.join(names)}." for practice, names in by_practice.items()]
    return "\n".join(said) or "Makes other answers comparable; none hangs on it alone."


def _privacy(line: Line) -> str:
    personal = ", ".join(line.export.personal)
    return (f"About people: {personal}. " if personal else "") + line.export.privacy
