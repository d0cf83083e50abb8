"""Exports with a column for every question: read whole, and seen by a preset's SQL as one row an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prmkit.data.engine import identifier, literal
from prmkit.data.mapping import header_row, plain
from prmkit.data.recognition.peek import peek
from prmkit.data.staging import Staged, Wanted
from prmkit.data.tables import Column

_FIRST_RECORDS = 60
LONG = ("question", "place", "answer")
"""The columns that stand beside the named ones in the long form."""


@dataclass(frozen=True, slots=True)
class Wide:
    """A file whose unnamed columns are answers: what to read of it, and the header of each of those columns."""

    wanted: Wanted
    questions: dict[str, str]

    def long(self, staged: Staged, headers: Sequence[str]) -> str:
        """SQL for the answers of a staged file: its named headers as text, `_row`, and LONG; empty answers left out."""
        answers = [name for name in self.questions if name in staged.columns]
        named = ", ".join(
            f"{identifier(name)}" if name in staged.columns else f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in headers
        )
        if not answers:
            nothing = "CAST(NULL AS VARCHAR) AS question, CAST(NULL AS INTEGER) AS place, CAST(NULL AS VARCHAR) AS answer"
            return f"(SELECT {named}, _row, {nothing} FROM {staged.relation()} WHERE false)"
        asked = ", ".join(f"({literal(name)}, {literal(self.questions[name])})" for name in answers)
        columns = ", ".join(identifier(name) for name in answers)
        return f"""(SELECT {named}, _row, asked.question, CAST(substr(cell, 2) AS INTEGER) AS place, answer
            FROM (UNPIVOT (SELECT * FROM {staged.relation()}) ON {columns} INTO NAME cell VALUE answer)
            JOIN (VALUES {asked}) asked (cell, question) USING (cell))"""


def wide(path: Path, wanted: Wanted) -> Wide:
    """What to read of a wide file, given what is wanted by name: every other column by its position.

    A column without a header of its own goes on with the question before it.
    """
    records = peek(path).records[:_FIRST_RECORDS]
    if not records:
        return Wide(wanted, {})
    record = records[header_row(records, wanted)]
    known = {plain(way) for column in wanted.columns for way in wanted.ways(column)}
    questions: dict[str, str] = {}
    places: dict[str, int] = {}
    asked = ""
    for place, header in enumerate(record):
        if plain(header) in known:
            asked = ""
            continue
        asked = header.strip() or asked
        if asked:
            questions[f"c{place}"], places[f"c{place}"] = asked, place
    columns = (*wanted.columns, *(Column(name=name, kind="string") for name in questions))
    return Wide(replace(wanted, columns=columns, places=places), questions)
