"""Who bought, through whom, in the last 12 months and before; which customers came and went."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.data.sales_lines import Days

_BEFORE = 36


def bought(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id (null = direct), customer_id, territory, revenue of the 12 months: lines that name the end customer, whole client."""
    return portfolio.fitted(_bought)


def bought_before(portfolio: Portfolio) -> pd.DataFrame:
    """The same of the 24 months before those, by customer and territory; null territories as they are."""
    return portfolio.fitted(_bought_before)


def lapsed(portfolio: Portfolio) -> pd.DataFrame:
    """customer_id, territory, revenue a year: customers of the 24 months before that bought nothing in the 12 months.

    revenue: what each bought in those 24 months, halved; in the territory where it bought most.
    """
    before, now = bought_before(portfolio), bought(portfolio)
    still = now.groupby("customer_id")["revenue"].sum()
    buying = pd.Index(still.index[still > 0].astype(object))
    gone = before[(buying.get_indexer(pd.Index(before["customer_id"].astype(object))) < 0) & (before["revenue"] > 0)]
    gone = gone.sort_values(["customer_id", "revenue"], ascending=[True, False], kind="stable")
    total = gone.groupby("customer_id")["revenue"].sum() / 2
    made: pd.DataFrame = gone.drop_duplicates("customer_id")[["customer_id", "territory"]].reset_index(drop=True)
    return made.assign(revenue=made["customer_id"].map(total).astype("float64"))


def main_partner(portfolio: Portfolio) -> pd.Series:
    """customer_id -> the partner it bought most from in the 12 months; customers that bought from partners only."""
    rows = bought(portfolio)
    sums: pd.DataFrame = rows[rows["partner_id"].notna()].groupby(["customer_id", "partner_id"], as_index=False)[["revenue"]].sum()
    sums = sums[sums["revenue"] > 0].sort_values(["customer_id", "revenue", "partner_id"], ascending=[True, False, True], kind="stable")
    return sums.drop_duplicates("customer_id").set_index("customer_id")["partner_id"]


def by_road(portfolio: Portfolio) -> pd.DataFrame:
    """partners, direct: revenue of the 12 months of each customer (index) on each road, not below nothing."""
    rows = bought(portfolio)
    road = rows["partner_id"].notna().map({True: "partners", False: "direct"})
    sums = rows["revenue"].groupby([rows["customer_id"], road]).sum().clip(lower=0).unstack()
    return sums.reindex(columns=["partners", "direct"]).fillna(0.0)


@reads()
def _bought(portfolio: Portfolio) -> pd.DataFrame:
    return portfolio.client.lines.accounts(portfolio.measure, _days(portfolio, 12, 0))


@reads()
def _bought_before(portfolio: Portfolio) -> pd.DataFrame:
    rows = portfolio.client.lines.accounts(portfolio.measure, _days(portfolio, _BEFORE, 12))
    made: pd.DataFrame = rows.groupby(["customer_id", "territory"], as_index=False, dropna=False)[["revenue"]].sum()
    return made


def _days(portfolio: Portfolio, first: int, last: int) -> Days:
    start = calendar.month_end(portfolio.as_of, first) + pd.Timedelta(days=1)
    end = calendar.month_end(portfolio.as_of, last) if last else portfolio.as_of
    return Days(start.date(), end.date())
