"""The order rate of partners whose orders come at random: Poisson counts, a gamma prior with true hyper-parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from prmkit.prove.limit.record import Record
from prmkit.simulate.state import Array, Whole


@dataclass(frozen=True)
class AtRandom:
    """Order rates of n partners, for each possible last month there.

    weight: prior chance of this kind of partner. mean (n,): prior mean of the rate; shape: of the gamma prior, None where all have the
    mean. count (n,): orders seen. exposure (n, months + 1): sum of the factors up to a last month; the last column is for who is still
    there.
    Conjugate: rate | last month ~ Gamma(shape + count, shape / mean + exposure).
    """

    weight: float
    mean: Array
    shape: float | None
    count: Array
    exposure: Array

    @property
    def log_evidence(self) -> Array:
        """Log chance (n, months + 1) of the counts for each last month, less what is the same for every kind of partner."""
        count, mean = self.count[:, None], self.mean[:, None]
        if self.shape is None:
            fixed: Array = count * np.log(mean) - mean * self.exposure
            return fixed
        after, scale = self.shape + count, self.shape / mean
        flat = special.gammaln(after) - special.gammaln(self.shape) + self.shape * np.log(scale)
        made: Array = flat - after * np.log(scale + self.exposure)
        return made

    def draw(self, last: Whole, rng: np.random.Generator) -> Array:
        """A rate for each last month (n, d) given."""
        if self.shape is None:
            return np.broadcast_to(self.mean[:, None], last.shape).copy()
        exposure = np.take_along_axis(self.exposure, last, axis=1)
        drawn: Array = rng.standard_gamma(np.broadcast_to((self.shape + self.count)[:, None], last.shape))
        return drawn / (self.shape / self.mean[:, None] + exposure)

    def silence(self, ahead: Array) -> Array:
        """Chance (n, k) of no order in the first 1, 2, ... k coming months, of who stays; `ahead` (n, k): their factors."""
        more = np.cumsum(ahead, axis=1)
        if self.shape is None:
            quiet: Array = np.exp(-self.mean[:, None] * more)
            return quiet
        rate = self.shape / self.mean[:, None] + self.exposure[:, -1:]
        made: Array = (rate / (rate + more)) ** (self.shape + self.count)[:, None]
        return made

    def log_moments(self) -> tuple[Array, Array]:
        """Mean and variance (n, months + 1) of the log of the rate, for each last month."""
        if self.shape is None:
            return np.broadcast_to(np.log(self.mean)[:, None], self.exposure.shape), np.zeros(self.exposure.shape)
        after = (self.shape + self.count)[:, None]
        centre = special.digamma(after) - np.log(self.shape / self.mean[:, None] + self.exposure)
        return centre, np.broadcast_to(special.polygamma(1, after), self.exposure.shape)


def exposure(record: Record) -> Array:
    """Sum of the factors up to each last month (n, months + 1), the last column as the one before it."""
    grown = np.cumsum(record.factor[:, : record.months], axis=1)
    made: Array = np.concatenate([grown, grown[:, -1:]], axis=1)
    return made


def at_random(record: Record, weight: float, times: float) -> AtRandom:
    """Partners of a kind whose rates are `times` those of the prior."""
    return AtRandom(weight, times * record.mean_rate, record.world.rate_shape, record.counts.sum(axis=1), exposure(record))
