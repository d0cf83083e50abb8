"""Numbers in narrow columns."""

from __future__ import annotations

import pytest

from prmkit.prove.numerals import percent, ranged, short

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"), (0.0004, "0"), (0.00123, "0.0012"), (0.01234, "0.0123"), (0.1234, "0.123"), (0.99999, "1.00"), (1.2345, "1.23"),
        (12.345, "12.3"), (123.45, "123"), (1234.5, "1,230"), (999.6, "1,000"), (-0.5, "-0.500"), (NAN, "–"), (float("inf"), "∞"),
        (float("-inf"), "-∞"),
    ],
)  # fmt: skip
def test_three_digits_that_count(value: float, shown: str) -> None:
    assert short(value) == shown


def test_a_sign_is_written_where_it_is_asked_for() -> None:
    assert [short(value, sign=True) for value in (0.5, -0.5, 0.0)] == ["+0.500", "-0.500", "0"]


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0%"), (0.004, "0.4%"), (0.0999, "10%"), (0.0949, "9.5%"), (0.123, "12%"),
     (0.9951, "99.5%"), (1.0, "100%"), (-0.3, "-30%"), (2.5, "250%"), (NAN, "–")],
)  # fmt: skip
def test_percentages(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_a_share_and_its_interval() -> None:
    assert ranged(0.912, 0.876, 0.941) == "91% (88 to 94)"
    assert ranged(0.912, NAN, NAN) == "91%"
    assert ranged(NAN, NAN, NAN) == "–"
