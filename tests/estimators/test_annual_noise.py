"""Luck in a year against simulated buyers whose luck is known."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.annual_noise import CAUTIOUS, AnnualNoise, annual_noise


def years(rng: np.random.Generator, buyers: int, regular: bool) -> tuple[np.ndarray, np.ndarray]:
    if regular:
        return np.full(buyers, 4.0), np.full(buyers, 4.0)
    mean = rng.uniform(2, 8, buyers)
    return rng.poisson(mean).astype(float), rng.poisson(mean).astype(float)


def test_orders_at_random_have_spacing_one_and_clockwork_none() -> None:
    rng = np.random.default_rng(1)
    buyer = np.repeat(np.arange(2000), 6)
    amount = rng.gamma(4, 1, len(buyer)) * np.repeat(rng.lognormal(0, 1, 2000), 6)
    random = annual_noise(*years(rng, 2000, regular=False), amount, buyer)
    clockwork = annual_noise(*years(rng, 2000, regular=True), amount, buyer)
    assert random.spacing == pytest.approx(1.0, abs=0.06)
    assert clockwork.spacing == 0.0
    # the coefficient of variation of a gamma of shape 4 is a half; squares over squared sample means run a little low
    assert clockwork.size == pytest.approx(0.25, rel=0.06)


def test_redrawn_years_spread_as_real_ones_do() -> None:
    rng = np.random.default_rng(2)
    noise = AnnualNoise(spacing=1.0, size=0.25, buyers=100)
    real = np.array([rng.gamma(4, 0.25, rng.poisson(9)).sum() for _ in range(4000)])
    redrawn = noise.redraw(np.array([9.0]), np.array([9.0]), 4000, rng)[0]
    assert redrawn.mean() == pytest.approx(9.0, rel=0.02)
    assert redrawn.std() == pytest.approx(real.std(), rel=0.05)
    assert redrawn.std() == pytest.approx(9 * np.sqrt(1.25 / 9), rel=0.05)


def test_share_of_squares_is_one_for_orders_at_random() -> None:
    assert AnnualNoise(1.0, 0.7, 50).share_of_squares == 1.0
    assert AnnualNoise(0.0, 1.0, 50).share_of_squares == 0.5


def test_nothing_bought_stays_as_it_is() -> None:
    drawn = CAUTIOUS.redraw(np.array([0.0, -5.0, 3.0]), np.array([0.0, 1.0, 0.0]), 7, np.random.default_rng(0))
    assert np.array_equal(drawn, np.repeat([[0.0], [-5.0], [3.0]], 7, axis=1))


def test_too_few_buyers_teach_nothing() -> None:
    few = np.full(9, 4.0)
    assert annual_noise(few, few, np.ones(9), np.arange(9)) == CAUTIOUS
    assert annual_noise(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)) == CAUTIOUS
