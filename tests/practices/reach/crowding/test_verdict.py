"""The word for a territory, by what being wrong would cost."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.practices.reach.crowding.verdict import verdicts


@pytest.mark.parametrize(
    ("margins", "word"),
    [
        ([1500.0, 1300.0, 900.0], "room_for_more"),  # wrong part 100 of 900
        ([200.0, 700.0, 1100.0], "too_many"),  # wrong part 100 of 1,200
        ([500.0, 700.0, 1100.0], "cannot_tell"),  # 100 of 900: more than a tenth
        ([1200.0, 1500.0, 400.0], "cannot_tell"),  # 600 of 1,300 wrong
        ([1300.0, 1100.0, 700.0], "about_right"),  # means of 133 and 100: neither a tenth of 10,000
        ([np.nan, np.nan, np.nan], "cannot_tell"),
    ],
)
def test_the_rule_by_hand(margins: list[float], word: str) -> None:
    cost = 10_000.0 if word == "about_right" else 1_000.0
    shift = cost - 1_000.0
    assert verdicts(np.array(margins)[:, None] + shift, cost) == [word]


def test_a_fifth_is_the_edge() -> None:
    """Gains of +400 and -100: the wrong part is a fifth; a little more and it cannot be told."""
    assert verdicts(np.array([[1400.0], [900.0]]), 1000.0) == ["room_for_more"]
    assert verdicts(np.array([[1400.0], [890.0]]), 1000.0) == ["cannot_tell"]


def test_without_a_cost_nothing_is_said() -> None:
    assert verdicts(np.ones((5, 3)), None) == ["cannot_tell"] * 3
