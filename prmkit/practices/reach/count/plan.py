"""How many partners the goal needs, for the whole and for each territory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import naive_count
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.yield_factor import yield_factors
from prmkit.practices.reach.territories import ALL, MIN_PARTNERS, home, revenue_shares
from prmkit.practices.reach.tiers_of_trade.contracted import productive

Array = NDArray[np.float64]

_CONFIDENCES = {"recruits_p50": 0.5, "recruits_p80": 0.8, "recruits_p90": 0.9}


@dataclass(frozen=True, slots=True)
class Place:
    """What one row of the plan rests on: draws of its present partners, last year's revenue, active partners, its goal."""

    draws: Array
    revenue: float
    productive: int
    listed: int
    goal: float | None
    factor: float


def plan(portfolio: Portfolio, case: Case | None) -> pd.DataFrame:
    """reach_plan: "all" first, then every territory in order. Territories have a goal only where `territories` gives one."""
    shares, where, selling = revenue_shares(portfolio), home(portfolio), productive(portfolio)
    names = sorted(set(shares["territory"]) | set(where))
    if case is None:
        counts = selling.groupby(where).sum()
        rows = [{"territory": ALL, "productive_partners": int(selling.sum())}]
        return pd.DataFrame(rows + [{"territory": name, "productive_partners": int(counts.get(name, 0))} for name in names])
    whole = Place(case.present, case.revenue, case.productive, len(portfolio.partners), case.target.revenue, 1.0)
    places = {ALL: whole} | _places(portfolio, case, shares, where, selling, names)
    made = pd.DataFrame([{"territory": name, **_row(case, place, own_plan=name == ALL)} for name, place in places.items()])
    return made.astype(dict.fromkeys(made.columns.drop("territory"), "float64"))


def _row(case: Case, place: Place, *, own_plan: bool) -> dict[str, float | int | None]:
    low, high = interval(place.draws)
    expected = float(place.draws.mean())
    row: dict[str, float | int | None] = {
        "goal": place.goal,
        "baseline": expected,
        "baseline_low": low,
        "baseline_high": high,
        "productive_partners": place.productive,
        "revenue_12m": place.revenue,
        "listed": place.listed,
    }
    if place.goal is None:
        return row
    row["gap"] = place.goal - expected
    row["probability_now"] = float(np.mean(place.draws >= place.goal))
    if place.productive and place.revenue > 0:
        row["recruits_naive"] = naive_count(place.goal - expected, place.revenue / place.productive)
    if own_plan or place.listed >= MIN_PARTNERS:
        recruits = case.grown(case.recruits.scaled(place.factor))
        for column, confidence in _CONFIDENCES.items():
            row[column] = case.count(confidence, place.goal, place.draws, recruits)
        row["recruits_asked"] = case.count(case.target.confidence, place.goal, place.draws, recruits)
    return row


def _places(
    portfolio: Portfolio, case: Case, shares: pd.DataFrame, where: pd.Series, selling: pd.Series, names: list[str]
) -> dict[str, Place]:
    factors, goals = portfolio.fitted(yield_factors), _goals(portfolio)
    at = case.fit.partner_id.get_indexer(pd.Index(shares["partner_id"]))
    recent = portfolio.per_partner()
    made = {}
    for name in names:
        own = (shares["territory"] == name).to_numpy()
        rows, share = at[own], shares.loc[own, "share"].to_numpy(dtype=float)
        coming = (case.now.coming[rows] * share[:, None].astype(np.float32)).sum(axis=0, dtype=np.float64)
        draws = coming * case.trend + float(case.now.past[rows] @ share)
        here = where[where == name].index
        made[name] = Place(
            draws=draws,
            revenue=float((recent[shares.loc[own, "partner_id"]].to_numpy() * share).sum()),
            productive=int(selling[here].sum()),
            listed=len(here),
            goal=goals.get(name),
            factor=float(factors.get(name, 1.0)) / case.factor,
        )
    return made


def _goals(portfolio: Portfolio) -> dict[str, float]:
    territories = portfolio.tables.get("territories")
    if territories is None:
        return {}
    known = territories.dropna(subset=["revenue_goal"])
    return {str(name): float(goal) for name, goal in zip(known["territory"], known["revenue_goal"], strict=True)}
