"""What comes next for a new case, judged by how a few earlier ones of its kind went on at the same age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]

FEWEST = 5


@dataclass(frozen=True, slots=True)
class NextRatio:
    """The next period over this one for one more case: geometric mean of the analogues and a 90% predictive range."""

    value: float
    low: float
    high: float
    analogues: int


def next_ratio(ratios: Array) -> NextRatio | None:
    """The ratio to expect of one more case of the kind of `ratios` (all above zero); None with fewer than five.

    Logs are taken as normal, so that the range is mean +- t sd sqrt(1 + 1/n) with n - 1 degrees of
    freedom: it holds for the single next case, not for the average.
    """
    if len(ratios) < FEWEST:
        return None
    logs = np.log(ratios)
    reach = stats.t.ppf((1 + LEVEL) / 2, len(logs) - 1) * logs.std(ddof=1) * np.sqrt(1 + 1 / len(logs))
    middle = logs.mean()
    return NextRatio(float(np.exp(middle)), float(np.exp(middle - reach)), float(np.exp(middle + reach)), len(logs))
