"""When a unit was there, told from the months in which it sold."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.presence import presence


def months(text: str) -> np.ndarray:
    return np.array([[letter == "x" for letter in row] for row in text.split()])


def test_there_between_its_sales_and_ever_less_after_them() -> None:
    found = presence(months("xx..xx...... ........x..x xxxxxxxxxxxx ............"), np.full(4, np.nan))
    assert found.chance[0, :6].tolist() == [1.0] * 6
    assert (np.diff(found.chance[0, 5:]) < 0).all()
    assert found.chance[2].tolist() == [1.0] * 12
    assert found.chance[3].tolist() == [0.0] * 12
    assert found.chance[1, :5].tolist() == [0.0] * 5
    assert found.chance[1, 8:].tolist() == [1.0] * 4


def test_a_month_of_joining_is_believed_where_the_silence_fits() -> None:
    """One that sells every month and joined two years before its first sale was elsewhere; one that joined half a year before was not."""
    sold = np.zeros((2, 36), dtype=bool)
    sold[:, 26:] = True
    found = presence(sold, np.array([0.0, 20.0]))
    assert found.start.tolist() == [26, 20]
    assert np.isnan(found.joined[0])
    assert found.joined[1] == 20


@pytest.mark.parametrize("leaving", [0.02, 0.05])
def test_the_number_there_and_the_rate_of_leaving_are_right_on_average(leaving: float) -> None:
    """3,000 units of very different rhythm over 36 months: of those that ever sold the number there in each month within 7%, the rate
    within a quarter."""
    rng = np.random.default_rng(3)
    life = rng.geometric(leaving, 3000)
    rate = rng.gamma(1.5, 0.6, 3000)
    there = np.arange(36)[None, :] < life[:, None]
    sold = rng.poisson(rate[:, None] * there) > 0
    found = presence(sold, np.full(3000, -1.0))
    seen = there[sold.any(axis=1)].sum(axis=0)
    assert found.chance.sum(axis=0)[6:] == pytest.approx(seen[6:], rel=0.07)
    assert found.leaving == pytest.approx(leaving, rel=0.25)


def test_nobody_sold() -> None:
    found = presence(np.zeros((2, 5), dtype=bool), np.full(2, np.nan))
    assert found.chance.sum() == 0
