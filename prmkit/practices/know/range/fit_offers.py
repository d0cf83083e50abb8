"""The family each partner should add next, and what is to be expected of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import LEVEL
from prmkit.practices.know.range.family_margin import FamilyMargin
from prmkit.practices.know.range.product_mix import ProductMix
from prmkit.practices.know.range.take_up import Array, Codes, Learnt, Look, value_inputs

_ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True)
class Offers:
    """chance, chance_low, chance_high, first_year: (n, k), nan where nothing is said. best: (n,) the family recommended, -1 where none.

    value, low, high: (n,) what is to be expected of it in a year. taken, worth: (offers, draws) chance and value of the recommended
    pairs, by partner, as drawn.
    """

    chance: Array
    chance_low: Array
    chance_high: Array
    first_year: Array
    best: Codes
    value: Array
    low: Array
    high: Array
    taken: NDArray[np.float32]
    worth: NDArray[np.float32]


def make_offers(mix: ProductMix, seen: Look, learnt: Learnt, margin: FamilyMargin, seed: int) -> Offers:
    """Chance x first year x margin of every pair; the best above zero is the partner's next family."""
    n, k = seen.held.shape
    chance, low, high, first = (np.full((n, k), np.nan) for _ in range(4))
    best = np.full(n, -1, dtype=np.int64)
    value, value_low, value_high = (np.full(n, np.nan) for _ in range(3))
    taken = worth = np.zeros((0, 0), dtype=np.float32)
    at = seen.partner, seen.family
    if learnt.chance is not None and len(seen.partner):
        features = np.column_stack(list(seen.features.values()))
        chance[at], low[at], high[at] = learnt.chance.chance(features)
        if learnt.value is not None:
            inputs = value_inputs(mix, seen.size[seen.partner], seen.often[seen.partner], seen.partner)
            first[at] = learnt.value.expected(inputs, seen.family, slice(0, 1))[:, 0] * learnt.usual[seen.family]
            best, expected = _best(chance * first * margin.rate)
            pair = np.flatnonzero(best[seen.partner] == seen.family)
            who, what = seen.partner[pair], seen.family[pair]
            taken = learnt.chance.ahead(features[pair], np.random.default_rng([seed, 53])).drawn
            brings = learnt.value.expected(inputs[pair], what)[:, 1:] * (learnt.usual * margin.rate)[what][:, None]
            worth = (taken * brings).astype(np.float32)
            value[who] = expected[who]
            if len(who):
                ends = np.quantile(worth, _ENDS, axis=1)
                value_low[who], value_high[who] = np.minimum(ends[0], value[who]), np.maximum(ends[1], value[who])
    return Offers(chance, low, high, first, best, value, value_low, value_high, taken, worth)


def _best(worth: Array) -> tuple[Codes, Array]:
    """Per partner the family worth most, -1 where none is worth anything, and what it is worth."""
    known = np.where(np.isfinite(worth), worth, -np.inf)
    top = known.max(axis=1)
    best: NDArray[Any] = np.where(top > 0, known.argmax(axis=1), -1)
    return best.astype(np.int64), top
