"""A total over a total, with the interval that other cases might have given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import bayesian_weights, interval

Array = NDArray[np.float64]

_DRAWS = 1_000
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Ratio:
    """sum of tops / sum of bottoms with its 90% interval; the ends are nan with fewer than five cases."""

    value: float
    low: float
    high: float
    cases: int


def ratio_of_sums(top: Array, bottom: Array, seed: int) -> Ratio:
    """Ratio of two totals over the same cases, interval by the Bayesian bootstrap of the cases.

    top, bottom: (n,). Raises ValueError where the bottoms do not add up to more than zero.
    """
    total = float(bottom.sum())
    if total <= 0:
        raise ValueError("a share needs a total above zero")
    use = (top != 0) | (bottom != 0)
    top, bottom = top[use], bottom[use]
    value = float(top.sum()) / total
    if len(top) < _ENOUGH:
        return Ratio(value, float("nan"), float("nan"), len(top))
    weights = bayesian_weights(len(top), _DRAWS, seed)
    below = weights @ bottom
    low, high = interval((weights @ top)[below > 0] / below[below > 0])
    return Ratio(value, low, high, len(top))
