"""Where partners, or partners and our own sales force, work the same end customers."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.territories import NONE
from prmkit.practices.result import NotComputed

WINDOW_DAYS = 180
_COST = "what a shared customer costs is not estimated from the data at hand"


def conflict(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_conflict from deals with an end customer, opened or registered in the 12 months to as_of.

    shared_customers: worked by two partners or more; registration_collisions: registrations of a customer that
    another partner had registered within the 180 days before; direct_overlap_share: of the amount of direct
    deals, that with customers partners also worked; known_customer_share: of the partner deals' customers,
    those on our own customer list.
    """
    deals = _deals(portfolio)
    if deals.empty:
        if portfolio.has("deals"):
            why, needs = "no deal of the 12 months names its end customer", "deals"
        else:
            why, needs = "end customers are not known: neither deals nor partner sales lines name them", "deals"
        return None, [NotComputed("conflict", None, why, needs)]
    partner = deals[deals["partner_id"].notna()]
    reach = partner.groupby(["territory", "customer_id"])["partner_id"].nunique()
    rows = pd.DataFrame(
        {
            "shared_customers": (reach > 1).groupby("territory").sum(),
            "shared_customer_share": (reach > 1).groupby("territory").mean(),
            "registration_collisions": _collisions(partner),
            "direct_overlap_share": _direct_overlap(deals, partner),
        }
    )
    rows["known_customer_share"] = _known(portfolio, partner)
    rows["registration_collisions"] = rows["registration_collisions"].fillna(0)
    made = rows.rename_axis("territory").reset_index()
    missing = [NotComputed("conflict", column, _COST, "deals") for column in ("cost", "cost_low", "cost_high")]
    if made["direct_overlap_share"].isna().all():
        missing.append(NotComputed("conflict", "direct_overlap_share", "no direct deal names its end customer and amount", "deals"))
    if made["known_customer_share"].isna().all():
        missing.append(NotComputed("conflict", "known_customer_share", "there is no list of customers", "customers"))
    return made, missing


def _deals(portfolio: Portfolio) -> pd.DataFrame:
    deals = portfolio.tables.get("deals")
    if deals is None or not len(deals):
        return pd.DataFrame()
    where = portfolio.partners.set_index("partner_id")["territory"]
    began = deals["registered_on"].fillna(deals["opened_on"])
    inside = (began > portfolio.as_of - pd.DateOffset(months=12)) & (began <= portfolio.as_of) & deals["customer_id"].notna()
    territory = deals["territory"].fillna(deals["partner_id"].map(where)).fillna(NONE)
    return deals.assign(began=began, territory=territory)[inside]


def _collisions(partner: pd.DataFrame) -> pd.Series:
    """Registrations of a customer that another partner had registered within the window before."""
    filed = partner.dropna(subset=["registered_on"]).sort_values(["customer_id", "registered_on", "partner_id"], kind="stable")
    pairs = filed.merge(filed[["customer_id", "partner_id", "registered_on"]], on="customer_id", suffixes=("", "_before"))
    apart = (pairs["registered_on"] - pairs["registered_on_before"]).dt.days
    first = (apart > 0) | ((apart == 0) & (pairs["partner_id_before"] < pairs["partner_id"]))
    hit = pairs[(pairs["partner_id"] != pairs["partner_id_before"]) & first & (apart <= WINDOW_DAYS)]
    return hit.drop_duplicates("deal_id").groupby("territory").size()


def _direct_overlap(deals: pd.DataFrame, partner: pd.DataFrame) -> pd.Series:
    direct = deals[deals["partner_id"].isna() & deals["amount"].notna()]
    shared = direct["customer_id"].isin(partner["customer_id"])
    total = direct.groupby("territory")["amount"].sum()
    return (direct["amount"].where(shared, 0.0).groupby(direct["territory"]).sum() / total).where(total > 0)


def _known(portfolio: Portfolio, partner: pd.DataFrame) -> pd.Series | float:
    if not portfolio.has("customers"):
        return float("nan")
    listed = partner["customer_id"].isin(portfolio.tables["customers"]["customer_id"])
    seen = partner.assign(listed=listed).drop_duplicates(["territory", "customer_id"])
    return seen.groupby("territory")["listed"].mean()
