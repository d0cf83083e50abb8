"""Telling groups by other columns."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.likeness import better_than_shares, likeness


def test_columns_that_tell_are_used_and_columns_that_do_not_are_not() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 300)
    telling = np.eye(3)[labels] + 0.6 * rng.standard_normal((300, 3))
    assert better_than_shares(telling, labels, 3, rng)
    noise = [better_than_shares(rng.standard_normal((300, 3)), labels, 3, rng) for _ in range(20)]
    assert sum(noise) == 0


def test_chances_add_up_and_an_empty_group_has_none() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 2], 100)
    x = labels[:, None] + 0.5 * rng.standard_normal((200, 1))
    chances = likeness(x, labels, 3, np.array([[0.0], [2.0]]))
    assert chances.sum(axis=1) == pytest.approx([1, 1])
    assert chances[:, 1] == pytest.approx([0, 0])
    assert chances[0, 0] > 0.8
    assert chances[1, 2] > 0.8


def test_one_group_is_refused() -> None:
    with pytest.raises(ValueError, match="two groups"):
        likeness(np.zeros((5, 1)), np.zeros(5, dtype=int), 1, np.zeros((1, 1)))
    assert not better_than_shares(np.zeros((60, 1)), np.zeros(60, dtype=int), 1, np.random.default_rng(0))
