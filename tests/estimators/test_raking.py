"""Weights against margins worked out by hand, and answer rates against the beta distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.estimators.raking import CAP, rake, rate


def test_by_hand() -> None:
    """Of 100 partners 20 are large; of 40 that answered 20 are: a large one counts 8/20, a small one 32/20."""
    answered = np.array([[1]] * 20 + [[0]] * 20)
    everyone = np.array([[1]] * 20 + [[0]] * 80)
    found = rake(answered, everyone)
    assert found.weights[:20] == pytest.approx(0.4)
    assert found.weights[20:] == pytest.approx(1.6)
    assert found.converged
    assert found.capped == 0


def test_two_ways_of_grouping_are_both_met() -> None:
    rng = np.random.default_rng(1)
    everyone = np.column_stack([rng.integers(0, 3, 900), rng.integers(0, 2, 900)])
    chance = np.array([0.5, 0.3, 0.15])[everyone[:, 0]] * np.array([1.0, 0.6])[everyone[:, 1]]
    answered = everyone[rng.random(900) < chance]
    found = rake(answered, everyone)
    for column in range(2):
        shares = [found.weights[answered[:, column] == group].sum() / found.weights.sum() for group in np.unique(everyone[:, column])]
        assert shares == pytest.approx(np.bincount(everyone[:, column]) / 900, abs=1e-4)


def test_thin_groups_are_taken_together_and_weights_are_capped() -> None:
    answered = np.array([[0]] * 30 + [[1]] * 2 + [[2]] * 3)
    everyone = np.array([[0]] * 10 + [[1]] * 500 + [[2]] * 500 + [[3]] * 10)
    found = rake(answered, everyone)
    assert len(set(found.weights[30:].round(9))) == 1
    assert found.weights.max() / found.weights.min() <= CAP**2 * 1.001
    assert not found.converged
    assert found.capped > 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=60))
def test_weights_of_those_that_are_everyone_are_one(groups: list[tuple[int, int]]) -> None:
    every = np.array(groups)
    found = rake(every, every)
    assert found.weights == pytest.approx(1.0)
    assert found.weights.sum() == pytest.approx(len(groups))


def test_nobody_answered() -> None:
    assert rake(np.zeros((0, 2)), np.zeros((5, 2))).weights.shape == (0,)


def test_rates() -> None:
    share, low, high = rate(np.array([0.0, 30.0, 50.0, 0.0]), np.array([10.0, 100.0, 50.0, 0.0]))
    assert share[:3].tolist() == [0.0, 0.3, 1.0]
    assert np.isnan([share[3], low[3], high[3]]).all()
    assert (low[0], high[2]) == (0.0, 1.0)
    assert (low[1], high[1]) == pytest.approx((0.2303, 0.3789), abs=1e-3), "Jeffreys 90% for 30 of 100"
