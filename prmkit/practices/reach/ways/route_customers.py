"""Whom each route serves: orders, customers, new ones, and what is kept at renewal."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.loyalty.renewals import STAYED
from prmkit.practices.reach.ways.route_books import year

_ROADS = {"direct": "direct", "partner": "partner", "one_tier": "partner_one_tier", "two_tier": "partner_two_tier"}
_NAMED = 0.5
_FULL = 24


def served(portfolio: Portfolio) -> pd.DataFrame:
    """route, orders, customers, customer_revenue, new_customers of the 12 months.

    Customers are null where lines that name them bring less than half of the route's revenue; new ones where sales go back less than
    two years.
    """
    lines, days = portfolio.client.lines, year(portfolio)
    whole = portfolio.name == "all"
    ids = None if whole else tuple(portfolio.partners["partner_id"])
    places = None if whole else tuple(portfolio.partners["territory"].dropna().unique())
    found = lines.served(portfolio.measure, days, ids, places)
    rows = found.assign(route=found["road"].map(_ROADS))
    named = rows["customer_revenue"] >= _NAMED * rows["revenue"]
    rows = rows.assign(
        customers=rows["customers"].astype("float64").where(named),
        customer_revenue=rows["customer_revenue"].astype("float64").where(named),
        new_customers=rows["new_customers"].astype("float64").where(named & (portfolio.history_months >= _FULL)),
        orders=rows["orders"].astype("float64"),
    )
    return rows[["route", "orders", "customers", "customer_revenue", "new_customers"]]


def retention(portfolio: Portfolio) -> pd.DataFrame:
    """route, renewals_due (contracts' annual value up for renewal in the 12 months), gross_retention (share of it that stayed)."""
    columns = {"route": "str", "renewals_due": "float64", "gross_retention": "float64"}
    if not portfolio.has("subscriptions"):
        return pd.DataFrame(columns=list(columns)).astype(columns)
    rows = portfolio.tables["subscriptions"]
    start = calendar.month_end(portfolio.as_of, 12)
    rows = rows[(rows["ends_on"] > start) & (rows["ends_on"] <= portfolio.as_of) & rows["outcome"].notna() & (rows["outcome"] != "open")]
    value = rows["annual_value"].fillna(0.0)
    route = rows["partner_id"].notna().map({True: "partner", False: "direct"})
    due, kept = value.groupby(route).sum(), (value * rows["outcome"].isin(STAYED)).groupby(route).sum()
    made = pd.DataFrame({"renewals_due": due, "gross_retention": (kept / due).where(due > 0)})
    return made.rename_axis("route").reset_index().astype(columns)
