"""The usual size of a partner's orders: the mean of their logs, from the prior and the orders seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from prmkit.simulate.orders import LUMP
from prmkit.simulate.state import Array, State, Whole
from prmkit.simulate.worlds import World

_NODES = 81
_SPREADS, _DEVIATIONS = 6.0, 6.0
_CHUNK = 40_000


@dataclass(frozen=True)
class NormalSize:
    """Mean log orders of n partners where all is normal: mean and variance (n,) of the posterior."""

    mean: Array
    variance: Array

    def draw(self, draws: int, rng: np.random.Generator) -> Array:
        """Mean log orders (n, draws)."""
        made: Array = self.mean[:, None] + np.sqrt(self.variance)[:, None] * rng.standard_normal((len(self.mean), draws))
        return made


@dataclass(frozen=True)
class GridSize:
    """Mean log orders of n partners by their chances (n, nodes) over a grid (n, nodes) with even steps."""

    grid: Array
    chance: Array

    @property
    def mean(self) -> Array:
        """Posterior mean (n,)."""
        made: Array = (self.grid * self.chance).sum(axis=1)
        return made

    @property
    def variance(self) -> Array:
        """Posterior variance (n,)."""
        made: Array = ((self.grid - self.mean[:, None]) ** 2 * self.chance).sum(axis=1)
        return made

    def draw(self, draws: int, rng: np.random.Generator) -> Array:
        """Mean log orders (n, draws), spread within the step of the grid."""
        edges = np.cumsum(self.chance, axis=1)
        rows = np.arange(len(edges))[:, None]
        flat = (edges / edges[:, -1:] + rows).ravel()
        node = np.searchsorted(flat, rng.random((len(edges), draws)) + rows, side="right") - rows * edges.shape[1]
        step = (self.grid[:, 1] - self.grid[:, 0])[:, None]
        made: Array = self.grid[rows, np.clip(node, 0, edges.shape[1] - 1)] + step * (rng.random((len(edges), draws)) - 0.5)
        return made


def fit_size(state: State) -> NormalSize | GridSize:
    """The posterior of each partner's mean log order, by the true spreads between and within partners.

    Exact where logs are normal and no order is a rare large one; else over a grid, with the cut of heavy tails at five deviations left out.
    """
    world = state.world
    seen = state.orders.month < state.months
    partner, logs = state.orders.partner[seen], np.log(state.orders.value[seen])
    if world.size_spread == 0 or (world.tail == "normal" and world.lumpy == 0):
        return _normal(world, state.network.mean_log_size, partner, logs)
    return _grid(world, state.network.mean_log_size, partner, logs)


def _normal(world: World, prior: Array, partner: Whole, logs: Array) -> NormalSize:
    if world.size_spread == 0:
        return NormalSize(prior.copy(), np.zeros(len(prior)))
    weight = np.bincount(partner, minlength=len(prior)) / world.order_spread**2
    total = np.bincount(partner, logs, minlength=len(prior)) / world.order_spread**2
    precision = weight + world.size_spread**-2
    return NormalSize((prior * world.size_spread**-2 + total) / precision, 1.0 / precision)


def _grid(world: World, prior: Array, partner: Whole, logs: Array) -> GridSize:
    """Twice: over all that is possible, then over what is likely."""
    wide = np.linspace(-_SPREADS, _SPREADS, _NODES)
    rough = _posterior(world, prior, prior[:, None] + world.size_spread * wide, partner, logs)
    half = np.maximum(_DEVIATIONS * np.sqrt(rough.variance), 2.0 * world.size_spread * (wide[1] - wide[0]))
    fine = rough.mean[:, None] + half[:, None] * np.linspace(-1.0, 1.0, _NODES)
    return _posterior(world, prior, fine, partner, logs)


def _posterior(world: World, prior: Array, grid: Array, partner: Whole, logs: Array) -> GridSize:
    log = _log_density(world, (grid - prior[:, None]) / world.size_spread)
    for orders in _chunks(partner):
        who, first = np.unique(partner[orders], return_index=True)
        away = (logs[orders][:, None] - grid[partner[orders]]) / world.order_spread
        log[who] += np.add.reduceat(_order_density(world, away), first, axis=0)
    chance = np.exp(log - log.max(axis=1, keepdims=True))
    return GridSize(grid, chance / chance.sum(axis=1, keepdims=True))


def _chunks(partner: Whole) -> Iterator[slice]:
    """Parts of the orders, which stand partner by partner; a partner may lie in two."""
    for start in range(0, len(partner), _CHUNK):
        yield slice(start, start + _CHUNK)


def _order_density(world: World, away: Array) -> Array:
    """Log density of orders so many spreads away from the mean log, the rare large ones among them."""
    usual = _log_density(world, away)
    if world.lumpy == 0:
        return usual
    large = _log_density(world, away - np.log(LUMP) / world.order_spread)
    made: Array = np.logaddexp(np.log1p(-world.lumpy) + usual, np.log(world.lumpy) + large)
    return made


def _log_density(world: World, z: Array) -> Array:
    if world.tail == "normal":
        return -0.5 * z * z
    # Student's t with 4 degrees of freedom, scaled to a standard deviation of 1
    made: Array = np.log(0.375 * np.sqrt(2.0)) - 2.5 * np.log1p(0.5 * z * z)
    return made
