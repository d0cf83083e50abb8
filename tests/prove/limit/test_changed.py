"""A made-up year in which levers are pulled: nothing changed is the year as it was; each lever moves it the right way."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.prove.limit.changed import Changed
from prmkit.prove.limit.recruits import draw_recruits
from prmkit.prove.limit.year import year_ahead
from prmkit.simulate.programme import simulate
from prmkit.simulate.state import AHEAD, State
from prmkit.simulate.worlds import WORLDS


@pytest.fixture(scope="module")
def state() -> State:
    return simulate(WORLDS.get("reference"), 3, 60, 24).state


def revenue(state: State, changed: Changed) -> tuple[float, float]:
    year = year_ahead(state, 50, 1, known=True, changed=changed)
    made = draw_recruits(state, year, 1, changed)
    return float(made.total(0).mean()), float(made.revenue[:, :50].sum(axis=(1, 2)).mean())


def test_nothing_changed_is_the_year_as_it_is(state: State) -> None:
    plain, same = year_ahead(state, 20, 1, known=True), year_ahead(state, 20, 1, known=True, changed=Changed())
    assert same.revenue == pytest.approx(plain.revenue)


def test_each_lever_moves_what_it_should(state: State) -> None:
    present, recruits = revenue(state, Changed())
    more = revenue(state, Changed(sales=np.full(AHEAD, 1.2)))
    assert more[0] == pytest.approx(1.2 * present, rel=0.05)
    assert revenue(state, Changed(hazard=np.full(AHEAD, 0.2)))[0] > present
    sold = revenue(state, Changed(activation=np.full(AHEAD, 0.2)))
    assert sold[0] == pytest.approx(present)
    assert sold[1] > recruits
    assert revenue(state, Changed(ramp=np.full(AHEAD, 0.5)))[1] > recruits


def test_a_ramp_half_closed_loses_half() -> None:
    changed = Changed(ramp=np.full(AHEAD, 0.5))
    assert changed.ramp_of(np.array([0.2, 1.0]), np.array([0, 3])) == pytest.approx([0.6, 1.0])
