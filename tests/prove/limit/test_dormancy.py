"""The chance to go silent: in closed form, as often as stated, and no better than for who knows all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prmkit.prove.limit.dormancy import chance_silent, true_chance_silent
from prmkit.prove.limit.life import fit_life
from prmkit.simulate.history import make_state
from prmkit.simulate.worlds import REFERENCE, WORLDS
from tests.prove.limit.ranks import reliable


def test_of_who_never_leaves_it_is_the_closed_form() -> None:
    state = make_state(replace(REFERENCE, hazard=1e-12, failure=0.0, encroachment=0.0, activation=1.0), 3, 200, 24)
    sells = state.network.sells
    exposure = 1.3 / state.network.mean_rate + state.lives.factor[:, :24].sum(axis=1)
    ahead = state.lives.factor[:, 24:30].sum(axis=1)
    exact = (exposure / (exposure + ahead)) ** (1.3 + state.orders.counts[:, :24].sum(axis=1))
    assert chance_silent(state)[sells] == pytest.approx(exact[sells], rel=1e-6, abs=1e-9)
    assert (chance_silent(state)[~sells] == 1).all()
    assert true_chance_silent(state)[sells] == pytest.approx(np.exp(-state.network.rate * ahead)[sells], rel=1e-6, abs=1e-9)


def test_leaving_in_time_counts_as_silence() -> None:
    state = make_state(replace(REFERENCE, rate_shape=None, hazard=0.1, failure=0.0, encroachment=0.0, training_stays=0.0), 3, 200, 24)
    here = np.flatnonzero(state.lives.alive[:, 24])
    mean, factor = state.network.rate[here], state.lives.factor[here, 24:30]
    quiet, there = np.zeros(len(here)), np.ones(len(here))
    for month in range(6):
        there = there * np.exp(-mean * factor[:, month])
        # silent so far, and gone at the end of the month; after the last it does not matter
        quiet += there * (0.1 if month < 5 else 1.0)
        there = there * 0.9
    assert true_chance_silent(state)[here] == pytest.approx(quiet, rel=1e-9)


@pytest.mark.parametrize(("name", "partners"), [("reference", 1_500), ("thin", 1_500), ("wrong_model", 500)])
def test_as_many_go_silent_as_said(name: str, partners: int) -> None:
    states = [make_state(WORLDS.get(name), 20 + seed, partners) for seed in range(3)]
    resale = [np.flatnonzero(state.network.kind < 3) for state in states]
    chance = np.concatenate([chance_silent(state)[rows] for state, rows in zip(states, resale, strict=True)])
    came = [
        state.orders.counts[:, state.months : state.months + 6].sum(axis=1)[rows] == 0 for state, rows in zip(states, resale, strict=True)
    ]
    assert reliable(chance, np.concatenate(came))


def test_the_limit_lies_between_the_usual_share_and_who_knows_all() -> None:
    state = make_state(WORLDS.get("reference"), 6, 3_000)
    active = state.orders.counts[:, state.months - 6 : state.months].sum(axis=1) > 0
    came = state.orders.counts[:, state.months : state.months + 6].sum(axis=1) == 0
    brier = [
        float(np.mean((told - came)[active] ** 2))
        for told in (true_chance_silent(state), chance_silent(state, life=fit_life(state)), np.full(len(came), came[active].mean()))
    ]
    assert brier[0] < brier[1] < 0.85 * brier[2]
