"""The sheet of a form: a header row, rows to fill, drop-downs with fixed wordings, and what each question means when a cell is picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from prmkit.data.forms import Form, Question
from prmkit.data.tables import table
from prmkit.request.style import Style

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_TITLE, _PROMPT = 32, 255
_WIDE, _NARROW, _DAY, _WORDS, _SAID = 26, 15, 12, 40, 70
_HEAD = 62


def form_sheet(style: Style, form: Form, rows: Sequence[Mapping[str, str]], blank: int) -> Worksheet:
    """The form with `rows` filled in (header -> text), or with `blank` empty rows where there are none.

    Ids and answers are cells of text, so that nothing typed turns into a date or loses its zeros.
    """
    headers = form.headers
    asked = {question.header: question for question in form.questions}
    sheet = style.sheet(form.sheet, [_width(form, header) for header in headers], head=f"{form.title}. {form.about}", frozen=(1, 2))
    sheet.set_row(0, _HEAD)
    style.row(sheet, 0, headers, "head")
    last = max(len(rows), blank)
    days = {header for column, header in form.columns.items() if table(form.table)[column].kind == "date"}
    for row in range(1, last + 1):
        given = rows[row - 1] if row <= len(rows) else {}
        for place, header in enumerate(headers):
            look = "day" if header in days else "blank" if _width(form, header) >= _WORDS else "short"
            style.write(sheet, row, place, given.get(header), look)
    sheet.print_area(0, 0, last, len(headers) - 1)
    for place, header in enumerate(headers):
        if header in asked:
            _ask(style, sheet, (1, last, place), asked[header])
    if form.rows:
        _ask_by_row(style, sheet, form, last)
    for column, header in form.columns.items():
        if words := table(form.table)[column].words:
            style.choices(sheet, (1, last, headers.index(header)), words, title=header)
    return sheet


def _ask_by_row(style: Style, sheet: Worksheet, form: Form, last: int) -> None:
    """The list of questions, and the bounds of a mark, in a form with a row an answer."""
    assert form.rows is not None
    headers = form.headers
    wordings = [question.header for question in form.questions]
    style.choices(sheet, (1, last, headers.index(form.rows.question)), wordings, title=form.rows.question)
    scale = next(question.scale for question in form.questions if question.scale)
    marked = ", ".join(question.header for question in form.questions if question.scale)
    whole = Question(id="mark", header=form.rows.mark, asks=f"For {marked} only. {scale.ends}.", scale=scale)
    _ask(style, sheet, (1, last, headers.index(form.rows.mark)), whole)


def _width(form: Form, header: str) -> float:
    if form.rows and header == form.rows.said:
        return _SAID
    if header == form.columns.get("note") or any(question.header == header and question.words for question in form.questions):
        return _WORDS
    if header in form.beside:
        return _WIDE
    return _DAY if header in {form.columns.get("judged_on"), form.columns.get("date")} else _NARROW


def _ask(style: Style, sheet: Worksheet, place: tuple[int, int, int], question: Question) -> None:
    """The drop-down of a question, or the bounds of its scale; the question itself shows when a cell is picked."""
    title, (first, last, column) = question.header[:_TITLE], place
    if question.options:
        style.choices(sheet, place, [option.say for option in question.options], title=title, prompt=question.asks[:_PROMPT])
        return
    shown = {"input_title": title, "input_message": question.asks[:_PROMPT]}
    if question.scale is None:
        sheet.data_validation(first, column, last, column, {"validate": "any", **shown})
        return
    low, high = question.scale.low, question.scale.high
    bounds = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    refused = {"error_title": title, "error_message": f"A number from {low:g} to {high:g}: {question.scale.ends}."}
    sheet.data_validation(first, column, last, column, {**bounds, **shown, **refused})
