"""Like-for-like growth: what units that stayed all along sold against the same months a year before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lives import Lives

Array = NDArray[np.float64]

PRIOR_SPREAD = 0.10
PRIOR_SHOCK = 0.08
_PRIOR_YEARS = 3.0
_ENOUGH = 10
_LAGS = (0, 6, 12, 18)
MATURE = 12


@dataclass(frozen=True, slots=True)
class Growth:
    """Yearly log growth: mean and standard error, and shock, the standard deviation of one year about it.

    seen: the log growths it rests on, newest half-year first; errors: their standard errors; units: how
    many units the newest rests on. Without any, mean is 0 with the prior's spread.
    """

    mean: float
    error: float
    shock: float
    seen: tuple[float, ...]
    errors: tuple[float, ...]
    units: int

    @property
    def predictive(self) -> float:
        """Standard deviation of next year's log growth: what is not known of the mean and the year's own shock."""
        return float(np.hypot(self.error, self.shock))


def like_for_like(lives: Lives, weights: Array) -> Growth:
    """Growth of mature units that were alive in both half-years, for up to four half-years, newest first.

    weights: (B, n) random weights of the units, for the standard errors. The mean is drawn towards
    zero growth (prior sd 0.10 a year); the shock starts from 0.08 with the weight of three years and
    learns from how far the growths seen differ by more than their errors.
    """
    seen, errors, units = [], [], []
    for lag in _LAGS:
        pair = _pair(lives, lag)
        if pair is None:
            break
        recent, before, n = pair
        draws = np.log((weights @ recent) / (weights @ before))
        seen.append(float(np.log(recent.sum() / before.sum())))
        errors.append(float(draws.std()))
        units.append(n)
    return combine(seen, errors, units[0] if units else 0)


def combine(seen: list[float], errors: list[float], units: int = 0) -> Growth:
    """Prior and growths seen, weighed by precision (normal with known variances, shock by the method of moments)."""
    if not seen:
        return Growth(0.0, PRIOR_SPREAD, PRIOR_SHOCK, (), (), 0)
    x, s2 = np.array(seen), np.array(errors) ** 2
    excess = float(max(0.0, x.var(ddof=1) - s2.mean())) if len(x) > 1 else 0.0
    free = len(x) - 1
    shock2 = (_PRIOR_YEARS * PRIOR_SHOCK**2 + free * excess) / (_PRIOR_YEARS + free)
    average = float(x.mean())
    variance = float(s2.mean()) + shock2 / len(x)
    kept = PRIOR_SPREAD**2 / (PRIOR_SPREAD**2 + variance)
    return Growth(kept * average, float(np.sqrt(kept * variance)), float(np.sqrt(shock2)), tuple(seen), tuple(errors), units)


def _pair(lives: Lives, lag: int) -> tuple[Array, Array, int] | None:
    end = lives.months - lag
    begin = end - 18
    if begin < 0:
        return None
    seen_for = begin - lives.start
    mature = np.where(lives.dated, seen_for >= MATURE, seen_for >= MATURE // 2)
    stayed = lives.alive[:, begin:end].all(axis=1) & mature
    recent = np.where(stayed, lives.revenue[:, end - 6 : end].sum(axis=1), 0.0)
    before = np.where(stayed, lives.revenue[:, begin : begin + 6].sum(axis=1), 0.0)
    if stayed.sum() < _ENOUGH or recent.sum() <= 0 or before.sum() <= 0:
        return None
    return recent, before, int(stayed.sum())
