"""From one row a respondent to one row an answer: wordings become canonical values, all else is a fault with its row and column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from prmkit.data.cells import WRITTEN
from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.forms.form import Form, Question
from prmkit.data.mapping import plain
from prmkit.data.staging import Staged, StageWriter
from prmkit.data.tables import table

Cells = Mapping[str, str | None]


def unfold(engine: Engine, staged: Staged, form: Form, log: FaultLog) -> Staged:
    """The rows of a filled form as rows of its canonical table; a row keeps the spreadsheet row that it comes from.

    An empty cell is a question nobody answered. What is none of the wordings, or lies outside its scale, is an error, and
    so is a row with answers and without what it needs (a partner's id).
    """
    missing = [question.header for question in form.questions if question.header not in staged.columns]
    if missing:
        words = {"headers": ", ".join(missing)}
        log.add("form_question_missing", table=form.table, file=staged.file, row=1, value=missing[0], words=words)
    names = ", ".join(identifier(column) for column in staged.columns)
    with StageWriter(engine, form.fills) as writer:
        for row, *cells in engine.rows(f"SELECT _row, {names} FROM {staged.relation()} ORDER BY _row"):
            given = dict(zip(staged.columns, (cell.strip() if cell else None for cell in cells), strict=True))
            for made in _answers(form, row, given, staged.file, log):
                writer.add(row, [_text(form, column, made.get(column)) for column in form.fills])
    return writer.staged(staged.file)


def _answers(form: Form, row: int, given: Cells, file: str, log: FaultLog) -> Iterator[Cells]:
    answered = [question for question in form.questions if given.get(question.header)]
    if not answered:
        return
    lacking = [column for column in form.needed if not given.get(column)]
    for column in lacking:
        log.add("form_row_without", table=form.table, file=file, row=row, column=form.columns[column], words={"sheet": form.sheet})
    if lacking:
        return
    about = {column: given.get(column) for column in form.columns} | dict(form.always)
    for question in answered:
        filled = _read(question, given[question.header] or "", form, row, file, log)
        if filled or (filled is not None and form.keeps_unknown):
            yield {**about, form.key: question.id, **filled}


def _read(question: Question, said: str, form: Form, row: int, file: str, log: FaultLog) -> Mapping[str, str] | None:
    """The canonical values of one answer, none for one that says it is not known; None where it is at fault."""
    if question.words:
        return {question.words: said}
    if question.scale:
        number = _number(said)
        if question.scale.low <= number <= question.scale.high:
            return {question.scale.fills: f"{number:g}"}
        allowed = f"a number from {question.scale.low:g} to {question.scale.high:g}"
    else:
        option = question.by_wording.get(plain(said))
        if option is not None:
            return option.fills
        allowed = ", ".join(option.say for option in question.options)
    log.add("form_answer", table=form.table, file=file, row=row, column=question.header, value=said, words={"allowed": allowed})
    return None


def _text(form: Form, column: str, value: str | None) -> str | None:
    """A value as the loader is to read it: the form's own numbers carry the mark that 0.175 is no 175."""
    own = column not in form.columns and table(form.table)[column].kind == "number"
    return value + WRITTEN if own and value and "." in value else value


def _number(said: str) -> float:
    try:
        return float(said.replace(",", "."))
    except ValueError:
        return math.nan
