"""The days that a period's label stands for, in the calendar or the fiscal year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pandas as pd

from prmkit.errors import PrmkitError

_PERIOD = re.compile(r"(?P<basis>FY|CY)?(?P<year>[0-9]{4})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date


def window(period: str, fiscal_year_start: int = 1) -> Window:
    """The days of a period.

    2025 and FY2025 are the fiscal year that ends in 2025 (the calendar year where `fiscal_year_start` is 1), CY2025
    the calendar year, 2025-Q3 a fiscal quarter and 2025-03 a calendar month. PrmkitError for anything else.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise PrmkitError(f"'{period}' is not a period.", where="control_totals", do="Write 2025, FY2025, CY2025, 2025-Q3 or 2025-03.")
    year = int(found["year"])
    if found["month"]:
        return _months(year, int(found["month"]), 1)
    start = 1 if found["basis"] == "CY" else fiscal_year_start
    first_year = year if start == 1 else year - 1
    if found["quarter"]:
        return _months(first_year, start + 3 * (int(found["quarter"]) - 1), 3)
    return _months(first_year, start, 12)


def other_year(period: str, fiscal_year_start: int) -> str | None:
    """The calendar year for a fiscal one and the reverse; None for shorter periods and where both are the same."""
    if fiscal_year_start == 1 or "-" in period:
        return None
    year = period[-4:]
    return f"FY{year}" if period.startswith("CY") else f"CY{year}"


def _months(year: int, month: int, count: int) -> Window:
    """`count` months from month `month` of `year`, which may run past December."""
    begin = pd.Period(year=year + (month - 1) // 12, month=(month - 1) % 12 + 1, freq="M")
    return Window(begin.start_time.date(), (begin + (count - 1)).end_time.date())
