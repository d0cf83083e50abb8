"""How large an experiment has to be: the smallest effect it would show, and the cases it needs."""

from __future__ import annotations

from math import ceil, log1p

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RELIABLE = 2.5


def case_noise(before: Array, after: Array) -> float:
    """Variance that one case adds to a before-and-after comparison, on the log scale; nan without sales.

    `before`, `after`: sums per case over two windows of the same length in which nothing was done.
    Each case's departure from the common growth, after - before x (all after / all before), is taken
    in units of the average sale after: big erratic cases count as they would in the experiment.
    """
    if len(before) < 2 or before.sum() <= 0 or after.sum() <= 0:
        return float("nan")
    departure = (after - before * (after.sum() / before.sum())) / after.mean()
    return float(departure.var(ddof=1))


def smallest_effect(noise: float, treated: int, compared: int) -> float:
    """The smallest true proportional effect that a random split would show four times in five (2.5 standard errors)."""
    return float(np.expm1(RELIABLE * np.sqrt(noise / treated + noise / compared)))


def cases_needed(noise: float, effect: float) -> int:
    """Cases for each of two equal groups, so that a true `effect` (0.1 = a tenth more) shows four times in five.

    2.5 standard errors lie 1.645 (a two-sided 90% interval) plus 0.84 (four in five) from zero.
    """
    return ceil(2 * noise * (RELIABLE / log1p(effect)) ** 2)
