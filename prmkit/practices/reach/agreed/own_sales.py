"""Where we sell to the same end customers as our partners do, and what partners let us know of them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.points import Point

_MOST = 25
_BRING = "the deals with their dates; registrations of the same customers; what the agreement says of house accounts and direct sales"
_EXCHANGE = "which customer and price data partners report, for what purpose, and who in our own sales force can see them"


def own_sales(portfolio: Portfolio) -> Iterator[Point]:
    """Direct deals won of the 12 months with customers that a partner had worked in the 12 months before: the 25 partners with most.

    And one point for all where partners name such customers to us in their deals.
    """
    deals = portfolio.whole.tables.get("deals")
    if deals is None or not len(deals):
        return
    won = deals[deals["partner_id"].isna() & deals["customer_id"].notna() & deals["outcome"].eq("won").fillna(False)]
    won = won[(won["closed_on"] > calendar.month_end(portfolio.as_of, 12)) & (won["closed_on"] <= portfolio.as_of)]
    own = set(portfolio.partners["partner_id"])
    worked = deals[deals["partner_id"].isin(own) & deals["customer_id"].isin(won["customer_id"])]
    worked = worked.assign(began=worked["registered_on"].fillna(worked["opened_on"]))[["partner_id", "customer_id", "began"]]
    pairs = won[["deal_id", "customer_id", "closed_on", "amount"]].merge(worked, on="customer_id")
    close = (pairs["began"] <= pairs["closed_on"]) & (pairs["began"] > pairs["closed_on"] - pd.DateOffset(months=12))
    pairs = pairs[close].drop_duplicates(["partner_id", "deal_id"])
    if pairs.empty:
        return
    sums = pairs.groupby("partner_id").agg(deals=("deal_id", "size"), amount=("amount", "sum")).reset_index()
    sums = sums.sort_values(["amount", "partner_id"], ascending=[False, True], kind="stable")
    head = sums.head(_MOST)
    for partner, won_deals, amount in zip(head["partner_id"], head["deals"], head["amount"].astype("float64"), strict=True):
        times = "a direct deal" if won_deals == 1 else f"{won_deals} direct deals"
        why = f"we won {times} with customers it had worked in the 12 months before"
        yield Point(str(partner), "dual_distribution", why, _BRING, at_stake=float(amount))
    shared = pairs.drop_duplicates("deal_id")
    count = shared["customer_id"].nunique()
    met = "1 partner" if len(sums) == 1 else f"{len(sums)} partners"
    why = f"partners name their customers to us, and we sold direct to {count} of these; {met} met us there"
    yield Point("all partners", "dual_distribution", why, _EXCHANGE, at_stake=float(shared["amount"].sum()))
