"""Numbers, money and dates in words: rounded to what is known, missing said as such."""

from __future__ import annotations

import datetime as dt
import math
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st

from prmkit.errors import PrmkitError
from prmkit.practices.result import Amount
from prmkit.publish import words

MISSING = [None, float("nan"), float("inf"), -math.inf, pd.NA, pd.NaT, "", "n/a", Decimal("NaN")]
SUFFIX = {"": 0, "k": 3, "m": 6, "bn": 9, "tn": 12}


def read(said: str) -> float:
    """A short amount read back as a number."""
    found = re.fullmatch(r"(\u2212?)([\d,]+(?:\.\d+)?)(k|m|bn|tn|)", said.removeprefix("EUR "))
    assert found, said
    return float(found[2].replace(",", "")) * 10.0 ** SUFFIX[found[3]] * (-1 if found[1] else 1)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (412_345, "EUR 412k"),
        (28_712_345.67, "EUR 28.7m"),
        (1_234, "EUR 1.23k"),
        (999_600, "EUR 1m"),
        (999_499, "EUR 999k"),
        (90_000, "EUR 90k"),
        (12.3, "EUR 12"),
        (4.5, "EUR 4.50"),
        (7, "EUR 7"),
        (0, "EUR 0"),
        (-0.0, "EUR 0"),
        (-410_000, "EUR \u2212410k"),
        (-3.21e9, "EUR \u22123.21bn"),
        (2.5e14, "EUR 250tn"),
    ],
)
def test_money_in_prose(value: float, said: str) -> None:
    assert words.money(value, "EUR") == said


def test_money_in_full_keeps_what_the_currency_has() -> None:
    assert words.money(Decimal("412345.105"), "EUR", full=True) == "EUR 412,345.11"
    assert words.money(-1234.5, "JPY", full=True) == "JPY \u22121,235"
    assert words.money(1234567.8, "EUR", "de_DE", full=True) == "EUR 1.234.567,80"
    assert words.money(1234567.8, "INR", "en_IN", full=True) == "INR 12,34,567.80"


@given(st.floats(min_value=-1e13, max_value=1e13, allow_nan=False))
def test_short_money_is_within_half_a_percent(value: float) -> None:
    error = abs(read(words.money(value, "EUR")) - value)
    assert error <= max(abs(value) * 0.005, 0.5 if abs(value) >= 10 else 0.005) * 1.0001


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_full_money_loses_nothing(value: Decimal) -> None:
    said = words.money(value, "EUR", full=True).removeprefix("EUR ").replace(",", "").replace(words.MINUS, "-")
    assert Decimal(said) == value


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["en_GB", "de_DE", "fr_FR", "sv_SE", "en_IN", "ja_JP"]))
def test_no_number_ever_carries_a_hyphen(value: float, locale: str) -> None:
    for said in (words.money(value, "EUR", locale), words.share(value, locale), words.count(value, locale), words.number(value, locale)):
        assert "-" not in said
        assert words.MINUS not in said or value < 0


@pytest.mark.parametrize("value", MISSING)
def test_what_is_missing_is_said(value: Any) -> None:
    said = [words.money(value, "EUR"), words.share(value), words.count(value), words.number(value), words.day(value), words.month(value)]
    assert said == ["not known"] * 6
    assert words.counted(None, "partner") == "not known partners"
    assert words.between(None, 3, "EUR") == "not known"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.4123, "41%"),
        (0.0412, "4.1%"),
        (0.0001, "less than 0.1%"),
        (0.9996, "more than 99.9%"),
        (0.996, "99.6%"),
        (-0.123, "\u221212%"),
        (12.5, "1,250%"),
    ],
)
def test_shares(value: float, said: str) -> None:
    assert words.share(value) == said


