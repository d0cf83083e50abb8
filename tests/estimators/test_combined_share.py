"""Combining readings of one share: hand-worked weights and chances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from prmkit.estimators.combined_share import chance_between, combine


def test_readings_weigh_by_precision() -> None:
    mean, error = combine(np.array([[0.1], [0.4]]), np.array([[0.5], [1.0]]))
    assert mean[0] == pytest.approx((4 * np.log(0.1) + np.log(0.4)) / 5)
    assert error[0] == pytest.approx(1 / np.sqrt(5))


def test_a_missing_reading_leaves_the_other_and_none_leaves_nothing() -> None:
    mean, error = combine(np.array([[np.nan, np.nan], [0.5, np.nan]]), np.full((2, 2), 0.7))
    assert mean[0] == pytest.approx(np.log(0.5))
    assert error[0] == pytest.approx(0.7)
    assert np.isnan([mean[1], error[1]]).all()


def test_chances_are_those_of_a_normal_cut_off_at_a_whole() -> None:
    chances = chance_between(np.array([0.0]), np.array([0.7]), (0.0, 0.2, 0.5, 1.0))[:, 0]
    below = [norm.cdf(np.log(edge) / 0.7) / 0.5 for edge in (0.2, 0.5)]
    assert chances == pytest.approx([below[0], below[1] - below[0], 1 - below[1]])
    assert chances[2] == pytest.approx(0.678, abs=0.001)
    far = chance_between(np.array([-8.0]), np.array([0.3]), (0.0, 0.2, 0.5, 1.0))[:, 0]
    assert far == pytest.approx([1, 0, 0])
