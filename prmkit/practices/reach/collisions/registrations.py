"""Deal registration: how often two register one customer, how long a decision takes, and what blocks others for nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.estimators.event_rate import event_rate, quantile
from prmkit.practices.reach.collisions.contacts import OURS, YEAR, Contacts
from prmkit.practices.reach.territories import ALL

_ELSEWHERE = ("competitor", "direct", "other_partner", "no_decision")


def registered(contacts: Contacts) -> pd.DataFrame:
    """Registrations of partners in the 12 months to as_of, of customers they name."""
    deals = contacts.deals
    if not len(deals):
        return deals
    recent = deals["registered_on"] > contacts.as_of - YEAR
    made: pd.DataFrame = deals[recent & deals["partner_id"].notna()]
    return made


def collided(contacts: Contacts, met: pd.DataFrame) -> pd.DataFrame:
    """deal, partner_id, other_partner_id: each registration of the year and whom it collided with.

    Another partner had registered the customer within the protection before (on the same day, the one whose id comes first), or our own
    people (OURS) opened a deal there within it, before or after.
    """
    columns = ["deal", "partner_id", "other_partner_id"]
    mine = met[met["deal"].isin(registered(contacts).index)]
    if not len(mine):
        return pd.DataFrame(columns=columns)
    deals = contacts.deals
    filed = deals["registered_on"].to_numpy()
    on, before = filed[mine["deal"]], filed[mine["other_deal"]]
    days = (on - before) / np.timedelta64(1, "D")
    partner = mine["other_partner_id"].notna().to_numpy()
    earlier = (days > 0) | ((days == 0) & (mine["other_partner_id"].fillna("") < mine["partner_id"]).to_numpy())
    direct = np.abs((on - deals["began"].to_numpy()[mine["other_deal"]]) / np.timedelta64(1, "D")) <= contacts.days
    hit = np.where(partner, earlier & (days <= contacts.days), direct)
    found = pd.DataFrame(mine.loc[hit, columns])
    return found.fillna({"other_partner_id": OURS}).drop_duplicates(ignore_index=True)


def registrations(contacts: Contacts, met: pd.DataFrame, hits: pd.DataFrame, partners: set[str], promise: float | None) -> pd.DataFrame:
    """reach_registrations of these partners, "all" first; without rows where they registered nothing in the year."""
    rows = registered(contacts)
    rows = rows[rows["partner_id"].isin(partners)] if len(rows) else rows
    if not len(rows):
        return pd.DataFrame()
    with_partner, with_us = hits.loc[hits["other_partner_id"] != OURS, "deal"], hits.loc[hits["other_partner_id"] == OURS, "deal"]
    rows = rows.assign(by_partner=rows.index.isin(with_partner), by_us=rows.index.isin(with_us), **_blocked(contacts, met, rows))
    places = [(ALL, rows), *rows.groupby("territory", sort=True)]
    return pd.DataFrame([{"territory": name, **_counted(each, contacts, promise)} for name, each in places])


def _blocked(contacts: Contacts, met: pd.DataFrame, rows: pd.DataFrame) -> dict[str, Any]:
    """Which protections ran out with nothing done, which of those kept another partner out, and which refused deals were won by others."""
    deals = contacts.deals
    nothing = rows["closed_on"].isna() & ~rows["outcome"].isin(["won", "lost"]) | (rows["outcome"] == "withdrawn")
    granted = ~rows["approved"].eq(False).fillna(False)
    unworked = granted & rows["expires_on"].notna() & (rows["expires_on"] <= contacts.as_of) & nothing
    mine = met[met["deal"].isin(rows.index)]
    own, other = mine["deal"].to_numpy(dtype=int), mine["other_deal"].to_numpy(dtype=int)
    began = deals["began"].to_numpy()
    asked = (
        (began[other] > began[own]) & (began[other] <= deals["expires_on"].to_numpy()[own]) & mine["other_partner_id"].notna().to_numpy()
    )
    refused = rows["approved"].eq(False).fillna(False)
    won, closed = (deals["outcome"] == "won").to_numpy()[other], deals["closed_on"].to_numpy()[other]
    after = won & (closed > began[own]) & (closed <= began[own] + np.timedelta64(contacts.days, "D"))
    return {
        "unworked": unworked.to_numpy(dtype=bool),
        "blocking": (unworked & rows.index.isin(own[asked])).to_numpy(dtype=bool),
        "refused": refused.to_numpy(dtype=bool),
        "won_by_others": (refused & rows.index.isin(own[after])).to_numpy(dtype=bool),
    }


def _counted(rows: pd.DataFrame, contacts: Contacts, promise: float | None) -> dict[str, Any]:
    any_hit = rows["by_partner"] | rows["by_us"]
    rate = event_rate(any_hit, rows["customer_id"])
    took = (rows["decided_on"] - rows["registered_on"]).dt.days
    took = took[took >= 0]
    middle, low, high = quantile(took, 0.5)
    ninth, ninth_low, ninth_high = quantile(took, 0.9)
    timely = _timely(rows, contacts, promise)
    within = event_rate(timely, np.arange(len(timely)))
    ran_out = rows["expires_on"].notna() & (rows["expires_on"] <= contacts.as_of)
    lost = rows.loc[(rows["outcome"] == "lost") & rows["lost_to"].isin(_ELSEWHERE), "lost_to"]
    return {
        "registrations": len(rows),
        "collisions": int(any_hit.sum()),
        "collision_rate": rate.value,
        "collision_low": rate.low,
        "collision_high": rate.high,
        "partner_collisions": int(rows["by_partner"].sum()),
        "direct_collisions": int(rows["by_us"].sum()),
        "decided": len(took),
        "approval_days": middle,
        "approval_low": low,
        "approval_high": high,
        "approval_days_p90": ninth,
        "approval_p90_low": ninth_low,
        "approval_p90_high": ninth_high,
        "within_promise": within.value,
        "within_low": within.low,
        "within_high": within.high,
        "expired": int(ran_out.sum()) if rows["expires_on"].notna().any() else None,
        "expired_unworked": int(rows["unworked"].sum()) if rows["expires_on"].notna().any() else None,
        "expired_blocking": int(rows["blocking"].sum()) if rows["expires_on"].notna().any() else None,
        "refused": int(rows["refused"].sum()) if rows["approved"].notna().any() else None,
        "refused_won_by_others": int(rows["won_by_others"].sum()) if rows["approved"].notna().any() else None,
        "lost": len(lost),
        "lost_to_direct": float((lost == "direct").mean()) if len(lost) else np.nan,
        "lost_to_partner": float((lost == "other_partner").mean()) if len(lost) else np.nan,
    }


def _timely(rows: pd.DataFrame, contacts: Contacts, promise: float | None) -> np.ndarray:
    """Of the registrations whose promised day is over, or that were decided: whether they were decided in time."""
    took = (rows["decided_on"] - rows["registered_on"]).dt.days
    waited = (contacts.as_of - rows["registered_on"]).dt.days
    if promise is None or not took.notna().any():
        return np.empty(0)
    known = (took >= 0) | (took.isna() & (waited > promise))
    made: np.ndarray = (took[known] <= promise).to_numpy(dtype=float)
    return made
