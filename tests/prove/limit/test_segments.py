"""Segments by expectation: as often right as the chances say."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.prove.answers.know.segments import true_segments
from prmkit.prove.limit.segments import segment_chances
from prmkit.simulate.history import make_state
from prmkit.simulate.worlds import WORLDS
from tests.prove.limit.ranks import reliable


@pytest.mark.parametrize("name", ["reference", "heavy_tail"])
def test_segments_are_as_often_right_as_said(name: str) -> None:
    state = make_state(WORLDS.get(name), 7, 2_000)
    chance = segment_chances(state)
    truth, judged = true_segments(state)
    assert chance.sum(axis=1) == pytest.approx(np.ones(2_000))
    likeliest = chance[judged].argmax(axis=1)
    right = likeliest == truth[judged]
    assert reliable(chance[judged].max(axis=1), right)
    assert right.mean() > 0.7


def test_what_is_on_record_is_not_in_doubt() -> None:
    state = make_state(WORLDS.get("reference"), 7, 400)
    chance = segment_chances(state)
    never = state.orders.counts[:, : state.months].sum(axis=1) == 0
    assert (chance[never, 6] == 1).all()
    assert (chance[~never, 6] == 0).all()
