"""A share that several people of one group answer for together, and the difference of two such shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL


@dataclass(frozen=True, slots=True)
class Share:
    """The mean of the groups' own shares and the ends of its interval; groups: how many; effective: independent groups they are worth."""

    value: float
    low: float
    high: float
    groups: int
    effective: float


def clustered_share(fractions: ArrayLike, level: float = LEVEL) -> Share:
    """Every group counts once, whatever the number of its people. fractions: (groups,) the share of each group's people that say so.

    Wilson's interval (1927) on the effective number of groups, groups x m(1 - m) / variance of the fractions (Korn and Graubard 1998,
    Survey Methodology 24:193-201): the number of groups where each has one person, more where people of a group differ. With all or
    none saying so it is the number of groups. Raises ValueError without a group or for fractions outside 0 to 1.
    """
    given = np.asarray(fractions, dtype=float)
    if not len(given) or not ((given >= 0) & (given <= 1)).all():
        raise ValueError("shares of at least one group are needed, each from 0 to 1")
    mean, spread, n = float(given.mean()), float(given.var()), len(given)
    effective = n * mean * (1 - mean) / spread if spread > 1e-12 and 0 < mean < 1 else float(n)
    z = float(stats.norm.ppf((1 + level) / 2))
    weight = 1 + z * z / effective
    middle = (mean + z * z / (2 * effective)) / weight
    reach = z / weight * np.sqrt(mean * (1 - mean) / effective + z * z / (4 * effective * effective))
    return Share(mean, max(0.0, float(middle - reach)), min(1.0, float(middle + reach)), n, effective)


def difference(one: Share, other: Share) -> tuple[float, float, float]:
    """`one` less `other` and the ends of its interval, at the level of the two: Newcombe's hybrid of the two score intervals.

    Statistics in Medicine 1998;17:873-890, method 10. The two groups of people must be different ones.
    """
    apart = one.value - other.value
    down = np.hypot(one.value - one.low, other.high - other.value)
    up = np.hypot(one.high - one.value, other.value - other.low)
    return apart, float(apart - down), float(apart + up)
