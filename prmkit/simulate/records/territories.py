"""Territories with their potential, and goals for the coming year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import frame, names, round_sum
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.managers import Managers
from prmkit.simulate.records.presence import AS_OF_DAY
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.state import Array, State, Whole

_LEAST_POTENTIAL = 4.0
_AIM = 1.1
_LARGEST = 0.02
_YEAR = 12


def territories(state: State, accounts: Accounts) -> pd.DataFrame:
    """The canonical table. Partners' expected sales are a tenth to a quarter of what the territory could spend."""
    places = len(state.network.places)
    chance = Chance("prmkit", state.seed, "territories")
    year = _by(state.network.territory, _last_year(state), places)
    served = np.bincount(accounts.territory, minlength=places)
    return frame(
        "territories",
        places,
        {
            "territory": names(state.network.places, np.arange(places)),
            "region": names(state.network.regions, np.arange(places)),
            "market_potential": round_sum(year * (_LEAST_POTENTIAL + 6.0 * chance.uniform(places))),
            "end_customers": np.rint(served * (2.0 + 3.0 * chance.uniform(places))),
            "revenue_goal": round_sum(_AIM * year),
        },
    )


def goals(state: State, managers: Managers) -> pd.DataFrame:
    """The canonical table: goals of the coming 12 months for territories, partner managers and the largest partners."""
    network = state.network
    year = _last_year(state)
    places, people = len(network.places), len(managers.people)
    managed = _by(managers.now, year, people)
    order = np.argsort(-year, kind="stable")
    largest = np.sort(order[: max(round(_LARGEST * network.size), 1)])
    looked_after = np.flatnonzero(np.bincount(managers.now, minlength=people))
    count = places + len(looked_after) + len(largest)
    nobody = [np.full(size, -1) for size in (places, len(looked_after), len(largest))]
    aims = np.concatenate([_by(network.territory, year, places), managed[looked_after], year[largest]])
    return frame(
        "goals",
        count,
        {
            "partner_id": names(network.partner_id, np.concatenate([nobody[0], nobody[1], largest])),
            "territory": names(network.places, np.concatenate([np.arange(places), nobody[1], nobody[2]])),
            "partner_manager": managers.named(np.concatenate([nobody[0], looked_after, nobody[2]])),
            "period_start": np.full(count, AS_OF_DAY + np.timedelta64(1)),
            "period_end": np.full(count, (AS_OF_DAY.astype("datetime64[M]") + _YEAR + 1).astype("datetime64[D]") - np.timedelta64(1)),
            "revenue_goal": round_sum(_AIM * aims),
        },
    )


def _last_year(state: State) -> Array:
    """Expected sales of each partner in the last 12 months (n,), in EUR."""
    made: Array = np.cumsum(expected_revenue(state)[:, state.months - _YEAR : state.months], axis=1)[:, -1]
    return made


def _by(group: Whole, amount: Array, count: int) -> Array:
    return np.asarray(np.bincount(group, amount, minlength=count), dtype=np.float64)
