"""Our own acts against partners: how often, to whom, and what margin stands exposed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.gross_margin import gross_margin

# changes that need not hurt anyone are on the timeline too, but are not counted as undermining
NEUTRAL = ("other", "programme_change", "price_rise", "manager_change")


def undermined_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_undermined_partners: one row per partner and kind of act in the 12 months to as_of; empty without any.

    margin_exposed: the partner's gross margin of the 12 months, in currency; null where it is not known.
    """
    rows = _acts(portfolio)
    rows = rows[rows["partner_id"].isin(portfolio.partners["partner_id"])]
    if rows.empty:
        return pd.DataFrame()
    margin = gross_margin(portfolio).set_index("partner_id")["gross_margin"]
    table = rows.groupby(["partner_id", "kind"], as_index=False).agg(events=("date", "size"), last_on=("date", "max"))
    table = table.rename(columns={"kind": "event"})
    return table.assign(margin_exposed=aligned(margin, table["partner_id"]).astype("float64"))


def undermining_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_undermining: acts of the 12 months by kind; effect and cost are not estimated here and stay null."""
    rows = _acts(portfolio)
    if rows.empty:
        return pd.DataFrame()
    table = rows.groupby("kind", as_index=False).agg(events=("date", "size"), partners=("partner_id", "nunique"))
    return table.rename(columns={"kind": "event"}).assign(effect=np.nan, effect_low=np.nan, effect_high=np.nan, cost=np.nan)


def _acts(portfolio: Portfolio) -> pd.DataFrame:
    """Dated acts from the timeline, and registrations and renewals that the records show we took ourselves."""
    start = calendar.month_end(portfolio.as_of, 12)
    parts = [
        pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "kind": pd.Series(dtype="str"), "partner_id": pd.Series(dtype="str")})
    ]
    if portfolio.has("events"):
        events = portfolio.tables["events"]
        parts.append(events.loc[~events["kind"].isin(NEUTRAL), ["date", "kind", "partner_id"]])
    if portfolio.has("deals"):
        deals = portfolio.tables["deals"]
        lost = deals[(deals["lost_to"] == "direct") & deals["partner_id"].notna()]
        parts.append(pd.DataFrame({"date": lost["closed_on"], "kind": "registration_lost", "partner_id": lost["partner_id"]}))
    if portfolio.has("subscriptions"):
        terms = portfolio.tables["subscriptions"]
        taken = terms[(terms["outcome"] == "taken_direct") & terms["partner_id"].notna()]
        parts.append(
            pd.DataFrame({"date": taken["renewed_on"].fillna(taken["ends_on"]), "kind": "renewal_taken", "partner_id": taken["partner_id"]})
        )
    rows = pd.concat(parts, ignore_index=True).drop_duplicates()
    return rows[(rows["date"] > start) & (rows["date"] <= portfolio.as_of)]
