"""Partners as they could be seen at the end of an earlier month: features and what came after.

Everything is told in months counted back from as_of; a snapshot of month k uses months k and older
only, and its outcome months k - 6 to k - 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio

Array = NDArray[np.float64]

WINDOW = 6
DAYS_A_MONTH = 365.25 / 12
# most telling first: where events are few, only the leading ones are used
FEATURES = ("overdue", "late", "frequency", "half_trend", "size", "order_trend", "year_trend", "tenure", "breadth", "rhythm")


@dataclass(frozen=True)
class History:
    """The buying history of a client, laid out once for many snapshots.

    partner_id: (n,) in id order. revenue: (n, months) net revenue, month 0 first. buys: one row per
    partner and month with positive revenue: partner (index), month, on (first order of the month),
    last_on, gap (days since the order before it in an earlier month, null for the first), orders.
    families: partner, month, family codes where revenue is positive.
    """

    portfolio: Portfolio
    partner_id: pd.Series
    revenue: Array
    buys: pd.DataFrame
    families: pd.DataFrame

    @cached_property
    def depth(self) -> int:
        """Months of history."""
        return int(self.revenue.shape[1])

    def sold(self, first: int, count: int) -> Array:
        """Net revenue (n,) of months `first` to `first` + `count` - 1."""
        total: Array = self.revenue[:, max(first, 0) : first + count].sum(axis=1)
        return total


@dataclass(frozen=True)
class Snapshot:
    """Active partners at the end of `month`: `partner` (m,) indices, features (m, p), and `known` (m rows) to show and compare.

    known: recency_days, usual_gap_months (its own, null below two gaps' worth), revenue_12m, revenue_6m.
    """

    month: int
    partner: NDArray[np.int64]
    features: Array
    known: pd.DataFrame


def history(portfolio: Portfolio) -> History:
    """Lay out a portfolio's sales for snapshots."""
    ids = portfolio.partners["partner_id"]
    depth = portfolio.history_months
    orders = portfolio.orders[portfolio.orders["partner_id"].isin(ids)]
    index = pd.Index(ids)
    revenue = np.zeros((len(ids), depth))
    np.add.at(revenue, (index.get_indexer(orders["partner_id"]), orders["month"].to_numpy()), orders["revenue"].to_numpy())
    bought = orders[(orders["revenue"] > 0) & (orders["orders"] > 0)].sort_values(["partner_id", "month"], ascending=[True, False])
    buys = pd.DataFrame(
        {
            "partner": index.get_indexer(bought["partner_id"]),
            "month": bought["month"].to_numpy(),
            "on": bought["first_on"].to_numpy(),
            "last_on": bought["last_on"].to_numpy(),
            "orders": bought["orders"].to_numpy(),
        }
    )
    before = buys.groupby("partner")["last_on"].shift()
    buys["gap"] = (buys["on"] - before).dt.days.astype("float64")
    lines = portfolio.months[portfolio.months["partner_id"].isin(ids) & (portfolio.months["revenue"] > 0)]
    families = pd.DataFrame(
        {
            "partner": index.get_indexer(lines["partner_id"]),
            "month": lines["month"].to_numpy(),
            "family": pd.factorize(lines["product_family"])[0],
        }
    )
    return History(portfolio, ids, revenue, buys, families[families["family"] >= 0])


def snapshot(past: History, month: int) -> Snapshot:
    """What was knowable at the end of `month` (0 = as_of) of every partner active then."""
    n = len(past.partner_id)
    buys = past.buys[past.buys["month"] >= month]
    grouped = buys.groupby("partner")
    seen = calendar.month_end(past.portfolio.as_of, month)
    frame = pd.DataFrame(index=range(n))
    frame["recency_days"] = (seen - grouped["last_on"].max()).dt.days.astype("float64")
    frame["tenure_days"] = (seen - grouped["on"].min()).dt.days.astype("float64")
    frame["gaps"] = grouped["gap"].count()
    frame["median_gap"] = grouped["gap"].median()
    year = buys[buys["month"] < month + 12]
    frame["active_months"] = year.groupby("partner")["month"].nunique()
    frame["orders_half"] = _orders(buys, month, WINDOW, n)
    frame["orders_earlier"] = _orders(buys, month + WINDOW, 2 * WINDOW, n)
    frame["revenue_6m"] = past.sold(month, WINDOW)
    frame["revenue_12m"] = past.sold(month, 12)
    frame["revenue_half_before"] = past.sold(month + WINDOW, WINDOW)
    frame["revenue_year_before"] = past.sold(month + 12, 12)
    frame["revenue_earlier"] = past.sold(month + WINDOW, 2 * WINDOW)
    lately = past.families[past.families["month"].between(month, month + 11)]
    frame["families"] = lately.groupby("partner")["family"].nunique()
    active = frame[(frame["revenue_6m"] > 0) & frame["recency_days"].notna()]
    known = active[["recency_days", "revenue_12m", "revenue_6m"]].assign(
        usual_gap_months=(active["median_gap"] / DAYS_A_MONTH).where(active["gaps"] >= 2)
    )
    features = _features(active, past.depth - month)
    return Snapshot(month, active.index.to_numpy(dtype=np.int64), features, known.reset_index(drop=True))


def went_dormant(past: History, month: int, partner: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the partners (indices) had no net revenue above zero in the six months after `month`."""
    if month < WINDOW:
        raise ValueError(f"six months after month {month} have not passed yet")
    dormant: NDArray[np.bool_] = past.sold(month - WINDOW, WINDOW)[partner] <= 0
    return dormant


def usual_gap(own_median: pd.Series, gaps: pd.Series) -> pd.Series:
    """A partner's usual gap in days: its median gap, drawn to the median of all by one gap's weight."""
    pooled = float(own_median.median()) if own_median.notna().any() else 90.0
    count = gaps.fillna(0)
    drawn: pd.Series = (own_median.fillna(pooled) * count + pooled) / (count + 1)
    return drawn.clip(lower=1.0)


def _features(active: pd.DataFrame, depth: int) -> Array:
    gap = usual_gap(active["median_gap"], active["gaps"])
    tenure = active["tenure_days"].clip(lower=0)
    months_there = (tenure / DAYS_A_MONTH + 1).clip(upper=12)
    floor = 0.05 * active["revenue_12m"].clip(lower=0).mean() + 1e-9
    order_now = active["revenue_6m"] / active["orders_half"].clip(lower=1)
    order_before = (active["revenue_earlier"] / active["orders_earlier"].clip(lower=1)).where(active["orders_earlier"] > 0)
    old_half, old_year = tenure > 12 * DAYS_A_MONTH, tenure > 24 * DAYS_A_MONTH
    silence = active["recency_days"].clip(lower=0) / gap
    columns = {
        "overdue": np.log1p(silence),
        # nothing until the next order is due, then steep
        "late": np.log(silence.clip(lower=1.0)),
        "frequency": np.log((active["active_months"].fillna(0) + 0.5) / months_there),
        "half_trend": _log_ratio(active["revenue_6m"], active["revenue_half_before"], floor).where(old_half, 0.0),
        "size": np.log(active["revenue_12m"].clip(lower=0) + floor),
        "order_trend": _log_ratio(order_now, order_before, 0.05 * order_now.mean() + 1e-9).fillna(0.0),
        "year_trend": _log_ratio(active["revenue_12m"], active["revenue_year_before"], floor).where(old_year & (depth >= 24), 0.0),
        "tenure": np.log1p(tenure / DAYS_A_MONTH),
        "breadth": np.log1p(active["families"].fillna(0)),
        "rhythm": np.log(gap / DAYS_A_MONTH),
    }
    return pd.DataFrame(columns)[list(FEATURES)].to_numpy(dtype=float)


def _log_ratio(now: pd.Series, before: pd.Series, floor: float) -> pd.Series:
    ratio = np.log((now.clip(lower=0) + floor) / (before.clip(lower=0) + floor))
    return pd.Series(ratio, index=now.index).clip(-4, 4)


def _orders(buys: pd.DataFrame, first: int, count: int, n: int) -> Array:
    rows = buys[buys["month"].between(first, first + count - 1)]
    counts: Array = np.bincount(rows["partner"], rows["orders"], minlength=n).astype(float)
    return counts
