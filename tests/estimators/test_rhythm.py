"""The own-gap rule: closed form, calibration against a known truth, regularity."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.rhythm import Rhythm, fit_rhythm, gap_cv


def test_exponential_gaps_have_a_closed_form() -> None:
    rule = Rhythm(shape=1.0, drop=0.2, pooled_gap=3.0, log_likelihood=0.0, gaps=1, converged=True)
    survives = 0.8 * np.exp(-2.0)
    assert rule.alive(np.array([6.0]), np.array([3.0]))[0] == pytest.approx(survives / (0.2 + survives))
    assert rule.alive(np.array([0.0]), np.array([3.0]))[0] == pytest.approx(0.8)


def test_usual_gap_borrows_one_pooled_gap() -> None:
    rule = Rhythm(shape=4.0, drop=0.1, pooled_gap=3.0, log_likelihood=0.0, gaps=1, converged=True)
    assert rule.usual_gap(np.array([9.0, 0.0]), np.array([1.0, 0.0])) == pytest.approx([6.0, 3.0])


def regular(seed: int, n: int = 800, shape: float = 9.0, drop: float = 0.08) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Closed gaps, whose, silence, and who is truly there; gaps of a buyer's own length, Erlang around it."""
    rng = np.random.default_rng(seed)
    usual = rng.lognormal(np.log(3.0), 0.3, n)
    age = rng.uniform(10, 36, n)
    gaps, whose, silence, alive = [], [], np.zeros(n), np.ones(n, dtype=bool)
    for buyer in range(n):
        clock, there = 0.0, True
        while there:
            there = rng.random() >= drop
            step = rng.gamma(shape, usual[buyer] / shape)
            if not there or clock + step > age[buyer]:
                break
            clock += step
            gaps.append(step)
            whose.append(buyer)
        silence[buyer], alive[buyer] = age[buyer] - clock, there
    return np.array(gaps), np.array(whose), silence, alive


def test_known_rhythm_is_found_and_calibrated() -> None:
    gaps, whose, silence, alive = regular(1)
    rule = fit_rhythm(gaps, whose, silence)
    assert rule.converged
    assert rule.drop == pytest.approx(0.08, abs=0.015)
    total, count = np.bincount(whose, gaps, minlength=len(silence)), np.bincount(whose, minlength=len(silence))
    p = rule.alive(silence, rule.usual_gap(total, count))
    assert p.mean() == pytest.approx(alive.mean(), abs=0.03)
    flag = (silence <= 3.0).astype(float)
    assert np.mean((p - alive) ** 2) < 0.6 * np.mean((flag - alive) ** 2)


def test_regularity_of_random_and_of_regular_orders() -> None:
    rng = np.random.default_rng(2)
    for gaps in (3, 12):
        buyer = np.repeat(np.arange(1200), gaps)
        scale = rng.lognormal(1, 1, 1200)[buyer]
        assert gap_cv(scale * rng.exponential(2.0, len(buyer)), buyer) == pytest.approx(1.0, abs=0.06)
        assert gap_cv(scale * rng.gamma(9.0, 1 / 3, len(buyer)), buyer) == pytest.approx(1 / 3, abs=0.02)
        assert gap_cv(scale, buyer) == 0.0


def test_too_little_to_see_a_rhythm() -> None:
    assert gap_cv(np.array([]), np.array([], dtype=int)) is None
    assert gap_cv(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 0])) is None
    with pytest.raises(ValueError, match="ordered twice"):
        fit_rhythm(np.array([]), np.array([], dtype=int), np.array([3.0]))
