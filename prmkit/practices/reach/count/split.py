"""How the plan's recruits are shared out over territories where nothing else decides, and month by month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_GROWTH = 2.0
_LEAST_FALL = 0.95
_ROUNDS = 50


def by_return(present: Array, one: Array, selling: float, elasticity: Array, count: int) -> Whole:
    """Recruits (T,) of `count` for each of T places so that the next one anywhere adds the same: equal marginal returns, rounded.

    present: units there now. one (S, T): draws of the yield of a recruit there over the usual one. selling: share of recruits that sell.
    elasticity (S,): draws. A place of n units brings one n^elasticity, so that a further recruit adds one x elasticity (1 + x)^(elasticity
    - 1). Each draw is solved by itself and the answers averaged, so that a place does not win or lose all on a few points of yield that
    are not known. An elasticity of more than 0.95 counts as 0.95: with no crowding at all everything would go to one place.
    No place's recruits that sell come to more than its present units, or twice the share that even growth would give it.
    Raises ValueError where there is no place.
    """
    if not len(present):
        raise ValueError("without a place nothing can be shared out")
    base, beta = np.maximum(present, 1.0), np.minimum(elasticity, _LEAST_FALL)[:, None]
    even = count * base / base.sum()
    most = np.maximum(base / max(selling, 1e-6), MOST_GROWTH * even)

    def wanted(price: Array) -> Array:
        grown = np.expm1((np.log(one) - price[:, None]) / (1 - beta))
        made: Array = np.clip(base * grown / max(selling, 1e-6), 0.0, most)
        return made

    low, high = np.log(one).min(axis=1) - 20.0, np.log(one).max(axis=1)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        over = wanted(middle).sum(axis=1) > count
        low, high = np.where(over, middle, low), np.where(over, high, middle)
    return largest_remainders(wanted(low).mean(axis=0), count)


def largest_remainders(weights: Array, count: int) -> Whole:
    """Whole numbers (T,) in proportion to `weights` that add up to `count` (Hare's quota); equal weights where all are zero."""
    total = float(weights.sum())
    exact = count * (weights / total if total > 0 else np.full(len(weights), 1 / len(weights)))
    made = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - made), kind="stable")
    made[order[: count - int(made.sum())]] += 1
    return made


def month_by_place(by_month: Whole, by_place: Whole) -> Whole:
    """Recruits (months, places) whose sums are exactly those by month and those by place, each place signing through all of the time.

    The k-th recruit of a place stands at (k - 1/2) / its number; in that order they are dealt out to the months. Raises ValueError where
    the two do not add up to the same.
    """
    if by_month.sum() != by_place.sum():
        raise ValueError(f"{by_month.sum()} by month and {by_place.sum()} by place are not the same recruits")
    place = np.repeat(np.arange(len(by_place)), by_place)
    number = np.arange(len(place)) - np.repeat(np.cumsum(by_place) - by_place, by_place)
    order = np.argsort((number + 0.5) / np.repeat(np.maximum(by_place, 1), by_place), kind="stable")
    month = np.repeat(np.arange(len(by_month)), by_month)
    made = np.zeros((len(by_month), len(by_place)), dtype=np.int64)
    np.add.at(made, (month, place[order]), 1)
    return made
