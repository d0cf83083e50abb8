"""One share read in several uncertain ways: what the readings together say it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]


def combine(readings: Array, errors: Array) -> tuple[Array, Array]:
    """Precision-weighted mean of the logarithms of positive readings and its standard error.

    readings: (readings, cases), shares above 0, nan where a reading is missing; errors: the same
    shape, standard errors on the log scale. A case without any reading gives (nan, nan).
    """
    known = np.isfinite(readings) & np.isfinite(errors)
    precision = np.where(known, 1 / np.where(known, errors, 1.0) ** 2, 0.0)
    total = precision.sum(axis=0)
    logs = np.log(np.where(known, readings, 1.0))
    empty = total == 0
    safe = np.where(empty, 1.0, total)
    return np.where(empty, np.nan, (precision * logs).sum(axis=0) / safe), np.where(empty, np.nan, 1 / np.sqrt(safe))


def chance_between(mean: Array, error: Array, bounds: tuple[float, ...]) -> Array:
    """Chance that each share lies between neighbouring `bounds` (rising, the last is 1): (bounds - 1, cases).

    The log of the share is normal with `mean` and `error`, cut off at a share of 1. The first bound may be 0.
    """
    with np.errstate(divide="ignore"):
        edges = np.log(np.asarray(bounds, dtype=np.float64))
    below = ndtr((edges[:, None] - mean) / error)
    made: Array = np.diff(below, axis=0) / below[-1]
    return made
