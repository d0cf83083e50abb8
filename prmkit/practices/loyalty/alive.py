"""Is a partner that has bought before still with us? By BG/NBD, or by its own gap where buyers are regular."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.dormancy import fit_dormancy
from prmkit.estimators.rhythm import REGULAR, fit_rhythm, gap_cv
from prmkit.practices.loyalty.snapshots import DAYS_A_MONTH

Array = NDArray[np.float64]

ENOUGH_REPEAT_BUYERS = 30
_DENSE = 0.2
_BLOCK = 3


@dataclass(frozen=True)
class Alive:
    """probability: one value for every partner of the client in id order, null where it never bought or nothing was fitted.

    method: which model; cv: how regular its buyers are (1 = at random); reason: why there is nothing.
    """

    probability: pd.Series[Any]
    method: Literal["BG/NBD", "own gap", "none"]
    cv: float | None
    reason: str


@reads()
def fit_alive(portfolio: Portfolio) -> Alive:
    """Choose and fit the model on the client's buyers (pass the whole client: portfolio.fitted does)."""
    ids = portfolio.partners["partner_id"]
    buys = _buys(portfolio)
    cv = _regularity(buys)
    repeat = int((buys.groupby("partner")["order_days"].sum() > 1).sum()) if len(buys) else 0
    nothing = pd.Series(np.nan, index=ids.index)
    if cv is None or repeat < ENOUGH_REPEAT_BUYERS:
        reason = f"only {repeat} partners ordered more than once; a rhythm needs {ENOUGH_REPEAT_BUYERS}"
        return Alive(nothing, "none", cv, reason)
    sums = buys.groupby("partner").agg(first=("on", "min"), last=("last_on", "max"), days=("order_days", "sum"))
    age = (portfolio.as_of - sums["first"]).dt.days.to_numpy() / DAYS_A_MONTH
    last = (sums["last"] - sums["first"]).dt.days.to_numpy() / DAYS_A_MONTH
    if cv < REGULAR:
        probability, settled = _own_gap(buys, age - last)
        method: Literal["BG/NBD", "own gap"] = "own gap"
    else:
        method = "BG/NBD"
        repeats = sums["days"].to_numpy(dtype=float) - 1
        repeats = np.where(last > 0, repeats, 0.0)
        model = fit_dormancy(repeats, last, age, after_first=True)
        probability, settled = model.alive(repeats, last, age), model.converged
    if not settled:
        return Alive(nothing, "none", cv, f"the {method} model did not settle on this data")
    return Alive(nothing.mask(ids.index.isin(sums.index), pd.Series(probability, index=sums.index).reindex(ids.index)), method, cv, "")


def _buys(portfolio: Portfolio) -> pd.DataFrame:
    """partner (index), on, last_on, order_days: one row per partner and month with orders, oldest first."""
    index = pd.Index(portfolio.partners["partner_id"])
    rows = portfolio.orders[(portfolio.orders["order_days"] > 0) & portfolio.orders["partner_id"].isin(index)]
    rows = rows.sort_values(["partner_id", "month"], ascending=[True, False])
    partner = index.get_indexer(rows["partner_id"])
    return pd.DataFrame(
        {
            "partner": partner,
            "on": rows["first_on"].to_numpy(),
            "last_on": rows["last_on"].to_numpy(),
            "order_days": rows["order_days"].to_numpy(),
            "month": rows["month"].to_numpy(),
        }
    )


def _gaps(buys: pd.DataFrame) -> pd.DataFrame:
    """partner, gap (months): between months, and inside a month with two order days; more are taken as evenly spread."""
    between = (buys["on"] - buys.groupby("partner")["last_on"].shift()).dt.days / DAYS_A_MONTH
    outer = pd.DataFrame({"partner": buys["partner"], "gap": between}).dropna()
    busy = buys[buys["order_days"] > 1]
    more = busy["order_days"].to_numpy() - 1
    gap = (busy["last_on"] - busy["on"]).dt.days.to_numpy() / DAYS_A_MONTH / more
    inner = pd.DataFrame({"partner": np.repeat(busy["partner"].to_numpy(), more), "gap": np.repeat(gap, more)})
    rows: pd.DataFrame = pd.concat([outer, inner], ignore_index=True)
    return rows[rows["gap"] > 0]


def _regularity(buys: pd.DataFrame) -> float | None:
    """Coefficient of variation of the gaps; of counts per quarter where partners order too often for gaps to be seen."""
    if buys.empty:
        return None
    if (buys["order_days"] > 2).mean() <= _DENSE:
        gaps = _gaps(buys)
        return gap_cv(gaps["gap"].to_numpy(dtype=float), gaps["partner"].to_numpy(dtype=np.int64))
    return _count_dispersion(buys)


def _count_dispersion(buys: pd.DataFrame) -> float | None:
    """Median over partners of the root of variance over mean of order days a quarter, which is the gap CV of a long renewal stream."""
    first, last = (buys.groupby("partner")["month"].transform(name) for name in ("max", "min"))
    inner = buys[(buys["month"] < first) & (buys["month"] > last)]
    if inner.empty:
        return None
    counts = inner.assign(block=inner["month"] // _BLOCK).groupby(["partner", "block"])["order_days"].sum()
    wide = counts.unstack(fill_value=0)
    span = (wide > 0).to_numpy()
    start, end = span.argmax(axis=1), span.shape[1] - 1 - span[:, ::-1].argmax(axis=1)
    # quarters at either end are cut short
    inside = (np.arange(span.shape[1]) > start[:, None]) & (np.arange(span.shape[1]) < end[:, None])
    n = inside.sum(axis=1)
    values = wide.to_numpy(dtype=float)
    mean = (values * inside).sum(axis=1) / np.maximum(n, 1)
    variance = (((values - mean[:, None]) ** 2) * inside).sum(axis=1) / np.maximum(n - 1, 1)
    use = (n >= 4) & (mean > 0)
    return float(np.median(np.sqrt(variance[use] / mean[use]))) if use.sum() >= 10 else None


def _own_gap(buys: pd.DataFrame, silence: Array) -> tuple[Array, bool]:
    gaps = _gaps(buys)
    order = pd.Index(buys["partner"].unique()).sort_values()
    buyer = order.get_indexer(gaps["partner"])
    gap = gaps["gap"].to_numpy(dtype=float)
    model = fit_rhythm(gap, buyer, silence)
    total = np.bincount(buyer, gap, minlength=len(order)).astype(float)
    count = np.bincount(buyer, minlength=len(order)).astype(float)
    return model.alive(silence, model.usual_gap(total, count)), model.converged
