"""Whether a partner has left, and its rate: exact for one partner, and right as often as it says over many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats

from prmkit.prove.limit.life import Life, fit_life, life_of
from prmkit.prove.limit.record import record_of
from prmkit.simulate.history import make_state
from prmkit.simulate.state import NEVER, State
from prmkit.simulate.worlds import REFERENCE, WORLDS
from tests.prove.limit.ranks import covers_nine_in_ten, even, ranks, reliable


def test_of_who_never_leaves_the_rate_is_a_plain_gamma() -> None:
    state = make_state(replace(REFERENCE, hazard=1e-12, failure=0.0, encroachment=0.0, activation=1.0), 3, 120, 24)
    found = fit_life(state)
    resale = np.flatnonzero(found.record.sells)
    assert found.there[resale] == pytest.approx(np.ones(len(resale)), abs=1e-6)
    rate, last = found.draw(8_000, np.random.default_rng(2))
    assert (last[resale] == 24).all()
    exposure = state.lives.factor[:, :24].sum(axis=1)
    count = state.orders.counts[:, :24].sum(axis=1)
    exact = stats.gamma(1.3 + count, scale=1 / (1.3 / state.network.mean_rate + exposure))
    assert rate.mean(axis=1)[resale] == pytest.approx(exact.mean()[resale], rel=0.06)
    ends = np.quantile(rate[resale], 0.95, axis=1)
    assert ends == pytest.approx(exact.ppf(0.95)[resale], rel=0.12)


def test_one_partner_against_sums_and_integrals_worked_out_by_hand() -> None:
    state = make_state(REFERENCE, 11, 200, 24)
    record = record_of(state)
    found = life_of(record)
    silent = (record.seen < 18) & (record.seen >= 8)
    partner = int(np.flatnonzero(silent)[0])
    count, start, seen = record.counts[partner], int(record.start[partner]), int(record.seen[partner])
    mean, hazard, factor = record.mean_rate[partner], record.hazard[partner], record.factor[partner]

    def chance(last: int) -> float:
        exposure = factor[start : min(last, 23) + 1].sum()
        kept = np.prod(1 - hazard[start : min(last, 24)])
        leaves = hazard[last] if last < 24 else 1.0

        def density(rate: float) -> float:
            return float(rate ** count.sum() * np.exp(-rate * exposure) * stats.gamma.pdf(rate, 1.3, scale=mean / 1.3))

        return float(kept * leaves * integrate.quad(density, 0, 40, limit=200)[0])

    exact = np.array([chance(last) if last >= seen else 0.0 for last in range(25)])
    assert count.sum() > 0
    assert found.chance[0, partner] == pytest.approx(exact / exact.sum(), rel=1e-6)


def test_partners_that_do_not_resell_never_sell() -> None:
    state = make_state(REFERENCE, 2, 300, 24)
    found = fit_life(state)
    rate, last = found.draw(50, np.random.default_rng(3))
    other = state.network.kind >= 3
    assert (rate[other] == 0).all()
    assert (last[other] == -1).all()
    assert (found.there[other] == 0).all()


def test_nobody_has_left_before_being_heard_of() -> None:
    state = make_state(REFERENCE, 2, 300, 36)
    found = fit_life(state)
    course = np.flatnonzero(state.course.wave < NEVER)
    before = np.arange(37) < state.course.wave[course, None]
    assert found.chance[:, course][:, before].sum() == 0
    ordered = found.record.counts[:, 35] > 0
    assert found.chance[:, ordered, 35:].sum() == pytest.approx(ordered.sum())


@pytest.fixture(scope="module", params=["reference", "thin", "null", "wrong_model"])
def fitted(request: pytest.FixtureRequest) -> list[tuple[State, Life]]:
    partners = 500 if request.param == "wrong_model" else 1_500
    states = [make_state(WORLDS.get(request.param), 900 + seed, partners) for seed in range(3)]
    return [(state, fit_life(state)) for state in states]


def test_who_is_there_is_as_often_there_as_said(fitted: list[tuple[State, Life]]) -> None:
    chance = np.concatenate([life.there[life.record.sells] for _, life in fitted])
    came = np.concatenate([state.lives.alive[life.record.sells, state.months] for state, life in fitted])
    assert reliable(chance, came)


def test_rates_are_calibrated(fitted: list[tuple[State, Life]]) -> None:
    truth = np.concatenate([np.where(state.network.sells, state.network.rate, 0.0)[life.record.sells] for state, life in fitted])
    drawn = np.concatenate([life.draw(399, np.random.default_rng(5))[0][life.record.sells] for _, life in fitted])
    rank = ranks(truth, drawn)
    assert covers_nine_in_ten(rank)
    assert even(rank)
