"""What a partner's customers say of it: where they are, whether they renew, how content they are, how long they wait."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.strengths.cases import (
    CASE_MONTHS,
    DEAL_MONTHS,
    Array,
    Cases,
    dummies,
    end_markets,
    log_above_zero,
    ones,
    scaled,
    served,
    since,
)
from prmkit.practices.know.strengths.deal_cases import each_folded, own_market

CUSTOMERS = ("customer", "customers")
HANDLED = ("case it handled", "cases it handled")
NEAR_KM = 50.0
_EARTH_KM = 6371.0
_QUICKEST = 0.1


def vertical_mix(portfolio: Portfolio) -> Cases | None:
    """Its customers whose end market is its own, beside the share that market has among all partners' customers."""
    pairs = served(portfolio)
    pairs = pairs.assign(market=pairs["customer_id"].map(end_markets(portfolio)), home=pairs["partner_id"].map(own_market(portfolio)))
    pairs = pairs[pairs["market"].notna() & pairs["home"].notna()]
    if pairs.empty:
        return None
    market = each_folded(pairs["market"])
    share = pairs["home"].map(market.value_counts(normalize=True)).fillna(0.0).to_numpy(np.float64)
    share = np.clip(share, 1 / len(pairs), 1 - 1 / len(pairs))
    odds = scaled(np.log(share / (1 - share)), "usual in this market")
    return Cases(pairs["partner_id"], ones(market == pairs["home"]), "share", CUSTOMERS, 1, odds)


def customers_near(portfolio: Portfolio) -> Cases | None:
    """Its customers within 50 km, or with the same country and first two signs of the postal code where degrees are not known."""
    pairs = served(portfolio)
    if pairs.empty or not portfolio.has("customers"):
        return None
    places = ["country", "postal_code", "latitude", "longitude"]
    theirs = portfolio.tables["customers"].drop_duplicates("customer_id").set_index("customer_id")[places].reindex(pairs["customer_id"])
    ours = portfolio.partners.drop_duplicates("partner_id").set_index("partner_id")[places].reindex(pairs["partner_id"])
    apart = _kilometres(ours.reset_index(drop=True), theirs.reset_index(drop=True))
    codes = [(one["country"] + one["postal_code"].str[:2]).reset_index(drop=True) for one in (ours, theirs)]
    coded = (codes[0].notna() & codes[1].notna()).to_numpy()
    near = np.where(np.isfinite(apart), apart <= NEAR_KM, (codes[0] == codes[1]).to_numpy(bool, na_value=False))
    known = np.isfinite(apart) | coded
    return None if not known.any() else Cases(pairs["partner_id"][known], near[known].astype(float), "share", CUSTOMERS)


def contract_share(portfolio: Portfolio) -> Cases | None:
    """Its customers in deals and cases that have, or had, a contract through it."""
    if not portfolio.has("subscriptions") or not portfolio.has("deals"):
        return None
    pairs = portfolio.tables["deals"][["partner_id", "customer_id"]].dropna().drop_duplicates()
    held = portfolio.tables["subscriptions"][["partner_id", "customer_id"]].dropna().drop_duplicates().assign(held=1.0)
    rows = pairs.merge(held, on=["partner_id", "customer_id"], how="left")
    return None if rows.empty else Cases(rows["partner_id"], rows["held"].fillna(0.0).to_numpy(np.float64), "share", CUSTOMERS)


def renewal_rate(portfolio: Portfolio) -> Cases | None:
    """Contracts that ended in the 36 months and were kept or lost; those our own people took are left out."""
    if not portfolio.has("subscriptions"):
        return None
    rows = since(portfolio, portfolio.tables["subscriptions"], "ends_on", DEAL_MONTHS)
    rows = rows[rows["outcome"].isin(["renewed", "expanded", "shrunk", "lost"])]
    if rows.empty:
        return None
    value = scaled(log_above_zero(rows["annual_value"]), "annual value")
    return Cases(rows["partner_id"], ones(rows["outcome"] != "lost"), "share", ("contract due", "contracts due"), 1, value)


def csat(portfolio: Portfolio) -> Cases | None:
    """Marks that customers gave the cases it handled, beside cases of the same severity."""
    rows = _handled(portfolio, "csat")
    return (
        None
        if rows is None
        else Cases(rows["partner_id"], rows["csat"].to_numpy(np.float64), "level", HANDLED, 1, dummies(rows["severity"], "severity"))
    )


def response_time(portfolio: Portfolio) -> Cases | None:
    """Hours to its first answer, beside cases of the same severity."""
    return _hours(portfolio, "first_response_hours")


def resolution_time(portfolio: Portfolio) -> Cases | None:
    """Hours to its solution, beside cases of the same severity."""
    return _hours(portfolio, "resolution_hours")


def customer_survey(portfolio: Portfolio) -> Cases | None:
    """Marks of its customers in the surveys of 24 months: satisfaction where it was asked, else the recommendation."""
    if not portfolio.has("surveys"):
        return None
    rows = since(portfolio, portfolio.tables["surveys"], "date", CASE_MONTHS)
    rows = rows[(rows["respondent"] == "customer") & rows["score"].notna()]
    for question in ("csat", "nps"):
        asked = rows[rows["question_id"] == question]
        if len(asked):
            return Cases(asked["partner_id"], asked["score"].to_numpy(np.float64), "level", ("answer", "answers"))
    return None


def _hours(portfolio: Portfolio, column: str) -> Cases | None:
    rows = _handled(portfolio, column)
    if rows is None:
        return None
    hours = np.log(rows[column].clip(lower=0).to_numpy(np.float64) + _QUICKEST)
    return Cases(rows["partner_id"], hours, "log", HANDLED, -1, dummies(rows["severity"], "severity"))


def _handled(portfolio: Portfolio, column: str) -> pd.DataFrame | None:
    """Rows of tickets with a value that the partner worked on; all of its customers' where it is not on record who did."""
    if not portfolio.has("tickets"):
        return None
    rows = since(portfolio, portfolio.tables["tickets"], "opened_on", CASE_MONTHS)
    if rows["handled_by"].notna().any():
        rows = rows[rows["handled_by"].isin(["partner", "both"])]
    rows = rows[rows[column].notna()]
    return None if rows.empty else rows


def _kilometres(one: pd.DataFrame, other: pd.DataFrame) -> Array:
    """Great-circle distance, nan where a place is not known."""
    lat, lon, lat2, lon2 = (
        np.radians(frame[name].to_numpy(float, na_value=np.nan)) for frame in (one, other) for name in ("latitude", "longitude")
    )
    half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    made: Array = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return made
