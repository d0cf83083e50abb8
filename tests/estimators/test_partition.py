"""Agreement of groupings, thin ground between groups, and gaps in an outcome."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from prmkit.estimators.partition import adjusted_rand, best_overlap, between, outcome_gap


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60))
def test_the_same_index_as_another_package(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs).T
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))


def test_overlap_by_hand() -> None:
    labels, other = np.array([0, 0, 0, 1, 1, 1]), np.array([2, 2, 0, 0, 0, 0])
    assert best_overlap(labels, other, 2) == pytest.approx([2 / 3, 3 / 4])


def test_between_two_crowds_the_ground_is_thin_and_within_one_it_is_not() -> None:
    rng = np.random.default_rng(1)
    side = rng.integers(0, 2, 800)
    apart = rng.standard_normal((800, 4)) + 4.5 * side[:, None] * np.array([1, 0, 0, 0])
    assert between(apart, 2, rng) < 0.5
    long = rng.standard_normal((800, 4)) * np.array([4, 1, 1, 1])
    assert between(long, 2, rng) > 1.3
    flat = rng.random((800, 2)) * np.array([8, 1])
    assert between(flat, 3, rng) == pytest.approx(1.15, abs=0.25)


def test_the_gap_is_found_in_units_that_did_not_choose_the_groups() -> None:
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 4, 2_000)
    outcome = rng.standard_normal(2_000) + np.array([0.0, 1.0, 0.4, -0.5])[labels]
    seen = outcome_gap(labels, 4, outcome, rng)
    assert seen.low < 1.5 < seen.high
    assert seen.high - seen.low == pytest.approx(2 * 1.645 * np.sqrt(2 / 250), rel=0.15)


def test_without_a_difference_the_gap_is_none_on_average() -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 5, 300)
    gaps = [outcome_gap(labels, 5, rng.standard_normal(300), rng) for _ in range(300)]
    assert np.mean([gap.value for gap in gaps]) == pytest.approx(0.0, abs=0.05)
    assert np.mean([gap.low > 0 for gap in gaps]) == pytest.approx(0.04, abs=0.035)


def test_a_gap_of_too_few_units_is_not_told() -> None:
    rng = np.random.default_rng(0)
    assert np.isnan(outcome_gap(np.array([0, 0, 1, 1]), 2, np.arange(4.0), rng).value)
    assert np.isnan(outcome_gap(np.repeat([0, 1], 50), 2, np.full(100, np.nan), rng).low)
