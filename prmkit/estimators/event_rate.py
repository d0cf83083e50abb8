"""How often something happens among cases that hang together, and how long things take, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL


@dataclass(frozen=True, slots=True)
class Rate:
    """Share of cases with its interval; cases: how many; effective: how many independent ones they are worth."""

    value: float
    low: float
    high: float
    cases: int
    effective: float


def event_rate(events: ArrayLike, cluster: ArrayLike, level: float = LEVEL) -> Rate:
    """Share of cases in which it happened. events: (n,) 0 or 1; cluster: (n,) what cases hang together by.

    Wilson's interval (1927) on the effective number of cases: n p(1 - p) over n times the variance of the share by cluster (Korn and
    Graubard 1998, Survey Methodology 24:193-201), at most n. With cases that all stand alone it is Wilson's own. nan without a case.
    """
    happened = np.asarray(events, dtype=float)
    n = len(happened)
    if not n:
        return Rate(np.nan, np.nan, np.nan, 0, 0.0)
    share = float(happened.mean())
    code = np.unique(np.asarray(cluster), return_inverse=True)[1]
    groups = int(code.max()) + 1
    effective = float(min(n, groups)) if share in (0.0, 1.0) else float(n)
    if 0 < share < 1 and 1 < groups < n:
        away = np.bincount(code, happened - share)
        variance = groups / (groups - 1) * float((away**2).sum()) / n**2
        effective = min(float(n), share * (1 - share) / variance) if variance > 0 else float(n)
    z = float(stats.norm.ppf((1 + level) / 2))
    weight = 1 + z * z / effective
    middle = (share + z * z / (2 * effective)) / weight
    reach = z / weight * np.sqrt(share * (1 - share) / effective + z * z / (4 * effective**2))
    return Rate(share, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)), n, effective)


def quantile(values: ArrayLike, share: float, level: float = LEVEL) -> tuple[float, float, float]:
    """A quantile and two of the values between which it lies at the level or surer, whatever the distribution.

    By the binomial law of how many values lie below it (Thompson 1936, Annals of Mathematical Statistics 7:122-128). An end is nan where no
    value reaches so far out; all are nan without values.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if not n:
        return np.nan, np.nan, np.nan
    tail = (1 - level) / 2
    # the largest r with P(fewer than r values below) <= tail, and the smallest s with P(s or more below) <= tail
    r = int(stats.binom.ppf(tail, n, share))
    s = int(stats.binom.ppf(1 - tail, n, share)) + 1
    low = float(ordered[r - 1]) if r >= 1 else np.nan
    high = float(ordered[s - 1]) if s <= n else np.nan
    return float(np.quantile(ordered, share)), low, high
