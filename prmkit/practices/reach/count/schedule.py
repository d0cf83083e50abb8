"""The months ahead, whole and by territory: how many to sign, whom to contact by when, and what revenue to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.recruitment import revenue_by_age
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.funnel import signing_rate
from prmkit.practices.reach.count.places import Shares
from prmkit.practices.reach.count.split import month_by_place
from prmkit.practices.reach.territories import ALL

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_DEFAULT_LUCK = 0.2
_MOST_YEARS = 3
_MONTH_DAYS = 365.25 / 12


def schedule(case: Case, parts: Shares | None) -> pd.DataFrame:
    """reach_calendar: every coming month up to the goal's last day, for the whole ("all") and then for each territory.

    Recruits signed evenly, by territory as the plan shares them out: the months of all territories add up to the whole's to the unit.
    Territories of fewer than eight partners stand together in one row. Revenue at 10, 50 and 90%, each of its own (medians do not add
    up). contact_by: when prospects have to be approached so that they sign in the month, at the usual wait; candidates: how many.
    Without a goal, or where no number of recruits is enough: the present partners alone, and recruits_to_sign null. parts: `shares(case)`.
    """
    months, asked = case.now.window.months, case.asked
    signed = np.diff(np.rint((asked or 0) * np.arange(months + 1) / months)).astype(np.int64)
    whole_shape, luck = season(case.portfolio.whole)
    turn = whole_shape[(12 - np.arange(1, months + 1)) % 12]
    rng = np.random.default_rng([case.portfolio.settings.seed, 9])
    noise = turn * np.exp(luck * rng.standard_normal((len(case.trend), months)) - luck**2 / 2)
    path = np.cumsum(revenue_by_age(case.channel, months)) / months
    draws = (_present_by_month(case, case.rows) + _recruits_by_month(case, case.recruits, asked or 0, path)) * noise
    tables = [_rows(case, ALL, draws, signed if asked is not None else None)]
    if parts is not None:
        tables += _by_place(case, parts, signed if asked is not None else None, noise, path)
    return pd.concat(tables, ignore_index=True)


def _by_place(case: Case, parts: Shares, signed: Whole | None, noise: Array, path: Array) -> list[pd.DataFrame]:
    dealt = None if signed is None else month_by_place(signed, parts.count)
    made = []
    for at, place in enumerate(parts.places):
        count = 0 if dealt is None else int(parts.count[at])
        drawn = _present_by_month(case, place.rows, place.part) + _recruits_by_month(case, place.recruits(case), count, path)
        made.append(_rows(case, place.name, drawn * noise, None if dealt is None else dealt[:, at]))
    return made


def _rows(case: Case, name: str, draws: Array, signed: Whole | None) -> pd.DataFrame:
    months = draws.shape[1]
    as_of, by = case.portfolio.as_of, max(case.target.by, case.portfolio.as_of)
    ends = pd.Series([min(calendar.month_end(as_of, -k), by) for k in range(1, months + 1)], dtype="datetime64[us]")
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    made = pd.DataFrame(
        {
            "month": ends,
            "territory": name,
            "recruits_to_sign": np.full(months, np.nan) if signed is None else signed.astype(float),
            "revenue_p10": low,
            "revenue_p50": middle,
            "revenue_p90": high,
        }
    )
    share = case.portfolio.fitted(signing_rate)
    if share is None or signed is None:
        return made
    if np.isfinite(share.months):
        made["contact_by"] = ends - pd.to_timedelta(round(share.months * _MONTH_DAYS), unit="D")
    return made.assign(candidates=made["recruits_to_sign"] / share.share)


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


def _present_by_month(case: Case, rows: Whole, part: Array | None = None) -> Array:
    """Draws (D, months) of what the partners in these rows sell, or of the `part` of it that counts in a territory, season apart."""
    part = np.ones(len(rows)) if part is None else part
    path = part @ case.now.path[rows]
    coming = part.astype(np.float32) @ case.now.coming[rows]
    scale = coming / coming.mean() if len(rows) and coming.mean() > 0 else np.ones(len(case.trend))
    made: Array = (scale * case.trend)[:, None] * path
    return made


def _recruits_by_month(case: Case, recruits: Recruits, count: int, path: Array) -> Array:
    """Draws (D, months) of what so many recruits add, season apart; path (months,): how it grows over the months."""
    inside = float(path @ case.now.window.weights())
    if not count or inside <= 0:
        return np.zeros((len(case.trend), len(path)))
    made: Array = (case.grown(recruits).revenue(count) / inside)[:, None] * path
    return made
