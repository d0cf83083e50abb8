"""What an answer is judged by: its parts fit each other, and what is missing is nan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prmkit.prove.score import Claims, Estimates


def test_columns_not_given_are_nan_and_every_unit_should_be_answered() -> None:
    told = Estimates.of([1.0, 2.0], [1.5, np.nan], naive=3.0)
    assert np.isnan(np.concatenate([told.low, told.high, told.limit, told.limit_low, told.limit_high])).all()
    assert told.naive.tolist() == [3.0, 3.0]
    assert told.should.tolist() == [True, True]


def test_a_single_answer_takes_every_way_of_missing() -> None:
    told = Estimates.single(4.0, pd.NA, None, float("nan"), naive=np.float64(5), should=False, scale=2)
    assert np.isnan([told.tool[0], told.low[0], told.high[0], told.limit[0]]).all()
    assert (told.truth[0], told.naive[0], told.should[0], told.scale) == (4.0, 5.0, False, 2.0)


@pytest.mark.parametrize(
    ("truth", "tool", "scale", "why"),
    [
        ([1.0, np.nan], [1.0, 1.0], 1.0, "always known"),
        ([1.0], [1.0], 0.0, "above zero"),
        ([1.0], [1.0], np.nan, "above zero"),
    ],
)
def test_what_cannot_be_judged_is_refused(truth: list[float], tool: list[float], scale: float, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Estimates.of(truth, tool, scale=scale)


def test_columns_of_different_length_are_refused() -> None:
    column = np.ones(3)
    with pytest.raises(ValueError, match="one length"):
        Estimates(column, np.ones(2), column, column, column, column, column, column, column > 0)


@pytest.mark.parametrize("counts", [(3, 4, 0, 0, 0, 0), (5, 0, 0, 0, 4, 0), (1, 0, 2, 3, 0, 0), (-1, 0, 0, 0, 0, 0)])
def test_counts_of_claims_that_cannot_be_are_refused(counts: tuple[int, ...]) -> None:
    made, false, naive_made, naive_false, looked, naive_looked = counts
    with pytest.raises(ValueError, match="cannot be"):
        Claims(made, false, 0.1, naive_made, naive_false, looked, naive_looked)
