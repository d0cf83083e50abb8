"""How far groups of units really differ in a rate, with the luck of small groups taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from prmkit.estimators.shrinkage import shrink

Array = NDArray[np.float64]

FEWEST_UNITS = 8
_BETTER = 0.75


@dataclass(frozen=True, slots=True)
class GroupSpread:
    """A rate over all units, and the rate of groups over it as a factor, luck taken out.

    better: what the better quarter of the units' groups reach; best: the best group; groups: how many were compared; between:
    variance of the logs of true factors; p: chance that groups without any true difference would look as different (Cochran's Q).
    """

    overall: float
    better: float
    best: float
    groups: int
    between: float
    p: float


def group_spread(top: Array, bottom: Array, group: NDArray[np.int64], *, higher: bool = True) -> GroupSpread | None:
    """Spread of the rate sum(top) / sum(bottom) between groups of eight units or more; None with fewer than two of them.

    top, bottom: (n,) what each unit adds; group: (n,) codes, below 0 for none. higher: whether a higher rate is the better one.
    The log of each group's rate has the variance that its units give it (delta method): that of all units, or of its own where
    that is larger, as it is where a few large ones carry the group. One average
    unit is added to every group so that none is without events, and logs are drawn to the common rate by DerSimonian and Laird's
    variance between groups (Controlled Clinical Trials 1986;7:177-188).
    """
    inside = (group >= 0) & (bottom > 0)
    top, bottom, group = top[inside].astype(float), bottom[inside].astype(float), group[inside]
    n = np.bincount(group).astype(float)
    kept = n >= FEWEST_UNITS
    if kept.sum() < 2 or top.sum() <= 0:
        return None
    overall = float(top.sum() / bottom.sum())
    events, base = (np.bincount(group, part, minlength=len(n))[kept] + part.mean() for part in (top, bottom))
    units = n[kept] + 1
    logs = np.log(events / base / overall)
    luck = np.maximum(float(np.mean((top - overall * bottom) ** 2)) * units, _own(top, bottom, group)[kept]) / events**2
    between, p = _between(logs, luck)
    centre = float((logs / (luck + between)).sum() / (1 / (luck + between)).sum()) if (luck + between > 0).all() else 0.0
    drawn = shrink(logs, luck, centre, between).mean
    good = np.exp(drawn if higher else -drawn) if between > 0 else np.ones(len(logs))
    order = np.argsort(good, kind="stable")
    share = np.cumsum(units[order]) / units.sum()
    better = float(good[order][min(int(np.searchsorted(share, _BETTER)), len(order) - 1)])
    better, best = max(better, 1.0), max(float(good.max()), 1.0)
    return GroupSpread(overall, better if higher else 1 / better, best if higher else 1 / best, int(kept.sum()), between, p)


def _own(top: Array, bottom: Array, group: NDArray[np.int64]) -> Array:
    """Sum of squares of each group's units about its own rate (groups,), one degree of freedom allowed for."""
    n = np.bincount(group).astype(float)
    rate = np.bincount(group, top) / np.maximum(np.bincount(group, bottom), 1e-12)
    squares: Array = np.bincount(group, (top - rate[group] * bottom) ** 2) * n / np.maximum(n - 1, 1)
    return squares


def _between(values: Array, variance: Array) -> tuple[float, float]:
    """Variance of true values between groups by moments, and the p of Cochran's Q; without luck, the plain variance and 0."""
    if (variance <= 0).any():
        return float(values.var(ddof=1)), 0.0 if values.var() > 0 else 1.0
    weight = 1 / variance
    centre = (weight * values).sum() / weight.sum()
    q = float((weight * (values - centre) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    spread = max(0.0, (q - (len(values) - 1)) / scale) if scale > 0 else 0.0
    return spread, float(chi2.sf(q, len(values) - 1))
