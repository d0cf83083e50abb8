"""What a partner costs to look after: support, and trainings and tickets where the engagement says so."""

from __future__ import annotations

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned


def cost_to_serve(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, cost_to_serve, hours, missing for every partner, 12 months to as_of.

    Cost is the support row's cost, else its hours times economics.hourly_cost. `missing` is True for
    a partner without any row that could be priced: its cost then counts as zero, and that is said.
    Trainings (their cost, else hours priced) count only where prune.include names them; tickets have no
    price in the contract and are never subtracted.
    """
    ids = portfolio.partners["partner_id"]
    rows = _support(portfolio)
    if "training" in portfolio.settings.prune.include:
        rows = pd.concat([rows, _training(portfolio)], ignore_index=True)
    priced = rows[rows["priced"].notna()]
    return pd.DataFrame(
        {
            "partner_id": ids,
            "cost_to_serve": aligned(priced.groupby("partner_id")["priced"].sum(), ids).fillna(0.0).astype("float64"),
            "hours": aligned(rows[rows["support"]].groupby("partner_id")["hours"].sum(min_count=1), ids).astype("float64"),
            "missing": ~ids.isin(priced.loc[priced["support"], "partner_id"].unique()),
        }
    )


def _support(portfolio: Portfolio) -> pd.DataFrame:
    rows = portfolio.tables.get("support")
    if rows is None or rows.empty:
        return _none()
    return _priced(portfolio, _within_year(portfolio, rows, "month"), support=True)


def _training(portfolio: Portfolio) -> pd.DataFrame:
    rows = portfolio.tables.get("trainings")
    if rows is None or rows.empty:
        return _none()
    rows = rows[rows["partner_id"].notna()]
    return _priced(portfolio, _within_year(portfolio, rows, "completed_on"), support=False)


def _within_year(portfolio: Portfolio, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    start = calendar.month_end(portfolio.as_of, 12)
    return rows[(rows[column] > start) & (rows[column] <= portfolio.as_of)]


def _priced(portfolio: Portfolio, rows: pd.DataFrame, *, support: bool) -> pd.DataFrame:
    rate = portfolio.settings.economics.hourly_cost
    hours = rows["hours"].astype("float64")
    priced = rows["cost"].astype("float64")
    if rate is not None:
        priced = priced.fillna(hours * rate)
    return pd.DataFrame({"partner_id": rows["partner_id"], "hours": hours, "priced": priced, "support": support}).reset_index(drop=True)


def _none() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "partner_id": pd.Series(dtype="str"),
            "hours": pd.Series(dtype="float64"),
            "priced": pd.Series(dtype="float64"),
            "support": pd.Series(dtype="bool"),
        }
    )
