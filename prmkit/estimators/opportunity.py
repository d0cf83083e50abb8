"""What people want and do not get: how important each need is to them, how content they are with it, and the gap between the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL, bayesian_weights
from prmkit.estimators.driver_shares import effective

Array = NDArray[np.float64]

TOP = 10.0
DRAWS = 400
_SWEEPS = 20


@dataclass(frozen=True, slots=True)
class Means:
    """Mean of each of k questions on 0 to 10 with the ends of its 90% interval, (k,), and its draws (draws, k); nan where unknown."""

    value: Array
    low: Array
    high: Array
    drawn: Array


@dataclass(frozen=True, slots=True)
class Opportunity:
    """score = importance + max(importance - satisfaction, 0) of each need, 0 to 20, with the ends of its 90% interval.

    greatest: chance that no other need scores higher. unmet: chance that it is more important than it is satisfied.
    """

    score: Array
    low: Array
    high: Array
    greatest: Array
    unmet: Array


def on_ten(values: Array, low: float, high: float) -> Array:
    """Answers on a scale from `low` to `high`, on 0 to 10."""
    return np.clip((values - low) / (high - low), 0.0, 1.0) * TOP


def scale_of(values: Array) -> tuple[float, float]:
    """The scale that whole answers are given on, told by the smallest and the largest: 1 to 5, 1 to 7, 1 or 0 to 10, 0 to 100.

    A survey in which nobody used the upper half of a scale cannot be told from one with a shorter scale.
    """
    known = values[np.isfinite(values)]
    least, most = (float(known.min()), float(known.max())) if len(known) else (1.0, 5.0)
    high = next((end for end in (5.0, 7.0, 10.0) if most <= end), 100.0)
    return (0.0 if least < 1 or high == 100.0 else 1.0), high


def without_style(values: Array, weights: Array) -> tuple[Array, Array]:
    """Answers (n, k) with each respondent's own way of using the scale taken out, and that way (n,): nan where it answered nothing.

    Answers are the sum of what is usual for the question and of the respondent's level; the level is taken out and the mean level put
    back, so that a question's mean does not hang on who happened to answer it. Least squares by alternating means.
    """
    seen = np.isfinite(values)
    filled, heavy = np.where(seen, values, 0.0), seen * weights[:, None]
    level, usual = np.zeros(len(values)), np.zeros(values.shape[1])
    for _ in range(_SWEEPS):
        usual = _ratio((heavy * (filled - level[:, None])).sum(axis=0), heavy.sum(axis=0))
        level = _ratio((seen * (filled - usual)).sum(axis=1), seen.sum(axis=1))
        level = level - _ratio((weights * level * seen.any(axis=1)).sum(), (weights * seen.any(axis=1)).sum())
    answered = seen.any(axis=1)
    return np.where(seen, values - level[:, None], np.nan), np.where(answered, level, np.nan)


def means(
    values: Array, weights: Array, groups: NDArray[Any], *, step: float, seed: int, level: Array | None = None, draws: int = DRAWS
) -> Means:
    """Weighted means of answers (n, k) on 0 to 10, nan where missing; `groups` (n,) are rows that belong together, 0 and up.

    level: (n,) what `without_style` took out of the answers: its own mean is 0, its chance widens the interval.
    step: how far neighbouring answers lie apart on 0 to 10: what rounding hides widens the interval. Bayesian bootstrap over groups,
    stretched for their small number (Student's t); no interval from fewer than two groups.
    """
    seen = np.isfinite(values)
    filled = np.where(seen, values, 0.0)
    count = int(groups.max()) + 1 if len(groups) else 0
    drawn_weights = weights * bayesian_weights(count, draws, seed)[:, groups] if count else np.zeros((draws, 0))
    value = _ratio((weights[:, None] * filled).sum(axis=0), (weights[:, None] * seen).sum(axis=0), np.nan)
    drawn = _ratio(drawn_weights @ filled, drawn_weights @ seen.astype(float), np.nan)
    if level is not None:
        known = np.isfinite(level)
        drawn = drawn + _ratio(drawn_weights @ np.where(known, level, 0.0), drawn_weights @ known.astype(float))[:, None]
    cases = np.array([effective(weights[one], np.unique(groups[one], return_inverse=True)[1]) if one.any() else 0.0 for one in seen.T])
    enough = cases >= 1.99
    freedom = np.where(enough, cases - 1, 1.0)
    reach = stats.t.ppf((1 + LEVEL) / 2, freedom) * np.sqrt((freedom + 2) / freedom)
    hidden = step / np.sqrt(12 * np.maximum(cases, 1.0))
    half = reach * np.sqrt(drawn.var(axis=0) + hidden**2)
    low, high = (np.where(enough, np.clip(value + side * half, 0.0, TOP), np.nan) for side in (-1, 1))
    wider = value + (drawn - value) * np.where(enough, half / np.maximum(1.645 * drawn.std(axis=0), 1e-12), 1.0).clip(1.0, 10.0)
    return Means(value, low, high, np.clip(wider, 0.0, TOP))


def opportunity(importance: Means, satisfaction: Means) -> Opportunity:
    """Ulwick's score (What Customers Want, 2005), worked out on means: see docs/methods/needs_and_gaps.md for why not on shares."""

    def score(wanted: Array, given: Array) -> Array:
        return wanted + np.maximum(wanted - given, 0.0)

    value, drawn = score(importance.value, satisfaction.value), score(importance.drawn, satisfaction.drawn)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    ranged = np.isfinite(importance.low) & np.isfinite(satisfaction.low) & np.isfinite(value)
    known = np.where(np.isfinite(value), drawn, -np.inf)
    best = np.bincount(known.argmax(axis=1), minlength=len(value)) / len(drawn) if len(value) else np.zeros(0)
    return Opportunity(
        score=value,
        low=np.where(ranged, np.minimum(low, value), np.nan),
        high=np.where(ranged, np.maximum(high, value), np.nan),
        greatest=np.where(ranged, best, np.nan),
        unmet=np.where(ranged, (importance.drawn > satisfaction.drawn).mean(axis=0), np.nan),
    )


def _ratio(top: Array, bottom: Array, empty: float = 0.0) -> Array:
    made: Array = np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), empty)
    return made
