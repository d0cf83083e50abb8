"""How many hours a year a partner's salespeople give our line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.combined_share import combine
from prmkit.estimators.typical_ratio import typical_ratio
from prmkit.practices.aligned import aligned
from prmkit.practices.know.standing.share_evidence import TURNOVER_DOUBT
from prmkit.practices.know.standing.wallet import books

Array = NDArray[Any]

STATED_HEADS = 0.1
"""Standard error, on the log scale, of a number of salespeople that a partner states."""
ONE_PERSON = 0.5
"""The same of one person's word on its time, until people of one partner show how far they differ."""
TIME_IS_MONEY = 0.5
"""The same of our share of its business taken for our share of its selling time."""
ENOUGH_SPREAD = 10
LEAST_SPREAD = 0.1
"""People who all say the same may still all be wrong by as much."""
_Z = 3.29
_MONTH = 365.25 / 12
_LEAST = 1.0
STATED, LISTED, FORETOLD = "stated", "listed by name", "from its size, as at other partners"
NO_HEADS = "how many salespeople it has is not known"
NO_TIME = "how much of their time goes to our line is not known"


def selling_time(portfolio: Portfolio, alignment: pd.DataFrame) -> pd.DataFrame:
    """A row a partner of the whole client, as `portfolio` should be: partner_id, salespeople, heads_basis, time_share, time_basis,
    months_there, hours_on_line, hours_low, hours_high, hours_error, time_error (on the log scale), reason.

    salespeople: the larger of what it states and of those listed by name; where it states none, foretold from its employees, else from
    those listed, by the ratio at partners that show both; those listed where too few do. time_share: what its salespeople on the as-of
    date say of their own time, and our share of its business (alignment) read as one of time, combined by how sure each is. hours:
    salespeople x time_share x economics.selling_hours, for the part of the 12 months that it was there.
    """
    heads, heads_error, heads_basis = _heads(portfolio)
    share, share_error, share_basis = _time(portfolio, alignment)
    there = months_there(portfolio)
    hours = heads * share * portfolio.settings.economics.selling_hours * there / 12
    error = np.sqrt(heads_error**2 + share_error**2)
    spread = np.exp(_Z / 2 * error)
    reason = np.select([~np.isfinite(heads), ~np.isfinite(share)], [NO_HEADS, NO_TIME], default="")
    return pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "salespeople": heads,
            "heads_basis": heads_basis,
            "time_share": share,
            "time_basis": share_basis,
            "months_there": there,
            "hours_on_line": hours,
            "hours_low": hours / spread,
            "hours_high": hours * spread,
            "hours_error": error,
            "time_error": share_error,
            "reason": pd.Series(reason, dtype="str").replace("", None),
        }
    )


def months_there(portfolio: Portfolio) -> Array:
    """Of the 12 months to as_of, those in which each partner could sell for us: since it joined (or first bought, if that is earlier or
    all that is known), within the sales on record, until it ended. (n,), 0 to 12."""
    partners = portfolio.partners
    first = aligned(portfolio.orders.groupby("partner_id")["first_on"].min(), partners["partner_id"])
    since = pd.concat([partners["joined_on"], first], axis=1).min(axis=1)
    age = ((portfolio.as_of - since).dt.days / _MONTH).fillna(np.inf).to_numpy(dtype=float)
    gone = ((portfolio.as_of - partners["ended_on"]).dt.days / _MONTH).fillna(0.0).clip(lower=0.0).to_numpy(dtype=float)
    most = min(portfolio.history_months or 12, 12)
    made: Array = np.maximum(np.minimum(np.maximum(age, _LEAST), most) - gone, 0.0)
    return made


def _sellers(portfolio: Portfolio) -> pd.DataFrame:
    """Salespeople at partners on the as-of date: partner_id, sells_us_share."""
    people = portfolio.tables.get("people")
    if people is None:
        return pd.DataFrame({"partner_id": pd.Series(dtype="str"), "sells_us_share": pd.Series(dtype="float64")})
    begun = people["active_from"].isna() | (people["active_from"] <= portfolio.as_of)
    here = people["active_to"].isna() | (people["active_to"] >= portfolio.as_of)
    return people[begun & here & (people["role"] == "sales")]


def _heads(portfolio: Portfolio) -> tuple[Array, Array, Array]:
    """Number of salespeople, its error on the log scale, and where it comes from ("" where there is none)."""
    partners = portfolio.partners
    counted = aligned(_sellers(portfolio).groupby("partner_id").size(), partners["partner_id"])
    listed: Array = counted.fillna(0).to_numpy(dtype=float)
    told: Array = partners["sales_headcount"].to_numpy(dtype=float)
    employees: Array = partners["employees"].to_numpy(dtype=float)
    stated = np.where(told > 0, np.fmax(told, listed), np.nan)
    made, error = stated, np.full(len(partners), STATED_HEADS)
    basis = np.where(np.isfinite(stated), STATED, "").astype(object)
    for base in (employees, listed):
        ratio = typical_ratio(told, base)
        if ratio is not None:
            open_ = ~np.isfinite(made) & (base > 0) & ~(told == 0)
            made = np.where(open_, np.fmax(ratio.foretell(base), np.fmax(listed, 1.0)), made)
            error, basis = np.where(open_, ratio.error, error), np.where(open_, FORETOLD, basis)
    open_ = ~np.isfinite(made) & (listed > 0) & ~(told == 0)
    return np.where(open_, listed, made), np.where(open_, ONE_PERSON, error), np.where(open_, LISTED, basis)


def _time(portfolio: Portfolio, alignment: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Share of their selling time on our line, its error on the log scale, and where it comes from."""
    ids = portfolio.partners["partner_id"]
    told = _sellers(portfolio).dropna(subset=["sells_us_share"])
    told = told[told["sells_us_share"] > 0]
    grouped = told.groupby("partner_id")["sells_us_share"]
    number, mean = (aligned(values, ids).to_numpy(dtype=float) for values in (grouped.size(), grouped.mean()))
    logs = np.log(told["sells_us_share"])
    apart = logs - logs.groupby(told["partner_id"]).transform("mean")
    free = len(logs) - grouped.ngroups
    one = max(float(np.sqrt(apart.pow(2).sum() / free)), LEAST_SPREAD) if free >= ENOUGH_SPREAD else ONE_PERSON
    share, low, high = (alignment[name].to_numpy(dtype=float) for name in ("share_of_wallet", "share_low", "share_high"))
    # the place in its business rests on what its salespeople say too: beside their word only the books count
    paper, heard = books(portfolio), np.isfinite(mean)
    share, low, high = (
        np.where(heard, book, all_readings) for book, all_readings in ((paper.share, share), (paper.low, low), (paper.high, high))
    )
    business = np.where((share > 0) & (low > 0) & (high > 0), np.sqrt(np.abs(low * high)), np.nan)
    width = np.log(np.where(np.isfinite(business), high / np.where(low > 0, low, 1.0), 1.0)) / _Z
    readings, errors = (
        np.stack([mean, business]),
        np.stack([one / np.sqrt(number), np.sqrt(width**2 + TIME_IS_MONEY**2 + np.where(heard, TURNOVER_DOUBT**2, 0.0))]),
    )
    log, error = combine(readings, errors)
    basis = np.select(
        [np.isfinite(mean), np.isfinite(business)], ["its salespeople say", "our share of its business stands in"], default=""
    )
    return np.minimum(np.exp(log), 1.0), error, basis
