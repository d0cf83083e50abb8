"""The fourteen questions to partners, written out to be sent: what to ask, how it is answered, and why."""

from __future__ import annotations

from prmkit.data.forms import Form, Question
from prmkit.request.style import Style, height

SHEET = "Partner pulse"
COLUMNS = {"No.": 6, "Question": 56, "Answers": 40, "Why we ask": 36, "Comes back as": 28}


def pulse_sheet(style: Style, form: Form) -> None:
    """One row a question of the form, in its order."""
    sheet = style.sheet(SHEET, list(COLUMNS.values()), head=f"{form.title}. {form.about}")
    sheet.set_row(0, 20)
    style.row(sheet, 0, list(COLUMNS), "head")
    for row, question in enumerate(form.questions, start=1):
        values = [row, question.asks, answers_said(question), question.why, question.id]
        sheet.set_row(row, height(list(zip(values, COLUMNS.values(), strict=True))))
        style.row(sheet, row, values)
    row = len(form.questions) + 2
    style.write(sheet, row, 1, form.about, "muted")
    sheet.set_row(row, height([(form.about, COLUMNS["Question"])]))


def answers_said(question: Question) -> str:
    """How a question is answered, in words."""
    if question.scale:
        return f"{question.scale.low:g} to {question.scale.high:g} ({question.scale.ends})"
    return " / ".join(option.say for option in question.options) or "in their own words"
