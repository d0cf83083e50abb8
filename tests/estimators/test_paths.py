"""Paths of kinds of units against what their chances say."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.attrition import Attrition
from prmkit.estimators.paths import selling, silent, simulate_paths


def rates(hazard: float, back: tuple[float, float] = (0.0, 0.0)) -> Attrition:
    return Attrition(
        hazard=np.full((1, 5), hazard),
        size=np.array([[1.0, 2.0, 1.0]]),
        back=np.array([back]),
        back_size=np.ones((1, 3)),
        pooled=np.array([hazard]),
    )


def mean_of_many(attrition: Attrition, kind: int, months: int, ramp: np.ndarray | None = None) -> np.ndarray:
    """Average share of mature yield by month over many runs."""
    curve, inside = np.ones(13) if ramp is None else ramp, np.ones((1, months))
    runs = [simulate_paths(attrition, 0, curve, 1, inside, np.array([kind]), np.random.default_rng(seed)).mean[0] for seed in range(150)]
    return np.mean(runs, axis=0)


def test_a_selling_unit_is_there_in_the_first_month_and_then_survives() -> None:
    kind = int(selling(np.array([0]), np.array([30]))[0])
    assert mean_of_many(rates(0.1), kind, 6) == pytest.approx(0.9 ** np.arange(6), abs=0.01)


def test_size_multiplies_the_chance_of_lapsing() -> None:
    kind = int(selling(np.array([1]), np.array([30]))[0])
    assert mean_of_many(rates(0.1), kind, 4) == pytest.approx(0.8 ** np.arange(4), abs=0.01)


def test_a_young_unit_goes_on_ramping() -> None:
    kind = int(selling(np.array([0]), np.array([2]))[0])
    ramp = np.minimum(1, (np.arange(13) + 0.5) / 9)
    assert mean_of_many(rates(0.0), kind, 3, ramp) == pytest.approx(ramp[3:6])


def test_a_silent_unit_comes_back_at_the_rate_of_its_silence() -> None:
    kind = int(silent(np.array([0]), np.array([6]))[0])
    assert mean_of_many(rates(0.0, (0.2, 0.0)), kind, 4) == pytest.approx(1 - 0.8 ** np.arange(4), abs=0.015)
    late = int(silent(np.array([0]), np.array([13]))[0])
    assert mean_of_many(rates(0.0, (0.2, 0.0)), late, 4) == pytest.approx(np.zeros(4))


def test_a_unit_silent_for_three_months_waits_three_more() -> None:
    kind = int(silent(np.array([0]), np.array([3]))[0])
    assert mean_of_many(rates(0.0, (0.5, 0.5)), kind, 5)[:4].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert mean_of_many(rates(0.0, (0.5, 0.5)), kind, 5)[4] == pytest.approx(0.5, abs=0.02)
