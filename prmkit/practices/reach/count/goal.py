"""What the channel is asked to bring, by when, and how sure one wants to be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.predictive import Window

CONFIDENCE = 0.8
_MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Target:
    """The goal of one portfolio.

    by: last day of the goal's 12 months; months: from as_of to it; revenue: None without a goal;
    asked: the goal in words; missing: why there is none.
    """

    by: pd.Timestamp
    months: float
    revenue: float | None
    confidence: float
    asked: str
    missing: str = ""

    @property
    def window(self) -> Window:
        """The goal's 12 months, in months from as_of."""
        return Window(self.months - 12, self.months)

    def later(self, months: int) -> Target:
        """The same goal, so many months later."""
        return replace(self, by=self.by + pd.DateOffset(months=months), months=self.months + months)


def months_between(start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Months from one day to another; whole where the day of the month is the same or both are month ends."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    if end.day == start.day or (start.is_month_end and end.is_month_end):
        return float(whole)
    return whole + (end.day - start.day) / _MONTH_DAYS


def target(portfolio: Portfolio) -> Target:
    """The goal of a portfolio. A goal in money is the client's: a view is asked for the same growth as the whole."""
    goal, as_of = portfolio.settings.goal, portfolio.as_of
    year_on = as_of + pd.DateOffset(months=12)
    year_on = year_on + pd.offsets.MonthEnd(0) if as_of.is_month_end else year_on
    if goal is None:
        return Target(year_on, 12.0, None, CONFIDENCE, "", "the engagement names no goal")
    by = pd.Timestamp(goal.by) if goal.by else year_on
    if by <= as_of:
        return Target(year_on, 12.0, None, goal.confidence, "", f"goal.by, {by.date()}, is not after {as_of.date()}")
    months = months_between(as_of, by)
    own = float(portfolio.per_partner().sum())
    if goal.growth is not None:
        return Target(by, months, own * (1 + goal.growth), goal.confidence, "growth over the 12 months to as_of")
    assert goal.revenue is not None
    if portfolio.name == "all":
        return Target(by, months, goal.revenue, goal.confidence, "revenue in the 12 months to the goal's last day")
    everything = float(portfolio.whole.per_partner().sum())
    if everything <= 0 or own <= 0:
        return Target(by, months, None, goal.confidence, "", "without sales in the 12 months the client's goal cannot be shared out")
    return Target(by, months, goal.revenue * own / everything, goal.confidence, "the client's goal by this portfolio's share of revenue")
