"""A number that is missing for some cases, foretold from another by the ratio that the other cases have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ENOUGH = 10


@dataclass(frozen=True, slots=True)
class TypicalRatio:
    """log(number / base) over the cases that show both: its mean, the standard error of one more case, and how many there were."""

    log: float
    error: float
    cases: int

    def foretell(self, base: Array) -> Array:
        """The number for each base; nan where there is no base above zero."""
        known = base > 0
        made: Array = np.where(known, np.where(known, base, 1.0) * np.exp(self.log), np.nan)
        return made


def typical_ratio(number: Array, base: Array) -> TypicalRatio | None:
    """Learned from the cases with both above zero; None where they are fewer than `ENOUGH`.

    The error is that of a new case (spread and doubt about the mean), inflated for the few degrees of freedom by t / z at 90%.
    """
    from scipy.stats import norm, t

    both = (number > 0) & (base > 0)
    count = int(both.sum())
    if count < ENOUGH:
        return None
    logs = np.log(number[both]) - np.log(base[both])
    wide = float(t.ppf(0.95, count - 1) / norm.ppf(0.95))
    return TypicalRatio(float(logs.mean()), float(logs.std(ddof=1) * np.sqrt(1 + 1 / count)) * wide, count)
