"""Differences of rates at the same mix, against a published decomposition and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.ratio import ratio_of_sums
from prmkit.estimators.standardised import difference_of_ratios, standardised_difference


def test_a_difference_that_is_all_mix_vanishes() -> None:
    """Both sides earn 10% and 50%, one sells mostly the first kind: 0.14 against 0.46 as they stand, nothing at the same mix."""
    one = np.array([[9.0, 5.0]]), np.array([[90.0, 10.0]])
    other = np.array([[1.0, 45.0]]), np.array([[10.0, 90.0]])
    plain = difference_of_ratios((one[0].sum(axis=1), one[1].sum(axis=1)), (other[0].sum(axis=1), other[1].sum(axis=1)), 1)
    assert plain.value == pytest.approx(0.14 - 0.46)
    alike = standardised_difference(one, other, 1)
    assert alike.value == pytest.approx(0.0)
    assert alike.shared == 1.0
    assert np.isnan(alike.low)  # one case a side


def test_the_difference_splits_into_rates_and_mix() -> None:
    """Kitagawa's identity: rate effect + mix effect = the whole, shares averaged; ours with pooled totals, the sides of one size."""
    tops, bottoms = np.array([[20.0, 30.0]]), np.array([[50.0, 50.0]])
    tops_other, bottoms_other = np.array([[8.0, 48.0]]), np.array([[20.0, 80.0]])
    rates, rates_other = tops[0] / bottoms[0], tops_other[0] / bottoms_other[0]
    shares, shares_other = bottoms[0] / 100, bottoms_other[0] / 100
    rate_effect = ((shares + shares_other) / 2) @ (rates - rates_other)
    mix_effect = ((rates + rates_other) / 2) @ (shares - shares_other)
    whole = tops.sum() / 100 - tops_other.sum() / 100
    assert rate_effect + mix_effect == pytest.approx(whole)
    assert standardised_difference((tops, bottoms), (tops_other, bottoms_other), 1).value == pytest.approx(rate_effect)


def test_kinds_that_one_side_lacks_are_left_out() -> None:
    one = np.full((6, 2), 3.0), np.full((6, 2), 10.0)
    other = np.array([[1.0, 0.0]] * 6), np.array([[10.0, 0.0]] * 6)
    found = standardised_difference(one, other, 1)
    assert found.value == pytest.approx(0.3 - 0.1)
    assert found.shared == pytest.approx(120 / 180)
    with pytest.raises(ValueError, match="no kind in common"):
        standardised_difference((np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])), (np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]])), 1)


def test_the_interval_covers_nine_times_in_ten() -> None:
    rng = np.random.default_rng(3)
    hit = 0
    for run in range(300):
        size, size_other = rng.lognormal(0, 0.7, 60), rng.lognormal(0, 0.4, 12)
        rate, rate_other = 0.3 + rng.normal(0, 0.1, 60), 0.4 + rng.normal(0, 0.05, 12)
        found = difference_of_ratios((size * rate, size), (size_other * rate_other, size_other), run)
        hit += found.low <= -0.1 <= found.high
    assert 0.84 <= hit / 300 <= 0.94


def test_one_kind_is_the_difference_of_two_ratios() -> None:
    rng = np.random.default_rng(4)
    one, other = (rng.random(40), rng.random(40) + 1), (rng.random(30), rng.random(30) + 1)
    found = difference_of_ratios(one, other, 7)
    assert found.value == pytest.approx(ratio_of_sums(*one, 7).value - ratio_of_sums(*other, 7).value)
    assert found.low < found.value < found.high
