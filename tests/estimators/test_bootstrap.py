"""Weights, intervals and their widening against what can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.estimators.bootstrap import bayesian_weights, interval, left_out_weights, stretch


def test_bayesian_weights_have_mean_one_and_the_variance_of_the_dirichlet() -> None:
    weights = bayesian_weights(50, 4000, seed=1)
    assert weights.shape == (4000, 50)
    assert weights.mean(axis=1) == pytest.approx(np.ones(4000))
    assert weights.var() == pytest.approx(49 / 51, rel=0.03)  # n^2 times the variance of a flat Dirichlet share
    assert np.array_equal(weights, bayesian_weights(50, 4000, seed=1))


def test_interval_is_the_middle_nine_tenths() -> None:
    assert interval(np.arange(101.0)) == pytest.approx((5.0, 95.0))
    assert np.isnan(interval(np.array([1.0, np.nan]))).all()
    assert np.isnan(interval(np.array([]))).all()


def test_left_out_weights_leave_out_each_case_once() -> None:
    assert np.array_equal(left_out_weights(3), [[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    grouped = left_out_weights(1000)
    assert grouped.shape == (200, 1000)
    assert np.array_equal(1000 - grouped.sum(axis=1), np.full(200, 5))
    assert np.array_equal((1 - grouped).sum(axis=0), np.ones(1000))


def test_stretch_of_a_mean_is_the_t_over_the_normal() -> None:
    values = np.random.default_rng(0).normal(size=40)
    left_out = (values.sum() - values) / 39
    error = values.std(ddof=1) / np.sqrt(40)
    draws = error * stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    moves = (left_out - left_out.mean()) ** 2
    freedom = moves.sum() ** 2 / (moves**2).sum()
    assert stretch(draws, left_out) == pytest.approx(stats.t.ppf(0.95, freedom) / stats.norm.ppf(0.95), rel=0.01)


def test_stretch_grows_when_one_case_carries_the_answer_and_is_never_below_one() -> None:
    draws = np.random.default_rng(0).normal(0, 0.1, 500)
    even = np.full(40, 0.0) + np.tile([0.01, -0.01], 20)
    one = even.copy()
    one[0] = 0.3
    assert stretch(draws, one) > 2 * stretch(draws, even)
    assert stretch(draws * 100, even) == 1.0
    assert stretch(draws, np.zeros(40)) == 1.0
