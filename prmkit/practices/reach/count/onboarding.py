"""How many new partners the partner managers can bring up, and whether the plan asks for more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.ratio import ratio_of_sums
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.territories import active
from prmkit.practices.result import NotComputed

MOST_SEEN_MONTHS = 3
_ENOUGH_NEW = 5
_ENOUGH_SIGNED = 5
_YEAR = 12
_LEAST_FILLED = 0.5
MEANS = {
    "told": "the engagement's own number",
    "hours": "managers' hours that older partners leave, over the hours a partner takes in its first 12 months",
    "most_seen": "the most that signed in any three months of the record: more was never tried, which is no proof that it cannot be done",
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """New partners a month by one way of counting, with its 90% interval (nan without), and the managers it rests on (nan)."""

    basis: str
    per_month: float
    low: float
    high: float
    managers: float
    hours_each: float


def capacities(case: Case) -> tuple[list[Capacity], list[NotComputed]]:
    """All ways of counting that the data carry, the surest first, and why the others do not."""
    portfolio, nan = case.portfolio, float("nan")
    made: list[Capacity] = []
    missing: list[NotComputed] = []
    told = portfolio.settings.reach.get("onboarding_capacity")
    if isinstance(told, int | float):
        made.append(Capacity("told", float(told) * _own_part(portfolio), nan, nan, nan, nan))
    hours = _by_hours(portfolio)
    if isinstance(hours, Capacity):
        made.append(hours)
    else:
        missing.append(hours)
    most = _most_seen(case)
    if most is not None:
        made.append(Capacity("most_seen", most, nan, nan, nan, nan))
    return made, missing


def onboarding(case: Case) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_onboarding: one row for each way of counting, the first is the one to go by; None where none can be had.

    per_month against the busiest month of the plan (asked_per_month); reachable: recruits that can be brought up until the goal's last
    day, and the chance of the goal with no more than those.
    """
    found, missing = capacities(case)
    if not found:
        why = "neither partner managers and the hours they spend, nor signing dates are known"
        return None, [NotComputed("onboarding", None, why, "support")]
    asked, months = case.count(case.target.confidence), max(case.target.months, 1.0)
    rows = []
    for one in found:
        row: dict[str, object] = {
            "basis": one.basis,
            "per_month": one.per_month,
            "per_month_low": one.low,
            "per_month_high": one.high,
            "managers": one.managers,
            "hours_each": one.hours_each,
            "means": MEANS[one.basis],
        }
        if case.target.revenue is not None:
            within = int(np.floor(one.per_month * months + 1e-9))
            row |= {"asked": asked, "reachable": within, "chance": case.chance(within if asked is None else min(within, asked))}
            if asked is not None:
                row |= {"asked_per_month": float(np.ceil(asked / months)), "binding": within < asked}
        rows.append(row)
    if case.target.revenue is None:
        missing.append(NotComputed("onboarding", "chance", case.target.missing, "engagement.yaml"))
    return pd.DataFrame(rows), missing


