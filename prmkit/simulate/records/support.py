"""What serving partners takes: hours of their manager, of presales and of engineers, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import cents, frame, joined, names, quarters
from prmkit.simulate.records.tickets import Cases
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.state import AS_OF, Array, State, Whole

HOURLY_COST = 70.0
KINDS = ("account_management", "presales", "technical")
PRESALES_AN_ORDER, HOURS_A_CASE, SAVED_BY_COURSE = 1.2, 0.8, 0.3
_NOISE = 0.15
_YEAR = 12


@dataclass(frozen=True)
class Effort:
    """Hours (kinds, n, months), and what they cost in EUR (kinds, n, months). `priced`: the cost is on record, not only the hours."""

    hours: Array
    cost: Array
    priced: bool


def make_effort(state: State, cases: Cases, incentives: pd.DataFrame) -> Effort:
    """Hours as worked; where the world has no cost of its own (scale 0), what makes every partner just break even."""
    if state.world.cost == 0:
        cost = np.zeros((len(KINDS), *cases.counts.shape))
        cost[0] = _break_even(state, incentives)
        return Effort(cents(cost / HOURLY_COST), cost, priced=True)
    hours = quarters(state.world.cost * _hours(state, cases))
    return Effort(hours, hours * HOURLY_COST, priced=False)


def _hours(state: State, cases: Cases) -> Array:
    n, months = cases.counts.shape
    chance = Chance("prmkit", state.seed, "support")
    alive = state.lives.alive[:, :months]
    managed = state.network.hours[:, None] * (1.0 - _NOISE + 2.0 * _NOISE * chance.uniform(n, months)) * alive
    presales = PRESALES_AN_ORDER * state.orders.counts[:, :months]
    trained = state.course.technical[:, None] < np.arange(months)
    technical = HOURS_A_CASE * cases.counts * np.where(trained, 1.0 - SAVED_BY_COURSE, 1.0)
    return np.stack([managed, presales, technical])


def _break_even(state: State, incentives: pd.DataFrame) -> Array:
    """The expected gross margin of each month less, in every year counted back from the as-of date, the incentives paid in it."""
    n, months = state.network.size, state.months
    margin = expected_revenue(state)[:, :months] * state.network.margin[:, None]
    given = _paid(state, incentives)
    cost = np.zeros((n, months))
    for end in range(months, 0, -_YEAR):
        year = slice(max(end - _YEAR, 0), end)
        earned, spent = (np.cumsum(cells[:, year], axis=1)[:, -1] for cells in (margin, given))
        left = np.where(earned > 0, np.maximum(earned - spent, 0.0) / np.where(earned > 0, earned, 1.0), 0.0)
        cost[:, year] = cents(margin[:, year] * left[:, None])
    return cost


def _paid(state: State, incentives: pd.DataFrame) -> Array:
    n, months = state.network.size, state.months
    rows = incentives[(incentives["status"] == "paid") & (incentives["paid_on"] <= AS_OF)]
    partner = pd.Index(state.network.partner_id.astype(str)).get_indexer(rows["partner_id"])
    start = state.calendar.first[0].astype("datetime64[M]")
    month = (rows["paid_on"].to_numpy().astype("datetime64[M]") - start).astype(np.int64)
    booked = np.bincount(partner * months + month, rows["amount"].to_numpy(), minlength=n * months)
    return np.asarray(booked, dtype=np.float64).reshape(n, months)


def support(state: State, effort: Effort) -> pd.DataFrame:
    """The canonical table: one row a partner, month and kind of work that took time, by month."""
    booked = (effort.cost if effort.priced else effort.hours).transpose(2, 1, 0)
    cell = np.flatnonzero(booked > 0)
    month, rest = np.divmod(cell, booked.shape[1] * len(KINDS))
    partner, kind = np.divmod(rest, len(KINDS))
    return frame(
        "support",
        len(cell),
        {
            "partner_id": names(state.network.partner_id, partner),
            "month": state.calendar.first[month],
            "kind": names(KINDS, kind),
            "staff_id": joined("E", names(*_staff(state, partner, kind))),
            "hours": effort.hours[kind, partner, month],
            "cost": effort.cost[kind, partner, month] if effort.priced else None,
        },
    )


def _staff(state: State, partner: Whole, kind: Whole) -> tuple[list[str], Whole]:
    """Who did the work: the partner's manager at the start, or one presales and one technical person a territory."""
    places = len(state.network.places)
    number = np.where(kind == 0, state.network.manager[partner], (1 + kind) * places + state.network.territory[partner])
    return [f"{one:03d}" for one in range(1, 4 * places + 1)], number
