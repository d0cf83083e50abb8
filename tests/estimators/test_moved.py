"""Estimates moved to a person's value: their mean is that value, every draw goes along, and at the estimate nothing changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.attrition import yearly
from prmkit.estimators.moved import MOST_RAMP, hazard_factor, ramp_months, ramp_to, share_to
from prmkit.estimators.ramp import linear

DRAWS = np.random.default_rng(1).beta(7, 13, 500)
CURVE = np.concatenate([np.tile(linear(6, np.arange(12)), (3, 1)) ** np.array([[0.8], [1.0], [1.3]]), np.ones((3, 1))], axis=1)
POOLED = np.random.default_rng(2).gamma(20, 0.001, 200)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_share_is_moved_to_its_mean_and_every_draw_with_it(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert share_to(DRAWS, low).mean() == pytest.approx(low, abs=1e-12)
    assert (share_to(DRAWS, low) <= share_to(DRAWS, high) + 1e-12).all()
    assert ((share_to(DRAWS, high) >= 0) & (share_to(DRAWS, high) <= 1)).all()


@given(st.floats(0, MOST_RAMP), st.floats(0, MOST_RAMP))
def test_a_ramp_is_moved_to_its_length_and_falls_at_every_age(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert ramp_months(ramp_to(CURVE, low)).mean() == pytest.approx(low, abs=1e-6)
    assert (ramp_to(CURVE, high) <= ramp_to(CURVE, low) + 1e-9).all()
    assert (ramp_to(CURVE, high) >= 0).all()
    assert (ramp_to(CURVE, high)[:, -1] == 1).all()


def test_an_even_rise_is_as_long_as_it_is_told() -> None:
    flat = np.ones((2, 13))
    assert ramp_months(np.append(linear(9, np.arange(12)), 1.0)[None, :])[0] == pytest.approx(9)
    assert ramp_to(flat, 9.0)[0, :12] == pytest.approx(linear(9, np.arange(12)), abs=1e-9)


@given(st.floats(0, 0.9))
def test_a_hazard_is_scaled_to_the_loss_of_a_year(share: float) -> None:
    factor = hazard_factor(POOLED, share)
    assert yearly(np.minimum(POOLED * factor, 0.95)).mean() == pytest.approx(share, abs=1e-9)


def test_at_the_estimate_nothing_changes() -> None:
    assert share_to(DRAWS, float(DRAWS.mean())) is DRAWS
    assert ramp_to(CURVE, float(ramp_months(CURVE).mean())) is CURVE
    assert hazard_factor(POOLED, float(yearly(POOLED).mean())) == 1.0


def test_what_cannot_be_is_refused() -> None:
    for call in (lambda: share_to(DRAWS, 1.1), lambda: ramp_to(CURVE, 24.0), lambda: hazard_factor(POOLED, 1.0)):
        with pytest.raises(ValueError, match="from 0 to"):
            call()
