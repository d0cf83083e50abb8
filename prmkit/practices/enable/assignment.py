"""Who got an incentive, when, and whether getting it can be told from the sale it was meant to cause."""

from __future__ import annotations

import pandas as pd

_EARNED = {
    "discount": "The discount is taken on the very lines it is meant to cause: it comes with the sale, never before it.",
    "rebate": "The rebate is earned by the sales themselves: those who sold more got it, whatever it did.",
    "bonus": "The bonus is earned by the sales themselves: those who sold more got it, whatever it did.",
    "spiff": "It is paid for sales already made: those who sold got it, whatever it did.",
}
_VOLUME = "It is earned by reaching a volume: those who sold more got it, whatever it did."
_DECIDED_BEFORE = 0.9
_OPEN_STATUS = {"allocated", "approved", "paid"}


def programme_name(incentives: pd.DataFrame) -> pd.Series:
    """The programme of each row: "programme/scheme_id", or the programme alone where there is no scheme."""
    scheme = incentives["scheme_id"].fillna("")
    return incentives["programme"].where(scheme == "", incentives["programme"] + "/" + scheme)


def given(incentives: pd.DataFrame) -> pd.DataFrame:
    """Rows that were really granted: allocated, approved, paid, or without a status."""
    return incentives[incentives["status"].isna() | incentives["status"].isin(_OPEN_STATUS)]


def earned_by_the_sale(rows: pd.DataFrame) -> str:
    """Why the rows of one programme follow from sales rather than lead to them; empty where they do not.

    Discounts, rebates, bonuses and spiffs follow the sale unless nine tenths of the rows carry a
    request or approval dated on or before the start; so does anything with a volume to reach.
    """
    if rows["threshold"].notna().mean() >= 0.5:
        return _VOLUME
    decided = rows[["requested_on", "approved_on"]].min(axis=1)
    if (decided <= rows["starts_on"]).mean() >= _DECIDED_BEFORE:
        return ""
    return _EARNED.get(str(rows["programme"].iloc[0]), "")
