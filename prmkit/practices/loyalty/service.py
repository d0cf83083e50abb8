"""How the end customers of a partner were looked after, from tickets of the 12 months."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

ENOUGH_TICKETS = 5


def service_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_service: a row for every partner; empty without tickets.

    worse_than_direct_probability: chance that its customers wait longer for a first answer than direct
    customers with cases of the same severity, on the log of hours (normal approximation); null with
    fewer than five answered cases on either side. reason says what is missing.
    """
    if not portfolio.has("tickets"):
        return pd.DataFrame()
    rows = portfolio.tables["tickets"]
    start = calendar.month_end(portfolio.as_of, 12)
    rows = rows[(rows["opened_on"] > start) & (rows["opened_on"] <= portfolio.as_of)]
    rows = rows.assign(kept=_kept(portfolio, rows), escalated=rows["escalated"].astype("Float64").astype("float64"))
    ids = portfolio.partners["partner_id"]
    grouped = rows[rows["partner_id"].notna()].groupby("partner_id")
    tickets = aligned(grouped.size(), ids).fillna(0).astype("int64")
    means = {
        "first_response_hours": "first_response_hours",
        "resolution_hours": "resolution_hours",
        "csat": "csat",
        "escalation_rate": "escalated",
        "promise_met_share": "kept",
    }
    columns = {name: aligned(grouped[column].mean(), ids).astype("float64") for name, column in means.items()}
    worse = aligned(_worse_than_direct(rows), ids).astype("float64")
    reason = pd.Series("", index=ids.index, dtype="str").mask(worse.isna(), "too few answered cases to compare with direct customers")
    return pd.DataFrame(
        {
            "partner_id": ids,
            "tickets": tickets,
            **columns,
            "worse_than_direct_probability": worse,
            "reason": reason.mask(tickets == 0, "no cases in the last 12 months"),
        }
    )


def _kept(portfolio: Portfolio, rows: pd.DataFrame) -> pd.Series:
    """1 where every promised time of the case's severity was kept, 0 where one was not, null where none was promised or measured."""
    kept = pd.Series(np.nan, index=rows.index)
    for severity, promise in portfolio.settings.service_promise.items():
        for column, hours in promise.items():
            if column in rows:
                here = (rows["severity"] == severity) & rows[column].notna()
                met = (rows[column] <= hours).astype("float64")
                kept = kept.mask(here, kept.where(kept < met, met))
    return kept


def _worse_than_direct(rows: pd.DataFrame) -> pd.Series:
    answered = rows[rows["first_response_hours"].notna()]
    answered = answered.assign(log=np.log1p(answered["first_response_hours"].clip(lower=0)), level=answered["severity"].fillna("any"))
    direct = answered[answered["partner_id"].isna()]
    if len(direct) < ENOUGH_TICKETS:
        return pd.Series(dtype="float64")
    usual = direct.groupby("level")["log"].mean()
    own = answered[answered["partner_id"].notna()]
    gap = (own["log"] - own["level"].map(usual)).groupby(own["partner_id"])
    spread = float((direct["log"] - direct["level"].map(usual)).std())
    mean, n = gap.mean(), gap.count()
    error = spread * np.sqrt(1 / n + 1 / len(direct))
    chance = special.ndtr(mean / error) if spread > 0 else (mean > 0).astype(float)
    return pd.Series(chance, index=mean.index)[n >= ENOUGH_TICKETS]
