"""Shares over worlds, with the interval that chance allows where the units of one world hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class Proportion:
    """hits of units: the share, the ends of its 99% interval, and how many independent units it is worth (`effective`).

    All but the counts are nan where there is no unit.
    """

    hits: int
    units: int
    share: float
    low: float
    high: float
    effective: float


def proportion(hits: ArrayLike, units: ArrayLike) -> Proportion:
    """The share of units that are hits, pooled over worlds; hits, units: (w,) counts, one for each world.

    share c = sum(hits) / sum(units), a ratio estimator. Its variance between worlds is w / (w - 1) * sum((hits - c units)^2) / M^2
    with M = sum(units); over c (1 - c) / (M - 1), that of independent units, it is the design effect, which is held to at least 1.
    The effective number is M over the design effect, times the square of t(M - 1) / t(w - 1) at 99.5%, as the effect is itself estimated;
    with all or none hit, or one world, no effect can be seen, and each world counts as one unit. The interval is the exact
    binomial one of Clopper and Pearson (1934) on the effective number (Korn and Graubard 1998, Survey Methodology 24:193-201).
    """
    hit, size = np.asarray(hits, dtype=float), np.asarray(units, dtype=float)
    hit, size = hit[size > 0], size[size > 0]
    total, worlds = float(size.sum()), len(size)
    if not worlds:
        return Proportion(0, 0, np.nan, np.nan, np.nan, np.nan)
    share = float(hit.sum()) / total
    effective = _effective(hit, size, share)
    low, high = clopper_pearson(share * effective, effective)
    return Proportion(int(hit.sum()), int(total), share, low, high, effective)


def _effective(hit: np.ndarray, size: np.ndarray, share: float) -> float:
    total, worlds = float(size.sum()), len(size)
    if worlds < 2 or not 0 < share < 1:
        return float(worlds)
    between = worlds / (worlds - 1) * float(((hit - share * size) ** 2).sum()) / total**2
    effect = max(between * (total - 1) / (share * (1 - share)), 1.0)
    quantiles = stats.t.ppf(1 - CHANCE / 2, [total - 1, worlds - 1])
    return float(total / effect * (quantiles[0] / quantiles[1]) ** 2)


def clopper_pearson(hits: float, units: float) -> tuple[float, float]:
    """The exact 99% interval of a share, from hits of units; neither need be whole."""
    low = 0.0 if hits <= 0 else float(stats.beta.ppf(CHANCE / 2, hits, units - hits + 1))
    high = 1.0 if hits >= units else float(stats.beta.ppf(1 - CHANCE / 2, hits + 1, units - hits))
    return low, high
