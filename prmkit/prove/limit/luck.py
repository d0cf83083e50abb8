"""The luck of single orders: how many come, and what they add up to."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.network import HEAVIEST
from prmkit.simulate.orders import LUMP
from prmkit.simulate.state import Array, Whole
from prmkit.simulate.worlds import World


def order_sums(world: World, mean: Array, log_size: Array, rng: np.random.Generator) -> Array:
    """What orders add up to in each cell, EUR: Poisson counts of the given means, each of the cell's mean log size plus luck."""
    counts: Whole = rng.poisson(mean).ravel()
    cell = np.repeat(np.arange(counts.size), counts)
    logs = _heavy(len(cell), rng) if world.tail == "heavy" else rng.standard_normal(len(cell))
    value: Array = np.exp(log_size.ravel()[cell] + world.order_spread * logs)
    if world.lumpy > 0:
        value = np.where(rng.random(len(cell)) < world.lumpy, value * LUMP, value)
    sums: Array = np.bincount(cell, weights=value, minlength=counts.size).astype(np.float64)
    return sums.reshape(mean.shape)


def heavy_or_normal(world: World, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Standardised logs between partners, of the world's tail."""
    if world.tail == "heavy":
        return _heavy(int(np.prod(shape)), rng).reshape(shape)
    return rng.standard_normal(shape)


def _heavy(count: int, rng: np.random.Generator) -> Array:
    made: Array = np.clip(np.sqrt(0.5) * rng.standard_t(4, count), -HEAVIEST, HEAVIEST)
    return made
