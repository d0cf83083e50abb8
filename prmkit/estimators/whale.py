"""The whale curve: profit summed from the best buyer to the worst."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Whale:
    """order: (n,) positions from best to worst. cumulative: (n,) running sum in that order.

    peak: the highest point of the curve (0 when nobody brings anything). peak_rank: how many buyers
    it takes to reach it. total: the end of the curve. given_back: peak less total, what those after
    the peak cost. given_back_share: that as a share of the peak, None when there is no peak.
    """

    order: NDArray[np.int64]
    cumulative: Array
    peak: float
    peak_rank: int
    total: float
    given_back: float
    given_back_share: float | None


def whale(contribution: Array) -> Whale:
    """Sort contributions (n,) from best to worst and sum them (Kaplan and Narayanan 2001). Ties keep their order."""
    values = np.asarray(contribution, dtype=float)
    order = np.argsort(-values, kind="stable")
    cumulative = np.cumsum(values[order])
    peak_rank = int(np.sum(values > 0))
    peak = float(np.sum(values[values > 0]))
    total = float(cumulative[-1]) if len(values) else 0.0
    share = (peak - total) / peak if peak > 0 else None
    return Whale(order, cumulative, peak, peak_rank, total, peak - total, share)
