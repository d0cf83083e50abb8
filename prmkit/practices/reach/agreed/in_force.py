"""Which contracts with partners hold on the as-of date, and where somebody was promised to be the only one."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio


def in_force(portfolio: Portfolio) -> pd.DataFrame:
    """Rows of agreements that hold on as_of (begun, and not ended or renewing by themselves); none where no contracts are on file."""
    agreements = portfolio.tables.get("agreements")
    if agreements is None or not len(agreements):
        return pd.DataFrame(columns=["agreement_id", "partner_id", "starts_on", "ends_on", "exclusive", "territory", "notice_days", "law"])
    as_of = portfolio.as_of
    begun = agreements["starts_on"].isna() | (agreements["starts_on"] <= as_of)
    lasting = agreements["ends_on"].isna() | (agreements["ends_on"] >= as_of) | agreements["auto_renews"].eq(True).fillna(False)
    return agreements[begun & lasting]


def exclusive(portfolio: Portfolio) -> pd.DataFrame:
    """agreement_id, partner_id, territory, starts_on of every exclusive contract in force: its own territory, else its partner's home.

    Of the whole client: a promise binds whatever part of the channel is looked at. Without a territory it is left out. A partner whose
    end is on record holds nothing.
    """
    whole = portfolio.whole
    force = in_force(whole)
    rows = force[force["exclusive"].eq(True).fillna(False)] if len(force) else force
    partners = whole.partners.set_index("partner_id")
    there = rows["partner_id"].isin(partners.index[partners["ended_on"].isna() | (partners["ended_on"] > whole.as_of)])
    place = rows["territory"].fillna(rows["partner_id"].map(partners["territory"]))
    made = rows.assign(territory=place)[there & place.notna()]
    return (
        made[["agreement_id", "partner_id", "territory", "starts_on"]].drop_duplicates(["partner_id", "territory"]).reset_index(drop=True)
    )
