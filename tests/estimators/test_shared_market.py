"""What added units bring in a shared market: the closed form, its chords, and what is taken from those there before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.capacity import dilution
from prmkit.estimators.shared_market import Markets, pieces


@given(st.floats(0.1, 1.0), st.floats(1.0, 200.0), st.floats(0.01, 40.0))
def test_the_gain_is_the_plans_dilution(elasticity: float, present: float, added: float) -> None:
    market = Markets(np.array([present * 10.0]), np.array([10.0]), elasticity)
    worth = np.array([added * 10.0])
    assert market.gain(worth)[0] == pytest.approx(worth[0] * dilution(np.array([added]), present, elasticity)[0], rel=1e-9)


def test_by_hand() -> None:
    """100 there, 300 more: four times as many sell twice as much at an elasticity of a half; the added ones have three quarters of it."""
    market = Markets(np.array([100.0]), np.array([10.0]), 0.5)
    assert market.gain(np.array([300.0]))[0] == pytest.approx(100.0)
    assert market.own(np.array([300.0]))[0] == pytest.approx(150.0)
    assert market.slope(np.array([300.0]))[0] == pytest.approx(0.25)


def test_the_first_where_nobody_is_shares_with_nobody() -> None:
    market = Markets(np.array([0.0]), np.array([10.0]), 0.5)
    assert market.gain(np.array([10.0]))[0] == 10.0
    assert market.gain(np.array([40.0]))[0] == pytest.approx(20.0)
    assert market.slope(np.array([5.0]))[0] == 1.0


@given(st.floats(0.2, 1.0), st.floats(0.0, 100.0), st.floats(0.5, 19.0))
def test_chords_are_concave_never_above_and_hardly_below(elasticity: float, present: float, grows: float) -> None:
    market = Markets(np.array([present]), np.array([1.0]), elasticity)
    most = np.array([grows * max(present, 1.0)])
    made = pieces(market, most)
    assert (np.diff(made.slope) <= 1e-12).all()
    ends = np.concatenate([[0.0], np.cumsum(made.length)])
    at = np.concatenate([[0.0], np.cumsum(made.length * made.slope)])
    for share in (0.02, 0.1, 0.33, 0.5, 0.77, 1.0):
        true, chord = market.gain(share * most)[0], float(np.interp(share * most[0], ends, at))
        assert chord <= true + 1e-9
        assert chord >= true * 0.985
    assert at[-1] == pytest.approx(market.gain(ends[-1:])[0])


def test_without_sharing_one_piece_says_all() -> None:
    made = pieces(Markets(np.array([50.0, 5.0]), np.array([1.0, 1.0]), 1.0), np.array([10.0, 20.0]))
    assert made.slope == pytest.approx([1.0, 1.0])
    assert made.length == pytest.approx([10.0, 20.0])


@pytest.mark.parametrize("elasticity", [0.0, -0.1, 1.01])
def test_an_elasticity_that_is_none(elasticity: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most at 1"):
        Markets(np.ones(1), np.ones(1), elasticity)
