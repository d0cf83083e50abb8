"""Shares that pass a stage, in groups of few cases, and how long a stage takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Array = NDArray[np.float64]

JEFFREYS = 0.5
_LEVEL = 0.90
_STRENGTHS = (2.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Passed:
    """A share with its 90% interval: mean, low and high of a beta distribution with these two counts."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return self.a / (self.a + self.b)

    @property
    def ends(self) -> tuple[float, float]:
        """90% interval; the mean of a share near none or all can lie beyond it, and is then its end."""
        low, high = self.quantiles(((1 - _LEVEL) / 2, (1 + _LEVEL) / 2))
        return min(float(low), self.mean), max(float(high), self.mean)

    def quantiles(self, levels: Sequence[float]) -> Array:
        """Shares below which lie these parts of the distribution."""
        made: Array = stats.beta.ppf(np.asarray(levels, dtype=float), self.a, self.b)
        return made


def passed(through: int, of: int) -> Passed:
    """The share of `of` cases that passed, under Jeffreys' prior. Raises ValueError where more passed than there were."""
    if not 0 <= through <= of:
        raise ValueError(f"{through} of {of} cannot have passed")
    return Passed(through + JEFFREYS, of - through + JEFFREYS)


def drawn_shares(through: Array, of: Array) -> tuple[Passed, ...]:
    """Shares of groups drawn towards all cases' share as far as groups are alike: beta-binomial, its strength by maximum likelihood.

    The mean of the prior is the share of all cases; its strength (cases it counts for) lies between 2 and 1,000, is 1,000 where fewer
    than three groups have cases, and never above the number of all cases, by which the mean itself is known.
    """
    total, seen = float(of.sum()), of > 0
    if total <= 0:
        return tuple(passed(0, 0) for _ in of)
    mean = (float(through.sum()) + JEFFREYS) / (total + 2 * JEFFREYS)
    strength = min(_strength(through[seen], of[seen], mean) if seen.sum() >= 3 else _STRENGTHS[1], total)
    a, b = strength * mean, strength * (1 - mean)
    return tuple(Passed(a + float(x), b + float(n - x)) for x, n in zip(through, of, strict=True))


def _strength(through: Array, of: Array, mean: float) -> float:
    def unlikely(log_strength: float) -> float:
        a, b = np.exp(log_strength) * mean, np.exp(log_strength) * (1 - mean)
        return -float((special.betaln(through + a, of - through + b) - special.betaln(a, b)).sum())

    found = optimize.minimize_scalar(unlikely, bounds=tuple(np.log(_STRENGTHS)), method="bounded")
    return float(np.exp(found.x))
