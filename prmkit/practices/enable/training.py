"""How much training the tiers ask for, how much is there, and what it takes of a part-time seller."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.enable.certified import active_people, certified, trainings

OWN = "our own people"
_ALL = "all partners"


def training(portfolio: Portfolio) -> pd.DataFrame | None:
    """One row a partner and role that its tier asks certificates of: people, required, current and gap hours, gap_cost.

    required_hours: certificates asked x hours to become certified; current_hours: the same for
    certificates that hold on the as-of date, at most those asked. gap_cost prices the gap at
    economics.hourly_cost, null without it. None without requirements that carry hours, tiers and people.
    """
    asked = portfolio.tables.get("requirements")
    if asked is None or not portfolio.has("people") or portfolio.partners["tier"].isna().all():
        return None
    asked = asked[asked["metric"].str.startswith("certified:") & asked["hours"].notna()]
    if asked.empty:
        return None
    held = portfolio.partners[["partner_id", "tier", "partner_type"]]
    rows = held.merge(asked.rename(columns={"partner_type": "of_type"}), on="tier")
    rows = rows[rows["of_type"].isna() | (rows["of_type"] == rows["partner_type"])]
    rows = rows.assign(have=_certificates(portfolio, rows))
    rows = rows.assign(
        role=rows["metric"].str.split(":").str[1],
        required_hours=rows["threshold"] * rows["hours"],
        current_hours=np.minimum(rows["have"], rows["threshold"]) * rows["hours"],
    )
    sums = rows.groupby(["partner_id", "role"], as_index=False)[["required_hours", "current_hours"]].sum()
    people = active_people(portfolio).groupby(["partner_id", "role"])["person_id"].nunique()
    gap = sums["required_hours"] - sums["current_hours"]
    rate = portfolio.settings.economics.hourly_cost
    keys = pd.MultiIndex.from_frame(sums[["partner_id", "role"]])
    return sums.assign(
        people=people.reindex(keys, fill_value=0).to_numpy(), gap_hours=gap, gap_cost=gap * rate if rate is not None else np.nan
    )


def intensity(portfolio: Portfolio) -> pd.DataFrame | None:
    """group, hours_per_head, hours_per_dedicated_equivalent: training hours of the 12 months by partner type.

    A dedicated equivalent is a person's share of selling time on our line: 24 hours for someone who
    gives us 8% of the time is 300 hours for a full-time seller. Null where that share is not known. The
    vendor's own people, where their trainings are on record, are a group of their own. None without trainings and people.
    """
    if not (portfolio.has("trainings") and portfolio.has("people")):
        return None
    people = active_people(portfolio)
    if people.empty:
        return None
    kind = portfolio.partners.set_index("partner_id")["partner_type"].fillna(_ALL)
    start = calendar.month_end(portfolio.as_of, 12)
    rows = trainings(portfolio)
    rows = rows[(rows["completed_on"] > start) & rows["person_id"].isin(people["person_id"])]
    hours = rows.groupby(rows["partner_id"].map(kind))["hours"].sum()
    group = people["partner_id"].map(kind)
    heads = people.groupby(group)["person_id"].nunique()
    known = people["sells_us_share"].notna().groupby(group).all()
    dedicated = people.groupby(group)["sells_us_share"].sum().where(known)
    hours = hours.reindex(heads.index, fill_value=0.0)
    made = pd.DataFrame(
        {
            "group": heads.index,
            "hours_per_head": (hours / heads).to_numpy(),
            "hours_per_dedicated_equivalent": (hours / dedicated.where(dedicated > 0)).to_numpy(),
            "people": heads.to_numpy(),
        }
    )
    return pd.concat([made, _own_people(portfolio, start)], ignore_index=True)


def _own_people(portfolio: Portfolio, start: pd.Timestamp) -> pd.DataFrame:
    rows = portfolio.tables["trainings"]
    theirs = portfolio.tables["people"]["person_id"]
    own = rows[rows["partner_id"].isna() & (rows["completed_on"] > start) & ~rows["person_id"].isin(theirs)]
    heads = own["person_id"].nunique()
    if not heads:
        return pd.DataFrame(columns=["group", "hours_per_head", "hours_per_dedicated_equivalent", "people"]).astype({"people": "int64"})
    hours = own["hours"].sum() / heads
    return pd.DataFrame({"group": [OWN], "hours_per_head": [hours], "hours_per_dedicated_equivalent": [hours], "people": [heads]})


def _certificates(portfolio: Portfolio, rows: pd.DataFrame) -> pd.Series:
    have = pd.Series(0.0, index=rows.index)
    if not portfolio.has("trainings"):
        return have
    for metric, group in rows.groupby("metric"):
        role, _, family = str(metric).removeprefix("certified:").partition(":")
        have.loc[group.index] = group["partner_id"].map(certified(portfolio, role, family)).fillna(0).to_numpy(dtype=float)
    return have
