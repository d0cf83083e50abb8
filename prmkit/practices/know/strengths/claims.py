"""What a partner claims, read with our own words: which strengths its text names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

_HOME = Path(__file__).resolve().parent
_NOT = frozenset(("not", "never", "no", "without", "nicht", "kein", "keine", "nie", "ohne", "pas", "jamais", "sans", "sin", "nunca"))
_NOT |= frozenset(("non", "senza", "niet", "geen"))
_BEFORE = 2
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Theme:
    """One kind of claim: its title, the measures that could show it, what would be needed where there is none, and its words."""

    name: str
    title: str
    evidence: tuple[str, ...]
    needs: str
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be shown: as said, the least lift worth acting on, its export, and whether only a claim asks for it."""

    name: str
    said: str
    worthwhile: float
    needs: str
    claimed_only: bool


@cache
def themes() -> tuple[Theme, ...]:
    """The kinds of claims in claims.yaml."""
    return tuple(
        Theme(name, one["title"], tuple(one["evidence"]), one.get("needs", ""), _pattern(tuple(one["words"])))
        for name, one in _yaml("claims.yaml").items()
    )


@cache
def measures() -> dict[str, Measure]:
    """The measures in measures.yaml, by name."""
    return {
        name: Measure(name, one["said"], float(one["worthwhile"]), one["needs"], bool(one.get("claimed_only", False)))
        for name, one in _yaml("measures.yaml").items()
    }


def folded(text: str) -> str:
    """Small letters without accents, every run of other signs a single space; at most the first 2,000 signs."""
    plain = text[:_LONGEST]
    for _ in range(2):  # what is taken apart may have capitals again
        plain = unicodedata.normalize("NFKD", plain).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w/]+", " ", kept).split())


def themes_of(text: str) -> tuple[str, ...]:
    """Names of the themes that a claim's words point to, in the order of claims.yaml; none where it is only a text."""
    words = folded(text)
    return tuple(theme.name for theme in themes() if any(_meant(words, hit.start()) for hit in theme.words.finditer(words)))


def read(claims: pd.Series) -> pd.DataFrame:
    """partner (position in `claims`), claimed, theme: one row a claim and theme; theme "" where no words were found.

    Every text is read once, however many partners share it.
    """
    said = claims.dropna()
    said = said[said.str.strip() != ""]
    known = {text: themes_of(text) or ("",) for text in said.unique()}
    rows = said.map(known).explode()
    return pd.DataFrame({"partner": rows.index, "claimed": said.loc[rows.index].to_numpy(), "theme": rows.to_numpy()})


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, at the beginning of a word."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(folded(word)) for word in words)})")


def _meant(words: str, place: int) -> bool:
    """Whether no "not" stands up to two words before."""
    return _NOT.isdisjoint(words[:place].split()[-_BEFORE:])


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(_HOME / name)
    return loaded
