"""The same money spread in another way: whole recruits, as many as it buys."""

from __future__ import annotations

import numpy as np

from prmkit.prove.answers.reach.allocation import _bought


def test_money_buys_whole_recruits_by_shares_of_their_number() -> None:
    """Ten thousand, three in four recruits at 1,000 and one at 2,000: eight recruits, six and two."""
    made = _bought(np.array([[3.0, 1.0]]), np.array([1_000.0, 2_000.0]), 10_000.0)
    assert made.tolist() == [[6.0, 2.0]]


def test_what_is_left_goes_to_the_largest_parts() -> None:
    made = _bought(np.array([[1.0], [1.0], [2.0]]), np.array([100.0]), 700.0)
    assert made.sum() == 7
    assert made[2, 0] in {3.0, 4.0}
