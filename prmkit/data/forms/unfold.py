"""From one row a respondent to one row an answer: wordings become canonical values, all else is a fault with its row and column."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from prmkit.data.cells import WRITTEN
from prmkit.data.engine import Engine, identifier
from prmkit.data.faults import FaultLog
from prmkit.data.forms.form import Form, Question, Scale
from prmkit.data.mapping import plain
from prmkit.data.staging import Staged, StageWriter
from prmkit.data.tables import table

Cells = Mapping[str, str | None]


def unfold(engine: Engine, staged: Staged, form: Form, log: FaultLog) -> Staged:
    """The rows of a filled form as rows of its canonical table; a row keeps the spreadsheet row that it comes from.

    An empty cell is a question nobody answered. What is none of the wordings, or lies outside its scale, is an error, and
    so is a row with answers and without what it needs (a partner's id). In a form with a row an answer, a question answered
    again in free words by the same respondent is numbered (worry, worry:2).
    """
    missing = [header for header in form.asked if header not in staged.columns]
    if missing:
        words = {"headers": ", ".join(missing)}
        log.add("form_question_missing", table=form.table, file=staged.file, row=1, value=missing[0], words=words)
    names = ", ".join(identifier(column) for column in staged.columns)
    again: Counter[tuple[str | None, str | None]] = Counter()
    with StageWriter(engine, form.fills) as writer:
        for row, *cells in engine.rows(f"SELECT _row, {names} FROM {staged.relation()} ORDER BY _row"):
            given = dict(zip(staged.columns, (cell.strip() if cell else None for cell in cells), strict=True))
            for made in (
                _answers(form, row, given, staged.file, log) if not form.rows else _noted(form, row, given, staged.file, log, again)
            ):
                writer.add(row, [_text(form, column, made.get(column)) for column in form.fills])
    return writer.staged(staged.file)


def _answers(form: Form, row: int, given: Cells, file: str, log: FaultLog) -> Iterator[Cells]:
    answered = [question for question in form.questions if given.get(question.header)]
    if not answered:
        return
    if _lacks(form, row, given, file, log):
        return
    about = _about(form, given)
    for question in answered:
        filled = _read(question, given[question.header] or "", form, row, file, log)
        if filled or (filled is not None and form.keeps_unknown):
            yield {**about, form.key: question.id, **filled}


def _noted(form: Form, row: int, given: Cells, file: str, log: FaultLog, again: Counter[tuple[str | None, str | None]]) -> Iterator[Cells]:
    """The answer of one row: the question chosen, what was said, and the mark where the question has one."""
    assert form.rows is not None
    chosen, said, mark = (given.get(header) for header in form.rows.headers)
    if not (said or mark) or _lacks(form, row, given, file, log):
        return
    question = form.by_header.get(plain(chosen or ""))
    if question is None:
        allowed = ", ".join(one.header for one in form.questions)
        log.add(
            "form_answer", table=form.table, file=file, row=row, column=form.rows.question, value=chosen or "", words={"allowed": allowed}
        )
        return
    filled = {question.words: said} if said else {}
    if mark and question.scale:
        filled |= _marked(question.scale, mark) or {}
    if mark and not filled.keys() & ({question.scale.fills} if question.scale else set()):
        allowed = _allowed(question.scale) if question.scale else f"no mark, as '{question.header}' asks for none"
        log.add("form_answer", table=form.table, file=file, row=row, column=form.rows.mark, value=mark, words={"allowed": allowed})
    if filled:
        about = _about(form, given)
        who = about[next(iter(form.columns))], question.id
        again[who] += 1
        turn = again[who]
        yield {**about, form.key: question.id if turn == 1 or question.scale else f"{question.id}:{turn}", **filled}


def _about(form: Form, given: Cells) -> dict[str, str | None]:
    told = {column: given.get(column) for column in form.columns}
    return {column: form.prefix[column] + said if said and column in form.prefix else said for column, said in told.items()} | dict(
        form.always
    )


def _lacks(form: Form, row: int, given: Cells, file: str, log: FaultLog) -> bool:
    """Whether a row with answers does not say whom they are about; told where it does not."""
    lacking = [column for column in form.needed if not given.get(column)]
    for column in lacking:
        log.add("form_row_without", table=form.table, file=file, row=row, column=form.columns[column], words={"sheet": form.sheet})
    return bool(lacking)


def _marked(scale: Scale, said: str) -> Mapping[str, str] | None:
    number = _number(said)
    return {scale.fills: f"{number:g}"} if scale.low <= number <= scale.high else None


def _allowed(scale: Scale) -> str:
    return f"a number from {scale.low:g} to {scale.high:g}"


def _read(question: Question, said: str, form: Form, row: int, file: str, log: FaultLog) -> Mapping[str, str] | None:
    """The canonical values of one answer, none for one that says it is not known; None where it is at fault."""
    if question.words:
        return {question.words: said}
    if question.scale:
        if marked := _marked(question.scale, said):
            return marked
        allowed = _allowed(question.scale)
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
