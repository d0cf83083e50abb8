"""Concentration against closed forms, hand-worked lists and its own interval's promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from prmkit.estimators.concentration import ENOUGH_HOLDERS, concentration, effective_number, gini, hhi, top_share


def lognormal_grid(sigma: float, n: int = 200_000) -> np.ndarray:
    """Amounts at evenly spaced quantiles of a lognormal: a population without chance in it."""
    return np.exp(sigma * norm.ppf((np.arange(n) + 0.5) / n))


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.5])
def test_lognormal_amounts_have_the_closed_form_gini_and_top_share(sigma: float) -> None:
    amounts = lognormal_grid(sigma)
    assert gini(amounts) == pytest.approx(2 * norm.cdf(sigma / np.sqrt(2)) - 1, abs=2e-4)
    assert top_share(amounts, 0.2) == pytest.approx(norm.cdf(sigma - norm.ppf(0.8)), abs=2e-4)
    assert hhi(amounts) * len(amounts) == pytest.approx(np.exp(sigma**2), rel=0.05)


def test_equal_holders() -> None:
    amounts = np.full(40, 7.0)
    assert gini(amounts) == pytest.approx(0)
    assert hhi(amounts) == pytest.approx(1 / 40)
    assert effective_number(amounts) == pytest.approx(40)
    assert top_share(amounts, 0.1) == pytest.approx(0.1)


def test_four_holders_by_hand() -> None:
    amounts = np.array([10.0, 50.0, 30.0, 10.0])
    assert hhi(amounts) == pytest.approx(0.01 + 0.25 + 0.09 + 0.01)
    assert gini(amounts) == pytest.approx(0.35)  # mean absolute difference 17.5 over twice the mean of 25
    assert top_share(amounts, 0.1) == pytest.approx(0.5)  # a tenth of four is rounded up to one
    assert top_share(amounts, 0.5) == pytest.approx(0.8)


def test_a_tenth_of_thirty_is_three_and_of_thirty_one_is_four() -> None:
    assert top_share(np.ones(30), 0.1) == pytest.approx(3 / 30)
    assert top_share(np.ones(31), 0.1) == pytest.approx(4 / 31)


def test_nothing_to_measure_is_not_a_number_and_negative_amounts_are_refused() -> None:
    assert np.isnan(gini(np.array([])))
    assert np.isnan(hhi(np.zeros(3)))
    assert all(np.isnan(spread.value) for spread in concentration(np.array([]), seed=1).values())
    with pytest.raises(ValueError, match="negative"):
        concentration(np.array([1.0, -1.0]), seed=1)


def test_no_range_below_two_hundred_holders_nor_ever_for_hhi() -> None:
    few = concentration(np.arange(1.0, ENOUGH_HOLDERS), seed=1)
    assert all(np.isnan(spread.low) and np.isfinite(spread.value) for spread in few.values())
    many = concentration(np.arange(1.0, ENOUGH_HOLDERS + 2), seed=1)
    assert {name for name, spread in many.items() if np.isfinite(spread.low)} == {"top_10_share", "top_20_share", "gini"}


def test_ranges_hold_the_truth_about_nine_times_in_ten() -> None:
    sigma, n, worlds = 0.7, 400, 60
    truth = {"top_20_share": norm.cdf(sigma - norm.ppf(0.8)), "gini": 2 * norm.cdf(sigma / np.sqrt(2)) - 1}
    held = dict.fromkeys(truth, 0)
    for seed in range(worlds):
        found = concentration(np.random.default_rng(seed).lognormal(0, sigma, n), seed=seed, draws=200)
        for name in truth:
            held[name] += found[name].low <= truth[name] <= found[name].high
    for name, times in held.items():  # 0.9 less two Monte Carlo errors of 0.039
        assert 0.82 <= times / worlds <= 0.98, name


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=60), st.floats(0.01, 100), st.integers(0, 1000))
def test_measures_do_not_depend_on_order_or_unit(amounts: list[float], unit: float, seed: int) -> None:
    values = np.array(amounts)
    shuffled = np.random.default_rng(seed).permutation(values) * unit
    for measure in (gini, hhi, effective_number):
        assert measure(shuffled) == pytest.approx(measure(values), rel=1e-9, abs=1e-12)
    assert 1 / len(values) - 1e-12 <= hhi(values) <= 1 + 1e-12
    assert -1e-12 <= gini(values) < 1


def test_same_seed_same_range_whatever_the_order() -> None:
    values = np.random.default_rng(5).lognormal(0, 1, 300)
    assert concentration(values, seed=9) == concentration(values[::-1].copy(), seed=9)
