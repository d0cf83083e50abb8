"""How many partners the goal needs, for the whole and for each territory."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import Recruits, naive_count
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.places import Place, Shares, places
from prmkit.practices.reach.territories import ALL, MIN_PARTNERS, home
from prmkit.practices.reach.tiers_of_trade.contracted import productive

Array = NDArray[np.float64]

_CONFIDENCES = {"recruits_p50": 0.5, "recruits_p80": 0.8, "recruits_p90": 0.9}


def plan(portfolio: Portfolio, case: Case | None, each: list[Place] | None = None, parts: Shares | None = None) -> pd.DataFrame:
    """reach_plan: "all" first, then every territory in order.

    Territories have a goal, and recruits for it, only where `territories` gives one. recruits_share is another thing: what the
    territory gets of the whole plan's recruits; it adds up to them. each, parts: `places(case)` and `shares` of them.
    """
    if case is None:
        selling, where = productive(portfolio), home(portfolio)
        counts = selling.groupby(where).sum()
        rows = [{"territory": ALL, "productive_partners": int(selling.sum())}]
        return pd.DataFrame(rows + [{"territory": name, "productive_partners": int(count)} for name, count in counts.sort_index().items()])
    whole = _row(case, case.present, case.revenue, case.productive, case.target.revenue, case.grown())
    rows = [{"territory": ALL, "listed": len(portfolio.partners), "recruits_share": case.asked, **whole}]
    for place in each or places(case):
        recruits = case.grown(place.recruits(case)) if place.listed >= MIN_PARTNERS else None
        own = _row(case, place.present(case), place.revenue, place.productive, place.goal, recruits)
        rows.append({"territory": place.name, "listed": place.listed, "recruits_share": _share(case, parts, place.name), **own})
    made = pd.DataFrame(rows)
    return made.astype(dict.fromkeys(made.columns.drop("territory"), "float64"))


def _share(case: Case, parts: Shares | None, name: str) -> int | None:
    if case.asked is None:
        return None
    return case.asked if parts is None else parts.by_name.get(name)


def _row(
    case: Case, draws: Array, revenue: float, productive: int, goal: float | None, recruits: Recruits | None
) -> dict[str, float | int | None]:
    low, high = interval(draws)
    expected = float(draws.mean())
    row: dict[str, float | int | None] = {
        "goal": goal,
        "baseline": expected,
        "baseline_low": low,
        "baseline_high": high,
        "productive_partners": productive,
        "revenue_12m": revenue,
    }
    if goal is None:
        return row
    row["gap"] = goal - expected
    row["probability_now"] = float(np.mean(draws >= goal))
    if productive and revenue > 0:
        row["recruits_naive"] = naive_count(goal - expected, revenue / productive)
    if recruits is not None:
        for column, confidence in _CONFIDENCES.items():
            row[column] = case.count(confidence, goal, draws, recruits)
        row["recruits_asked"] = case.count(case.target.confidence, goal, draws, recruits)
    return row
