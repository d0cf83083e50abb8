"""How far groups differ: golden cases by hand, and nothing found where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.group_spread import group_spread


def test_groups_that_are_alike_do_not_differ() -> None:
    top, group = np.tile([1.0, 0.0], 50), np.repeat(np.arange(5), 20)
    found = group_spread(top, np.ones(100), group)
    assert found is not None
    assert (found.overall, found.better, found.best, found.groups) == (0.5, 1.0, 1.0, 5)
    assert found.p == pytest.approx(1.0)


def test_two_groups_far_apart_by_hand() -> None:
    """100 of 200 units in one group sell, 180 of 200 in the other: with one average unit added, 100.7 / 201 and 180.7 / 201."""
    top = np.concatenate([np.repeat([1.0, 0.0], [100, 100]), np.repeat([1.0, 0.0], [180, 20])])
    found = group_spread(top, np.ones(400), np.repeat([0, 1], 200))
    assert found is not None
    assert found.overall == pytest.approx(0.7)
    logs = np.log(np.array([100.7, 180.7]) / 201 / 0.7)
    luck = np.array([50 * 200 / 199, 0.21 * 201]) / np.array([100.7, 180.7]) ** 2  # its own spread is larger in the first
    weight = 1 / luck
    centre = (weight * logs).sum() / weight.sum()
    q = (weight * (logs - centre) ** 2).sum()
    between = (q - 1) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert found.between == pytest.approx(between)
    assert found.p == pytest.approx(0.0, abs=1e-10)
    assert found.best == found.better
    assert 1.0 < found.best < 0.9 / 0.7


def test_a_lower_rate_is_the_better_one_where_told() -> None:
    lapses = np.concatenate([np.repeat([1.0, 0.0], [20, 180]), np.repeat([1.0, 0.0], [80, 120])])
    found = group_spread(lapses, np.ones(400), np.repeat([0, 1], 200), higher=False)
    assert found is not None
    assert found.best < 1.0
    assert found.best == pytest.approx(found.better)


def test_nothing_is_compared_with_fewer_than_two_groups_of_eight() -> None:
    assert group_spread(np.ones(20), np.ones(20), np.zeros(20, dtype=np.int64)) is None
    assert group_spread(np.ones(20), np.ones(20), np.repeat(np.arange(4), 5)) is None
    assert group_spread(np.zeros(20), np.ones(20), np.repeat([0, 1], 10)) is None


def test_luck_is_rarely_taken_for_a_difference() -> None:
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(12), 30)
    found = [group_spread((rng.random(360) < 0.6).astype(float), np.ones(360), groups) for _ in range(200)]
    assert np.mean([one.p < 0.05 for one in found if one is not None]) == pytest.approx(0.05, abs=0.035)
