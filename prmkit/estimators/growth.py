"""Like-for-like growth: what units that stayed all along sold against the same months a year before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lives import Lives

Array = NDArray[np.float64]

PRIOR_SPREAD = 0.03
UNSEEN_SPREAD = 0.08
UNDATED_SPREAD = 0.25
PRIOR_SHOCK = 0.06
PRIOR_YEARS = 2.0
_TAILS = 3.0
_OLDER = 2.0
_UNBELIEVED = 0.3
_ENOUGH = 10
_LAGS = tuple(range(0, 48, 6))
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
    freedom: float = PRIOR_YEARS + 1

    @property
    def predictive(self) -> float:
        """Scale of next year's log growth: what is not known of the mean and the year's own shock."""
        return float(np.hypot(self.error, self.shock))


def like_for_like(lives: Lives, weights: Array) -> Growth:
    """Growth of mature units that were alive in both half-years, for up to four half-years, newest first.

    weights: (B, n) random weights of the units, for the standard errors. Units that stayed and were chosen for what we did with them grew
    more than the channel will: a growth is believed as far as the half-years agree (`combine`). Where none is seen and nobody's signing is
    known, all may have begun with the data: a channel that starts moves far more in a year than one that has settled.
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
    made = combine(seen, errors, units[0] if units else 0)
    return replace(made, error=UNDATED_SPREAD) if not seen and lives.clock == "first_sale" else made


def combine(seen: list[float], errors: list[float], units: int = 0) -> Growth:
    """Posterior of the coming year's growth, and the shock of one year; `seen` newest half-year first.

    Prior of the growth: normal about none, 0.03. A growth seen k half-years back tells of the coming year with a variance of its error's
    square and 1 + 2 k shocks squared, so that new ones and sure ones count most. Three tenths of the growth seen and not believed are added
    to the error: it may well go on. The shock's square: scaled inverse chi-squared about 0.06 with the weight of two years, learnt from
    how far the growths seen differ by more than their errors (method of moments); growths with large errors tell little of it.
    """
    if not seen:
        return Growth(0.0, UNSEEN_SPREAD, PRIOR_SHOCK, (), (), 0, PRIOR_YEARS + 1)
    x, s2 = np.array(seen), np.array(errors) ** 2
    excess = float(max(0.0, x.var(ddof=1) - s2.mean())) if len(x) > 1 else 0.0
    free = (len(x) - 1) * float(PRIOR_SHOCK**2 / (PRIOR_SHOCK**2 + s2.mean())) ** 2
    shock2 = (PRIOR_YEARS * PRIOR_SHOCK**2 + free * excess) / (PRIOR_YEARS + free)
    precision = 1 / (s2 + shock2 * (1 + _OLDER * np.arange(len(x))))
    average, variance = float(precision @ x / precision.sum()), float(1 / precision.sum())
    kept = PRIOR_SPREAD**2 / (PRIOR_SPREAD**2 + variance)
    error = float(np.hypot(np.sqrt(kept * variance), _UNBELIEVED * (1 - kept) * average))
    return Growth(kept * average, error, float(np.sqrt(shock2)), tuple(seen), tuple(errors), units, PRIOR_YEARS + _TAILS + free)


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
