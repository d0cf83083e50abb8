"""What conflict costs a year, part by part: each measured, assumed or missing, and never filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.price_erosion import Erosion
from prmkit.practices.reach.collisions.contacts import YEAR
from prmkit.practices.reach.collisions.encounters import MOST_RIVALS
from prmkit.practices.reach.collisions.erosion import discounts, list_amounts
from prmkit.practices.reach.collisions.losses import Losses
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.territories import ALL

Array = NDArray[np.float64]

_DRAWS, _STREAM = 4_000, 47
PARTS: Mapping[str, str] = {
    "price_partners": "discounts beside a second partner",
    "price_direct": "discounts beside our own quote",
    "lost_deals": "deals lost over it",
    "arbitration": "hours of settling it",
}


@dataclass(frozen=True)
class Part:
    """One part of the cost: draws of it (draws, territories), or why there are none. basis: measured, assumed or missing."""

    draws: Array | None
    basis: str
    why: str


def conflict_parts(
    portfolio: Portfolio, deals: pd.DataFrame, found: Erosion | str, lost: Losses | str, contests: pd.DataFrame, collisions: pd.Series
) -> tuple[list[str], dict[str, Part]]:
    """The territories and the parts of the cost of the 12 months to as_of in each.

    deals: of this portfolio's partners, with rivals counted; contests: episodes of its partners; collisions: registrations of the year
    that collided, by territory.
    """
    rng = np.random.default_rng([portfolio.settings.seed, _STREAM])
    recent = deals[(deals["outcome"] == "won") & (deals["ended"] > portfolio.as_of - YEAR)]
    ended = contests[contests["ended"] > portfolio.as_of - YEAR]
    places = sorted({*deals["territory"], *contests["territory"], *collisions.index})
    return places, {
        **_prices(recent, found, places, rng),
        "lost_deals": _lost(portfolio, ended, lost, places, rng),
        "arbitration": _arbitration(portfolio, collisions, places),
    }


def conflict_cost(places: list[str], parts: Mapping[str, Part]) -> pd.DataFrame:
    """reach_conflict_cost: a row for each part in every territory and in all; cost, low and high are null where it is missing."""
    rows = []
    for name, part in parts.items():
        for rank, place in enumerate([ALL, *places]):
            row: dict[str, Any] = {"territory": place, "part": name, "basis": part.basis, "why": part.why}
            if part.draws is not None:
                drawn = part.draws.sum(axis=1) if rank == 0 else part.draws[:, rank - 1]
                low, high = interval(drawn)
                row |= {"cost": float(drawn.mean()), "low": low, "high": high}
            rows.append(row)
    made = pd.DataFrame(rows, columns=["territory", "part", "cost", "low", "high", "basis", "why"])
    order = made["territory"].map({place: rank for rank, place in enumerate([ALL, *places])})
    return made.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def total(places: list[str], parts: Mapping[str, Part]) -> pd.DataFrame:
    """cost, cost_low, cost_high, cost_missing by territory, "all" first: the sum of the parts that can be priced."""
    priced = [part.draws for part in parts.values() if part.draws is not None]
    missing = "; ".join(PARTS[name] for name, part in parts.items() if part.draws is None)
    made = pd.DataFrame({"territory": [ALL, *places], "cost_missing": missing or None})
    if not priced:
        return made.assign(cost=np.nan, cost_low=np.nan, cost_high=np.nan)
    drawn = np.sum(priced, axis=0)
    drawn = np.column_stack([drawn.sum(axis=1), drawn])
    ends = [interval(column) for column in drawn.T]
    return made.assign(cost=drawn.mean(axis=0), cost_low=[low for low, _ in ends], cost_high=[high for _, high in ends])


def spreadsheet(deals: pd.DataFrame, shared: Mapping[str, int], as_of: pd.Timestamp) -> dict[str, float]:
    """The usual reckoning, by territory: customers with two partners times the average discount on a deal won in the year."""
    recent = deals[(deals["outcome"] == "won") & (deals["ended"] > as_of - YEAR)]
    given = (discounts(recent) * list_amounts(recent)).dropna()
    return {place: count * float(given.mean()) for place, count in shared.items()} if len(given) else {}


def _by_place(amount: pd.Series, territory: pd.Series, places: list[str]) -> Array:
    made: Array = amount.groupby(territory).sum().reindex(places, fill_value=0.0).to_numpy(dtype=float)
    return made


def _prices(won: pd.DataFrame, found: Erosion | str, places: list[str], rng: np.random.Generator) -> dict[str, Part]:
    if isinstance(found, str):
        gone = Part(None, "missing", found)
        return {"price_partners": gone, "price_direct": gone}
    rate = _slopes(found.slope, found.covariance, found.freedom, rng)
    listed = list_amounts(won)
    by_rivals = _by_place(listed * won["rivals"], won["territory"], places)
    said = "points of discount per further partner, times the list price of the deals won beside them"
    made = {"price_partners": Part(rate[:, :1] * by_rivals, "measured", said)}
    if len(found.slope) > 1:
        ours = _by_place(listed.where(won["ours"], 0.0), won["territory"], places)
        made["price_direct"] = Part(rate[:, 1:2] * ours, "measured", "points of discount where our own people quoted, times list price")
    else:
        made["price_direct"] = Part(None, "missing", "too few deals with a known discount were quoted by our own people as well")
    return made


def _slopes(slope: Array, covariance: Array, freedom: int, rng: np.random.Generator) -> Array:
    """Draws of slopes: a multivariate t."""
    normal = rng.multivariate_normal(np.zeros(len(slope)), covariance, _DRAWS)
    made: Array = slope + normal / np.sqrt(rng.chisquare(freedom, _DRAWS) / freedom)[:, None]
    return made


def _lost(portfolio: Portfolio, ended: pd.DataFrame, lost: Losses | str, places: list[str], rng: np.random.Generator) -> Part:
    if isinstance(lost, str):
        return Part(None, "missing", lost)
    rate = pricing(portfolio)
    if rate.rate is None:
        return Part(None, "missing", rate.said)
    more = (ended["partners"] - 1).clip(upper=MOST_RIVALS)
    at_stake = _by_place((more * ended["size"].fillna(0.0)), ended["territory"], places)
    slope = _slopes(np.array([lost.slope]), np.array([[lost.error**2]]), lost.freedom, rng)
    said = "points of deals lost to outsiders per further partner, times amount and gross margin of what two or more worked"
    return Part(slope * at_stake * rate.rate, "measured", said)


def _arbitration(portfolio: Portfolio, collisions: pd.Series, places: list[str]) -> Part:
    hours, cost = portfolio.settings.reach.get("arbitration_hours"), portfolio.settings.economics.hourly_cost
    if not len(collisions):
        return Part(None, "missing", "no registration of the year names its customer")
    if hours is None or cost is None:
        lacking = " and ".join(
            name for name, value in (("reach.arbitration_hours", hours), ("economics.hourly_cost", cost)) if value is None
        )
        return Part(None, "missing", f"the engagement does not name {lacking}")
    by_place = collisions.reindex(places, fill_value=0).to_numpy(dtype=float)
    said = f"colliding registrations times {hours:g} hours at the engagement's hourly cost"
    return Part(np.broadcast_to(by_place * hours * cost, (_DRAWS, len(places))).copy(), "assumed", said)
