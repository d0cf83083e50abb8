"""The months ahead of a unit, simulated once for every kind of unit there is.

A unit that sells is told apart by its age and size class, a silent one by its silence and size class:
nothing else moves its chances. So a few hundred paths of each kind serve any number of units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.attrition import Attrition
from prmkit.estimators.lives import SILENT_MONTHS

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Whole = NDArray[np.int64]

AGES = 25
SILENCES = 25
SIZES = 3
PATHS = 100


@dataclass(frozen=True)
class Paths:
    """Mature months sold on simulated paths, under one set of parameters.

    sold (windows, kinds, paths): inside each window. mean (kinds, months): average share of mature yield
    in each coming month. `selling` and `silent` number the kinds.
    """

    sold: Single
    mean: Array


def selling(size_class: Whole, age: Whole) -> Whole:
    """The kind of a unit that sells: its age in months now (at least 24 is one), its size class."""
    kind: Whole = size_class * AGES + np.clip(age, 0, AGES - 1)
    return kind


def silent(size_class: Whole, silence: Whole) -> Whole:
    """The kind of a unit that sells no more: its silence in months now (at least 24 is one), its size class."""
    kind: Whole = SIZES * AGES + size_class * SILENCES + np.clip(silence, 0, SILENCES - 1)
    return kind


def simulate_paths(
    attrition: Attrition, draw: int, ramp: Array, pause: int, inside: Array, kinds: Whole, rng: np.random.Generator
) -> Paths:
    """Simulate each of `kinds` month by month.

    ramp: (13,) share of mature yield by month of age. pause: months a life lasts after its last sale.
    inside: (windows, months) how much of each month lies in each window. A month counts if the unit is
    alive at its beginning; a unit that comes back sells at its mature yield.
    """
    months = inside.shape[1]
    sells = kinds < SIZES * AGES
    size = np.where(sells, kinds // AGES, (kinds - SIZES * AGES) // SILENCES)
    age = np.where(sells, kinds % AGES, 10**4)[:, None] + np.arange(1, months + 1)
    hazard = attrition.of(draw, size, age).astype(np.float32)[:, :, None]
    share = ramp[np.minimum(age, len(ramp) - 1)]
    back = _return_rates(attrition, draw, months)
    pause = min(pause, SILENCES)
    row = size[:, None] * back.shape[1]
    flat = back.astype(np.float32).ravel()
    shape = (len(kinds), PATHS)
    alive = np.broadcast_to(sells[:, None], shape)
    quiet = np.broadcast_to(row + np.where(sells, 0, (kinds - SIZES * AGES) % SILENCES)[:, None], shape)
    sold, mean = np.zeros((len(inside), *shape), dtype=np.float32), np.zeros((len(kinds), months))
    worth = (share * inside[:, None, :]).astype(np.float32)
    for month in range(months):
        mean[:, month] = alive.mean(axis=1) * share[:, month]
        sold += alive * worth[:, :, month, None]
        chance = rng.random(shape, dtype=np.float32)
        quiet = quiet + 1
        ends = alive & (chance < hazard[:, month])
        returns = ~alive & (chance < flat[quiet])
        quiet = np.where(ends, row + pause - 1, quiet)
        alive = (alive & ~ends) | returns
    return Paths(sold, mean)


def _return_rates(attrition: Attrition, draw: int, months: int) -> Array:
    """Chance (size, silence) of coming back in the month that makes the silence this long: none up to six months, then by band."""
    rates = np.zeros((SIZES, SILENCES + months + 1))
    back, size = attrition.back[draw], attrition.back_size[draw][:, None]
    rates[:, SILENT_MONTHS + 1 : 2 * SILENT_MONTHS + 1] = np.minimum(back[0] * size, 0.95)
    rates[:, 2 * SILENT_MONTHS + 1 :] = np.minimum(back[1] * size, 0.95)
    return rates
