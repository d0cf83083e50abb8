"""What an allocation truly costs, against the spreadsheet's spread that truly has the same chance."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from prmkit.practices.reach.count.goal import target
from prmkit.prove.case import Case
from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.prove.limit.luck import heavy_or_normal, order_sums
from prmkit.prove.limit.year import Year, year_ahead
from prmkit.prove.score import Answer, Outcome, Stakes
from prmkit.simulate.lives import crowding, ramp
from prmkit.simulate.state import AHEAD, NEVER, RESALE, Array, State, Whole

_DRAWS = 200
_STREAM = 11


def allocated(case: Case) -> Outcome | None:
    """The true chance of the goal that the money of the allocation buys: spread as said, and spread like last year's revenue.

    The limit is the same money on the type that truly brings most for its cost, spread over all territories. Nothing where there was no
    allocation with recruits in it, or no cost.
    """
    rows, goal = case.table("reach", "allocation"), target(case.portfolio).revenue
    rows = rows[rows["recruits"].gt(0).fillna(False) & rows["cost"].gt(0).fillna(False) & rows["partner_type"].isin(RESALE)]
    if rows.empty or goal is None:
        return None
    price = rows.groupby("partner_type")["cost"].sum() / rows.groupby("partner_type")["recruits"].sum().astype("float64")
    usual, budget = float(price.mean()), float(rows["cost"].sum())
    each = np.array([float(price.get(kind, usual)) for kind in RESALE])
    places, kinds = list(case.state.network.places), list(RESALE)
    units = np.zeros((len(places), len(kinds)))
    for name, kind, count in zip(rows["territory"], rows["partner_type"], rows["recruits"].astype("float64"), strict=True):
        if name in places:
            units[places.index(name), kinds.index(kind)] += count
    sold = _last_year(case, places, kinds)
    best = np.zeros_like(units)
    best[:, int(np.argmax(_worth(case.state) / each))] = sold.sum(axis=1)
    chances = [_chance(case.state, goal, spread) for spread in (units, *(_bought(shares, each, budget) for shares in (sold, best)))]
    return Outcome(stakes=Stakes(*chances))


def _last_year(case: Case, places: list[str], kinds: list[str]) -> Array:
    partners = case.portfolio.partners
    sold = case.portfolio.per_partner().clip(lower=0).groupby(level=0).sum()
    wide = np.zeros((len(places), len(kinds)))
    for partner, place, kind in zip(partners["partner_id"], partners["territory"], partners["partner_type"], strict=True):
        if place in places and kind in kinds:
            wide[places.index(place), kinds.index(kind)] += float(sold.get(partner, 0.0))
    return wide


def _bought(shares: Array, each: Array, budget: float) -> Array:
    """As many recruits as the money buys, by shares of their number, to the nearest whole ones."""
    shares = shares / max(float(shares.sum()), 1e-9)
    count = budget / max(float((shares * each).sum()), 1e-9)
    exact = shares * count
    whole = np.floor(exact)
    rest = np.argsort(-(exact - whole).ravel(), kind="stable")[: max(round(count - float(whole.sum())), 0)]
    flat = whole.ravel()
    flat[rest] += 1
    made: Array = flat.reshape(shares.shape)
    return made


def _worth(state: State) -> Array:
    """What a partner of each type truly sells a month, on average."""
    world = state.world
    made: Array = np.array(world.rates) * np.exp(np.array(world.log_sizes))
    return made


def _chance(state: State, goal: float, units: Array) -> float:
    """The true chance of the goal with so many recruits (places, types), signed evenly over the 12 months."""
    year = _year(state)
    place, kind = (np.repeat(axis.ravel(), units.ravel().astype(np.int64)).astype(np.int64) for axis in np.indices(units.shape))
    sold, there = _recruits(state, year, place, kind)
    shared = crowding(state.world, year.selling + there, year.selling)
    return float(np.mean(((year.revenue + sold) * shared).sum(axis=(1, 2)) >= goal))


@lru_cache(maxsize=2)
def _year(state: State) -> Year:
    return year_ahead(state, _DRAWS, 0, known=True)


def _recruits(state: State, year: Year, place: Whole, kind: Whole) -> tuple[Array, Array]:
    """What recruits sell, and how many of them are there (draws, places, 12), in the market as it is without them."""
    rng, world, network = np.random.default_rng([0, _STREAM]), state.world, state.network
    count, shape = len(place), (len(year.revenue), len(place))
    order = rng.permutation(count)
    signed = np.empty(count, dtype=np.int64)
    signed[order] = np.floor((np.arange(count) + 0.5) / max(count, 1) * AHEAD).astype(np.int64)
    rate = np.array(world.rates)[kind] * network.place_factor[place] * (rng.random(shape) < world.activation)
    if world.rate_shape is not None:
        rate = rate * rng.standard_gamma(world.rate_shape, shape) / world.rate_shape
    log_size = np.array(world.log_sizes)[kind] + world.size_spread * heavy_or_normal(world, shape, rng)
    hazard = hazard_if_there(state)[:, -1]
    untrained = state.course.wave == NEVER
    leaves = float(hazard[untrained].mean() if untrained.any() else hazard.mean())
    here = rate > 0
    sums, heads = np.zeros_like(year.market), np.zeros_like(year.market)
    for month in range(AHEAD):
        present = here & (signed <= month)
        mean = rate * ramp(world, month - signed) * year.market[:, place, month] * present
        revenue = order_sums(world, mean, log_size, rng)
        for spot in np.unique(place):
            at = place == spot
            sums[:, spot, month], heads[:, spot, month] = revenue[:, at].sum(axis=1), present[:, at].sum(axis=1)
        here = here & ~(present & (rng.random(shape) < leaves))
    return sums, heads


ALLOCATION_ANSWERS = (
    Answer(
        "reach.allocation",
        "reach",
        "What chance of the goal does the money for recruits buy, by where and whom it signs?",
        "whole",
        "the same money spread like last year's revenue",
        "the same money on the truly best type, over all territories",
        allocated,
    ),
)
