"""Dates as people and systems write them: read one way for a whole column, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from babel import Locale

Order = Literal["dmy", "mdy", ""]

# SQL and Python agree on this: what follows a day is a time of day and plays no part.
TIME = r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|GMT|[+-][0-9]{2}:?([0-9]{2})?))?$"

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_EITHER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2}|[A-Za-z]{3})\2(\d{2})")
_DAY_NAMED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{2})")
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_MONTH_OF = {name[:size]: number for number, name in enumerate(_MONTHS, start=1) for size in (3, len(name))} | {"sept": 9}
_SERIAL_START = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one written date means: a day, or the code of what is wrong with it; `note` for what a person should know."""

    day: dt.date | None
    fault: str = ""
    note: str = ""


def order_of(values: Iterable[str]) -> tuple[Order, str]:
    """Whether 3/4/2026 is written day or month first, as far as the values show.

    Returns (order, "") where they agree, ("", "date_order_mixed") where some can only be the one and
    some only the other, ("", "date_ambiguous") where none decides, ("", "") where it does not matter.
    """
    day_first = month_first = open_question = False
    for value in values:
        found = _EITHER.fullmatch(value)
        if not found:
            continue
        first, second = int(found[1]), int(found[3])
        day_first = day_first or (first > 12 >= second)
        month_first = month_first or (second > 12 >= first)
        open_question = open_question or (first <= 12 and second <= 12 and first != second)
    if day_first and month_first:
        return "", "date_order_mixed"
    if day_first or month_first:
        return ("dmy" if day_first else "mdy"), ""
    return "", "date_ambiguous" if open_question else ""


def order_in(locale: str) -> Order:
    """Day or month first as the locale writes short dates; empty where it writes the year first."""
    pattern = Locale.parse(locale).date_formats["short"].pattern
    day, month, year = pattern.find("d"), pattern.find("M"), pattern.find("y")
    return "" if year < min(day, month) else "dmy" if day < month else "mdy"


def read_date(value: str, order: Order = "", *, month_is_enough: bool = False) -> Reading:
    """The day that one text without time of day means; `order` decides what 3/4/2026 is."""
    if found := _YEAR_FIRST.fullmatch(value):
        return _day(found[1], found[3], found[4])
    if found := _DOTTED.fullmatch(value):
        return _day(found[3], found[2], found[1])
    if found := _EITHER.fullmatch(value):
        if found[1] == found[3]:
            return _day(found[4], found[1], found[3])
        if not order:
            return Reading(None, "date_ambiguous")
        day, month = (found[1], found[3]) if order == "dmy" else (found[3], found[1])
        return _day(found[4], month, day)
    if found := _COMPACT.fullmatch(value):
        return _day(found[1], found[2], found[3])
    if found := _DAY_NAMED.fullmatch(value) or _NAMED_DAY.fullmatch(value):
        day, name = (found[1], found[2]) if found[1].isdigit() else (found[2], found[1])
        month_number = _MONTH_OF.get(name.casefold())
        return _day(found[3], str(month_number), day) if month_number else Reading(None, "bad_date")
    return _other(value, month_is_enough)


def _other(value: str, month_is_enough: bool) -> Reading:
    if _SERIAL.fullmatch(value) and _FIRST_SERIAL <= float(value) <= _LAST_SERIAL:
        return Reading(_SERIAL_START + dt.timedelta(days=int(float(value))), note="date_serial")
    if _SHORT_YEAR.fullmatch(value):
        return Reading(None, "date_short_year")
    if found := _MONTH_ONLY.fullmatch(value):
        return _day(found[1], found[2], "1") if month_is_enough else Reading(None, "date_without_day")
    return Reading(None, "bad_date")


def _day(year: str, month: str, day: str) -> Reading:
    try:
        return Reading(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return Reading(None, "impossible_date")
