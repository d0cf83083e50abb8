"""The plan's forecast made a year ago with what was known then, against what came."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.errors import PrmkitError
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.channel import MIN_MONTHS
from prmkit.practices.reach.forecast.fit import fit_reach, year_ahead


@dataclass(frozen=True, slots=True)
class Backtest:
    """Revenue of the partners signed by `origin` in the 12 months after it: expected, its 90% interval, seen.

    quantile: share of draws below what came; naive: the 12 months before again, the spreadsheet's forecast.
    """

    origin: pd.Timestamp
    partners: int
    expected: float
    low: float
    high: float
    seen: float
    quantile: float
    naive: float

    @property
    def inside(self) -> bool:
        """Whether what came lay in the 90% interval."""
        return self.low <= self.seen <= self.high

    def as_note(self) -> dict[str, object]:
        """For PracticeResult.notes."""
        return asdict(self) | {"origin": self.origin.date().isoformat(), "inside": self.inside}


def backtest(portfolio: Portfolio) -> Backtest | None:
    """Roll the origin back 12 months; None where what was known then was too thin."""
    if portfolio.whole.history_months < 12 + MIN_MONTHS:
        return None
    origin = calendar.month_end(portfolio.as_of, 12).as_unit("us")
    try:
        earlier = portfolio.at(origin)
    except PrmkitError:
        return None
    fit = earlier.fitted(fit_reach)
    if fit.estimated is None:
        return None
    (then,) = earlier.fitted(year_ahead)
    rows = fit.rows(earlier)
    draws = then.total(rows)
    ids = fit.partner_id[rows]
    seen = float(portfolio.whole.per_partner().reindex(ids).fillna(0.0).sum())
    low, high = interval(draws)
    naive = float(earlier.per_partner().sum())
    return Backtest(origin, len(rows), float(draws.mean()), low, high, seen, float(np.mean(draws < seen)), naive)
