"""The 12 months ahead of the partners of today, drawn month by month and territory by territory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.prove.limit.changed import UNCHANGED, Changed
from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.prove.limit.life import fit_life
from prmkit.prove.limit.luck import order_sums
from prmkit.prove.limit.size import fit_size
from prmkit.simulate.lives import crowding, demand, demand_of, shocks
from prmkit.simulate.state import AHEAD, Array, Mask, State

_CHUNK = 25


@dataclass(frozen=True)
class Year:
    """Draws of the coming 12 months. revenue, selling (draws, places, 12): what the partners of today sell, EUR, and how many are there.

    market (draws, places, 12): factor of demand and of crowding by the partners of today on the order rate of anyone who sells there.
    """

    revenue: Array
    selling: Array
    market: Array


def year_ahead(state: State, draws: int, seed: int = 0, *, known: bool = False, changed: Changed = UNCHANGED) -> Year:
    """Draw the coming year, as it would be with what is `changed`.

    Traits of the partners and whether they are still there: by the posterior, or as they truly are where `known`. Common and local
    shocks, leaving and the luck of orders are drawn; seasons, trend, ramps and what the actions of the past still cause are as they truly
    are. Buyers with a rhythm are let order at random, which makes the year of a single one less sure than it is.
    """
    rng = np.random.default_rng([seed, 1])
    rate, log_size, there = _as_it_is(state, draws) if known else _by_record(state, draws, rng)
    demands = _demand(state, draws, np.random.default_rng([seed, 2]))
    parts = []
    for start in range(0, draws, _CHUNK):
        part = slice(start, min(start + _CHUNK, draws))
        parts.append(_run(state, rate[:, part], log_size[:, part], there[:, part], demands[part], rng, changed))
    return Year(*(np.concatenate(cells) for cells in zip(*parts, strict=True)))


def _by_record(state: State, draws: int, rng: np.random.Generator) -> tuple[Array, Array, Mask]:
    rate, last = fit_life(state).draw(draws, rng)
    return rate, fit_size(state).draw(draws, rng), last == state.months


def _as_it_is(state: State, draws: int) -> tuple[Array, Array, Mask]:
    network, shape = state.network, (state.network.size, draws)
    there = state.lives.alive[:, state.months, None]
    return (
        np.broadcast_to(network.rate[:, None], shape),
        np.broadcast_to(network.log_size[:, None], shape),
        np.broadcast_to(there, shape),
    )


def _demand(state: State, draws: int, rng: np.random.Generator) -> Array:
    """Demand of the months ahead (draws, places, 12), its shocks drawn anew from the as-of date on."""
    common, own = shocks(state.seed, state.calendar, state.network)
    begun = -(-state.months // 3)
    made = np.empty((draws, len(own), AHEAD))
    for draw in range(draws):
        steps = np.concatenate([common[: state.months], rng.standard_normal(AHEAD)])
        quarters = np.concatenate([own[:, :begun], rng.standard_normal((len(own), own.shape[1] - begun))], axis=1)
        made[draw] = demand_of(state.world, state.calendar, steps, quarters)[:, state.months :]
    return made


def own_factor(state: State) -> Array:
    """What moves a partner's own order rate in the months ahead (n, 12): all but demand and crowding."""
    place, ahead = state.network.territory, slice(state.months, state.months + AHEAD)
    common = demand(state.world, state.seed, state.calendar, state.network)[place, ahead] * state.lives.crowd[:, ahead]
    made: Array = state.lives.factor[:, ahead] / common
    return made


def _run(
    state: State, rate: Array, log_size: Array, there: Mask, demands: Array, rng: np.random.Generator, changed: Changed
) -> tuple[Array, Array, Array]:
    """Revenue, partners there, and the market (draws, places, 12)."""
    places, place = len(state.network.places), state.network.territory
    first = np.bincount(place[state.lives.alive[:, 0]], minlength=places).astype(np.float64)
    hazard, own = hazard_if_there(state)[:, state.months :] * changed.hazard, own_factor(state) * changed.sales
    draws = rate.shape[1]
    cell = place[:, None] * draws + np.arange(draws)
    revenue, selling, market = (np.empty((draws, places, AHEAD)) for _ in range(3))
    for month in range(AHEAD):
        here = np.bincount(cell[there], minlength=places * draws).reshape(places, draws).astype(np.float64)
        moved = demands[:, :, month].T * crowding(state.world, here, first[:, None])
        mean = np.where(there, rate * own[:, month : month + 1] * moved[place], 0.0)
        sold = order_sums(state.world, mean, log_size, rng)
        revenue[:, :, month] = np.bincount(cell.ravel(), sold.ravel(), minlength=places * draws).reshape(places, draws).T
        selling[:, :, month], market[:, :, month] = here.T, moved.T
        there = there & (rng.random(there.shape) >= hazard[:, month : month + 1])
    return revenue, selling, market
