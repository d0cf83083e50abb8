"""Order values: what is known by construction, and which family fits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from prmkit.estimators.order_value import fit_order_value, within_skewness


def months(seed: int, family: str, buyers: int = 1500, orders: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.exp(8 + 0.4 * rng.standard_normal(buyers))
    buyer = np.repeat(np.arange(buyers), rng.integers(1, 9, buyers))
    shape = (len(buyer), orders)
    unit = np.exp(0.9 * rng.standard_normal(shape) - 0.405) if family == "lognormal" else rng.gamma(1.25, 0.8, shape)
    return truth[buyer] * unit.mean(axis=1), np.full(len(buyer), float(orders)), buyer, truth


def test_lognormal_orders_are_recognised_and_measured() -> None:
    value, orders, buyer, truth = months(1, "lognormal")
    fit = fit_order_value(value, orders, buyer, len(truth))
    assert fit.family == "lognormal"
    assert fit.cv2 == pytest.approx(np.exp(0.81) - 1, rel=0.08)
    score = (fit.log_mean - np.log(truth)) / np.sqrt(fit.variance)
    assert score.std() == pytest.approx(1.0, abs=0.05)


def test_gamma_orders_are_recognised_and_measured() -> None:
    value, orders, buyer, truth = months(2, "gamma")
    fit = fit_order_value(value, orders, buyer, len(truth))
    assert fit.family == "gamma"
    by_hand = value[buyer == 7].mean()
    assert np.exp(fit.log_mean[7]) == pytest.approx(by_hand)
    assert fit.variance[7] == pytest.approx(fit.cv2 / (buyer == 7).sum())


def test_lean_of_the_logs_is_that_of_the_family() -> None:
    value, _, buyer, truth = months(3, "gamma", 20_000)
    expected = special.polygamma(2, 1.25) / special.polygamma(1, 1.25) ** 1.5
    assert within_skewness(np.log(value), buyer, len(truth)) == pytest.approx(expected, abs=0.08)
    value, _, buyer, truth = months(3, "lognormal")
    assert within_skewness(np.log(value), buyer, len(truth)) == pytest.approx(0.0, abs=0.08)
    assert within_skewness(np.log(np.array([1.0, 2.0])), np.array([0, 0]), 1) == 0.0


def test_averages_of_several_orders_tell_the_spread_of_one() -> None:
    value, orders, buyer, truth = months(4, "lognormal", orders=4)
    assert fit_order_value(value, orders, buyer, len(truth)).cv2 == pytest.approx(np.exp(0.81) - 1, rel=0.15)


def test_a_buyer_without_orders_is_unknown_and_single_months_are_refused() -> None:
    fit = fit_order_value(np.array([10.0, 20.0, 15.0]), np.ones(3), np.array([0, 0, 0]), 2)
    assert np.isinf(fit.variance[1])
    with pytest.raises(ValueError, match="two months"):
        fit_order_value(np.array([10.0, 20.0]), np.ones(2), np.array([0, 1]), 2)
