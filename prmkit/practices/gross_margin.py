"""Gross margin: revenue less cost where lines carry a cost, the engagement's own rate where they do not."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

_CENT = 0.005


def monthly_margin(portfolio: Portfolio, first: int = 0, count: int = 12) -> pd.DataFrame:
    """partner_id, month, revenue, margin, assumed: sums over months `first` to `first` + `count` - 1, in currency.

    `margin` is null where lines carry no cost and the engagement names no gross margin; `assumed` is
    the revenue to which the engagement's rate was applied.
    """
    rows = portfolio.months[portfolio.months["month"].between(first, first + count - 1)]
    sums = rows.groupby(["partner_id", "month"], as_index=False)[["revenue", "cost", "costed_revenue"]].sum()
    bare = sums["revenue"] - sums["costed_revenue"]
    bare = bare.mask(bare.abs() < _CENT, 0.0)
    rate = portfolio.settings.economics.gross_margin
    known = sums["costed_revenue"] - sums["cost"]
    margin = known + bare * rate if rate is not None else known.mask(bare != 0)
    return pd.DataFrame(
        {
            "partner_id": sums["partner_id"],
            "month": sums["month"],
            "revenue": sums["revenue"],
            "margin": margin,
            "assumed": bare if rate is not None else 0.0,
        }
    )


def gross_margin(portfolio: Portfolio, first: int = 0, count: int = 12) -> pd.DataFrame:
    """partner_id, revenue, gross_margin, assumed for every partner; gross_margin is null where any month's is."""
    monthly = monthly_margin(portfolio, first, count)
    grouped = monthly.groupby("partner_id")
    ids = portfolio.partners["partner_id"]
    return pd.DataFrame(
        {
            "partner_id": ids,
            "revenue": aligned(grouped["revenue"].sum(), ids).fillna(0.0).astype("float64"),
            "gross_margin": _complete(monthly, ids),
            "assumed": aligned(grouped["assumed"].sum(), ids).fillna(0.0).astype("float64"),
        }
    )


def _complete(monthly: pd.DataFrame, ids: pd.Series) -> pd.Series:
    sums = monthly.groupby("partner_id")["margin"].sum()
    broken = monthly.loc[monthly["margin"].isna(), "partner_id"].unique()
    return aligned(sums, ids).fillna(0.0).astype("float64").mask(ids.isin(broken))
