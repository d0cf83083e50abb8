"""What a recruit is worth by the month it signs in, and how many the goal needs if all are signed early or late."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.recruitment import Pace, worth_by_signing
from prmkit.practices.reach.count.case import Case, draw_recruits

Array = NDArray[np.float64]

MONTH, PACE = "month", "pace"


def paces(case: Case) -> dict[str, Pace]:
    """The ways of spreading the signings that are compared."""
    end = case.target.window.end
    made = {"first_month": Pace(0.0, min(1.0, end)), "first_quarter": Pace(0.0, min(3.0, end)), "evenly": Pace(0.0, end)}
    return made | {"last_half": Pace(end / 2, end)}


def at_pace(case: Case, pace: Pace) -> Recruits:
    """Recruits signed at another pace, the common trend on them."""
    return case.grown(
        draw_recruits(case.portfolio, case.channel, case.now, case.target, case.rows, case.factor, case.recruits.simulated, pace)
    )


def signing(case: Case) -> pd.DataFrame:
    """reach_signing: a row for each coming month, then one for each pace.

    month: revenue is what one recruit signed at the beginning of that month sells until the goal's last day, inside the goal's 12
    months: expected, with the 90% interval of that expectation (what one recruit really brings varies far more); against_first:
    as a share of one signed in the first month. pace: the same on average over the months, and recruits needed for 50, 80, 90% and the
    confidence asked. Before what recruits take from the partners present.
    """
    worth = _worth(case)
    first = float(worth[:, 0].mean())
    months = worth.shape[1]
    rows = [_month(case, worth[:, month], month, first) for month in range(months)]
    rows += [_pace(case, name, pace, worth @ pace.shares(months), first) for name, pace in paces(case).items()]
    return pd.DataFrame(rows)


def _worth(case: Case) -> Array:
    """Draws (D, months) of the expected revenue of one recruit by month of signing, the common trend on it."""
    each = worth_by_signing(case.channel, case.target.window) * case.factor
    made: Array = np.repeat(each, len(case.trend) // len(each), axis=0) * case.trend[:, None]
    return made


def _line(kind: str, name: str, begins: pd.Timestamp, ends: pd.Timestamp, draws: Array, first: float) -> dict[str, object]:
    low, high = interval(draws)
    mean = float(draws.mean())
    share = mean / first if first > 0 else float("nan")
    money = {"revenue": mean, "revenue_low": low, "revenue_high": high, "against_first": share}
    return {"kind": kind, "signing": name, "begins": begins, "ends": ends, **money}


def _day(case: Case, months: float) -> pd.Timestamp:
    """The as-of date and so many months."""
    whole = int(np.floor(months + 1e-9))
    if months >= case.target.window.end - 1e-9:
        return case.target.by
    return calendar.month_end(case.portfolio.as_of, -whole) + pd.Timedelta(days=round((months - whole) * 30.4))


def _month(case: Case, draws: Array, month: int, first: float) -> dict[str, object]:
    begins, ends = _day(case, float(month)), _day(case, float(month + 1))
    return _line(MONTH, ends.date().isoformat(), begins, ends, draws, first)


def _pace(case: Case, name: str, pace: Pace, draws: Array, first: float) -> dict[str, object]:
    row = _line(PACE, name, _day(case, pace.begin), _day(case, pace.end), draws, first)
    if case.target.revenue is None:
        return row
    recruits = case.grown() if name == "evenly" else at_pace(case, pace)
    for column, confidence in {"recruits_p50": 0.5, "recruits_p80": 0.8, "recruits_p90": 0.9}.items():
        row[column] = case.count(confidence, recruits=recruits)
    row["recruits_asked"] = case.count(case.target.confidence, recruits=recruits)
    return row
