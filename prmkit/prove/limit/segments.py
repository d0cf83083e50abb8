"""The segment that a partner truly belongs to, by the revenue it was expected to bring in each of two years."""

from __future__ import annotations

import numpy as np

from prmkit.practices.know.segments import segment_rules as rules
from prmkit.prove.limit.contribution import YEAR, drawn_revenue
from prmkit.simulate.state import Array, State

_DRAWS = 400


def segment_chances(state: State, draws: int = _DRAWS, seed: int = 0) -> Array:
    """Chance (n, 7) of each segment, in the order of `segment_rules.FULL`, from draws of every partner's rate, order size and life.

    When a partner first bought is on record and known.
    """
    months = state.months
    windows = [slice(max(months - YEAR, 0), months), slice(max(months - 2 * YEAR, 0), max(months - YEAR, 0))]
    now, then = drawn_revenue(state, draws, np.random.default_rng(seed), windows)
    sold = state.orders.counts[:, :months] > 0
    first = np.where(sold.any(axis=1), months - 1.0 - sold.argmax(axis=1), np.nan)[:, None]
    position = rules.classify(now, rules.growth(now, then, first), first, rules.half_line(now))
    return np.column_stack([(position == segment).mean(axis=1) for segment in range(len(rules.FULL))])
