"""Partners still to be signed: drawn from the population that those of today come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.recruitment import signing_times
from prmkit.prove.limit.changed import UNCHANGED, Changed
from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.prove.limit.luck import heavy_or_normal, order_sums
from prmkit.prove.limit.year import Year
from prmkit.simulate.lives import crowding, ramp
from prmkit.simulate.network import KIND_SHARES, LARGE
from prmkit.simulate.state import AHEAD, NEVER, RESALE, Array, Mask, State, Whole

POOL = 600


@dataclass(frozen=True)
class Recruits:
    """Draws of 600 recruits one by one, signed evenly over the coming 12 months however many of them are taken, from the first on.

    year: what they come to. place (draws, 600): territory. revenue (draws, 600, 12): EUR, in the market as it is without them.
    there (draws, 600, 12): whether it sells.
    """

    state: State
    year: Year
    place: Whole
    revenue: NDArray[np.float32]
    there: Mask

    def total(self, count: int) -> Array:
        """Draws of the revenue of the partners of today and of `count` recruits, EUR: they share the territories.

        Beyond 600, what differs between recruits grows with the root of their number, and what moves all with the number.
        """
        taken = min(count, POOL)
        sold, there = (self._by_place(cells[:, :taken]) for cells in (self.revenue, self.there))
        if count > POOL:
            times, usual = count / POOL, self.year.market * (sold / self.year.market).mean(axis=0)
            sold, there = np.maximum(times * usual + np.sqrt(times) * (sold - usual), 0.0), times * there
        shared = crowding(self.state.world, self.year.selling + there, self.year.selling)
        made: Array = ((self.year.revenue + sold) * shared).sum(axis=(1, 2))
        return made

    def _by_place(self, cells: NDArray[np.float32] | Mask) -> Array:
        """Sums over recruits (draws, places, 12)."""
        draws, places = self.year.market.shape[:2]
        row = np.arange(draws)[:, None] * places + self.place[:, : cells.shape[1]]
        cell = row[:, :, None] * AHEAD + np.arange(AHEAD)
        weights: Array = cells.ravel().astype(np.float64)
        sums: Array = np.bincount(cell.ravel(), weights=weights, minlength=draws * places * AHEAD).astype(np.float64)
        return sums.reshape(draws, places, AHEAD)


def draw_recruits(state: State, year: Year, seed: int = 0, changed: Changed = UNCHANGED) -> Recruits:
    """Draw recruits for every draw of the year: of all types in the shares of today, a share of them selling, ramping up and leaving."""
    rng, world, network = np.random.default_rng([seed, 3]), state.world, state.network
    shape = (len(year.revenue), POOL)
    kind = rng.choice(len(RESALE), shape, p=np.array(KIND_SHARES) / sum(KIND_SHARES))
    place = network.territory[rng.integers(0, network.size, shape)]
    signed = signing_times(POOL, float(AHEAD)).astype(np.int64)
    sells = rng.random(shape) < world.activation * float((network.kind < len(RESALE)).mean()) + changed.activation[signed]
    rate = np.array(world.rates)[kind] * network.place_factor[place] * sells
    if world.rate_shape is not None:
        rate = rate * rng.standard_gamma(world.rate_shape, shape) / world.rate_shape
    rate = np.where(rng.random(shape) < world.mixture, LARGE * rate, rate)
    log_size = np.array(world.log_sizes)[kind] + world.size_spread * heavy_or_normal(world, shape, rng)
    leaves, there = _usual_hazard(state), sells
    revenue, present = np.empty((*shape, AHEAD), dtype=np.float32), np.empty((*shape, AHEAD), dtype=bool)
    draw = np.arange(shape[0])[:, None]
    for month in range(AHEAD):
        present[:, :, month] = there & (signed <= month)
        mean = (
            rate
            * changed.sales[month]
            * changed.ramp_of(ramp(world, month - signed), signed)
            * year.market[draw, place, month]
            * present[:, :, month]
        )
        revenue[:, :, month] = order_sums(world, mean, log_size, rng)
        there = there & ~(present[:, :, month] & (rng.random(shape) < leaves * changed.hazard[month]))
    return Recruits(state, year, place, revenue, present)


def _usual_hazard(state: State) -> float:
    """Chance to leave in a month of partners without the course of which nothing else is known."""
    untrained = state.course.wave == NEVER
    hazard = hazard_if_there(state)[:, -1]
    return float(hazard[untrained].mean() if untrained.any() else hazard.mean())
