"""The territories of a plan: what each rests on, and its share of the recruits where no goal of its own decides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.capacity import Recruits
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.split import by_return, largest_remainders
from prmkit.practices.reach.count.yield_factor import yield_logs
from prmkit.practices.reach.territories import MIN_PARTNERS, home, revenue_shares
from prmkit.practices.reach.tiers_of_trade.contracted import productive

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_DRAWS = 200
SMALL = "territories of fewer than eight partners"


@dataclass(frozen=True)
class Place:
    """One territory of a plan.

    rows (k,): where the partners that sold there are in the client's fit; part (k,): the part of each one's revenue that counts
    there. revenue: of the 12 months. productive, listed: partners at home there, active and in all. goal: its own, None without.
    factor: yield of its recruits over the portfolio's; unsure: standard deviation of what is not known of its log.
    """

    name: str
    rows: Whole
    part: Array
    revenue: float
    productive: int
    listed: int
    goal: float | None
    factor: float
    unsure: float

    def coming(self, case: Case) -> Array:
        """Draws (D,) of what its partners will sell in the part of the goal's 12 months still to come."""
        drawn = self.part.astype(np.float32) @ case.now.coming[self.rows]
        made: Array = drawn.astype(np.float64) * case.trend
        return made

    def present(self, case: Case) -> Array:
        """Draws (D,) of what its partners will sell in the goal's 12 months."""
        made: Array = self.coming(case) + float(self.part @ case.now.past[self.rows])
        return made

    def recruits(self, case: Case) -> Recruits:
        """Recruits signed there, before the common trend: they share with the partners of that territory alone."""
        return case.recruits.scaled(self.factor).among(float(self.productive), self.coming(case))


def places(case: Case) -> list[Place]:
    """Every territory of the portfolio, in order of name."""
    portfolio = case.portfolio
    told, where, selling = revenue_shares(portfolio), home(portfolio), productive(portfolio)
    factors, goals, recent = portfolio.fitted(yield_logs), _goals(portfolio), portfolio.per_partner()
    told = told.assign(row=case.fit.partner_id.get_indexer(pd.Index(told["partner_id"])))
    told["money"] = told["share"] * told["partner_id"].map(recent).fillna(0.0)
    listed, counts = where.groupby(where).size(), selling.groupby(where).sum()
    groups = {str(name): own for name, own in told.groupby("territory")}
    nobody = told.iloc[:0]
    made = []
    for name in sorted(set(groups) | {str(name) for name in listed.index}):
        own = groups.get(name, nobody)
        made.append(
            Place(
                name=name,
                rows=own["row"].to_numpy(dtype=np.int64),
                part=own["share"].to_numpy(dtype=float),
                revenue=float(own["money"].sum()),
                productive=int(counts.get(name, 0)),
                listed=int(listed.get(name, 0)),
                goal=goals.get(name),
                factor=float(factors["factor"].get(name, 1.0)) / case.factor,
                unsure=float(factors["error"].get(name, 0.0)),
            )
        )
    return made


@dataclass(frozen=True)
class Shares:
    """The plan's recruits shared out: `count` (T,) of them for each of `places`, the small territories taken together in one.

    rule: by_goal, in proportion to what the territories need for goals of their own; else by_return, to equal marginal returns.
    """

    places: tuple[Place, ...]
    count: Whole
    rule: str

    @cached_property
    def by_name(self) -> dict[str, int]:
        """Recruits by the name of the place."""
        return {place.name: int(count) for place, count in zip(self.places, self.count, strict=True)}


def shares(case: Case, each: list[Place]) -> Shares | None:
    """Recruits of the whole plan by territory, `each` from `places(case)`; None where there are not two to share them between."""
    grouped = together(each)
    if len(grouped) < 2:
        return None
    asked = case.asked or 0
    own = [_own(case, place) for place in grouped]
    if all(one is not None for one in own) and any(own):
        return Shares(tuple(grouped), largest_remainders(np.array(own, dtype=float), asked), "by_goal")
    rng = np.random.default_rng([case.portfolio.settings.seed, 26])
    factor, unsure = (np.array([getattr(place, name) for place in grouped]) for name in ("factor", "unsure"))
    one = factor * np.exp(unsure * rng.standard_normal((_DRAWS, len(grouped))) - unsure**2 / 2)
    elasticity = np.ones(_DRAWS) if case.recruits.crowding is None else rng.choice(case.recruits.crowding[2], _DRAWS)
    present = np.array([float(place.productive) for place in grouped])
    counts = by_return(present, one, float(case.channel.activated.mean()), elasticity, asked)
    return Shares(tuple(grouped), counts, "by_return")


def _own(case: Case, place: Place) -> int | None:
    """Recruits that a territory's own goal needs; None without one, or where it is too small to say."""
    if place.goal is None or place.listed < MIN_PARTNERS:
        return None
    return case.count(case.target.confidence, place.goal, place.present(case), case.grown(place.recruits(case)))


def together(each: list[Place]) -> list[Place]:
    """The same territories, those of fewer than eight partners joined into one (left out where nobody is at home in them)."""
    small = [place for place in each if place.listed < MIN_PARTNERS]
    large = [place for place in each if place.listed >= MIN_PARTNERS]
    if not small:
        return large
    productive = sum(place.productive for place in small)
    weight = np.array([float(max(place.productive, 1e-9)) for place in small])
    joined = Place(
        name=SMALL if len(small) > 1 else small[0].name,
        rows=np.concatenate([place.rows for place in small]),
        part=np.concatenate([place.part for place in small]),
        revenue=sum(place.revenue for place in small),
        productive=productive,
        listed=sum(place.listed for place in small),
        goal=None,
        factor=float(np.average([place.factor for place in small], weights=weight)),
        unsure=float(np.average([place.unsure for place in small], weights=weight)),
    )
    return [*large, joined]


def _goals(portfolio: Portfolio) -> dict[str, float]:
    territories = portfolio.tables.get("territories")
    if territories is None:
        return {}
    known = territories.dropna(subset=["revenue_goal"])
    return {str(name): float(goal) for name, goal in zip(known["territory"], known["revenue_goal"], strict=True)}
