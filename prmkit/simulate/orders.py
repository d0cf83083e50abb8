"""Every order: when it comes, what it is worth, and which end customer it is for."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.network import heavy_logs
from prmkit.simulate.state import Array, Lives, Network, Orders, Whole
from prmkit.simulate.worlds import World

LUMP = 25.0
"""How many times its usual size a rare large deal has."""
_STAGES = 3
_GRID = 20_000


def make_orders(world: World, seed: int, network: Network, lives: Lives) -> Orders:
    """Draw the orders of all months, those of the future included."""
    counts = _counts(world, Chance("prmkit", seed, "orders"), network.rate[:, None] * lives.factor * lives.alive)
    n, span = counts.shape
    cell = np.repeat(np.arange(n * span), counts.ravel())
    partner, month = cell // span, cell % span
    chance = Chance("prmkit", seed, "values")
    logs = heavy_logs(chance, len(cell)) if world.tail == "heavy" else chance.normal(len(cell))
    value = exp(network.log_size[partner] + world.order_spread * logs)
    value = np.where(chance.chosen(world.lumpy, len(cell)), value * LUMP, value)
    day, u = chance.uniform(len(cell)), chance.uniform(len(cell))
    order = np.lexsort((day, cell))
    customer = np.floor(u * u * network.accounts[partner]).astype(np.int64)
    return Orders(partner=partner, month=month, day=day[order], value=value, customer=customer, counts=counts)


def _counts(world: World, chance: Chance, mean: Array) -> Whole:
    """Orders of each partner and month: at random, or every third step of a clock for buyers with a rhythm."""
    regular = chance.chosen(world.regular, len(mean))
    drawn = chance.poisson(np.where(regular[:, None], _STAGES * mean, mean))
    phase = chance.integers(0, _STAGES, len(mean))
    if not regular.any():
        return drawn
    clock = np.concatenate([phase[:, None], phase[:, None] + np.cumsum(drawn, axis=1)], axis=1) // _STAGES
    return np.where(regular[:, None], np.diff(clock, axis=1), drawn)


def mean_lift(world: World) -> float:
    """The mean order over the exponential of its mean log: exp(s^2 / 2) for log-normal orders, and more for rare large deals."""
    spread = world.order_spread
    lift = float(exp(spread * spread / 2)) if world.tail == "normal" else _heavy_lift(spread)
    return lift * (1.0 + world.lumpy * (LUMP - 1.0))


def _heavy_lift(spread: float) -> float:
    """Mean of exp(spread t) with t as `heavy_logs`: over a grid of normal scales, each of which is log-normal but for the cut."""
    at = (np.arange(_GRID) + 0.5) / _GRID
    t = _student_quantile(at) * np.sqrt(0.5)
    return float(np.cumsum(exp(spread * np.clip(t, -5.0, 5.0)))[-1] / _GRID)


def _student_quantile(p: Array) -> Array:
    """Quantiles of Student's t with 4 degrees of freedom (Shaw 2006, in closed form), through the normal one where p is one half."""
    a = 4.0 * p * (1.0 - p)
    root = np.sqrt(np.minimum(a, 1.0))
    # cos(arccos(root) / 3) solves 4 c^3 - 3 c = root: Newton from 1
    c = np.ones_like(a)
    for _ in range(60):
        c = c - (4.0 * c * c * c - 3.0 * c - root) / np.maximum(12.0 * c * c - 3.0, 1e-12)
    size = 2.0 * np.sqrt(np.maximum(c / root - 1.0, 0.0))
    return np.where(p < 0.5, -size, size)
