"""Thirty minutes with a partner: a timed agenda, what to listen for, and room for what was said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from prmkit.request.style import Style, height

SHEET = "Interview"
COLUMNS = {"From minute": 9, "Minutes": 9, "Topic": 20, "Ask": 44, "Listen for": 40, "Belongs to": 28, "What was said": 60}
_ROOM = 84.0
_MODEL = ConfigDict(frozen=True, extra="forbid")


class Item(BaseModel):
    """One part of the talk; questions: ids of the pulse that what is said belongs to."""

    model_config = _MODEL

    minutes: int = Field(ge=1)
    topic: str
    ask: str
    listen: str
    questions: tuple[str, ...]


class Interview(BaseModel):
    """The agenda and what it is for."""

    model_config = _MODEL

    title: str
    about: str
    agenda: tuple[Item, ...]


@cache
def interview() -> Interview:
    """The interview, from interview.yaml."""
    return Interview.model_validate(YAML(typ="safe").load(Path(__file__).with_name("interview.yaml").read_text(encoding="utf-8")))


def interview_sheet(style: Style) -> None:
    """One row a part of the talk, with the minute it begins at and an empty cell to write in."""
    told = interview()
    sheet = style.sheet(SHEET, list(COLUMNS.values()), head=f"{told.title}: partner, date, role of the person:", frozen=(1, 3))
    sheet.set_row(0, 32)
    style.row(sheet, 0, list(COLUMNS), "head")
    start = 0
    for row, item in enumerate(told.agenda, start=1):
        values = [start, item.minutes, item.topic, item.ask, item.listen, "\n".join(item.questions), ""]
        sheet.set_row(row, max(_ROOM, height(list(zip(values, COLUMNS.values(), strict=True)))))
        style.row(sheet, row, values)
        start += item.minutes
    row = len(told.agenda) + 2
    style.write(sheet, row, 3, told.about, "muted")
    sheet.set_row(row, height([(told.about, COLUMNS["Ask"])]))