@pytest.mark.parametrize(
    "locale", ["en_GB", "de_DE", "de_CH", "fr_FR", "es_ES", "sv_SE", "en_IN", "hi_IN", "ja_JP", "ar_EG", "tr_TR", "pl_PL"]
)
def test_digits_are_those_of_babel(locale: str) -> None:
    for value in (0, 12, 1234, 1234567, 9876543210):
        assert words.count(value, locale) == format_decimal(value, locale=locale, numbering_system="latn")
    assert words.share(0.41, locale) == format_percent(Decimal("0.41"), locale=locale, numbering_system="latn")


def test_shares_by_locale() -> None:
    assert words.share(0.041, "de_DE").replace("\xa0", " ") == "4,1 %"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Amount(412_345, 251_000, 588_800, "EUR", "a year"), "EUR 410k a year, 250k to 590k"),
        (
            Amount(1_234_567, 1_230_000, 1_240_000, "EUR", "12 months to 2013-11-29"),
            "EUR 1.23m in the 12 months to 29 November 2013, 1.23m to 1.24m",
        ),
        (Amount(412_345, 12_000, 3.1e6, "EUR"), "EUR 400k, 10k to 3.1m"),
        (Amount(-50_000, -120_000, 20_000, "EUR", "a year"), "EUR \u221250k a year, \u2212120k to 20k"),
        (Amount(11.2, 9, 13, "partners"), "11 partners, 9 to 13"),
        (Amount(1, 1, 1, "partners"), "1 partner"),
        (Amount(0.123, 0.08, 0.16, "fraction", "2013"), "12% in 2013, 8% to 16%"),
        (Amount(0.91, 0.85, 0.95), "0.91, 0.85 to 0.95"),
        (Amount(5, None, None, "hours"), "5 hours"),
        (Amount(None, 1e5, 2e5, "EUR", "a year"), "between EUR 100k and 200k a year"),
        (Amount(None), "not known"),
        (Amount(0, 0, 0, "EUR"), "EUR 0"),
    ],
)
def test_intervals(amount: Amount, said: str) -> None:
    assert words.interval(amount) == said


@given(st.floats(1, 1e9), st.floats(0.01, 0.99), st.floats(1.01, 20))
def test_an_interval_still_holds_its_amount_after_rounding(middle: float, below: float, above: float) -> None:
    said = words.interval(Amount(middle, middle * below, middle * above, "EUR"))
    head, spread = said.split(", ")
    low, high = spread.split(" to ")
    assert read(low) <= read(head) <= read(high)
    assert read(low) < read(high)


def test_dates() -> None:
    assert words.day("2013-11-29") == "29 November 2013"
    assert words.day(dt.datetime(2013, 11, 29, 23, 59), short=True) == "29 Nov 2013"
    assert words.day(pd.Timestamp("2013-11-29"), "de_DE") == "29. November 2013"
    assert words.month(dt.date(2013, 11, 29)) == "Nov 2013"
    assert words.day("2013-13-01") == "not known"


def test_counts_and_nouns() -> None:
    assert words.counted(1, "partner") == "1 partner"
    assert words.counted(1204, "partner") == "1,204 partners"
    assert words.counted(2, "territory", "territories") == "2 territories"
    assert [words.spelled(0), words.spelled(11), words.spelled(1300)] == ["no", "eleven", "1,300"]
    assert words.number(0.41234) == "0.412"
    assert words.number(1234567) == "1,230,000"
    assert words.number(701) == "701"


def test_text_of_others_comes_out_in_one_safe_line() -> None:
    assert words.plain("a\n\tb\x00 c\u202e\ud800d") == "a b c d"
    assert words.plain("株式会社 🚲") == "株式会社 🚲"


def test_the_language_of_a_page_is_that_of_its_words() -> None:
    assert words.language("en_GB") == "en-GB"
    assert words.language("de_DE") == "en"


def test_an_unknown_locale_says_where_to_mend_it() -> None:
    with pytest.raises(PrmkitError, match="locale 'xx_YY'") as caught:
        words.count(1, "xx_YY")
    assert caught.value.where == "engagement.yaml, locale"


def test_words_need_no_pandas() -> None:
    code = "import sys, prmkit.publish.words; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
