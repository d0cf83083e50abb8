"""One portfolio's sum: what its partners will sell, what the goal asks, what a recruit adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.capacity import Recruits, chance, count_for, mean_count
from prmkit.estimators.channel import Channel
from prmkit.estimators.predictive import Outlook
from prmkit.estimators.recruitment import Lottery, Pace, draw_lottery, expected_months, pool_mean, simulate_recruits
from prmkit.estimators.starters import hold
from prmkit.practices.reach.count.goal import Target, target
from prmkit.practices.reach.count.sharing import share_market
from prmkit.practices.reach.count.yield_factor import yield_factors
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
        return self._grown if recruits is None else recruits.scaled(self.trend)

    @cached_property
    def asked(self) -> int | None:
        """Recruits to sign for the goal as surely as the engagement asks; None without a goal, or where no number is enough."""
        return self.count(self.target.confidence)

    @cached_property
    def _grown(self) -> Recruits:
        return self.recruits.scaled(self.trend)

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


@reads("reach")
def held(whole: Portfolio) -> Array | None:
    """How far recruits are held to what past starters brought (B, 13), on estimates alone. Use it through `portfolio.fitted(held)`."""
    channel = whole.fitted(fit_reach).estimated
    return None if channel is None else hold(channel, whole.settings.seed)


def case_of(portfolio: Portfolio) -> Case | None:
    """The case of a portfolio, worked out once; the settings that only price it are those of the portfolio at hand."""
    made = portfolio.kept(build_case)
    return made if made is None or made.portfolio is portfolio else replace(made, portfolio=portfolio)


@reads("reach", "goal")
def build_case(portfolio: Portfolio) -> Case | None:
    """The case of a portfolio; None where the client's history is too thin (`fit_reach` says why)."""
    fit, tie = portfolio.fitted(fit_reach), portfolio.fitted(held)
    if fit.channel is None or tie is None:
        return None
    channel, aim = replace(fit.channel, tie=tie), target(portfolio)
    now, later = portfolio.fitted(outlooks)
    rows = fit.rows(portfolio)
    revenue, selling = float(portfolio.per_partner().sum()), active(portfolio)
    factor = 1.0 if portfolio.name == "all" else _factor(portfolio, selling)
    recruits = draw_recruits(portfolio, channel, now, aim, rows, factor)
    return Case(portfolio, fit, channel, aim, now, later, rows, revenue, int(productive(portfolio).sum()), factor, recruits)


def draw_recruits(
    portfolio: Portfolio,
    channel: Channel,
    now: Outlook,
    aim: Target,
    rows: NDArray[np.int64],
    factor: float,
    enough: int | None = None,
    pace: Pace | None = None,
) -> Recruits:
    """Recruits of a portfolio before the common trend; as many one by one as the goal is likely to need. pace: evenly where None."""
    own = now.coming if len(rows) == len(now.coming) else now.coming[rows]
    coming = own.sum(axis=0, dtype=np.float64) * now.trend
    if enough is None:
        one = float((expected_months(channel, aim.window) * pool_mean(channel) * channel.activated).mean()) * factor
        expected = float(coming.mean() + now.past[rows].sum())
        wanted = mean_count(expected, one, aim.revenue if aim.revenue is not None else expected)
        enough = int(np.clip(1.5 * wanted + 100, _LEAST, _MOST)) if np.isfinite(wanted) else _LEAST
    seed, lottery = portfolio.settings.seed, _LOTTERIES.of(channel, enough, portfolio.settings.seed)
    made = simulate_recruits(channel, aim.window, enough, seed, _DRAWS_EACH, pace=pace, lottery=lottery).scaled(factor)
    return share_market(portfolio, made, channel, aim.window, coming, pace)


class _Lotteries:
    """The lottery last drawn: levers and sensitivity change what the channel does, not who the recruits are."""

    def __init__(self) -> None:
        self._last: tuple[tuple[object, ...], int, int, Lottery] | None = None

    def of(self, channel: Channel, count: int, seed: int) -> Lottery:
        """For the units, weights and yields of a channel; drawn anew where they are others than those of the last one."""
        drawn_from = (channel.weights, channel.pool, channel.yields, channel.size_class)
        last = self._last
        if last is None or last[1] != count or last[2] != seed or any(a is not b for a, b in zip(last[0], drawn_from, strict=True)):
            last = self._last = (drawn_from, count, seed, draw_lottery(channel, count, seed, _DRAWS_EACH))
        return last[3]


_LOTTERIES = _Lotteries()


def _factor(portfolio: Portfolio, selling: pd.Series) -> float:
    factors = portfolio.fitted(yield_factors)
    where = home(portfolio)[selling[selling].index]
    return float(where.map(factors).fillna(1.0).mean()) if len(where) else 1.0
