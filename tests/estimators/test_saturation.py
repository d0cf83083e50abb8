"""Elasticity with what was known before, and how many units pay: the golden best count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.saturation import (
    PRIOR_MEAN,
    PRIOR_SPREAD,
    WIDE_MEAN,
    WIDE_SPREAD,
    Elasticity,
    best_count,
    gain,
    marginal_yield,
    with_prior,
)


def test_golden_best_count() -> None:
    best = best_count(1_000_000, 0.6, 0.3, 20_000)
    assert best == pytest.approx(243, abs=0.05)
    revenue = 1_000_000 * best**0.6
    assert revenue / best == pytest.approx(111_111, abs=1)
    assert marginal_yield(revenue, best, 0.6) == pytest.approx(66_667, abs=1)
    assert 0.3 * marginal_yield(revenue, best, 0.6) == pytest.approx(20_000)


def test_no_best_count_without_falling_returns() -> None:
    with pytest.raises(ValueError, match="no best number"):
        best_count(1_000_000, 1.0, 0.3, 20_000)


def test_with_many_places_and_much_data_the_prior_is_nearly_nothing() -> None:
    made = with_prior(0.7, 0.02, 200, 12)
    precision = 1 / 0.02**2, 1 / WIDE_SPREAD**2
    assert made.estimate == pytest.approx((precision[0] * 0.7 + precision[1] * WIDE_MEAN) / sum(precision), abs=0.001)
    assert made.data_weight > 0.98
    assert (made.data, made.data_error) == (0.7, 0.02)
    assert np.isnan(made.conflict)


def test_without_data_few_places_say_what_is_usual() -> None:
    """Half N(0.85, 0.10), half N(0.90, 0.35)."""
    made = with_prior(0.85, 50.0, 6, 12)
    between = (WIDE_MEAN - PRIOR_MEAN) ** 2 / 4
    assert made.estimate == pytest.approx((PRIOR_MEAN + WIDE_MEAN) / 2, abs=0.01)
    assert made.error == pytest.approx(np.sqrt((PRIOR_SPREAD**2 + WIDE_SPREAD**2) / 2 + between), abs=0.01)
    assert made.data_weight < 0.05


def test_a_prior_that_the_data_contradict_gives_way() -> None:
    """Against N(0.85, 0.10) alone data of 0.30 +- 0.08 would be drawn to 0.51; here they keep nearly all of what they say."""
    made = with_prior(0.30, 0.08, 12, 12)
    assert made.prior_contradicted
    assert made.estimate < 0.42
    calm = with_prior(0.80, 0.08, 12, 12)
    assert not calm.prior_contradicted
    assert 0.80 < calm.estimate < 0.85


@pytest.mark.parametrize("truth", [1.0, 0.85, 0.7])
def test_few_places_keep_their_coverage(truth: float) -> None:
    """Ten places, errors of 0.15: the 90% interval holds truths at, above and below the narrow prior, within Monte Carlo error (0.052)."""
    rng = np.random.default_rng(5)
    made = [with_prior(truth + 0.15 * rng.standard_normal(), 0.15 * np.sqrt(rng.chisquare(9) / 9), 10, 12) for _ in range(300)]
    assert np.mean([one.low <= truth <= one.high for one in made]) >= 0.84


def test_draws_are_of_the_stated_mean_and_width() -> None:
    drawn = Elasticity(0.6, 0.1, 0.44, 0.76, 20, 10, 1.0).draws(50_000, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(0.6, abs=0.002)
    assert drawn.std() == pytest.approx(0.1, abs=0.002)


@given(
    beta=st.floats(0.05, 1.3),
    average=st.floats(100, 1e6),
    cost=st.floats(10, 1e6),
    units=st.floats(1, 500),
)
def test_the_gain_is_that_of_the_best_number_in_reach(beta: float, average: float, cost: float, units: float) -> None:
    """Against every number in a fine row of numbers between half and twice as many."""
    ends = np.array(units / 2), np.array(units * 2)
    worth, best = gain(np.array(average * units), np.array(units), np.array(beta), np.array(0.3), np.array(cost), *ends)
    row = np.linspace(*ends, 2001)
    profit = 0.3 * average * units * (row / units) ** beta - cost * row
    now = 0.3 * average * units - cost * units
    scale = abs(now) + cost * units
    assert float(worth) >= max(profit.max() - now, 0.0) - 1e-6 * scale
    assert float(worth) <= max(profit.max() - now, 0.0) + 1e-3 * scale
    assert ends[0] <= best <= ends[1]


def test_the_gain_ends_at_the_golden_number() -> None:
    revenue = 1_000_000 * 200**0.6
    one = [np.array(value) for value in (revenue, 200.0, 0.6, 0.3, 20_000.0, 100.0, 400.0)]
    worth, best = gain(*one)
    assert float(best) == pytest.approx(243, abs=0.05)
    assert float(worth) == pytest.approx(0.3 * 1_000_000 * (243**0.6 - 200**0.6) - 20_000 * 43, abs=1)
