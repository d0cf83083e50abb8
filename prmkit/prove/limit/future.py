"""The revenue of the coming 12 months, and how many partners a goal for it truly needs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from prmkit.prove.limit.recruits import Recruits, draw_recruits
from prmkit.prove.limit.year import year_ahead
from prmkit.simulate.state import Array, State

DRAWS = 400
_MOST_TIMES, _FEWEST = 50, 20


def present(state: State, draws: int = DRAWS, seed: int = 0) -> Array:
    """Predictive draws (draws,) of what the partners of today will sell in the coming 12 months, EUR."""
    made: Array = year_ahead(state, draws, seed).revenue.sum(axis=(1, 2))
    return made


def recruits(state: State, count: int, draws: int = DRAWS, seed: int = 0) -> Array:
    """Predictive draws (draws,) of what `count` recruits, signed evenly over the 12 months, add to that, EUR.

    What they take from partners of the same territories is counted against them.
    """
    made = _outlook(state, draws, seed, known=False)
    return made.total(count) - made.total(0)


def count_for(state: State, goal: float, confidence: float, *, known: bool = False, draws: int = DRAWS, seed: int = 0) -> int | None:
    """The smallest number of recruits with which the goal (EUR) is reached with the given chance.

    By the record of today's partners, or where `known` by what they truly are. None where fifty recruits for each partner are not enough.
    """
    made = _outlook(state, draws, seed, known=known)
    most = _MOST_TIMES * max(state.network.size, _FEWEST)
    high = 1
    if _chance(made, 0, goal) >= confidence:
        return 0
    while _chance(made, high, goal) < confidence:
        if high >= most:
            return None
        high = min(2 * high, most)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _chance(made, middle, goal) >= confidence else (middle, high)
    return high


def true_chance(state: State, count: int, goal: float, *, draws: int = DRAWS, seed: int = 0) -> float:
    """The chance that the goal (EUR) is reached with `count` recruits, for who knows what every partner of today truly is.

    What is left to chance: shocks, leaving, the luck of orders, and who the recruits turn out to be. This is what a plan is really worth.
    """
    return _chance(_outlook(state, draws, seed, known=True), count, goal)


@lru_cache(maxsize=4)
def _outlook(state: State, draws: int, seed: int, *, known: bool) -> Recruits:
    return draw_recruits(state, year_ahead(state, draws, seed, known=known), seed)


def _chance(made: Recruits, count: int, goal: float) -> float:
    return float(np.mean(made.total(count) >= goal))
