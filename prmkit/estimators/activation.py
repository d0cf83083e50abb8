"""What share of those signed ever sell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_PRIOR = 0.5
WITHIN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Activation:
    """Share of signed units that sell within twelve months: a beta distribution over `sold` of `signed`.

    later (13,): chance that a unit still without a sale at age k (0 to 12 months) sells by month 12.
    """

    sold: int
    signed: int
    later: Array

    @property
    def mean(self) -> float:
        """Posterior mean under Jeffreys' prior."""
        return (self.sold + _PRIOR) / (self.signed + 2 * _PRIOR)

    def draws(self, count: int, rng: np.random.Generator) -> Array:
        """Random shares from the posterior."""
        return rng.beta(self.sold + _PRIOR, self.signed - self.sold + _PRIOR, count)


def share_selling(sold: int, signed: int) -> Activation:
    """Activation from two counts alone; what is left for a unit that waits is not known and taken as none."""
    if not 0 <= sold <= signed:
        raise ValueError(f"{sold} of {signed} signed cannot have sold")
    return Activation(sold, signed, np.zeros(WITHIN_MONTHS + 1))


def activation(wait: Array, watched: Array) -> Activation:
    """Activation from waits: months from signing to the first sale, nan where none so far; watched: months since signing.

    Only units watched for twelve months count, so that late signings do not look like failures.
    """
    full = watched >= WITHIN_MONTHS
    waits = np.where(np.isnan(wait[full]), np.inf, wait[full])
    in_time = waits <= WITHIN_MONTHS
    ages = np.arange(WITHIN_MONTHS + 1)[:, None]
    waiting = (waits[None, :] > ages).sum(axis=1)
    later = ((waits[None, :] > ages) & in_time[None, :]).sum(axis=1) / np.maximum(waiting, 1)
    return Activation(int(in_time.sum()), int(full.sum()), later)
