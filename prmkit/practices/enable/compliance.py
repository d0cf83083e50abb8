"""Tiers held against tiers earned, and the discount that is given for a tier not earned."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.enable.certified import certified

_YEAR = 12


def compliance(portfolio: Portfolio) -> pd.DataFrame | None:
    """One row a partner with a tier and metric that its tier asks: required, actual, tier_earned, unearned_discount.

    tier_earned is the highest tier whose every metric that can be worked out (revenue, csat,
    certified:<role>[:<family>]) is met; null where not even the lowest is. Tiers rank by discount, then
    by revenue asked. unearned_discount, 12 months, in currency: (discount of the tier held - discount of
    the tier earned) x list amount, or x revenue / (1 - discount held) where lines carry no list price; it
    stands on the first row of each partner alone, so that a sum counts it once. None without requirements or tiers.
    """
    asked = portfolio.tables.get("requirements")
    held = portfolio.partners.loc[portfolio.partners["tier"].notna(), ["partner_id", "tier", "partner_type"]]
    if asked is None or asked.empty or held.empty:
        return None
    rows = held.merge(asked.rename(columns={"tier": "asked_by", "partner_type": "of_type"}), how="cross")
    rows = rows[rows["of_type"].isna() | (rows["of_type"] == rows["partner_type"])]
    rows = rows.assign(actual=_actual(portfolio, rows))
    rows = rows.assign(met=rows["actual"].isna() | (rows["actual"] >= rows["threshold"]), known=rows["actual"].notna())
    earned = _earned(rows, _ranks(asked))
    own = rows[rows["asked_by"] == rows["tier"]].sort_values(["partner_id", "metric"], kind="stable").reset_index(drop=True)
    own = own.assign(tier_earned=own["partner_id"].map(earned))
    unearned = _unearned(portfolio, own, asked).mask(own["partner_id"].duplicated())
    return pd.DataFrame(
        {
            "partner_id": own["partner_id"],
            "tier_held": own["tier"],
            "tier_earned": own["tier_earned"],
            "metric": own["metric"],
            "required": own["threshold"],
            "actual": own["actual"],
            "unearned_discount": unearned,
            "reason": own["known"].map({True: None, False: "no method or no data for this metric yet"}).astype("str"),
        }
    )


def _ranks(asked: pd.DataFrame) -> pd.Series:
    """Tier -> rank, 0 the lowest."""
    revenue = asked[asked["metric"] == "revenue"].groupby("tier")["threshold"].max()
    tiers = pd.DataFrame({"discount": asked.groupby("tier")["discount"].max().fillna(0.0)}).assign(revenue=revenue).fillna({"revenue": 0.0})
    ordered = tiers.reset_index().sort_values(["discount", "revenue", "tier"], kind="stable")["tier"]
    return pd.Series(range(len(ordered)), index=pd.Index(ordered))


def _earned(rows: pd.DataFrame, ranks: pd.Series) -> pd.Series:
    """partner_id -> the highest tier it meets; a tier none of whose metrics can be worked out is not earned."""
    checked = rows.groupby(["partner_id", "asked_by"]).agg(met=("met", "all"), known=("known", "any")).reset_index()
    passed = checked[checked["met"] & checked["known"]]
    best = passed.assign(rank=passed["asked_by"].map(ranks)).sort_values(["partner_id", "rank"]).drop_duplicates("partner_id", keep="last")
    return best.set_index("partner_id")["asked_by"]


def _actual(portfolio: Portfolio, rows: pd.DataFrame) -> pd.Series:
    """What each partner shows on each metric; null where it cannot be worked out."""
    actual = pd.Series(np.nan, index=rows.index)
    window = rows["window_months"].fillna(_YEAR).astype(int)
    for key, group in rows.groupby(rows["metric"] + "@" + window.astype(str)):
        metric, _, months = str(key).rpartition("@")
        values = _metric(portfolio, metric, int(months))
        if values is not None:
            actual.loc[group.index] = group["partner_id"].map(values).to_numpy(dtype=float)
    return actual


def _metric(portfolio: Portfolio, metric: str, months: int) -> pd.Series | None:
    if metric == "revenue":
        return portfolio.per_partner(count=months)
    if metric == "csat" and portfolio.has("tickets"):
        tickets = portfolio.tables["tickets"]
        recent = tickets[(tickets["opened_on"] > calendar.month_end(portfolio.as_of, months)) & (tickets["opened_on"] <= portfolio.as_of)]
        return recent.groupby("partner_id")["csat"].mean()
    if metric.startswith("certified:") and portfolio.has("trainings"):
        role, _, family = metric.removeprefix("certified:").partition(":")
        return certified(portfolio, role, family).reindex(portfolio.partners["partner_id"], fill_value=0)
    return None


def _unearned(portfolio: Portfolio, own: pd.DataFrame, asked: pd.DataFrame) -> pd.Series:
    rates = asked.groupby("tier")["discount"].max()
    held = own["tier"].map(rates)
    earned = own["tier_earned"].map(rates).fillna(0.0)
    listed = own["partner_id"].map(portfolio.per_partner("list_amount"))
    revenue = own["partner_id"].map(portfolio.per_partner())
    base = listed.where(listed > 0, revenue / (1 - held).where(held < 1))
    return ((held - earned).clip(lower=0) * base.clip(lower=0)).where(held.notna())
