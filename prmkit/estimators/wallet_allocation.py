"""The Wallet Allocation Rule: the share of a buyer's spending that a rank among its suppliers stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def wallet_allocation(rank: ArrayLike, vendors: ArrayLike) -> Array:
    """Share of wallet (1 - rank / (n + 1)) * 2 / n of the supplier on `rank` among n `vendors`; nan where it does not apply.

    Shares of all ranks 1 ... n add to 1; one supplier alone has all. Ranks may lie between two places (4.5 for "4th or 5th"). It
    does not apply to a rank below 1 or above n, nor without one of the two numbers.
    Source: Keiningham, Aksoy, Buoye and Cooil, Harvard Business Review, October 2011.
    """
    place, number = (np.asarray(values, dtype=np.float64) for values in (rank, vendors))
    applies = (number >= 1) & (place >= 1) & (place <= number)
    n = np.where(applies, number, 1.0)
    made: Array = np.where(applies, (1 - np.where(applies, place, 0.0) / (n + 1)) * 2 / n, np.nan)
    return made
