"""A form as its YAML file describes it: which table its answers fill, its columns, questions and fixed wordings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator
from ruamel.yaml import YAML

from prmkit.data.mapping import plain
from prmkit.data.staging import Wanted
from prmkit.data.tables import Column, table
from prmkit.registry import Registry

_MODEL = ConfigDict(frozen=True, extra="forbid")


class Option(BaseModel):
    """One wording of a drop-down and the canonical columns that it fills; none for an answer that says it is not known."""

    model_config = _MODEL

    say: str
    fills: Mapping[str, str] = {}


class Scale(BaseModel):
    """A number to be typed: its ends, what they mean, and the canonical column it goes to."""

    model_config = _MODEL

    low: float
    high: float
    ends: str
    fills: str


class Question(BaseModel):
    """One question of a form: answered by one of its options, by a number on its scale, or in free words (`words`: the column they fill).

    In a form with a row an answer, `header` is the wording of the question in the list, and a question may have words and a scale.
    """

    model_config = _MODEL

    id: str
    header: str
    asks: str
    why: str = ""
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    words: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if not (self.options or self.scale or self.words):
            raise ValueError(f"the question {self.id} needs options, a scale or words, and one of them only")
        if len({plain(option.say) for option in self.options}) < len(self.options):
            raise ValueError(f"two options of the question {self.id} read alike")
        return self

    @property
    def ways(self) -> int:
        """In how many ways it is answered."""
        return sum(map(bool, (self.options, self.scale, self.words)))

    @cached_property
    def by_wording(self) -> Mapping[str, Option]:
        """The options by their wording, capitals, spaces and marks set aside."""
        return {plain(option.say): option for option in self.options}

    @property
    def filled(self) -> frozenset[str]:
        """The canonical columns that its answers fill."""
        named = {column for option in self.options for column in option.fills}
        return frozenset(named | ({self.scale.fills} if self.scale else set()) | ({self.words} if self.words else set()))


class Rows(BaseModel):
    """The headers of a form with a row an answer: which question it is, what was said, and the mark given."""

    model_config = _MODEL

    question: str
    said: str
    mark: str

    @property
    def headers(self) -> tuple[str, str, str]:
        """In their order."""
        return self.question, self.said, self.mark


class Form(BaseModel):
    """A sheet with one row a partner or respondent and one column a question, or with one row an answer (`rows`).

    sheet: what the sheet is called; a file whose name begins with `name` is read as this form. table: the canonical
    table of the answers, a row each; key: its column that names the question. columns: canonical column -> header, filled alike in
    all rows of a respondent; needed: those without which a filled row is refused. beside: headers for the reader's eye only.
    always: canonical column -> what it always holds; prefix: canonical column -> what is put before
    what was filled in. keeps_unknown: whether "not known" makes a row (asked, without an answer).
    """

    model_config = _MODEL

    name: str
    sheet: str
    table: str
    title: str
    about: str
    key: str
    columns: Mapping[str, str]
    needed: tuple[str, ...]
    beside: tuple[str, ...] = ()
    always: Mapping[str, str] = {}
    prefix: Mapping[str, str] = {}
    keeps_unknown: bool = False
    rows: Rows | None = None
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _canonical(self) -> Self:
        known = set(table(self.table).names)
        named = {self.key, *self.columns, *self.always, *(column for question in self.questions for column in question.filled)}
        if unknown := named - known:
            raise ValueError(f"{self.table} has no column {', '.join(sorted(unknown))}")
        if missing := set(self.needed) - set(self.columns):
            raise ValueError(f"needed columns without a header: {', '.join(sorted(missing))}")
        if not self.rows and (odd := [question.id for question in self.questions if question.ways != 1]):
            raise ValueError(f"the question {', '.join(odd)} needs options, a scale or words, and one of them only")
        words = table(self.table)[self.key].words
        if words and (odd := [question.id for question in self.questions if question.id not in words]):
            raise ValueError(f"{self.key} of {self.table} does not know {', '.join(odd)}")
        return self

    @property
    def fills(self) -> tuple[str, ...]:
        """The canonical columns that the answers fill, in the order of the table."""
        named = {self.key, *self.columns, *self.always, *(column for question in self.questions for column in question.filled)}
        return tuple(column for column in table(self.table).names if column in named)

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row of the sheet: who it is about, the questions, and what stands after them."""
        note = [header for column, header in self.columns.items() if column == "note"]
        first = [header for header in self.columns.values() if header not in note]
        return (first[0], *self.beside, *first[1:], *self.asked, *note)

    @property
    def asked(self) -> tuple[str, ...]:
        """The headers under which answers stand."""
        return self.rows.headers if self.rows else tuple(question.header for question in self.questions)

    @cached_property
    def by_header(self) -> Mapping[str, Question]:
        """The questions by their header or wording, capitals, spaces and marks set aside."""
        return {plain(question.header): question for question in self.questions}

    def wanted(self) -> Wanted:
        """What a reader is to find in a file of this form."""
        about = [table(self.table)[column] for column in self.columns]
        asked = [Column(name=header, kind="string") for header in self.asked]
        beside = [Column(name=header, kind="string") for header in self.beside]
        return Wanted(self.table, (*about, *beside, *asked), dict(self.columns), frozenset(self.needed), sheet=self.sheet)


def read_form(file: Path) -> Form:
    """The form in a YAML file."""
    given: Mapping[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return Form.model_validate(given)


FORMS: Registry[Form] = Registry("form")
for _file in sorted(Path(__file__).parent.glob("*.yaml")):
    FORMS.add(_file.stem, read_form(_file))
