"""Short texts as words: folded, split, counted, whatever their language; nothing of them is kept but words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from unicodedata import combining, normalize

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

LONGEST = 2_000
"""Letters of a text that are read; what stands behind them is no answer to a question."""
_WORD = re.compile(r"[^\W_]+")
_JOINED = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"}
_SPELT = str.maketrans(_JOINED)
APART = 3
"""Two words of a phrase stand at most so many places apart."""


def folded(texts: Iterable[str | None]) -> pd.Series[Any]:
    """Texts in small letters without accents, their words with one blank between; "" where there is no word.

    Scripts that write no blanks between words (Chinese, Japanese, Thai) give one long word a sentence.
    """
    array = pa.array(pd.Series(list(texts), dtype="str").fillna(""), type=pa.large_string(), from_pandas=True)
    array = pc.utf8_normalize(pc.utf8_slice_codeunits(array, 0, LONGEST), form="NFKD")
    array = pc.replace_substring_regex(array, r"\pM+", "")
    array = pc.utf8_lower(array)
    for one, two in _JOINED.items():
        array = pc.replace_substring(array, one, two)
    array = pc.utf8_trim_whitespace(pc.replace_substring_regex(array, r"[^\pL\pN]+", " "))
    return pd.Series(array.to_pandas(), dtype="str")


@dataclass(frozen=True)
class Words:
    """The words of n texts, texts that fold alike counted as one.

    text: (n,) which distinct text each is, -1 without a word. distinct: how many there are. of, code: the running words of the
    distinct texts in order, as the text they stand in and their place in `vocabulary` (sorted).
    """

    text: Whole
    distinct: int
    of: Whole
    code: Whole
    vocabulary: NDArray[Any]

    @classmethod
    def read(cls, texts: Iterable[str | None]) -> Words:
        """Fold and split texts."""
        flat = folded(texts)
        codes, kinds = pd.factorize(flat.where(flat != ""), sort=True)
        split = pd.Series(kinds, dtype="str").str.split(" ")
        running = split.explode()
        code, vocabulary = pd.factorize(running, sort=True)
        place = running.index.to_numpy(dtype=np.int64)
        return cls(codes.astype(np.int64), len(kinds), place, code.astype(np.int64), np.asarray(vocabulary, dtype=object))

    def matching(self, pattern: str) -> Mask:
        """Which distinct texts hold a word ("margin"), a beginning ("margin*") or a phrase ("own sales*"); (distinct,)."""
        found = np.zeros(self.distinct, dtype=bool)
        found[self.of[self.places(pattern)]] = True
        return found

    def places(self, pattern: str) -> Whole:
        """Which running words the words of a pattern are; sorted."""
        parts = folded_pattern(pattern)
        if not parts:
            return np.zeros(0, dtype=np.int64)
        chain = np.flatnonzero(self._like(parts[0])[self.code])[None, :]
        for part in parts[1:]:
            there = self._like(part)[self.code]
            ahead = np.full(chain.shape[1], -1, dtype=np.int64)
            for step in range(APART, 0, -1):  # the nearest place behind at which the next word stands, in the same text
                at = np.minimum(chain[-1] + step, len(self.code) - 1)
                fits = there[at] & (at == chain[-1] + step) & (self.of[at] == self.of[chain[-1]])
                ahead = np.where(fits, at, ahead)
            chain = np.vstack([chain, ahead])[:, ahead >= 0]
        return np.unique(chain)

    def _like(self, part: str) -> Mask:
        """Which words of the vocabulary a part of a pattern stands for."""
        made = np.zeros(len(self.vocabulary), dtype=bool)
        if part.endswith("*"):
            first, last = np.searchsorted(self._sorted, [part[:-1], part[:-1] + "\U0010ffff"])
            made[first:last] = True
        else:
            first = int(np.searchsorted(self._sorted, part))
            made[first : first + 1] = first < len(self.vocabulary) and self.vocabulary[first] == part
        return made

    @cached_property
    def _sorted(self) -> NDArray[Any]:
        return self.vocabulary.astype(str)

    def only(self, kept: Mask) -> Words:
        """The words of the distinct texts that are `kept`, numbered anew; `text` is -1 for all others."""
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        chosen = kept[self.of]
        text = np.where(self.text >= 0, number[self.text], -1) if self.distinct else self.text
        return Words(text, int(kept.sum()), number[self.of[chosen]], self.code[chosen], self.vocabulary)

    def all_of(self, words: Collection[str]) -> Mask:
        """Which distinct texts consist of nothing but these words."""
        strange = ~np.isin(self._sorted, list(words)) if len(self.vocabulary) else np.zeros(0, dtype=bool)
        made = np.ones(self.distinct, dtype=bool)
        made[self.of[strange[self.code]]] = False
        return made


@cache
def folded_pattern(pattern: str) -> tuple[str, ...]:
    """The words of a pattern, joined by blanks or _, as texts are folded, each with its * where it has one."""
    made: list[str] = []
    for part in pattern.replace("_", " ").split():
        words = _WORD.findall("".join(sign for sign in normalize("NFKD", part) if not combining(sign)).lower().translate(_SPELT))
        if words:
            made += [*words[:-1], words[-1] + ("*" if part.endswith("*") else "")]
    return tuple(made)
