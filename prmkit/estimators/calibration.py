"""How good a forecast of yes or no was, once the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


def auc(score: Array, event: NDArray[Any]) -> float | None:
    """Chance that a random event was scored above a random non-event, ties halved; None when either is missing.

    score: (n,) any scale, higher = more likely. event: (n,) booleans. The Mann-Whitney form of the area
    under the ROC curve (Hanley and McNeil 1982).
    """
    happened = np.asarray(event, dtype=bool)
    yes, no = int(happened.sum()), int((~happened).sum())
    if not yes or not no:
        return None
    ranks = stats.rankdata(score)
    return float((ranks[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def brier(probability: Array, event: NDArray[Any]) -> float | None:
    """Mean squared distance between probability and what happened (Brier 1950); None without cases."""
    if not len(probability):
        return None
    return float(np.mean((np.asarray(probability, dtype=float) - np.asarray(event, dtype=float)) ** 2))


def rank_correlation(first: Array, second: Array) -> float | None:
    """Spearman's correlation; None with fewer than three cases or where one side does not vary."""
    if len(first) < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])


def captured(score: Array, value: Array, share: float = 0.1) -> float | None:
    """Share of the total `value` that the top `share` of cases by `score` holds; None when the total is not positive.

    Ties in the score are broken by giving each tied case its part, so that row order does not matter.
    """
    n = len(score)
    total = float(np.sum(value))
    if not n or total <= 0:
        return None
    room = max(1, round(share * n))
    ranks = stats.rankdata(-np.asarray(score), method="min")
    taken = np.zeros(n)
    inside = ranks <= room
    last = ranks[inside].max()
    full = inside & (ranks < last)
    edge = ranks == last
    taken[full] = 1.0
    taken[edge] = (room - full.sum()) / edge.sum()
    return float(np.sum(taken * value) / total)


@dataclass(frozen=True, slots=True)
class Proportion:
    """A rate with its 90% interval from `events` of `n` (Jeffreys)."""

    rate: float
    low: float
    high: float
    events: int
    n: int


def proportion(events: int, n: int) -> Proportion:
    """Rate of `events` in `n` with the Jeffreys 90% interval (Brown, Cai and DasGupta 2001). ValueError without cases."""
    if n <= 0 or not 0 <= events <= n:
        raise ValueError(f"a rate needs cases and no more events than cases: {events} of {n}")
    posterior = stats.beta(events + 0.5, n - events + 0.5)
    low = 0.0 if events == 0 else float(posterior.ppf(0.05))
    high = 1.0 if events == n else float(posterior.ppf(0.95))
    return Proportion(rate=float(posterior.mean()), low=low, high=high, events=events, n=n)
