"""The whale curve by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prmkit.estimators.whale import whale


def test_by_hand() -> None:
    curve = whale(np.array([10.0, -40.0, 100.0, 0.0, -30.0]))
    assert curve.order.tolist() == [2, 0, 3, 4, 1]
    assert curve.cumulative.tolist() == [100.0, 110.0, 110.0, 80.0, 40.0]
    assert (curve.peak, curve.peak_rank, curve.total, curve.given_back) == (110.0, 2, 40.0, 70.0)
    assert curve.given_back_share == pytest.approx(70 / 110)


def test_without_partners_or_without_profit() -> None:
    assert whale(np.array([])).total == 0.0
    assert whale(np.array([-1.0, -2.0])).given_back_share is None


@given(hnp.arrays(float, st.integers(1, 40), elements=st.integers(-1_000_000, 1_000_000).map(float)))
def test_the_curve_rises_to_its_peak_falls_after_and_ends_at_the_sum(values: np.ndarray) -> None:
    curve = whale(values)
    steps = np.diff(np.r_[0.0, curve.cumulative])
    assert np.all(np.diff(steps) <= 0)
    assert curve.cumulative[-1] == values.sum()
    assert curve.peak == max(0.0, curve.cumulative.max())
    assert curve.peak - curve.given_back == curve.total
