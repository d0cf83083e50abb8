"""The client's partners as arrays: revenue by month, when each signed, who has left, and what share ever sells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.activation import WITHIN_MONTHS, Activation, activation, share_selling

Array = NDArray[np.float64]

_MONTH_DAYS = 365.25 / 12
_ENOUGH_SIGNINGS = 20


@dataclass(frozen=True)
class History:
    """partner_id in order; revenue (n, h), oldest month first; signed (n,) month of joining on that count; gone (n,).

    ended (n,): month in which a partner ended, nan where it did not.
    """

    partner_id: pd.Index
    revenue: Array
    signed: Array
    gone: NDArray[np.bool_]
    ended: Array


def history(portfolio: Portfolio) -> History:
    """Every partner's months; signed as it joined, else as `recruits` tell.

    A partner that ended on or before as_of, or is marked terminated, is gone.
    """
    months = portfolio.history_months
    wide = portfolio.monthly(months)
    partners = portfolio.partners.set_index("partner_id").reindex(wide.index)
    joined = partners["joined_on"]
    if portfolio.has("recruits"):
        recruits = portfolio.tables["recruits"].dropna(subset=["partner_id"])
        joined = joined.fillna(recruits.groupby("partner_id")["signed_on"].min().reindex(wide.index))
    days = np.asarray((portfolio.as_of - joined).dt.days, dtype=np.float64)
    signed = months - 1 - np.floor(days / _MONTH_DAYS)
    left = np.asarray((portfolio.as_of - partners["ended_on"]).dt.days, dtype=np.float64)
    ended = np.where(left >= 0, months - 1 - np.floor(left / _MONTH_DAYS), np.nan)
    signed = np.where(days >= 0, signed, np.nan)
    gone = (partners["ended_on"].notna() & (partners["ended_on"] <= portfolio.as_of)) | (partners["status"] == "terminated")
    revenue = wide.to_numpy(dtype=float)[:, ::-1]
    return History(wide.index, np.ascontiguousarray(revenue), signed, gone.to_numpy(dtype=bool), ended)


@dataclass(frozen=True, slots=True)
class Activated:
    """Activation and, in words, what it was counted on; `dated` says whether signing dates were known."""

    activation: Activation
    basis: str
    dated: bool


def activated(portfolio: Portfolio) -> Activated:
    """Share of signed partners that sell within 12 months: from dates of joining, else the recruits table, else the partner list."""
    partners = portfolio.partners
    first_sale = portfolio.orders[portfolio.orders["revenue"] > 0].groupby("partner_id")["first_on"].min()
    first = first_sale.reindex(partners["partner_id"]).set_axis(partners.index)
    begin = portfolio.orders["first_on"].min()
    joined = partners["joined_on"].where((partners["joined_on"] >= begin) & (partners["joined_on"] <= portfolio.as_of))
    made = _waits(joined, first, portfolio.as_of)
    if made is not None:
        return Activated(made, "partners that joined within the data, first sale within 12 months", True)
    recruits = portfolio.tables.get("recruits")
    if recruits is not None and len(recruits):
        sold = recruits["first_sale_on"].fillna(first_sale.reindex(recruits["partner_id"]).set_axis(recruits.index))
        made = _waits(recruits["signed_on"], sold, portfolio.as_of)
        if made is not None:
            return Activated(made, "recruits signed, first sale within 12 months", True)
    listed = partners["status"].ne("prospect").fillna(True).to_numpy(dtype=bool)
    return Activated(
        share_selling(int((first.notna() & listed).sum()), int(listed.sum())),
        "partners on the list that ever sold, since no signing dates are known",
        False,
    )


def _waits(signed: pd.Series, first_sale: pd.Series, as_of: pd.Timestamp) -> Activation | None:
    known = signed.notna() & (signed <= as_of)
    watched = _months(as_of - signed[known])
    if (watched >= WITHIN_MONTHS).sum() < _ENOUGH_SIGNINGS:
        return None
    wait = np.maximum(_months(first_sale[known] - signed[known]), 0.0)
    return activation(wait, watched)


def _months(span: pd.Series) -> Array:
    return np.asarray(span.dt.days / _MONTH_DAYS, dtype=np.float64)
