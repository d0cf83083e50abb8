"""Who works which end customer: deals and sales lines, brought to one form."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.sales_lines import Days
from prmkit.practices.reach.territories import NONE

YEAR = pd.DateOffset(months=12)
SEEN = pd.DateOffset(months=36)
PROTECTION_DAYS = 180
MOST_DEALS = 500
"""A customer with more deals than this in three years is a collective name or a market place, not one buyer."""
OURS = "direct"


@dataclass(frozen=True)
class Contacts:
    """Partners' and our own work at named end customers, of the whole client.

    deals: of the 36 months to as_of that name their customer: the canonical columns, began (registered, else opened), ended (closed, else
      as_of), territory (its partner's where it has none), house (the partner, or the group it belongs to; null direct).
    accounts: partner_id (null direct), house, customer_id, territory, value of all who dealt with or sold to a customer in the 12 months:
      sales or won deals, whichever is more, and open deals.
    together: customer_id, partner_id, other_partner_id (both ways round) of partners that had a part in one deal: no rivals there.
    days: how long a registration protects. crowded: how many customers were left out for having more than MOST_DEALS deals.
    """

    as_of: pd.Timestamp
    deals: pd.DataFrame
    accounts: pd.DataFrame
    together: pd.DataFrame
    days: int
    crowded: int


def contacts(portfolio: Portfolio) -> Contacts:
    """Contacts of the whole client of a portfolio."""
    whole = portfolio.whole
    days = int(whole.settings.reach.get("protection_days", PROTECTION_DAYS))
    listed = whole.partners.drop_duplicates("partner_id").set_index("partner_id")
    house = listed["parent_partner_id"].fillna(pd.Series(listed.index, index=listed.index))
    deals, crowded = _deals(whole, listed["territory"], house)
    sold = _sold(whole, listed["territory"], house)
    return Contacts(whole.as_of, deals, _accounts(deals, sold, whole.as_of), _together(whole, deals), days, crowded)


_TEXTS = ("deal_id", "partner_id", "customer_id", "territory", "house", "outcome", "lost_to")
_DATES = ("registered_on", "decided_on", "expires_on", "opened_on", "closed_on", "began", "ended")
_NUMBERS = ("amount", "list_amount", "discount")


def _none() -> pd.DataFrame:
    """Deals where there are none: every column, no row."""
    kinds = dict.fromkeys(_TEXTS, "str") | dict.fromkeys(_DATES, "datetime64[us]") | dict.fromkeys(_NUMBERS, "float64")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def _deals(whole: Portfolio, home: pd.Series, house: pd.Series) -> tuple[pd.DataFrame, int]:
    deals = whole.tables.get("deals", _none())
    if not len(deals):
        return _none(), 0
    began = deals["registered_on"].fillna(deals["opened_on"])
    use = (began > whole.as_of - SEEN) & (began <= whole.as_of) & deals["customer_id"].notna()
    rows = deals.assign(began=began)[use]
    size = rows.groupby("customer_id")["deal_id"].transform("size")
    crowded = rows.loc[size > MOST_DEALS, "customer_id"].nunique()
    rows = rows[size <= MOST_DEALS]
    made = rows.assign(
        ended=rows["closed_on"].where(rows["closed_on"] <= whole.as_of, whole.as_of),
        territory=rows["territory"].fillna(rows["partner_id"].map(home)).fillna(NONE),
        house=rows["partner_id"].map(house).fillna(rows["partner_id"]),
    )
    made["ended"] = made[["began", "ended"]].max(axis=1)
    return made.sort_values(["customer_id", "began", "deal_id"], kind="stable", ignore_index=True), int(crowded)


def _sold(whole: Portfolio, home: pd.Series, house: pd.Series) -> pd.DataFrame:
    """Sales of the 12 months by partner and customer, our own included."""
    days = Days((whole.as_of - YEAR + pd.Timedelta(days=1)).date(), whole.as_of.date())
    rows = whole.client.lines.accounts(whole.measure, days)
    # somebody who only sent goods back is no customer of the year
    rows = rows[rows["revenue"] > 0]
    territory = rows["territory"].fillna(rows["partner_id"].map(home)).fillna(NONE)
    return rows.assign(territory=territory, house=rows["partner_id"].map(house).fillna(rows["partner_id"]))


def _accounts(deals: pd.DataFrame, sold: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    keys = ["partner_id", "house", "customer_id"]
    parts = [sold.assign(sales=sold["revenue"])[[*keys, "territory", "sales"]]]
    if len(deals):
        recent = deals[deals["began"] > as_of - YEAR]
        amount, outcome = recent["amount"].fillna(0.0).clip(lower=0), recent["outcome"].fillna("")
        parts.append(
            recent[[*keys, "territory"]].assign(won=amount.where(outcome == "won", 0.0), pending=amount.where(outcome == "open", 0.0))
        )
    rows = pd.concat(parts, ignore_index=True).reindex(columns=[*keys, "territory", "sales", "won", "pending"])
    rows = rows.fillna({"sales": 0.0, "won": 0.0, "pending": 0.0})
    sums = rows.groupby(keys, dropna=False, sort=True)[["sales", "won", "pending"]].sum()
    value = sums[["sales", "won"]].max(axis=1) + sums["pending"]
    place = rows.groupby([*keys, "territory"], dropna=False, sort=True)["sales"].size().reset_index(name="rows")
    place = place.sort_values("rows", ascending=False, kind="stable").drop_duplicates(keys).drop(columns="rows")
    return value.rename("value").reset_index().merge(place, on=keys)


def _together(whole: Portfolio, deals: pd.DataFrame) -> pd.DataFrame:
    names = ["customer_id", "partner_id", "other_partner_id"]
    parts = whole.tables.get("deal_partners")
    if parts is None or not len(parts) or not len(deals):
        return pd.DataFrame(columns=names, dtype="str")
    own = deals.loc[deals["partner_id"].notna(), ["deal_id", "partner_id"]]
    every = pd.concat([own, parts[["deal_id", "partner_id"]]]).drop_duplicates()
    every = every.merge(deals[["deal_id", "customer_id"]], on="deal_id")
    both = every.merge(every.rename(columns={"partner_id": "other_partner_id"}), on=["deal_id", "customer_id"])
    return both.loc[both["partner_id"] != both["other_partner_id"], names].drop_duplicates(ignore_index=True)
