"""A file that no preset knows: which canonical table it could be, and which header holds which column, with how sure and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz
from ruamel.yaml import YAML

from prmkit.data.mapping import plain
from prmkit.data.recognition.peek import Peek, Record
from prmkit.data.tables import Column, Table, tables

LEAST = 0.5
"""Below this a guess is not worth a person's time."""
_FIRST_RECORDS = 20
_BY_NAME, _BY_SYNONYM = 1.0, 0.95
_ALIKE = 88
_UNLIKE_VALUES = 0.4
_NUMBER = re.compile(r"[^\d]{0,4}[-+(]?[\d.,' \u00a0]*\d[\d.,' \u00a0]*\)?\s*[^\d\s]{0,3}")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}([-./]\d{1,4})?([ T].*)?|\d{5}|.*\b[12]\d{3}\b.*")


@dataclass(frozen=True, slots=True)
class Guess:
    """A file taken for a canonical table: column -> header, and how sure each of them is (0..1)."""

    path: Path
    table: str
    position: int
    headers: Mapping[str, str]
    sureness: Mapping[str, float]

    @property
    def sure(self) -> float:
        """That of the needed column which is least sure, or of the others' mean where that is lower."""
        needed = [self.sureness[name] for name in tables()[self.table].required_names]
        return round(min([*needed, sum(self.sureness.values()) / len(self.sureness)]), 2)


def guess(seen: Peek, among: Sequence[str]) -> Guess | None:
    """The likeliest of the tables `among`; None where none has all its needed columns or none is likely enough."""
    found = [made for name in among for made in _guesses(seen, tables()[name])]
    likely = [made for made in found if made.sure >= LEAST]
    return max(likely, key=lambda made: (len(made.headers) * made.sure, made.sure), default=None)


def _guesses(seen: Peek, table: Table) -> list[Guess]:
    best: Guess | None = None
    for position, record in enumerate(seen.records[:_FIRST_RECORDS]):
        made = _matched(seen, table, position, record)
        if made and (best is None or len(made.headers) > len(best.headers)):
            best = made
    return [best] if best and _is_a_table(best, table) else []


def _is_a_table(made: Guess, table: Table) -> bool:
    """All needed columns are there, and the table's own id where it has one, so that a word or two do not make a table."""
    return set(table.required_names) <= set(made.headers) and len(made.headers) >= min(3, len(table.columns))


def _matched(seen: Peek, table: Table, position: int, record: Record) -> Guess | None:
    below = seen.below(position)[:100]
    scores: list[tuple[float, int, str, int]] = []
    for order, column in enumerate(table.readable):
        for place, header in enumerate(record):
            likeness = _likeness(table, column, header)
            if likeness:
                scores.append((likeness * _suits(column, [row[place] for row in below if place < len(row)]), -order, column.name, place))
    taken: dict[str, int] = {}
    sureness: dict[str, float] = {}
    for score, _, name, place in sorted(scores, reverse=True):
        if name not in taken and place not in taken.values() and score >= LEAST:
            taken[name], sureness[name] = place, round(score, 2)
    if not taken:
        return None
    ordered = [column.name for column in table.readable if column.name in taken]
    return Guess(
        seen.path, table.name, position, {name: record[taken[name]] for name in ordered}, {name: sureness[name] for name in ordered}
    )


def _likeness(table: Table, column: Column, header: str) -> float:
    wanted = plain(header)
    if not wanted or len(wanted) > 60:
        return 0.0
    if wanted == plain(column.name):
        return _BY_NAME
    others = ways(table.name, column.name)
    if wanted in others:
        return _BY_SYNONYM
    close = max((fuzz.ratio(wanted, way) for way in (plain(column.name), *others)), default=0.0) if len(wanted) > 4 else 0.0
    return close / 100 * 0.85 if close >= _ALIKE else 0.0


def _suits(column: Column, values: Sequence[str]) -> float:
    """1 where the values below look like the column's kind, less where most do not."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled or column.kind in {"string", "word", "boolean"}:
        return 1.0
    form = _DATE if column.kind == "date" else _NUMBER
    share = sum(form.fullmatch(value) is not None for value in filled) / len(filled)
    return 1.0 if share > 0.9 else _UNLIKE_VALUES + (1 - _UNLIKE_VALUES) * share * 0.9


@cache
def ways(table: str, column: str) -> tuple[str, ...]:
    """Headers under which clients export a column, beside its own name; without case and punctuation."""
    given: Mapping[str, Mapping[str, Sequence[str]]] = _synonyms()
    return tuple(plain(way) for way in given.get(table, {}).get(column, ()))


@cache
def _synonyms() -> Mapping[str, Mapping[str, Sequence[str]]]:
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = YAML(typ="safe").load(Path(__file__).with_name("synonyms.yaml"))
    return loaded