def _by_hours(portfolio: Portfolio) -> Capacity | NotComputed:
    """Capacity from managers, their hours a year, and who they spend them on."""
    hours, partners = portfolio.settings.economics.manager_hours, portfolio.partners
    here = partners[partners["ended_on"].isna() | (partners["ended_on"] > portfolio.as_of)]
    managers = int(here["partner_manager"].nunique())
    if not managers:
        return NotComputed("onboarding", "managers", "no partner manager is named", "partners")
    if hours is None:
        why = "how many hours a year a partner manager has for partners is not known: set economics.manager_hours"
        return NotComputed("onboarding", "hours_each", why, "engagement.yaml")
    spent = _manager_hours(portfolio)
    if spent is None:
        return NotComputed("onboarding", "hours_each", "hours that managers spend on partners are not on record", "support")
    filled = float(spent[["first_year_hours", "older_hours"]].to_numpy().sum()) / (managers * hours)
    if filled < _LEAST_FILLED:
        share = Phrases.of(portfolio).share(filled)
        why = f"hours on record fill only {share} of the managers' time: what the rest goes to, and so what is left, is not known"
        return NotComputed("onboarding", "hours_each", why, "support")
    new = spent[spent["first_year_months"] > 0]
    if len(new) < _ENOUGH_NEW or new["first_year_hours"].sum() <= 0:
        why = f"fewer than {_ENOUGH_NEW} partners with hours on record joined lately: what a new one takes is not known"
        return NotComputed("onboarding", "hours_each", why, "partners")
    each = ratio_of_sums(
        new["first_year_hours"].to_numpy(dtype=float), new["first_year_months"].to_numpy(dtype=float), portfolio.settings.seed
    )
    older = float(spent["older_hours"].sum())
    left = max(managers * hours - older, float(spent["first_year_hours"].sum()))
    # each new partner takes `each` hours a month for a year: so many at once, a twelfth of them signed every month
    month, low, high = (left / (_YEAR * hours_a_month) / _YEAR for hours_a_month in (each.value, each.high, each.low))
    return Capacity("hours", month, low, high, managers, _YEAR * each.value)


def _manager_hours(portfolio: Portfolio) -> pd.DataFrame | None:
    """By partner, 12 months to as_of: hours of its manager in its first 12 months and after, and months of its first year inside; None."""
    support = portfolio.tables.get("support")
    if support is None or support.empty:
        return None
    start = calendar.month_end(portfolio.as_of, _YEAR)
    rows = support[(support["kind"] == "account_management") & (support["month"] > start) & (support["month"] <= portfolio.as_of)]
    rows = rows[rows["hours"].notna() & (rows["hours"] >= 0)]
    if rows.empty:
        return None
    partners = portfolio.partners.drop_duplicates("partner_id").set_index("partner_id")
    joined = partners["joined_on"]
    year_one = rows["partner_id"].map(joined) > rows["month"] - pd.DateOffset(months=_YEAR)
    split = rows.assign(new=year_one.to_numpy(dtype=bool)).groupby(["partner_id", "new"])["hours"].sum().unstack(fill_value=0)
    split = split.reindex(columns=[False, True], fill_value=0.0).reindex(partners.index, fill_value=0.0)
    ends = joined + pd.DateOffset(months=_YEAR)
    until, begin = ends.where(ends < portfolio.as_of, portfolio.as_of), joined.where(joined > start, start)
    inside = ((until - begin).dt.days / (365.25 / _YEAR)).clip(lower=0.0, upper=float(_YEAR)).fillna(0.0)
    return pd.DataFrame({"first_year_hours": split[True], "older_hours": split[False], "first_year_months": inside})


def _most_seen(case: Case) -> float | None:
    """Most partners a month that were signed in any three months of the record; None where fewer than five dates are known.

    Where signing is not dated: those that first sold, over the share that activates.
    """
    life = case.channel.lives
    start = life.start[case.rows]
    known = life.dated[case.rows] & (start > 0) & (start < life.months)
    if life.clock == "first_sale":
        known &= life.sold[case.rows]
    if known.sum() < _ENOUGH_SIGNED or life.months < MOST_SEEN_MONTHS:
        return None
    by_month = np.bincount(start[known], minlength=life.months).astype(float)
    busiest = float(np.convolve(by_month, np.ones(MOST_SEEN_MONTHS), mode="valid").max()) / MOST_SEEN_MONTHS
    return busiest / max(float(case.channel.activated.mean()), 1e-6) if life.clock == "first_sale" else busiest


def _own_part(portfolio: Portfolio) -> float:
    """Part of the client's active partners in this portfolio: a capacity named for the client is shared out so."""
    if portfolio.name == "all":
        return 1.0
    everybody = float(active(portfolio.whole).sum())
    return float(active(portfolio).sum()) / everybody if everybody else 1.0
