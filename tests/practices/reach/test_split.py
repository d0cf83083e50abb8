"""Recruits shared out over territories and months: to the unit, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.practices.reach.count.split import by_return, largest_remainders, month_by_place


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(0, 5_000))
def test_whole_numbers_in_proportion_add_up(weights: list[float], count: int) -> None:
    made = largest_remainders(np.array(weights), count)
    assert made.sum() == count
    assert (made >= 0).all()
    total = sum(weights)
    if total > 0:
        assert np.abs(made - count * np.array(weights) / total).max() < 1 + 1e-6


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(1, 18))
def test_months_and_territories_add_up_both_ways(by_place: list[int], months: int) -> None:
    places = np.array(by_place)
    by_month = np.diff(np.rint(places.sum() * np.arange(months + 1) / months)).astype(np.int64)
    made = month_by_place(by_month, places)
    assert made.sum(axis=1).tolist() == by_month.tolist()
    assert made.sum(axis=0).tolist() == by_place


def test_a_territory_signs_through_the_year_and_not_all_at_once() -> None:
    made = month_by_place(np.full(12, 10), np.array([60, 36, 24]))
    assert made.tolist() == [[5, 3, 2]] * 12
    with pytest.raises(ValueError, match="not the same recruits"):
        month_by_place(np.array([1, 2]), np.array([4]))


def test_marginal_returns_are_equal_where_nothing_binds() -> None:
    """Present 100 and 50, yields 1.05 and 1, elasticity 0.8: f (1 + x)^-0.2 is the same in both."""
    made = by_return(np.array([100.0, 50.0]), np.array([[1.05, 1.0]]), 1.0, np.array([0.8]), 120)
    assert made.sum() == 120
    returns = np.array([1.05, 1.0]) * (1 + made / np.array([100, 50])) ** -0.2
    assert returns[0] == pytest.approx(returns[1], rel=0.01)


def test_equal_territories_grow_evenly_and_no_place_runs_away() -> None:
    present = np.array([40.0, 20.0, 20.0])
    assert by_return(present, np.ones((5, 3)), 0.5, np.full(5, 0.85), 40).tolist() == [20, 10, 10]
    made = by_return(present, np.array([[3.0, 1.0, 1.0]]), 0.5, np.array([1.0]), 100)
    assert made[0] <= max(40 / 0.5, 2 * 100 * 0.5) + 1
    assert made.sum() == 100


def test_what_is_not_known_of_yields_spreads_the_shares() -> None:
    rng = np.random.default_rng(1)
    present, sure = np.full(4, 30.0), np.array([1.1, 1.0, 1.0, 0.9])
    unsure = sure * np.exp(0.2 * rng.standard_normal((400, 4)))
    narrow = by_return(present, sure[None, :], 0.7, np.array([0.85]), 60)
    wide = by_return(present, unsure, 0.7, np.full(400, 0.85), 60)
    assert np.ptp(wide) < np.ptp(narrow)
    assert wide[0] > wide[3]


def test_without_a_place_it_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing can be shared out"):
        by_return(np.zeros(0), np.zeros((1, 0)), 1.0, np.ones(1), 5)
    assert pd.Series(by_return(np.zeros(2), np.ones((1, 2)), 1.0, np.ones(1), 0)).sum() == 0
