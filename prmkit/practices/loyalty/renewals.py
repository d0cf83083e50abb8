"""Contracts that came up for renewal: how much stayed, and how much we took over ourselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

STAYED = ("renewed", "expanded", "shrunk")


def renewals_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_renewals: a row for every partner; empty without subscriptions.

    due: annual value of the terms that ended in the 12 months to as_of with a known outcome, in currency.
    gross_retention: share of that value whose term was renewed, expanded or shrunk; low and high the
    90% Jeffreys interval of the number of terms kept, moved to the share of value. net_retention stays null: terms
    carry no value after renewal. versus_direct: gross retention less that of direct customers.
    taken_direct: annual value we took over ourselves.
    """
    if not portfolio.has("subscriptions"):
        return pd.DataFrame()
    ids = portfolio.partners["partner_id"]
    rows = portfolio.tables["subscriptions"]
    start = calendar.month_end(portfolio.as_of, 12)
    ended = rows[(rows["ends_on"] > start) & (rows["ends_on"] <= portfolio.as_of) & rows["outcome"].notna() & (rows["outcome"] != "open")]
    value = ended["annual_value"].fillna(0.0)
    ended = ended.assign(
        value=value,
        stays=ended["outcome"].isin(STAYED).astype("float64"),
        kept=value * ended["outcome"].isin(STAYED),
        taken=value * (ended["outcome"] == "taken_direct"),
    )
    grouped = ended[ended["partner_id"].notna()].groupby("partner_id")
    due = aligned(grouped["value"].sum(), ids).fillna(0.0).astype("float64")
    retention = (aligned(grouped["kept"].sum(), ids) / due).where(due > 0).astype("float64")
    n, stays = (
        aligned(grouped.size(), ids).fillna(0).to_numpy(dtype=float),
        aligned(grouped["stays"].sum(), ids).fillna(0).to_numpy(dtype=float),
    )
    direct = ended[ended["partner_id"].isna()]
    usual = direct["kept"].sum() / direct["value"].sum() if direct["value"].sum() > 0 else np.nan
    low, high = (_end(stays, n, chance) for chance in (0.05, 0.95))
    offset = retention - np.divide(stays, n, out=np.zeros(len(n)), where=n > 0)
    return pd.DataFrame(
        {
            "partner_id": ids,
            "due": due,
            "gross_retention": retention,
            "low": (low + offset).clip(0, 1).where(due > 0),
            "high": (high + offset).clip(0, 1).where(due > 0),
            "net_retention": np.nan,
            "versus_direct": retention - usual,
            "taken_direct": aligned(grouped["taken"].sum(), ids).fillna(0.0).astype("float64"),
            "terms": n.astype("int64"),
            "reason": pd.Series("", index=ids.index, dtype="str").mask(due == 0, "no contract came up for renewal in the last 12 months"),
        }
    )


def _end(stays: np.ndarray, n: np.ndarray, chance: float) -> np.ndarray:
    end: np.ndarray = stats.beta.ppf(chance, stays + 0.5, n - stays + 0.5)
    certain = (stays == 0) & (chance < 0.5), (stays == n) & (chance > 0.5)
    return np.where(certain[0], 0.0, np.where(certain[1], 1.0, end))
