"""Tiers: what they ask in sales, and how the yearly review, late and not without errors, hands them out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.columns import round_sum
from prmkit.simulate.records.presence import Presence
from prmkit.simulate.revenue import expected_revenue, realised_revenue
from prmkit.simulate.state import RESALE, Array, Mask, State, Whole

TIERS = ("authorized", "silver", "gold")
SILVER_FROM, GOLD_FROM = 0.5, 0.8
"""Which part of the partners sells less than silver asks, and less than gold asks."""
_ENTRY = 0.1
_YEAR, _ENOUGH_MONTHS = 12, 3
_TOO_HIGH, _TOO_LOW = 0.08, 0.04
_FIRST_ERROR = 0.4


@dataclass(frozen=True)
class Tiers:
    """asked (3,): yearly sales that each tier asks, in EUR. first, now (n,): tier when it joined and on the as-of date, -1 for kinds
    that hold none.
    reviews: months of the reviews; held (n, reviews): tier after each.
    """

    asked: Array
    first: Whole
    now: Whole
    reviews: tuple[int, ...]
    held: Whole


def make_tiers(state: State, presence: Presence, business: Business) -> Tiers:
    """Every January the tier follows from the sales of the year before last, annualised where the records begin later."""
    network, n = state.network, state.network.size
    chance = Chance("prmkit", state.seed, "tiers")
    asked = asked_sales(state)
    ranked = network.kind < len(RESALE)
    guess = earned(asked, business.yearly * exp(_FIRST_ERROR * chance.normal(n)))
    held = np.where(network.joined < 0, guess, 0) * network.sells
    first = np.where(ranked, held, -1)
    reviews = tuple(month for month in range(state.months) if state.calendar.first[month].astype("datetime64[M]").astype(int) % 12 == 0)
    realised = realised_revenue(state)
    after = []
    for month in reviews:
        due = network.sells & presence.here(np.full(n, month)) & (network.joined <= month - _YEAR)
        held = np.where(due, _reviewed(chance, asked, _before_last(state, realised, business, month)), held)
        after.append(np.where(ranked, held, -1))
    return Tiers(asked, first, after[-1], reviews, np.stack(after, axis=1))


def asked_sales(state: State) -> Array:
    """Yearly sales in EUR that each tier asks: half of the partners there now are expected to reach silver, a fifth gold."""
    months = state.months
    there = state.lives.alive[:, months - 1]
    year = np.sort(np.cumsum(expected_revenue(state)[:, months - _YEAR : months], axis=1)[there, -1])
    if not len(year):
        return np.array([1_000.0, 10_000.0, 50_000.0])
    silver, gold = (round_sum(year[min(int(share * len(year)), len(year) - 1)]) for share in (SILVER_FROM, GOLD_FROM))
    return np.array([float(round_sum(_ENTRY * silver)), float(silver), float(gold)])


def earned(asked: Array, sales: Array) -> Whole:
    """The highest tier whose sales are reached; the lowest where none is."""
    made: Whole = (sales[:, None] >= asked[1:]).sum(axis=1).astype(np.int64)
    return made


def _before_last(state: State, realised: Array, business: Business, month: int) -> Array:
    start, end = max(month - 2 * _YEAR, 0), month - _YEAR
    if end - start < _ENOUGH_MONTHS:
        return business.yearly
    total = np.cumsum(realised[:, start:end], axis=1)[:, -1]
    there: Mask = np.arange(start, end) >= state.network.joined[:, None]
    made: Array = total * _YEAR / np.maximum(there.sum(axis=1), _ENOUGH_MONTHS)
    return made


def _reviewed(chance: Chance, asked: Array, sales: Array) -> Whole:
    u = chance.uniform(len(sales))
    slip = np.where(u < _TOO_HIGH, 1, np.where(u < _TOO_HIGH + _TOO_LOW, -1, 0))
    made: Whole = np.clip(earned(asked, sales) + slip, 0, len(TIERS) - 1)
    return made
