"""Like-for-like growth: what units that stayed all along sold against the same months a year before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lives import Lives

Array = NDArray[np.float64]

PRIOR_SPREAD = 0.04
PRIOR_FREEDOM = 3.0
PRIOR_SHOCK = 0.06
PRIOR_YEARS = 4.0
_GRID = np.linspace(-1.5, 1.5, 1201)
_ENOUGH = 10
_LAGS = (0, 6, 12, 18)
MATURE = 12


@dataclass(frozen=True, slots=True)
class Growth:
    """Yearly log growth: mean and standard error, and shock, the scale of one year about it (Student's t with `freedom`).

    seen: the log growths it rests on, newest half-year first; errors: their standard errors; units: how
    many units the newest rests on. Without any, mean is 0 with the prior's spread.
    """

    mean: float
    error: float
    shock: float
    seen: tuple[float, ...]
    errors: tuple[float, ...]
    units: int
    freedom: float = PRIOR_YEARS

    @property
    def predictive(self) -> float:
        """Scale of next year's log growth: what is not known of the mean and the year's own shock."""
        return float(np.hypot(self.error, self.shock))


def like_for_like(lives: Lives, weights: Array) -> Growth:
    """Growth of mature units that were alive in both half-years, for up to four half-years, newest first.

    weights: (B, n) random weights of the units, for the standard errors. Units that stayed and were chosen for what we did with them grew
    more than the channel will: a growth is believed as far as the half-years agree (`combine`).
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
    """Posterior of the growth, and the shock of one year.

    Prior of the growth: Student's t about none, scale 0.04 and 3 degrees of freedom, so that a small growth is half believed and a large
    one nearly whole. The shock's square: scaled inverse chi-squared about 0.06 with the weight of four years, learnt from how far the
    growths seen differ by more than their errors (method of moments).
    """
    if not seen:
        return Growth(0.0, PRIOR_SPREAD * float(np.sqrt(3.0)), PRIOR_SHOCK, (), (), 0)
    x, s2 = np.array(seen), np.array(errors) ** 2
    free = len(x) - 1
    excess = float(max(0.0, x.var(ddof=1) - s2.mean())) if free else 0.0
    shock2 = (PRIOR_YEARS * PRIOR_SHOCK**2 + free * excess) / (PRIOR_YEARS + free)
    mean, error = _posterior(float(x.mean()), float(s2.mean()) / len(x) + shock2 / len(x))
    return Growth(mean, error, float(np.sqrt(shock2)), tuple(seen), tuple(errors), units, PRIOR_YEARS + free)


def _posterior(average: float, variance: float) -> tuple[float, float]:
    """Mean and standard deviation on a grid: t prior times a normal likelihood."""
    log = -((average - _GRID) ** 2) / (2 * variance)
    log -= (PRIOR_FREEDOM + 1) / 2 * np.log1p((_GRID / PRIOR_SPREAD) ** 2 / PRIOR_FREEDOM)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mean = float(weight @ _GRID)
    return mean, float(np.sqrt(weight @ (_GRID - mean) ** 2))


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
