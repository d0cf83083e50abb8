"""Does a partner do as much with us as others of its kind, size, role and time with us?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.expected_count import ExpectedCount, expected_count, own_rate
from prmkit.estimators.lift import false_share
from prmkit.practices.aligned import aligned
from prmkit.practices.know.effort.stated_role import stated_role

Array = NDArray[Any]

ENOUGH = 60
RARE = 10
LESS = 0.75
"""Clearly less: an own rate below three quarters of what is expected of its like."""
MOST_FALSE = 0.10
UNIT = "order days in 12 months"
FUNDS = ("mdf", "coop")
_ABSENT = "unknown"


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of engaging: the table and day it is counted by, and what is counted, one and many."""

    table: str
    date: str
    noun: tuple[str, str]


KINDS: Mapping[str, Kind] = {
    "registrations": Kind("deals", "registered_on", ("deal registered", "deals registered")),
    "trainings": Kind("trainings", "completed_on", ("course completed", "courses completed")),
    "funds": Kind("incentives", "starts_on", ("campaign funded", "campaigns funded")),
    "plans": Kind("plans", "agreed_on", ("promise in a plan", "promises in a plan")),
}
"""What counts beside orders, where it is on record."""


def engagement(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, expected, expected_low, expected_high, seen, unit, chance_it_does_less, own_low, own_high, does_less, reason.

    seen: order days in the 12 months to as_of. Expected: what partners of the same type, size, stated role and time with us order
    where they order at all, so that one gone quiet stands out against them. Only partners whose first order is more than 12 months old are
    judged; nine in ten single partners of the kind fall into the range. chance_it_does_less: that its own rate of ordering, its luck
    taken out, is below `LESS` of that; own_low and own_high: 90% interval of that rate, as order days. does_less: the surest of them, as
    many as keep the expected share of wrong ones at a tenth, among those that still order and among those that do not. For each of
    `KINDS` on record <kind>_seen, _expected, _low, _high and _chance_less, learnt from partners that order.
    """
    found = portfolio.fitted(_expected)
    ids = portfolio.partners["partner_id"]
    return pd.DataFrame({"partner_id": ids, "seen": order_days(portfolio), "unit": UNIT}).join(found, on="partner_id")


@dataclass(frozen=True)
class Learning:
    """What is learnt from: `use`, a mask of partners, and a `design` with a row for every partner."""

    use: Array
    design: Array

    def expected(self, counts: Array) -> ExpectedCount | None:
        """What partners of each one's kind have of `counts`, (partners,)."""
        return expected_count(counts[self.use], self.design[self.use], self.design)


def learning(portfolio: Portfolio, learn: Array | None = None) -> Learning | None:
    """Partners that are judged and order, of those in the mask `learn` (all where None); None where there are too few of them."""
    tenure, seen = _tenure(portfolio), order_days(portfolio)
    use = (tenure >= 12) & (seen > 0) & (np.ones(len(seen), dtype=bool) if learn is None else learn)
    return Learning(use, _design(portfolio, use, np.where(np.isfinite(tenure), tenure, 12.0))) if use.sum() >= ENOUGH else None


def judged(portfolio: Portfolio) -> Array:
    """Mask of partners whose first order is more than 12 months old."""
    made: Array = _tenure(portfolio) >= 12
    return made


def order_days(portfolio: Portfolio) -> Array:
    """Days with an order of each partner in the 12 months."""
    year = portfolio.orders[portfolio.orders["month"] < 12]
    return year.groupby("partner_id")["order_days"].sum().reindex(portfolio.partners["partner_id"], fill_value=0).to_numpy(dtype=float)


def _tenure(portfolio: Portfolio) -> Array:
    return portfolio.partners["partner_id"].map(portfolio.orders.groupby("partner_id")["month"].max()).to_numpy(dtype=float)


def _expected(portfolio: Portfolio) -> pd.DataFrame:
    tenure, old = _tenure(portfolio), judged(portfolio)
    reason = np.select([~np.isfinite(tenure), ~old], ["never ordered", "with us for less than 12 months"], default="")
    numbers = ["expected", "expected_low", "expected_high", "chance_it_does_less", "own_low", "own_high"]
    made = pd.DataFrame(np.nan, index=pd.Index(portfolio.partners["partner_id"]), columns=numbers).assign(does_less=False)
    seen = order_days(portfolio)
    from_whom = learning(portfolio)
    fit = from_whom.expected(seen) if from_whom else None
    if from_whom is None or fit is None:
        learned = int((old & (seen > 0)).sum())
        reason = np.where(old, f"too few to learn from: {learned} partners of more than 12 months ordered, {ENOUGH} are needed", reason)
    else:
        own = own_rate(seen, fit.expected, fit.shape, LESS)
        chance = _gone_or_less(seen, fit, old, own.chance_below)
        columns = [fit.expected, fit.low, fit.high, chance, own.low * fit.expected, own.high * fit.expected]
        made.loc[old, numbers] = np.column_stack(columns)[old]
        chosen = np.any([false_share(1 - chance, old & (chance > 0.5) & group, MOST_FALSE)[0] for group in (seen > 0, seen == 0)], axis=0)
        made = made.assign(does_less=chosen, **_kinds(portfolio, from_whom, old))
    return made.assign(reason=pd.Series(reason, index=made.index, dtype="str").replace("", None))


def _gone_or_less(seen: Array, fit: ExpectedCount, old: Array, less: Array) -> Array:
    """Chance of ordering clearly less; of one that ordered nothing also that it is gone, by how many more do so than chance alone makes."""
    silent = _no_order(fit)
    share, by_luck = float((seen[old] == 0).mean()), float(silent[old].mean())
    gone = max(share - by_luck, 0.0) / max(1 - by_luck, 1e-9)
    away = gone / np.maximum(gone + (1 - gone) * silent, 1e-12)
    return np.where(seen == 0, away + (1 - away) * less, less)


def _no_order(fit: ExpectedCount) -> Array:
    """Chance that one of the kind that orders at all has no order in the 12 months."""
    shape = np.minimum(fit.shape, 1e6)
    made: Array = np.exp(-shape * np.log1p(fit.expected / shape))
    return made


def _kinds(portfolio: Portfolio, from_whom: Learning, old: Array) -> dict[str, Array]:
    """Columns of the other ways of engaging that are on record."""
    made: dict[str, Array] = {}
    for name, kind in KINDS.items():
        counts = _counted(portfolio, kind)
        fit = None if counts is None else from_whom.expected(counts)
        if counts is None or fit is None:
            continue
        chance = own_rate(counts, fit.expected, fit.shape, LESS).chance_below
        told = {"expected": fit.expected, "low": fit.low, "high": fit.high, "chance_less": chance}
        made |= {f"{name}_seen": counts} | {f"{name}_{what}": np.where(old, values, np.nan) for what, values in told.items()}
    return made


def _counted(portfolio: Portfolio, kind: Kind) -> Array | None:
    """How many of a kind each partner has in the 12 months; None where there is none on record at all."""
    if not portfolio.has(kind.table):
        return None
    rows = portfolio.tables[kind.table]
    rows = rows[(rows[kind.date] > calendar.month_end(portfolio.as_of, 12)) & (rows[kind.date] <= portfolio.as_of)]
    if kind.table == "incentives":
        rows = rows[rows["programme"].isin(FUNDS) & ~rows["status"].isin(["rejected", "expired"])]
    counts: Array = aligned(rows.groupby("partner_id").size(), portfolio.partners["partner_id"]).fillna(0).to_numpy(dtype=float)
    return counts if counts.any() else None


def _design(portfolio: Portfolio, use: Array, tenure: Array) -> Array:
    """Columns for every partner; those that do not vary among the ones learnt from are left out."""
    partners = portfolio.partners
    size = partners["employees"].astype("float64")
    logs = pd.Series(np.log(size.where(size > 0)), index=partners.index)
    columns = {"tenure": _centred(np.log(tenure + 1), use)}
    if logs.notna()[use].sum() >= RARE:
        columns["size"] = _centred(logs.fillna(logs[use].mean()).to_numpy(), use)
        columns["size_missing"] = logs.isna().to_numpy(dtype=float)
    for words in (partners["partner_type"].fillna(_ABSENT), stated_role(portfolio)):
        common = words[use].value_counts()
        for name in sorted(common[common >= RARE].index)[1:]:
            columns[f"{words.name}={name}"] = (words == name).to_numpy(dtype=float)
    varied = [values for values in columns.values() if np.ptp(values[use]) > 0]
    every = np.column_stack([np.ones(len(partners)), *varied])
    crossed = every[use].T @ every[use]
    kept = [0]
    for column in range(1, every.shape[1]):
        if np.linalg.matrix_rank(crossed[np.ix_([*kept, column], [*kept, column])], hermitian=True) > len(kept):
            kept.append(column)
    return every[:, kept]


def _centred(values: Array, use: Array) -> Array:
    return np.asarray(values - values[use].mean())
