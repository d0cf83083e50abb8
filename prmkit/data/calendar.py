"""Months counted back from the as-of date: month 0 ends on it."""

from __future__ import annotations

import pandas as pd


def month_end(as_of: pd.Timestamp, months_back: int) -> pd.Timestamp:
    """The last day of month `months_back`; calendar month ends when `as_of` is one."""
    if as_of.is_month_end:
        return (as_of + pd.offsets.MonthEnd(0)) - pd.offsets.MonthEnd(months_back) if months_back else as_of
    return as_of - pd.DateOffset(months=months_back)


def month_ends(as_of: pd.Timestamp, count: int) -> pd.Series:
    """Last days of months 0 to `count` - 1, indexed by month number."""
    return pd.Series([month_end(as_of, month) for month in range(count)], name="ends_on", dtype="datetime64[us]")


def days(as_of: pd.Timestamp, first: pd.Timestamp) -> pd.DataFrame:
    """Every day from `first` to `as_of` with its month number: columns date, month.

    Month k is (end of month k+1, end of month k], so that twelve months are
    (as_of - 12 months, as_of] whatever day as_of is.
    """
    span = (as_of.year - first.year) * 12 + as_of.month - first.month + 2
    ends = month_ends(as_of, span + 1).sort_values()
    dates = pd.date_range(first, as_of, freq="D", unit="us")
    position = ends.searchsorted(dates, side="left")
    return pd.DataFrame({"date": dates, "month": ends.index.to_numpy()[position]})
