"""Order rates: the conjugate answer, statsmodels, coverage, buyers that are gone."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from prmkit.estimators.order_rate import fit_order_rate, gamma_poisson


def test_gamma_poisson_by_hand() -> None:
    # prior worth 2 orders at 0.5 a month is 4 months; 3 orders in 6 months: (2 + 3) / (4 + 6)
    assert gamma_poisson(np.array([3.0]), np.array([6.0]), shape=2.0, mean=0.5)[0] == 0.5
    assert gamma_poisson(np.array([0.0]), np.array([0.0]), shape=2.0, mean=0.5)[0] == 0.5


def drawn(seed: int, n: int = 600, spread: float = 0.6, gone: float = 0.0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    exposure = rng.integers(3, 13, n).astype(float)
    truth = 0.5 * np.exp(0.4 * x) * rng.gamma(spread**-2, spread**2, n)
    truth = np.where(rng.random(n) < gone, 0.0, truth)
    return rng.poisson(truth * exposure).astype(float), exposure, np.column_stack([np.ones(n), x]), truth


def test_coefficients_are_those_of_statsmodels() -> None:
    counts, exposure, design, _ = drawn(1, n=3000)
    fit = fit_order_rate(counts, exposure, design, np.array([0, 1]), np.random.default_rng(1))
    other = sm.NegativeBinomial(counts, design, exposure=exposure).fit(disp=False)
    assert fit.coefficients.mean(axis=0) == pytest.approx(other.params[:2], abs=0.03)
    assert fit.coefficients.std(axis=0) == pytest.approx(other.bse[:2], rel=0.2)
    assert fit.spread.mean() ** 2 == pytest.approx(other.params[2], abs=0.05)


def test_intervals_hold_the_truth_nine_times_in_ten() -> None:
    held = []
    for seed in range(8):
        counts, exposure, design, truth = drawn(seed)
        rng = np.random.default_rng(seed)
        low, high = np.quantile(
            fit_order_rate(counts, exposure, design, np.array([0, 1]), rng).draw(slice(None), rng), [0.05, 0.95], axis=1
        )
        held.append(np.mean((truth >= low) & (truth <= high)))
    assert 0.87 < np.mean(held) < 0.93


def test_the_silent_are_taken_for_gone_where_many_are_and_not_otherwise() -> None:
    counts, exposure, design, truth = drawn(3, spread=0.3, gone=0.3)
    rng = np.random.default_rng(3)
    fit = fit_order_rate(counts, exposure, design, np.array([0, 1]), rng)
    assert fit.absent.mean() == pytest.approx(0.3, abs=0.05)
    silent = (counts == 0) & (exposure >= 9)
    rates = fit.draw(slice(None), rng).mean(axis=1)
    assert rates[silent].mean() == pytest.approx(truth[silent].mean(), abs=0.04)
    counts, exposure, design, _ = drawn(4)
    assert fit_order_rate(counts, exposure, design, np.array([0, 1]), rng).absent.mean() < 0.04


def test_the_whole_ties_with_the_orders_counted() -> None:
    counts, exposure, design, _ = drawn(5)
    rng = np.random.default_rng(5)
    fit = fit_order_rate(counts, exposure, design, np.array([0, 1]), rng)
    expected = (fit.draw(slice(None), rng).mean(axis=1) * exposure).sum()
    assert expected == pytest.approx(counts.sum(), rel=0.02)


def test_without_orders_or_time_there_is_no_rate() -> None:
    rng, design, blocks = np.random.default_rng(0), np.ones((3, 1)), np.array([0])
    with pytest.raises(ValueError, match="no orders"):
        fit_order_rate(np.zeros(3), np.ones(3), design, blocks, rng)
    with pytest.raises(ValueError, match="time"):
        fit_order_rate(np.ones(3), np.array([1.0, 0.0, 1.0]), design, blocks, rng)
