"""Who at a partner is trained and certified on the as-of date."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio


def trainings(portfolio: Portfolio) -> pd.DataFrame:
    """Trainings of partners' people, with the role filled from `people` and the partner too where the row lacks it."""
    rows = portfolio.tables["trainings"]
    people = portfolio.tables.get("people")
    if people is None or people.empty:
        return rows[rows["partner_id"].notna()]
    person = people.drop_duplicates("person_id").set_index("person_id")
    filled = rows.assign(
        role=rows["role"].fillna(rows["person_id"].map(person["role"])),
        partner_id=rows["partner_id"].fillna(rows["person_id"].map(person["partner_id"])),
    )
    return filled[filled["partner_id"].isin(portfolio.partners["partner_id"])]


def certified(portfolio: Portfolio, role: str = "", family: str = "") -> pd.Series:
    """partner_id -> people with a certificate that holds on the as-of date, of one role and product family where named."""
    rows = trainings(portfolio)
    holds = rows["certified"].fillna(False).astype(bool) & (rows["expires_on"].isna() | (rows["expires_on"] > portfolio.as_of))
    rows = rows[holds & (rows["completed_on"] <= portfolio.as_of)]
    if role:
        rows = rows[rows["role"] == role]
    if family:
        rows = rows[rows["product_family"] == family]
    return rows.groupby("partner_id")["person_id"].nunique()


def active_people(portfolio: Portfolio) -> pd.DataFrame:
    """Partners' people on the as-of date: rows of `people` not ended before it."""
    people = portfolio.tables["people"]
    here = people["active_to"].isna() | (people["active_to"] >= portfolio.as_of)
    return people[here & people["partner_id"].isin(portfolio.partners["partner_id"])]
