"""Words of an export that are none of a column's: what each of them is likely to mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz
from ruamel.yaml import YAML

from prmkit.data.proposals import Proposal
from prmkit.data.tables import tables

_SAME, _HOLDS, _ALIKE = 0.95, 0.8, 88
_SHORTEST = 3
_NOT_WORD = re.compile(r"[\W_]+")


def word_proposals(unknown: Mapping[tuple[str, str], Sequence[str]], decided: Collection[Proposal]) -> list[Proposal]:
    """A proposal for each column some of whose unknown words can be told; words that nothing is known of stay errors."""
    answered = {(one.table, name, word) for one in decided for name, words in one.values.items() for word in words}
    found = []
    for (table, name), words in unknown.items():
        allowed = tables()[table][name].words if name in tables()[table].names else ()
        told = {word: meant for word in words if (table, name, word) not in answered and (meant := meaning(name, word, allowed))}
        if told:
            what = f"In {name}, " + ", ".join(f"'{word}' means {meant[0]}" for word, meant in told.items())
            why = "Used so elsewhere: " + ", ".join(f"'{word}' {meant[1]:.0%}" for word, meant in told.items())
            values = {name: {word: meant[0] for word, meant in told.items()}}
            found.append(Proposal(table, what, why, min(meant[1] for meant in told.values()), values=values))
    return found


def meaning(column: str, word: str, allowed: Sequence[str]) -> tuple[str, float] | None:
    """The canonical word that a word of an export most likely stands for, and how sure that is; None where nothing speaks for one."""
    bare = _bare(word)
    best: tuple[str, float] | None = None
    for canonical in allowed:
        for way in (_bare(canonical), *_ways(column, canonical)):
            sure = _likeness(bare, way)
            if sure and (best is None or sure > best[1]):
                best = canonical, sure
    return best


def _likeness(word: str, way: str) -> float:
    if word == way:
        return _SAME
    if len(way) >= _SHORTEST and f" {way} " in f" {word} ":
        return round(_HOLDS * (0.75 + 0.25 * len(way) / len(word)), 2)
    close = fuzz.ratio(word, way) if len(word) > _SHORTEST else 0.0
    return round(close / 100 * 0.75, 2) if close >= _ALIKE else 0.0


def _bare(text: str) -> str:
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", letters).strip()


@cache
def _ways(column: str, canonical: str) -> tuple[str, ...]:
    return tuple(_bare(way) for way in _known().get(column, {}).get(canonical, ()))


@cache
def _known() -> Mapping[str, Mapping[str, Sequence[str]]]:
    loaded: Mapping[str, Mapping[str, Sequence[str]]] = YAML(typ="safe").load(Path(__file__).with_name("wording.yaml"))
    return loaded
