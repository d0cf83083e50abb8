"""The plan's forecast made at each earlier half-year with what was known then, against what came."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.rolling import AHEAD, Trial
from prmkit.practices.reach.forecast.fit import ReachFit, fit_reach
from prmkit.practices.result import NotComputed


@dataclass(frozen=True, slots=True)
class Backtest:
    """Revenue of the partners signed by `origin` in the `months` after it: expected, its 90% interval, seen.

    quantile: share of draws below what came; naive: the 12 months before again (half of them for six months), the spreadsheet's forecast.
    """

    origin: pd.Timestamp
    partners: int
    expected: float
    low: float
    high: float
    seen: float
    quantile: float
    naive: float
    months: int = AHEAD

    @property
    def inside(self) -> bool:
        """Whether what came lay in the 90% interval."""
        return self.low <= self.seen <= self.high

    def as_note(self) -> dict[str, object]:
        """For PracticeResult.notes."""
        return asdict(self) | {"origin": self.origin.date().isoformat(), "inside": self.inside}


def backtests(portfolio: Portfolio) -> list[Backtest]:
    """Every forecast that could have been made half a year apart and be judged by now, oldest first."""
    fit = portfolio.fitted(fit_reach)
    made = [_judged(portfolio, fit, trial) for trial in fit.trials]
    return [one for one in made if one is not None]


def backtest(portfolio: Portfolio) -> Backtest | None:
    """The forecast made a year ago; None where what was known then was too thin."""
    made = [one for one in backtests(portfolio) if one.months == AHEAD]
    return made[-1] if made else None


@reads("reach")
def backtest_rows(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_backtests: one row for each earlier forecast."""
    made = backtests(portfolio)
    if not made:
        fit = portfolio.fitted(fit_reach)
        why = fit.reason or "less than a year and a half of sales, or too few partners then: no earlier forecast can be judged"
        return None, [NotComputed("backtests", None, why, "sales")]
    return pd.DataFrame([asdict(one) | {"inside": one.inside} for one in made]), []


def _judged(portfolio: Portfolio, fit: ReachFit, trial: Trial) -> Backtest | None:
    own = np.isin(trial.units, fit.rows(portfolio))
    seen, last = float(trial.seen[own].sum()), float(trial.last[own].sum())
    draws = trial.made.total(own)
    if not own.any() or draws.mean() <= 0:
        return None
    low, high = interval(draws)
    return Backtest(
        origin=calendar.month_end(portfolio.as_of, trial.months_before).as_unit("us"),
        partners=int(own.sum()),
        expected=float(draws.mean()),
        low=low,
        high=high,
        seen=seen,
        quantile=float(np.mean(draws < seen)),
        naive=last * trial.ahead / AHEAD,
        months=trial.ahead,
    )
