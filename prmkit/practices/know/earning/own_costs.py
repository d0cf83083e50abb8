"""What selling our line costs a partner besides the goods: hours in training and fees, and customers' cases that it solves itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

Array = NDArray[Any]

ENOUGH_CASES = 30
HOURS, FEES, CASES = "its people's hours in training", "training fees", "the cases it solves for customers itself"


def own_costs(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, training_cost, support_cost (null where not known), left_out (what could not be priced), 12 months to as_of.

    training_cost: fees of courses its people completed, and their hours at economics.partner_hourly_cost, else hourly_cost.
    support_cost: tickets it handled (one handled by both counts half) x our own technical hours a ticket x the same hourly cost; null
    with fewer than ENOUGH_CASES tickets of ours behind the hours a ticket. Presales of its own are on no record.
    """
    ids = portfolio.partners["partner_id"]
    settings = portfolio.settings.economics
    price = settings.partner_hourly_cost if settings.partner_hourly_cost is not None else settings.hourly_cost
    hours, fees = _training(portfolio)
    trained = fees + (hours * price if price is not None else 0.0)
    support = _cases(portfolio) * (np.nan if price is None else price)
    unpriced = (hours > 0) & (price is None)
    known = portfolio.whole.has("trainings")
    left = [
        "; ".join(filter(None, (HOURS if bare else "", "" if known else f"{HOURS} and {FEES}", CASES if not solved else "")))
        for bare, solved in zip(unpriced, np.isfinite(support), strict=True)
    ]
    return pd.DataFrame(
        {
            "partner_id": ids,
            "training_cost": trained if known else np.full(len(ids), np.nan),
            "support_cost": support,
            "left_out": pd.Series(left, index=ids.index, dtype="str"),
        }
    )


def _year(portfolio: Portfolio, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows[(rows[column] > calendar.month_end(portfolio.as_of, 12)) & (rows[column] <= portfolio.as_of)]


def _training(portfolio: Portfolio) -> tuple[Array, Array]:
    """Hours and fees of courses completed by each partner's people."""
    ids = portfolio.partners["partner_id"]
    if not portfolio.has("trainings"):
        return np.zeros(len(ids)), np.zeros(len(ids))
    rows = _year(portfolio, portfolio.tables["trainings"], "completed_on")
    sums = rows[rows["partner_id"].notna()].groupby("partner_id")[["hours", "cost"]].sum()
    hours, fees = (aligned(sums[name], ids).fillna(0.0).to_numpy(dtype=float) for name in ("hours", "cost"))
    return hours, fees


def _cases(portfolio: Portfolio) -> Array:
    """Hours each partner spent on customers' cases, at as many a case as our own engineers need; nan where that is not known."""
    ids = portfolio.partners["partner_id"]
    unknown = np.full(len(ids), np.nan)
    if not (portfolio.has("tickets") and portfolio.has("support")):
        return unknown
    tickets = _year(portfolio, portfolio.tables["tickets"], "opened_on")
    tickets = tickets[tickets["partner_id"].isin(ids)]
    support = _year(portfolio, portfolio.tables["support"], "month")
    hours = support.loc[support["kind"] == "technical", "hours"].sum()
    handled = tickets["handled_by"]
    ours = float((handled == "vendor").sum() + (handled == "both").sum() / 2)
    if ours < ENOUGH_CASES or not hours > 0:
        return unknown
    weight = handled.map({"partner": 1.0, "both": 0.5}).fillna(0.0).astype("float64")
    made: Array = aligned(weight.groupby(tickets["partner_id"]).sum(), ids).fillna(0.0).to_numpy(dtype=float) * float(hours) / ours
    return made
