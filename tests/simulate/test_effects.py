"""What courses and funds truly added: against the same world without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prmkit.simulate.effects import course_paths, fund_paths, truth_of_course, truth_of_funding, untaught
from prmkit.simulate.history import make_state
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.state import NEVER
from prmkit.simulate.worlds import REFERENCE, WORLDS

# nobody stays longer for it, so that lives are the same with and without
ALIKE = replace(REFERENCE, training_stays=0.0)


def test_lift_of_the_course_is_what_the_same_world_sells_less_without_it() -> None:
    with_course, without = (make_state(replace(ALIKE, sales_effect=effect), 4, 600) for effect in (0.3, 0.0))
    year = slice(with_course.months - 12, with_course.months)
    less = expected_revenue(with_course)[:, year].sum() - expected_revenue(without)[:, year].sum()
    assert truth_of_course(with_course)["lift"] == pytest.approx(less, rel=1e-9)


def test_lift_of_the_funds_is_what_the_same_world_sells_less_without_them() -> None:
    with_funds, without = (make_state(replace(ALIKE, mdf_effect=effect, mdf_back=0.0), 4, 600) for effect in (0.2, 0.0))
    year = slice(with_funds.months - 12, with_funds.months)
    less = expected_revenue(with_funds)[:, year].sum() - expected_revenue(without)[:, year].sum()
    assert truth_of_funding(with_funds)["lift"] == pytest.approx(less, rel=1e-9)


def test_effect_is_the_change_over_the_twelve_months_after_the_course() -> None:
    with_course, without = (make_state(replace(ALIKE, sales_effect=effect), 4, 600) for effect in (0.3, 0.0))
    sold, plain, wave = expected_revenue(with_course), expected_revenue(without), with_course.course.wave
    after = before = 0.0
    # of those there in all twelve months: whoever leaves counts only as far as it was likely to stay
    for partner in np.flatnonzero(wave < NEVER):
        months = slice(int(wave[partner]) + 1, min(int(wave[partner]) + 13, with_course.months))
        if with_course.lives.alive[partner, months].all():
            after += float(sold[partner, months].sum())
            before += float(plain[partner, months].sum())
    assert truth_of_course(with_course)["effect"] == pytest.approx(after / before - 1, abs=0.004)


def test_staying_longer_counts_by_who_is_still_there() -> None:
    world = replace(REFERENCE, sales_effect=0.0, hazard=0.05, training_stays=-1.5)
    with_course = make_state(world, 4, 4_000)
    without = make_state(replace(world, training_stays=0.0), 4, 4_000)
    wave = with_course.course.wave
    taught = np.flatnonzero((wave < NEVER) & (wave == without.course.wave))
    there = []
    for state in (with_course, without):
        cells = [state.lives.alive[i, wave[i] + 1 : min(wave[i] + 13, state.months)] for i in taught]
        begun = [cell for cell in cells if cell[0]]
        there.append(sum(float(cell.sum()) for cell in begun) / len(begun))
    assert truth_of_course(with_course)["effect"] == pytest.approx(there[0] / there[1] - 1, abs=0.05)
    assert truth_of_course(with_course)["effect"] > 0.1


def test_pull_forward_is_the_share_given_back_in_the_three_months_after() -> None:
    state = make_state(replace(REFERENCE, effect_spread=0.0), 9, 4_000)
    found = truth_of_funding(state)
    assert found["effect"] == pytest.approx(0.2, abs=1e-9)
    # three months at -0.07 for three at 0.20, but for who has left meanwhile and what the months are like
    assert found["pull_forward_share"] == pytest.approx(0.35, abs=0.03)


@pytest.mark.parametrize("name", ["null", "traps"])
def test_without_an_effect_it_is_exactly_zero(name: str) -> None:
    state = make_state(WORLDS.get(name), 2)
    nothing = {"effect": 0.0, "lift": 0.0, "pull_forward_share": 0.0}
    assert truth_of_course(state) == nothing
    assert truth_of_funding(state) == nothing


def test_factor_is_plain_times_what_the_actions_cause() -> None:
    state = make_state(REFERENCE, 2)
    made = state.lives.plain * course_paths(state) * fund_paths(state)
    assert made == pytest.approx(state.lives.factor, rel=1e-12)
    assert (course_paths(state, untaught(state.course)) == 1).all()
