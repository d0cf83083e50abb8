"""How sure it is that two organisations are one, and why in words: evidence for and against, added up as log-odds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from prmkit.data.identity.candidates import external_ids
from prmkit.data.identity.evidence import BASE, COUNTRIES, DOMAINS, IDS, NAMES, PLACES, TERRITORIES

Mask = NDArray[np.bool_]
_LONG_ENOUGH, _SHORT = 8, 4
_FEW, _SIMILAR = 2, 86
_ROWS_ALIKE = 2.5
"""What two rows lose whose names are only similar: most such rows of a place are two firms, where a reference is a slip."""
_AT_A_TIME = 1_000_000


def score(made: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Log-odds (`points`) and words (`why`) of every pair of positions in `organisations`: left, right, points, why.

    `certain`: the same id in another system or in brackets, or the same name, which only one listed has, with the same domain or
    postal code.
    """
    parts = [_score(made, pairs.iloc[start : start + _AT_A_TIME]) for start in range(0, max(1, len(pairs)), _AT_A_TIME)]
    return pd.concat(parts, ignore_index=True)


def _score(made: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    sides = _Sides(made, pairs["left"].to_numpy(), pairs["right"].to_numpy())
    ids, names, domains = _ids(sides), _names(sides), _domains(sides)
    lands = sides.equal("land"), sides.differ("land")
    places = sides.equal("postal") & ~lands[1], sides.differ("postal") & ~lands[1]
    territories = sides.equal("territory"), sides.differ("territory")
    shown = [
        *zip(IDS, ids, strict=True),
        *zip(NAMES, names, strict=True),
        *zip(DOMAINS, domains, strict=True),
        *zip(PLACES, places, strict=True),
        *zip(COUNTRIES, lands, strict=True),
        *zip(TERRITORIES, territories, strict=True),
    ]
    points = np.where(sides.reference, BASE["reference"], BASE["duplicate"])
    for evidence, mask in shown:
        points = points + evidence.points * mask
    shared = made["core"].map(made.loc[made["listed"], "core"].value_counts()).fillna(0).to_numpy()[sides.right]
    points = points - np.where(~sides.reference & (names[0] | names[1]), np.log(np.maximum(1, shared - 1)), 0.0)
    points = points - _ROWS_ALIKE * (~sides.reference & (names[7] | names[9]))
    unique = shared <= np.where(sides.reference, 1, 2)
    certain = ids[0] | ids[1] | ((names[0] | names[1]) & unique & (domains[0] | domains[1] | places[0]))
    return pairs.assign(points=points, certain=certain, evidence=_codes([mask for _, mask in shown])).reset_index(drop=True)


def _codes(masks: list[Mask]) -> NDArray[np.int64]:
    code = np.zeros(len(masks[0]), dtype=np.int64)
    for place, mask in enumerate(masks):
        code |= mask.astype(np.int64) << place
    return code


class _Sides:
    """Columns of the left and right organisations of all pairs."""

    def __init__(self, made: pd.DataFrame, left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        self._made, self.left, self.right = made, left, right
        self.reference: Mask = ~made["listed"].to_numpy(dtype=bool)[left]
        self._codes: dict[str, tuple[NDArray[np.int64], int]] = {}

    def texts(self, column: str) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """The texts of a column on both sides."""
        values = self._made[column].to_numpy(dtype=object)
        return values[self.left], values[self.right]

    def _pair(self, *columns: str) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Texts as numbers that are equal where the texts are; the number of the empty text."""
        both = pd.concat([self._made[column] for column in columns]).astype(object)
        codes, values = pd.factorize(both)
        nothing = next((place for place, value in enumerate(values) if value == ""), -1)
        size = len(self._made)
        return codes[:size][self.left], codes[-size:][self.right], nothing

    def equal(self, one: str, other: str = "") -> Mask:
        """Whether a column is filled and the same on both sides (or `one` on the left, `other` on the right)."""
        left, right, nothing = self._pair(one, other or one)
        made: Mask = (left == right) & (left != nothing)
        return made

    def differ(self, column: str) -> Mask:
        """Whether a column is filled on both sides, and not the same."""
        left, right, nothing = self._pair(column, column)
        made: Mask = (left != right) & (left != nothing) & (right != nothing)
        return made


def _ids(sides: _Sides) -> tuple[Mask, Mask, Mask]:
    texts = sides.texts("external_ids")
    keys = sides.texts("key")[0]
    shared = np.zeros(len(keys), dtype=bool)
    for place in np.flatnonzero(texts[1] != ""):
        known = external_ids(texts[1][place])
        own = external_ids(texts[0][place])
        shared[place] = bool(set(known) & set(own)) if not sides.reference[place] else keys[place] in {value for _, value in known}
    return sides.equal("inside", "key"), shared, sides.equal("key")


def _names(sides: _Sides) -> tuple[Mask, ...]:
    """One of NAMES at most is true of a pair."""
    known = ~(sides.equal("core") | sides.differ("core"))
    core, form_differs, same_form = sides.equal("core"), sides.differ("form"), ~(sides.differ("form") | _one_sided(sides, "form"))
    spaces = sides.equal("compact")
    near, few, holds, similar, ordered = _near(sides, ~core & ~known)
    spelt = known & (sides.equal("word", "compact") | sides.equal("compact", "word"))
    wanted = [core & same_form, core & ~form_differs, core, spaces, ordered, spelt, near, few, holds, similar, ~known]
    taken = np.zeros(len(core), dtype=bool)
    made = []
    for mask in wanted:
        made.append(mask & ~taken)
        taken |= mask
    return tuple(made)


def _one_sided(sides: _Sides, column: str) -> Mask:
    left, right = sides.texts(column)
    made: Mask = (left == "") != (right == "")
    return made


def _near(sides: _Sides, wanted: Mask) -> tuple[Mask, ...]:
    """Of pairs with two different names: one letter apart, few letters apart, one within the other, similar, other order."""
    masks = tuple(np.zeros(len(wanted), dtype=bool) for _ in range(5))
    places = np.flatnonzero(wanted)
    if not len(places):
        return masks
    cores = [list(texts[places]) for texts in sides.texts("core")]
    compact = [list(texts[places]) for texts in sides.texts("compact")]
    ratio, holds, sorted_ratio = (
        process.cpdist(*cores, scorer=scorer, workers=-1) for scorer in (fuzz.ratio, fuzz.token_set_ratio, fuzz.token_sort_ratio)
    )
    apart = process.cpdist(*compact, scorer=OSA.distance, workers=-1)
    length = np.fromiter((min(len(one), len(other)) for one, other in zip(*compact, strict=True)), dtype=np.int64, count=len(places))
    alike = (ratio >= _SIMILAR) | (apart <= _FEW)
    for place in np.flatnonzero(alike):
        alike[place] = _numbers(compact[0][place]) == _numbers(compact[1][place])
    masks[0][places] = alike & (apart == 1) & (length >= _LONG_ENOUGH)
    masks[1][places] = alike & (apart <= np.where(length >= _LONG_ENOUGH, _FEW, 1)) & (length > _SHORT)
    masks[2][places] = holds == 100
    masks[3][places] = alike & (ratio >= _SIMILAR)
    masks[4][places] = sorted_ratio == 100
    return masks


def _numbers(text: str) -> str:
    """The digits in a name: firms that differ in them are others."""
    return "".join(letter for letter in text if letter.isdigit())


def _domains(sides: _Sides) -> tuple[Mask, Mask, Mask, Mask]:
    same, differ = sides.equal("site"), sides.differ("site")
    ending = differ & sides.equal("word")
    return same & sides.reference, same & ~sides.reference, ending, differ & ~ending
