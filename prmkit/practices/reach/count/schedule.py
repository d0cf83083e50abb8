"""The year ahead by month: how many to sign, and what revenue to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.recruitment import revenue_by_age
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.territories import ALL

Array = NDArray[np.float64]

_DEFAULT_LUCK = 0.2
_MOST_YEARS = 3


def schedule(case: Case) -> pd.DataFrame:
    """reach_calendar: every coming month up to the goal's last day, with recruits signed evenly and revenue at 10, 50 and 90%.

    Without a goal, or where no number of recruits is enough: the present partners alone, and recruits_to_sign null.
    """
    months = case.now.window.months
    asked = case.count(case.target.confidence)
    shape, luck = season(case.portfolio.whole)
    turn = shape[(12 - np.arange(1, months + 1)) % 12]
    draws = _present_by_month(case) + _recruits_by_month(case, asked or 0)
    rng = np.random.default_rng([case.portfolio.settings.seed, 9])
    draws = draws * turn * np.exp(luck * rng.standard_normal(draws.shape) - luck**2 / 2)
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    ends = [min(calendar.month_end(case.portfolio.as_of, -k), max(case.target.by, case.portfolio.as_of)) for k in range(1, months + 1)]
    steps = np.rint((asked or 0) * np.arange(months + 1) / months)
    return pd.DataFrame(
        {
            "month": pd.Series(ends, dtype="datetime64[us]"),
            "territory": ALL,
            "recruits_to_sign": np.diff(steps) if asked is not None else np.full(months, np.nan),
            "revenue_p10": low,
            "revenue_p50": middle,
            "revenue_p90": high,
        }
    )


def season(whole: Portfolio) -> tuple[Array, float]:
    """Share of an average month by months back (12,), drawn half-way or less to 1, and the spread of one month's log about it.

    From whole years of the client's partner sales, at most three; without two of them, flat with a spread of 0.2.
    """
    years = min(whole.history_months // 12, _MOST_YEARS)
    totals = whole.months.groupby("month")["revenue"].sum().reindex(range(12 * years), fill_value=0.0).to_numpy(dtype=float)
    by_year = np.maximum(totals.reshape(years, 12), 0.0) if years else np.zeros((0, 12))
    by_year = by_year[by_year.sum(axis=1) > 0]
    if len(by_year) < 2:
        return np.ones(12), _DEFAULT_LUCK
    index = by_year / by_year.mean(axis=1, keepdims=True)
    shape = index.mean(axis=0)
    both = (index > 0).all(axis=0)
    apart = np.log(index[:, both] / shape[both])
    luck = float(np.sqrt((apart**2).sum() / (both.sum() * (len(by_year) - 1)))) if both.any() else _DEFAULT_LUCK
    kept = len(by_year) / (len(by_year) + 1)
    drawn: Array = 1 + kept * (shape - 1)
    return drawn, luck


def _present_by_month(case: Case) -> Array:
    path = case.now.path[case.rows].sum(axis=0)
    coming = case.coming
    scale = coming / coming.mean() if coming.mean() > 0 else np.ones(len(coming))
    made: Array = (scale * case.trend)[:, None] * path
    return made


def _recruits_by_month(case: Case, count: int) -> Array:
    months = case.now.window.months
    by_age = revenue_by_age(case.channel, months) * case.factor
    signed_so_far = np.array([by_age[: month + 1].sum() for month in range(months)]) * count / months
    drawn = case.recruits.revenue(count)
    scale = drawn / drawn.mean() if count and drawn.mean() > 0 else np.ones(len(case.trend))
    made: Array = (scale * case.trend)[:, None] * signed_so_far
    return made
