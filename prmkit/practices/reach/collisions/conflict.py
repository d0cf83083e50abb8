"""Where partners, or partners and our own sales force, work the same end customers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.collisions.contacts import OURS, YEAR, Contacts
from prmkit.practices.reach.collisions.pairs import Meeting


def conflict(portfolio: Portfolio, contacts: Contacts, met: Meeting, hits: pd.DataFrame) -> pd.DataFrame:
    """reach_conflict without its cost, from deals and sales lines that name an end customer, of the 12 months to as_of.

    shared_customers: of those that partners of this portfolio work, how many another partner works as well, and not together with them;
    registration_collisions: registrations of a customer that another partner had registered within the protection before;
    direct_overlap_share: of what our own people quote (or, where no such deal is on record, sell), that at customers of partners;
    known_customer_share: of the customers in these partners' deals, those on our own customer list.
    """
    ids = set(portfolio.partners["partner_id"])
    held = contacts.accounts[contacts.accounts["partner_id"].isin(ids)]
    seen = held.drop_duplicates(["territory", "customer_id"])
    shared = seen["customer_id"].isin(met.shared).groupby(seen["territory"])
    rows = pd.DataFrame({"shared_customers": shared.sum(), "shared_customer_share": shared.mean()}).rename_axis("territory").sort_index()
    rows["registration_collisions"] = _collisions(contacts, hits, ids).reindex(rows.index) if _files(contacts) else None
    rows["direct_overlap_share"] = _direct_overlap(contacts, met).reindex(rows.index)
    rows["known_customer_share"] = _known(portfolio, contacts, ids).reindex(rows.index)
    if _files(contacts):
        rows["registration_collisions"] = rows["registration_collisions"].fillna(0)
    return rows.reset_index()


def _files(contacts: Contacts) -> bool:
    return bool(len(contacts.deals)) and bool(contacts.deals["registered_on"].notna().any())


def _collisions(contacts: Contacts, hits: pd.DataFrame, ids: set[str]) -> pd.Series:
    mine = hits[(hits["other_partner_id"] != OURS) & hits["partner_id"].isin(ids)].drop_duplicates("deal")
    return contacts.deals["territory"].reindex(mine["deal"]).value_counts()


def _direct_overlap(contacts: Contacts, met: Meeting) -> pd.Series:
    deals = contacts.deals
    ours = deals[deals["partner_id"].isna() & deals["amount"].notna() & (deals["began"] > contacts.as_of - YEAR)] if len(deals) else deals
    rows = ours[["territory", "customer_id", "amount"]] if len(ours) else _sold_direct(contacts)
    meets = rows["customer_id"].isin(met.direct)
    total = rows["amount"].groupby(rows["territory"]).sum()
    return (rows["amount"].where(meets, 0.0).groupby(rows["territory"]).sum() / total).where(total > 0)


def _sold_direct(contacts: Contacts) -> pd.DataFrame:
    ours = contacts.accounts[contacts.accounts["partner_id"].isna()]
    return ours.rename(columns={"value": "amount"})[["territory", "customer_id", "amount"]]


def _known(portfolio: Portfolio, contacts: Contacts, ids: set[str]) -> pd.Series:
    deals = contacts.deals
    if not portfolio.has("customers") or not len(deals):
        return pd.Series(dtype=float)
    mine = deals[deals["partner_id"].isin(ids) & (deals["began"] > contacts.as_of - YEAR)]
    seen = mine.drop_duplicates(["territory", "customer_id"])
    return seen["customer_id"].isin(portfolio.tables["customers"]["customer_id"]).groupby(seen["territory"]).mean().astype(np.float64)
