"""A partner's wallet by the books: what it bought from us against what it sells in all, and how much of our year is luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.earning.resale import resale
from prmkit.practices.know.segments.momentum import buying_months, momentum

Array = NDArray[Any]

SAME_LEVEL = frozenset({"sell_through", "sell_out"})
"""Channels recorded at the partner's own price: their revenue and its turnover can be set against each other as they stand."""
PLAUSIBLE_MARGIN = 0.4
YEAR = 12
UNSTATED = "its own yearly turnover is not known"
_Z = 3.29
_ROUNDING = 1e-9
_FEWEST = 10


@dataclass(frozen=True)
class Books:
    """By partner, in order (n,).

    bought: revenue of the 12 months. share: bought over stated turnover, nan where it cannot be; low, high: its ends where the price level
    or a part of the year is not known (else both are the share). measured: the share is exact. usual: log of what it buys in a usual
    year, luck taken out as far as it can be; luck: variance of that log (nan where nothing was bought). raw_luck: that of the year as it
    stands.
    reason: why there is no share, "" otherwise.
    """

    bought: Array
    share: Array
    low: Array
    high: Array
    measured: Array
    usual: Array
    luck: Array
    raw_luck: Array
    reason: Array

    @property
    def known(self) -> Array:
        """Partners with a share above nothing."""
        made: Array = self.share > 0
        return made

    @property
    def plausible(self) -> Array:
        """Partners whose books can be right: not those that bought more than they sell, or returned more than they bought."""
        made: Array = (self.reason == "") | (self.reason == UNSTATED)
        return made

    @property
    def logs(self) -> Array:
        """Log share of a usual year, midway between the ends; nan without one."""
        middle = np.log(np.where(self.known, self.low * self.high, 1.0)) / 2
        turnover = np.log(np.where(self.known, self.bought, 1.0)) - np.log(np.where(self.known, self.share, 1.0))
        shift = middle - np.log(np.where(self.known, self.share, 1.0))
        return np.where(self.known, self.usual - turnover + shift, np.nan)

    @property
    def lift(self) -> float:
        """How far the logs may lie beside a usual year on average: half of the luck, as a typical year lies below its mean."""
        return float(np.mean(self.raw_luck[self.known])) / 2 if self.known.any() else 0.0

    @property
    def variance(self) -> Array:
        """Of `logs`: luck, and the width between the ends."""
        width = np.log(np.where(self.known, self.high, 1.0)) - np.log(np.where(self.known, self.low, 1.0))
        return np.where(self.known, self.luck + (width / _Z) ** 2, np.nan)


def books(portfolio: Portfolio) -> Books:
    """The books of the whole client's last 12 months against stated turnover (`annual_revenue`)."""
    bought = portfolio.per_partner().to_numpy()
    turnover = portfolio.partners["annual_revenue"].astype("float64").to_numpy()
    known = turnover > 0
    share = np.where(known, bought / np.where(known, turnover, 1.0), np.nan)
    reason = np.select(
        [~known, share > 1 + _ROUNDING, share < 0],
        [UNSTATED, "bought more than its stated yearly turnover", "returned more than it bought"],
        default="",
    )
    share = np.where(reason == "", np.minimum(share, 1.0), np.nan)
    whole_year, same = _covers_a_year(portfolio), portfolio.measure in SAME_LEVEL
    high = share if same else share / (1 - _resale_margin(portfolio))
    high = np.minimum(high if whole_year else high * YEAR / max(portfolio.history_months, 1), 1.0)
    raw = raw_luck(portfolio, 0)
    usual, luck = usual_year(bought, raw, learnt=momentum(portfolio).noise.buyers > 0)
    measured = np.isfinite(share) & same & whole_year
    return Books(bought, share, share, high, measured, usual, luck, raw, reason)


def _covers_a_year(portfolio: Portfolio) -> bool:
    """Whether sales are those of 12 months; all of them dated in a single month are taken as totals of a year."""
    return portfolio.history_months >= YEAR or portfolio.history_months == 1


def raw_luck(portfolio: Portfolio, first: int) -> Array:
    """Variance of the log of each partner's year whose newest month is `first`: the spacing and the size of its buying months."""
    if portfolio.history_months == 1:
        return np.zeros(len(portfolio.partners))
    noise = momentum(portfolio).noise
    months = np.maximum(buying_months(portfolio, first), 1.0)
    made: Array = np.log1p(noise.size / months) + np.log1p(noise.spacing / months)
    return made


def usual_year(bought: Array, luck: Array, *, learnt: bool) -> tuple[Array, Array]:
    """Log of what each partner buys in a usual year, and the variance of that log; nan where it bought nothing.

    A year as it stands is drawn towards what partners usually buy, by how much luck there is in it. It stays as it is where luck was not
    `learnt` from the client, or fewer than ten bought.
    """
    there = bought > 0
    logs = np.log(np.where(there, bought, 1.0))
    if learnt:
        logs = logs + luck / 2
    if not learnt or there.sum() < _FEWEST:
        return np.where(there, logs, np.nan), np.where(there, luck, np.nan)
    centre, spread = level_and_spread(logs[there], luck[there])
    kept = spread / (spread + luck)
    return np.where(there, centre + kept * (logs - centre), np.nan), np.where(there, kept * luck, np.nan)


def level_and_spread(values: Array, variance: Array) -> tuple[float, float]:
    """Mean, and variance between units beyond `variance`, of values (n,): likelihood equations, a few rounds."""
    centre, spread = float(np.mean(values)), max(float(np.var(values) - np.mean(variance)), 0.05)
    for _ in range(20):
        weight = 1 / (spread + variance)
        centre = float(np.sum(weight * values) / np.sum(weight))
        spread = max(float(np.sum(weight**2 * ((values - centre) ** 2 - variance)) / np.sum(weight**2)), 1e-4)
    return centre, spread


def _resale_margin(portfolio: Portfolio) -> Array:
    """From list prices, else the median partner's, else 40%."""
    margin = resale(portfolio)["list_margin"].to_numpy(dtype=float)
    typical = np.nanmedian(margin) if np.isfinite(margin).any() else PLAUSIBLE_MARGIN
    return np.where(np.isfinite(margin), margin, typical)


def turnover_then(portfolio: Portfolio, date: pd.Timestamp) -> Array:
    """Yearly turnover of every partner as stated on an earlier date where the history tells it, else nan."""
    rows = portfolio.tables.get("history", pd.DataFrame(columns=["partner_id", "attribute", "value", "valid_from", "valid_to"]))
    rows = rows[(rows["attribute"] == "annual_revenue") & (rows["valid_from"] <= date)]
    rows = rows[rows["valid_to"].isna() | (rows["valid_to"] >= date)].sort_values("valid_from", kind="stable")
    value = pd.to_numeric(rows.groupby("partner_id")["value"].last(), errors="coerce")
    found = value.reindex(portfolio.partners["partner_id"]).to_numpy(dtype=float)
    return np.where(found > 0, found, np.nan)
