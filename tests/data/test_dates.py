"""Dates in text against datetime: every way of writing one, and the order of day and month by the column."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.dates import TIME, order_in, order_of, read_date

days = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2099, 12, 31))
FORMS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d %Y"]


@given(days)
def test_forms_that_mean_one_day_mean_it(day: dt.date) -> None:
    for form in FORMS:
        assert read_date(day.strftime(form)).day == day, form


@given(days)
def test_day_and_month_follow_the_order(day: dt.date) -> None:
    assert read_date(day.strftime("%d/%m/%Y"), "dmy").day == day
    assert read_date(day.strftime("%m/%d/%Y"), "mdy").day == day
    assert read_date(f"{day.month}/{day.day}/{day.year}", "mdy").day == day
    without = read_date(day.strftime("%d/%m/%Y"))
    assert without.day == day if day.day == day.month else without.fault == "date_ambiguous"


@given(st.lists(days, min_size=1))
def test_a_column_is_never_read_in_the_wrong_order(column: list[dt.date]) -> None:
    for form, right in (("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%d-%m-%Y", "dmy")):
        order, code = order_of([day.strftime(form) for day in column])
        assert order in ("", right)
        assert (order == right) == any(day.day > 12 for day in column)
        assert bool(code) == (not order and any(day.day != day.month for day in column))


@given(days)
def test_day_numbers_of_a_spreadsheet(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    if 20_000 <= serial <= 80_000:
        assert read_date(str(serial)).day == read_date(f"{serial}.75").day == day
        assert read_date(str(serial)).note == "date_serial"


@given(st.text(max_size=12))
def test_no_text_crashes_and_only_digits_make_a_day(text: str) -> None:
    reading = read_date(text)
    assert (reading.day is None) == bool(reading.fault)
    assert reading.day is None or re.search(r"\d{4}", text)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("2023-02-30", "impossible_date"), ("31.04.2023", "impossible_date"), ("20231301", "impossible_date"),
        ("13.13.2023", "impossible_date"),
        ("01.02.23", "date_short_year"), ("1/2/23", "date_short_year"), ("31-Jan-23", "date_short_year"), ("2023-01", "date_without_day"),
        ("soon", "bad_date"), ("", "bad_date"), ("7", "bad_date"), ("99999", "bad_date"),
        ("32 Foo 2023", "bad_date"), ("1675123200000", "bad_date"),
    ],
)  # fmt: skip
def test_what_is_no_day(written: str, fault: str) -> None:
    assert (read_date(written).day, read_date(written).fault) == (None, fault)


def test_month_columns_need_no_day() -> None:
    assert read_date("2023-04", month_is_enough=True).day == dt.date(2023, 4, 1)


def test_both_orders_in_one_column_are_told() -> None:
    assert order_of(["03/24/2026", "24/03/2026"]) == ("", "date_order_mixed")
    assert order_of(["05/05/2026", "2026-01-02"]) == ("", "")


@pytest.mark.parametrize(("locale", "order"), [("en_US", "mdy"), ("en_GB", "dmy"), ("de_DE", "dmy"), ("sv_SE", ""), ("ja_JP", "")])
def test_order_by_locale(locale: str, order: str) -> None:
    assert order_in(locale) == order


@pytest.mark.parametrize("time", ["T10:00", " 23:59:59", "T00:00:00Z", " 10:15 PM", "T10:00:00.123+02:00", " 10:00:00 UTC"])
def test_time_of_day_plays_no_part(time: str) -> None:
    assert re.sub(TIME, "", f"2026-01-31{time}") == "2026-01-31"
