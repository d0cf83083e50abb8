"""How much of one buyer's year is luck: the spacing and the size of its orders, learned from all buyers together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AnnualNoise:
    """Luck in a year's total, pooled over buyers.

    spacing: variance over mean of the number of buying months in a year (1 = at random, 0 = like clockwork).
    size: squared coefficient of variation of a buying month's amount around the buyer's own mean.
    buyers: how many it was learned from; below ten nothing is learned and both are 1, the cautious choice.
    """

    spacing: float
    size: float
    buyers: int

    @property
    def per_month(self) -> float:
        """Squared relative error of a year with a single buying month; k buying months divide it by k."""
        return self.spacing + self.size

    @property
    def share_of_squares(self) -> float:
        """Variance of a year's sum as a share of the sum of its squared monthly amounts (1 for orders at random)."""
        return self.per_month / (1 + self.size)

    def redraw(self, total: Array, months: Array, draws: int, rng: np.random.Generator) -> Array:
        """What the year might have been: (buyers, draws), gamma around `total` with `months` buying months behind it.

        A total of nothing or less, or one without a buying month, stays as it is.
        """
        fixed = (total <= 0) | (months <= 0)
        if self.per_month <= 0:
            return np.repeat(total[:, None], draws, axis=1)
        shape = np.where(fixed, 1.0, months / self.per_month)[:, None]
        drawn = rng.standard_gamma(shape, (len(total), draws)) / shape
        made: Array = np.where(fixed[:, None], total[:, None], drawn * total[:, None])
        return made


CAUTIOUS = AnnualNoise(1.0, 1.0, 0)


def annual_noise(months_before: Array, months_after: Array, amount: Array, buyer: NDArray[np.int64]) -> AnnualNoise:
    """Learn the luck in a year from two years side by side.

    Parameters
    ----------
    months_before, months_after: buying months of each buyer in two years running (both years fully seen).
    amount: amounts of single buying months; those not above zero are left out.
    buyer: whose amount it is, aligned with `amount`.

    For counts with mean mu and variance phi mu, the expectation of (a - b)^2 is phi times that of
    (a + b), which gives `spacing` without a model; true change between the years makes it larger, so
    that doubt is overstated, never understated. `size` pools within-buyer variances, each over its own squared mean.
    """
    both = (months_before > 0) & (months_after > 0)
    positive = amount > 0
    amount, (_, buyer) = amount[positive], np.unique(buyer[positive], return_inverse=True)
    if both.sum() < 10 or not len(amount):
        return CAUTIOUS
    first, second = months_before[both], months_after[both]
    spacing = float(((first - second) ** 2).sum() / (first + second).sum())
    count = np.bincount(buyer)
    mean = np.bincount(buyer, amount) / count
    squares = np.bincount(buyer, (amount - mean[buyer]) ** 2)
    free = float((count - 1).sum())
    size = float((squares / mean**2).sum() / free) if free >= 10 else CAUTIOUS.size
    return AnnualNoise(min(spacing, 1.0), size, int(both.sum()))
