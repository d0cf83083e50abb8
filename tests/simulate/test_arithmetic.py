"""exp, log and the normal quantile against scipy, and what a handful of exact values must be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from prmkit.simulate.arithmetic import exp, log, logistic, normal_quantile


def test_exp_is_within_a_few_units_in_the_last_place() -> None:
    x = np.linspace(-600, 600, 240_001)
    assert np.max(np.abs(exp(x) / np.exp(x) - 1)) < 4e-16
    assert exp(0.0) == 1.0
    assert exp(-1e9) == exp(-700.0)


def test_log_is_within_a_few_units_in_the_last_place_also_near_one() -> None:
    x = np.concatenate([np.linspace(0.5, 2, 30_001), 10.0 ** np.linspace(-250, 250, 5_001)])
    assert np.max(np.abs(log(x) - np.log(x)) / np.maximum(np.abs(np.log(x)), 1e-3)) < 1e-15
    assert log(1.0) == 0.0


def test_log_undoes_exp() -> None:
    x = np.linspace(-300, 300, 10_001)
    assert np.max(np.abs(log(exp(x)) - x)) < 1e-13


def test_normal_quantile_agrees_with_scipy_far_into_the_tails() -> None:
    p = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 100_001), 10.0 ** -np.arange(7, 290)])
    assert np.max(np.abs(normal_quantile(p) - special.ndtri(p)) / np.maximum(1, np.abs(special.ndtri(p)))) < 4e-15


def test_logistic() -> None:
    assert logistic(0.0) == 0.5
    assert logistic(np.array([-2.0, 3.0])) == pytest.approx(special.expit([-2.0, 3.0]), rel=1e-15)
