"""Random numbers that are the same on every machine: a named stream for each layer of a world."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp, log, normal_quantile

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_TO_UNIT = 2.0**-53
_MOST = 600.0


class Chance:
    """A stream of random numbers that depends on the words and numbers it is named by, and on nothing else.

    Only the raw bits of Philox are taken from numpy, whose sequence is fixed; what is made of them uses exact arithmetic. Two layers with
    streams of their own do not disturb each other: a layer that draws more leaves the others as they were.
    """

    def __init__(self, *name: str | int) -> None:
        key = hashlib.sha256("\x1f".join(map(str, name)).encode()).digest()
        self._bits = np.random.Philox(key=int.from_bytes(key[:16], "little"))

    def uniform(self, *shape: int) -> Array:
        """Numbers above 0 and below 1."""
        count = int(np.prod(shape)) if shape else 1
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        made: Array = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * _TO_UNIT
        return made.reshape(shape)

    def normal(self, *shape: int) -> Array:
        """Standard normal numbers."""
        return normal_quantile(self.uniform(*shape))

    def exponential(self, *shape: int) -> Array:
        """Exponential numbers with mean 1."""
        made: Array = -log(self.uniform(*shape))
        return made

    def heavy(self, *shape: int) -> Array:
        """Student's t with 4 degrees of freedom, scaled to a standard deviation of 1."""
        normal = self.normal(*shape)
        # t4 = z / sqrt(chi2_4 / 4), and chi2_4 is twice the sum of two exponentials
        spread = np.sqrt((self.exponential(*shape) + self.exponential(*shape)) / 2.0)
        made: Array = normal / spread * np.sqrt(0.5)
        return made

    def chosen(self, chance: Any, *shape: int) -> NDArray[np.bool_]:
        """True with the chance given (a number or an array of the shape)."""
        made: NDArray[np.bool_] = self.uniform(*shape) < chance
        return made

    def integers(self, low: int, high: int, *shape: int) -> Whole:
        """Whole numbers from low to high - 1, equally likely."""
        return low + np.floor(self.uniform(*shape) * (high - low)).astype(np.int64)

    def pick(self, weights: Any, *shape: int) -> Whole:
        """Positions 0 ... len(weights) - 1 with chances in proportion to the weights."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        made: Whole = np.minimum(np.searchsorted(edges, self.uniform(*shape) * edges[-1], side="right"), len(edges) - 1)
        return made

    def order(self, count: int) -> Whole:
        """0 ... count - 1 in random order."""
        return np.argsort(self.uniform(count), kind="stable").astype(np.int64)

    def poisson(self, mean: Any) -> Whole:
        """Poisson counts, one for each mean (an array; at most 600), by walking up the distribution."""
        given = np.minimum(np.asarray(mean, dtype=np.float64), _MOST)
        flat = given.ravel()
        count = np.zeros(len(flat), dtype=np.int64)
        left = np.flatnonzero(flat > 0)
        u, mass = self.uniform(len(flat))[left], exp(-flat[left])
        below = mass.copy()
        step = 0
        while len(left):
            go = u > below
            left, u, mass, below = left[go], u[go], mass[go], below[go]
            step += 1
            count[left] = step
            mass = mass * flat[left] / step
            rising = below + mass
            # where nothing is added any more the end is reached
            keep = rising > below
            left, u, mass, below = left[keep], u[keep], mass[keep], rising[keep]
        return count.reshape(given.shape)

    def gamma(self, shape: float, *size: int) -> Array:
        """Gamma numbers with mean 1 and the shape given, above 0.3 (Marsaglia and Tsang 2000)."""
        boost = shape < 1
        d = (shape + 1.0 if boost else shape) - 1.0 / 3.0
        c = 1.0 / (3.0 * np.sqrt(d))
        count = int(np.prod(size)) if size else 1
        made = np.zeros(count)
        left = np.arange(count)
        while len(left):
            x, u = self.normal(len(left)), self.uniform(len(left))
            v = 1.0 + c * x
            v = v * v * v
            positive = np.where(v > 0, v, 1.0)
            good = (v > 0) & (log(u) < 0.5 * x * x + d - d * v + d * log(positive))
            made[left[good]] = d * v[good]
            left = left[~good]
        if boost:
            made = made * exp(log(self.uniform(count)) / shape)
        return (made / shape).reshape(size)
