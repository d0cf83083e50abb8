"""The mix with the least stretch: against the closed form, and never short of the goal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.lever_mix import STEPS, least_stretch, reaches, shares, surely


def test_surely_is_the_draw_of_that_rank() -> None:
    drawn = np.arange(10.0)
    assert surely(drawn, 0.8) == 2.0
    assert reaches(drawn, 2.0, 0.8)
    assert not reaches(drawn, 2.1, 0.8)
    assert surely(drawn, 1.0) == 0.0


def test_alike_levers_are_moved_alike_as_lagrange_says() -> None:
    """min w1 x1^2 + w2 x2^2 with g1 x1 + g2 x2 = G: x is proportional to g / w."""

    def total(setting: np.ndarray) -> np.ndarray:
        return np.full(5, 100.0 * setting[0] + 100.0 * setting[1])

    assert least_stretch(total, np.array([1.0, 1.0]), 100.0, 0.8) == pytest.approx([0.5, 0.5])
    found = least_stretch(total, np.array([1.0, 4.0]), 100.0, 0.8)
    assert found == pytest.approx([0.8, 0.2])


def test_nothing_is_moved_for_a_goal_that_is_reached_and_nothing_is_enough_for_one_too_far() -> None:
    def total(setting: np.ndarray) -> np.ndarray:
        return np.full(3, 10.0 + setting.sum())

    assert least_stretch(total, np.ones(2), 10.0, 0.9) == pytest.approx([0.0, 0.0])
    assert least_stretch(total, np.ones(2), 12.5, 0.9) is None


@given(
    gains=st.lists(st.floats(1.0, 50.0), min_size=2, max_size=4),
    weight=st.floats(0.25, 4.0),
    share=st.floats(0.05, 0.95),
    confidence=st.floats(0.5, 0.95),
)
def test_the_goal_is_reached_and_no_step_is_needless(gains: list[float], weight: float, share: float, confidence: float) -> None:
    rng = np.random.default_rng(3)
    luck = rng.lognormal(0, 0.3, (200, len(gains)))

    def total(setting: np.ndarray) -> np.ndarray:
        return 100.0 + luck @ (np.array(gains) * setting)

    goal = share * surely(total(np.ones(len(gains))), confidence) + (1 - share) * 100.0
    found = least_stretch(total, np.array([weight, *np.ones(len(gains) - 1)]), goal, confidence)
    assert found is not None
    assert reaches(total(found), goal, confidence)
    for at in np.flatnonzero(found):
        less = found.copy()
        less[at] -= 1 / STEPS
        assert not reaches(total(np.maximum(less, 0.0)), goal, confidence) or reaches(total(np.zeros(len(gains))), goal, confidence)


def test_shares_add_up_where_levers_multiply() -> None:
    def total(setting: np.ndarray) -> np.ndarray:
        return np.full(4, 100.0 * (1 + 0.2 * setting[0]) * (1 + 0.5 * setting[1]))

    found = shares(total, np.array([1.0, 1.0]))
    assert found.sum() == pytest.approx(80.0)
    assert found == pytest.approx([25.0, 55.0])  # the mean of moving first (20, 50) and last (30, 60)
    assert shares(total, np.array([0.0, 1.0])) == pytest.approx([0.0, 50.0])
