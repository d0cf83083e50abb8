"""Each place's own slope, drawn towards the common one."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.pooled_slopes import pooled_levels, pooled_slopes


def test_a_place_of_which_nothing_is_known_has_the_common_mean() -> None:
    made = pooled_slopes(np.array([0.5, 0.9, 1.2]), np.array([100.0, 100.0, 0.0]), 0.8, 0.05, 0.7)
    assert made.estimate[2] == 0.8
    assert made.common[2] == 1.0
    assert made.error[2] > 0.05
    assert 0.5 < made.estimate[0] < 0.8 < made.estimate[1] < 0.9


def test_places_that_are_alike_are_nearly_pooled_and_others_are_not() -> None:
    rng = np.random.default_rng(1)
    alike = 0.8 + 0.2 * rng.standard_normal(40)
    apart = 0.8 + 0.4 * rng.standard_normal(40)
    information = np.full(40, 1 / 0.2**2)
    assert pooled_slopes(alike, information, 0.8, 0.03, 0.8).estimate.std() < 0.05
    assert pooled_slopes(apart, np.full(40, 1 / 0.05**2), 0.8, 0.03, 0.8).estimate == pytest.approx(apart, abs=0.05)


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.15])
def test_the_intervals_of_places_cover(spread: float) -> None:
    """Over 60 sets of 15 places with errors of 0.1 to 0.4."""
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(60):
        true = 0.85 + spread * rng.standard_normal(15)
        error = rng.uniform(0.1, 0.4, 15)
        seen = true + error * rng.standard_normal(15)
        weight = 1 / (error**2 + spread**2)
        mean = float((weight * seen).sum() / weight.sum())
        made = pooled_slopes(seen, 1 / error**2, mean, float(weight.sum() ** -0.5), mean)
        inside += list(np.abs(true - made.estimate) <= 1.645 * made.error)
    assert 0.80 <= np.mean(inside) <= 1.0


def test_draws_move_together_with_the_common_mean() -> None:
    made = pooled_slopes(np.array([0.5, 0.9]), np.array([1e-6, 1e8]), 0.8, 0.1, 0.8)
    rng = np.random.default_rng(3)
    mean = 0.8 + 0.1 * rng.standard_normal(20_000)
    drawn = made.draws(mean, 0.8, rng)
    assert drawn.mean(axis=0) == pytest.approx(made.estimate, abs=0.005)
    assert drawn.std(axis=0) == pytest.approx(made.error, abs=0.005)
    assert np.corrcoef(mean, drawn[:, 0])[0, 1] > 0.5
    assert abs(np.corrcoef(mean, drawn[:, 1])[0, 1]) < 0.2


def test_levels_that_differ_by_luck_alone_are_pooled() -> None:
    rng = np.random.default_rng(4)
    made = pooled_levels(10 + 0.3 * rng.standard_normal(30), np.full(30, 0.09), 0.5)
    assert made.estimate.std() < 0.12
    assert made.estimate.mean() == pytest.approx(10, abs=0.15)
