"""What speaks for two organisations being one and what against it: in words, and as log-odds to be added up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASE: Mapping[str, float] = {"reference": -4.0, "duplicate": -5.5}
"""Log-odds before any evidence: a reference means somebody, most rows stand there once."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that two sides show: what is said of it and what it adds to the log-odds."""

    points: float
    said: str


IDS = (
    Evidence(8.0, "the id in brackets is its id"),
    Evidence(9.0, "same id in another system"),
    Evidence(6.0, "same id but for capitals or zeros in front"),
)
NAMES = (
    Evidence(7.0, "same name"),
    Evidence(6.8, "same name but for the legal form"),
    Evidence(4.5, "same name with another legal form"),
    Evidence(6.5, "same name but for spaces"),
    Evidence(5.5, "same words in another order"),
    Evidence(6.0, "the domain spells the name"),
    Evidence(5.0, "names differ in one letter"),
    Evidence(3.5, "names differ in few letters"),
    Evidence(2.0, "one name holds the other"),
    Evidence(1.5, "similar names"),
    Evidence(-4.0, "but other names"),
)
DOMAINS = (
    Evidence(7.0, "same domain"),
    Evidence(5.0, "same domain"),
    Evidence(2.5, "same domain but for its ending"),
    Evidence(-2.5, "but other domains"),
)
PLACES = (Evidence(3.0, "same postal code"), Evidence(-3.0, "but other postal codes"))
COUNTRIES = (Evidence(1.0, "same country"), Evidence(-3.0, "but other countries"))
TERRITORIES = (Evidence(0.5, "same territory"), Evidence(-1.0, "but other territories"))
WORDS = tuple(evidence.said for evidence in (*IDS, *NAMES, *DOMAINS, *PLACES, *COUNTRIES, *TERRITORIES))


def why(evidence: int) -> str:
    """The evidence of a pair in words: what speaks for it, then what speaks against it."""
    said = [words for place, words in enumerate(WORDS) if evidence >> place & 1]
    return "; ".join(
        dict.fromkeys([*(one for one in said if not one.startswith("but ")), *(one for one in said if one.startswith("but "))])
    )


def same_name(evidence: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each pair, whether the names are the same, but for the legal form at most."""
    mask = sum(1 << place for place, words in enumerate(WORDS) if words in (NAMES[0].said, NAMES[1].said))
    made: NDArray[np.bool_] = (evidence & mask) != 0
    return made
