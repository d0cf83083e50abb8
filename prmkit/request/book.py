"""The data request as a workbook: what to read first, the exports, the sheets to hand out, and one sheet an export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prmkit.data.forms import FORMS
from prmkit.request.example_sheet import example_sheet
from prmkit.request.exports import Export, asked
from prmkit.request.exports_sheet import HERE, exports_sheet
from prmkit.request.form_sheet import form_sheet
from prmkit.request.interview import interview_sheet
from prmkit.request.pulse_sheet import pulse_sheet
from prmkit.request.read_me import read_me
from prmkit.request.style import Style
from prmkit.request.waves import waves

FILE = "data_request.xlsx"
BLANK_PARTNERS, BLANK_ANSWERS, BLANK_NOTES = 200, 100, 150
_CREATED = dt.datetime(2026, 1, 1)  # the same request, the same bytes
_PARTNER, _MANAGER = "Partner", "Partner manager"


@dataclass(frozen=True, slots=True)
class Line:
    """One export of the request. wave: 1 to 3, 0 where it is here already; status, date and remark are the consultant's own."""

    export: Export
    wave: int
    status: str = ""
    date: str = ""
    remark: str = ""

    @property
    def table(self) -> str:
        """The canonical table that it fills."""
        return self.export.table


@dataclass(frozen=True, slots=True)
class Managed:
    """A partner that somebody looks after."""

    partner_id: str
    name: str
    manager: str = ""


@dataclass(frozen=True)
class Request:
    """All that a request says: the client, the exports in the order of asking, and the partners whose managers are asked."""

    client: str
    lines: tuple[Line, ...]
    managed: tuple[Managed, ...] = ()


def new_request(client: str, managed: tuple[Managed, ...] = ()) -> Request:
    """The request of an engagement that has nothing yet."""
    exports = asked().exports
    return Request(client, tuple(Line(exports[table], wave) for table, wave in waves(list(exports)).items()), managed)


def write_request(request: Request, path: Path) -> None:
    """Write the workbook to `path`; the same request gives the same bytes."""
    import xlsxwriter

    managers, pulse, notes = (FORMS.get(name) for name in ("partner_managers", "partner_pulse", "interview_notes"))
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"title": "Data request", "created": _CREATED})
        style = Style(book)
        read_me(style, request.client, request.lines)
        exports_sheet(style, request.lines)
        form_sheet(style, managers, [_row(one) for one in request.managed], 0 if request.managed else BLANK_PARTNERS)
        pulse_sheet(style, pulse)
        form_sheet(style, pulse, [], BLANK_ANSWERS)
        interview_sheet(style)
        form_sheet(style, notes, [], BLANK_NOTES)
        for line in sorted(request.lines, key=lambda line: line.wave or 4):
            example_sheet(style, line.export)


def _row(one: Managed) -> Mapping[str, str]:
    return {"Partner ID": one.partner_id, _PARTNER: one.name, _MANAGER: one.manager}


__all__ = ["FILE", "HERE", "Line", "Managed", "Request", "new_request", "write_request"]
