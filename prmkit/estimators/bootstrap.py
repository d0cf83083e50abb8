"""Random weights over cases, the interval that the draws make, and its check for a few large cases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

LEVEL = 0.90
_ONE_BY_ONE = 400
_GROUPS = 200


def bayesian_weights(cases: int, draws: int, seed: int) -> Array:
    """Weights of the Bayesian bootstrap: shape (draws, cases), each row of mean one.

    Independent exponential weights stand for "how many cases of this kind there might have been";
    no case ever gets a weight of exactly zero, so that a fit on a draw never loses a month or a
    partner. Rubin, The Bayesian Bootstrap, Annals of Statistics 1981;9:130-134.
    """
    weights = np.random.default_rng(seed).standard_exponential((draws, cases))
    made: Array = weights / weights.mean(axis=1, keepdims=True)
    return made


def left_out_weights(cases: int) -> Array:
    """Weights that leave out one case a row, or one of 200 groups where there are more than 400 cases: (groups, cases)."""
    groups = cases if cases <= _ONE_BY_ONE else _GROUPS
    made: Array = (np.arange(cases) % groups != np.arange(groups)[:, None]).astype(np.float64)
    return made


def interval(draws: NDArray[Any], level: float = LEVEL) -> tuple[float, float]:
    """The middle `level` of the draws; (nan, nan) where there are none or one is not a number."""
    if draws.size == 0 or not np.isfinite(draws).all():
        return float("nan"), float("nan")
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def stretch(draws: Array, left_out: Array) -> float:
    """By how much to widen draws of a logarithm (or any symmetric scale) when a few large cases carry it; at least 1.

    A bootstrap is too sure where an answer hangs on few cases, since they also bend the fit towards
    themselves. The jackknife sees that: its standard error, with the t of as many degrees of
    freedom as there are cases that truly move the answer, over the bootstrap's own.
    `left_out`: the same estimate with each case or group left out. MacKinnon, Nielsen and Webb,
    Journal of Applied Econometrics 2023;38:671-694 (cluster jackknife).
    """
    moves = (left_out - left_out.mean()) ** 2
    spread = draws.std(ddof=1)
    if len(left_out) < 3 or moves.sum() <= 0 or spread <= 0:
        return 1.0
    error = np.sqrt((len(left_out) - 1) / len(left_out) * moves.sum())
    freedom = max(moves.sum() ** 2 / (moves**2).sum(), 3.0)
    reach = stats.t.ppf((1 + LEVEL) / 2, freedom) / stats.norm.ppf((1 + LEVEL) / 2)
    return float(max(1.0, reach * error / spread))
