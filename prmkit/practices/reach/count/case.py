"""One portfolio's sum: what its partners will sell, what the goal asks, what a recruit adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.capacity import Recruits, chance, count_for, mean_count
from prmkit.estimators.channel import Channel
from prmkit.estimators.predictive import Outlook
from prmkit.estimators.recruitment import expected_months, pool_mean, simulate_recruits
from prmkit.practices.reach.count.goal import Target, target
from prmkit.practices.reach.count.yield_factor import yield_factors
from prmkit.practices.reach.crowding.growing import crowding
from prmkit.practices.reach.forecast.fit import ReachFit, fit_reach, outlooks
from prmkit.practices.reach.territories import active, home
from prmkit.practices.reach.tiers_of_trade.contracted import productive

Array = NDArray[np.float64]

_MOST_TIMES = 50
_LEAST, _MOST = 100, 400
_DRAWS_EACH = 10


@dataclass(frozen=True)
class Case:
    """A portfolio whose channel could be estimated.

    rows: its partners in the client's fit; revenue: of the 12 months to as_of; productive: partners active at
    as_of; factor: yield of its recruits over the client's; recruits: what they add, before the common trend.
    """

    portfolio: Portfolio
    fit: ReachFit
    channel: Channel
    target: Target
    now: Outlook
    later: Outlook
    rows: NDArray[np.int64]
    revenue: float
    productive: int
    factor: float
    recruits: Recruits

    @cached_property
    def coming(self) -> Array:
        """The part of `present` still to come, before the common trend."""
        drawn: Array = self.now.coming[self.rows].sum(axis=0, dtype=np.float64)
        return drawn

    @property
    def past(self) -> float:
        """The part of the goal's 12 months already sold."""
        return float(self.now.past[self.rows].sum())

    @property
    def trend(self) -> Array:
        """The common growth factor of each draw."""
        return self.now.trend

    @cached_property
    def present(self) -> Array:
        """Draws of what the present partners will sell in the goal's 12 months."""
        drawn: Array = self.coming * self.trend + self.past
        return drawn

    @property
    def most(self) -> int:
        """The largest number of recruits that is looked at."""
        return _MOST_TIMES * max(len(self.portfolio.partners), 20)

    @property
    def average_yield(self) -> float | None:
        """Revenue a year of one active partner, the spreadsheet's yardstick."""
        return self.revenue / self.productive if self.productive and self.revenue > 0 else None

    def grown(self, recruits: Recruits | None = None) -> Recruits:
        """Recruits with the common trend on them."""
        return (recruits or self.recruits).scaled(self.trend)

    def count(
        self, confidence: float, goal: float | None = None, present: Array | None = None, recruits: Recruits | None = None
    ) -> int | None:
        """Recruits to sign for the goal with `confidence`; None where no number looked at is enough."""
        asked = self.target.revenue if goal is None else goal
        if asked is None:
            return None
        return count_for(self.present if present is None else present, recruits or self.grown(), asked, confidence, self.most)

    def chance(self, count: int) -> float | None:
        """Chance of the goal with so many recruits."""
        return None if self.target.revenue is None else chance(self.present, self.grown(), count, self.target.revenue)


def build_case(portfolio: Portfolio) -> Case | None:
    """The case of a portfolio; None where the client's history is too thin (`fit_reach` says why)."""
    fit = portfolio.fitted(fit_reach)
    if fit.channel is None:
        return None
    aim = target(portfolio)
    now, later = portfolio.fitted(outlooks)
    rows = fit.rows(portfolio)
    revenue, selling = float(portfolio.per_partner().sum()), active(portfolio)
    factor = 1.0 if portfolio.name == "all" else _factor(portfolio, selling)
    recruits = draw_recruits(portfolio, fit.channel, now, aim, rows, factor)
    return Case(portfolio, fit, fit.channel, aim, now, later, rows, revenue, int(productive(portfolio).sum()), factor, recruits)


def draw_recruits(
    portfolio: Portfolio, channel: Channel, now: Outlook, aim: Target, rows: NDArray[np.int64], factor: float, enough: int | None = None
) -> Recruits:
    """Recruits of a portfolio before the common trend; as many one by one as the goal is likely to need."""
    if enough is None:
        one = float((expected_months(channel, aim.window) * pool_mean(channel) * channel.activated).mean()) * factor
        expected = float(now.total(rows).mean())
        wanted = mean_count(expected, one, aim.revenue if aim.revenue is not None else expected)
        enough = int(np.clip(1.5 * wanted + 100, _LEAST, _MOST)) if np.isfinite(wanted) else _LEAST
    made = simulate_recruits(channel, aim.window, enough, portfolio.settings.seed, _DRAWS_EACH).scaled(factor)
    return crowding(portfolio, made, channel)


def _factor(portfolio: Portfolio, selling: pd.Series) -> float:
    factors = portfolio.fitted(yield_factors)
    where = home(portfolio)[selling[selling].index]
    return float(where.map(factors).fillna(1.0).mean()) if len(where) else 1.0
