"""The first sheet: what the request is, how long it takes, the three waves, how to save a file, and privacy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from prmkit.data.forms import FORMS
from prmkit.request.style import Style, height

if TYPE_CHECKING:
    from prmkit.request.book import Line

SHEET = "Read me first"
_WIDTH = 82


class Section(BaseModel):
    """A heading and its paragraphs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: str
    paragraphs: tuple[str, ...]


def sections() -> tuple[Section, ...]:
    """The standing text, from read_me.yaml."""
    given = YAML(typ="safe").load(Path(__file__).with_name("read_me.yaml").read_text(encoding="utf-8"))
    return tuple(Section.model_validate(section) for section in given)


def read_me(style: Style, client: str, lines: tuple[Line, ...]) -> None:
    """The sheet; minutes and names of the waves are those of the exports asked for."""
    sheet = style.sheet(SHEET, [_WIDTH], head="Data request", frozen=None)
    sheet.set_portrait()
    row = 0
    style.write(sheet, row, 0, f"Data request for {client}", "title")
    sheet.set_row(row, 30)
    told = [*sections()[:1], Section(heading="Three waves", paragraphs=tuple(_waves(lines))), *sections()[1:]]
    for section in told:
        row += 2
        style.write(sheet, row, 0, section.heading, "heading")
        for paragraph in section.paragraphs:
            row += 1
            style.write(sheet, row, 0, paragraph, "text")
            sheet.set_row(row, height([(paragraph, _WIDTH)], line=14.5))
    row += 2
    style.write(sheet, row, 0, "Sheets", "heading")
    managers, pulse, notes = (FORMS.get(name).sheet for name in ("partner_managers", "partner_pulse", "interview_notes"))
    for name in ("Exports", managers, "Partner pulse", pulse, "Interview", notes):
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", style.formats["link"], name)


def _waves(lines: Iterable[Line]) -> list[str]:
    told = ["Wave 1 gives a first page the same day. Wave 2 adds the most answers an export. Wave 3 fills in the rest; send what is easy."]
    for wave in (1, 2, 3):
        own = [line for line in lines if line.wave == wave]
        if own:
            minutes = sum(line.export.minutes for line in own)
            names = ", ".join(line.export.title.lower() for line in own)
            told.append(f"Wave {wave}: {names}. About {minutes:,} minutes of their owners' time in all.")
    here = [line.export.title.lower() for line in lines if not line.wave]
    return [*told, f"Here already: {', '.join(here)}."] if here else told
