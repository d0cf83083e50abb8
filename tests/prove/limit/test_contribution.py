"""What partners truly brought: the limit's draws lie around it as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.prove.limit.contribution import expected_margin, expected_revenue
from prmkit.prove.limit.life import fit_life
from prmkit.simulate.history import make_state
from prmkit.simulate.revenue import expected_revenue as truly_expected
from prmkit.simulate.state import State
from prmkit.simulate.worlds import WORLDS
from tests.prove.limit.ranks import covers_nine_in_ten, even, ranks


def truth(state: State) -> np.ndarray:
    return truly_expected(state)[:, state.months - 12 : state.months].sum(axis=1)


@pytest.mark.parametrize(("name", "partners"), [("reference", 1_500), ("thin", 1_500), ("heavy_tail", 1_500), ("wrong_model", 400)])
def test_contributions_are_calibrated(name: str, partners: int) -> None:
    states = [make_state(WORLDS.get(name), 40 + seed, partners) for seed in range(3)]
    given = [np.flatnonzero(state.network.kind < 3) for state in states]
    true = np.concatenate([truth(state)[rows] for state, rows in zip(states, given, strict=True)])
    drawn = np.concatenate([expected_revenue(state, 399, seed=4)[rows] for state, rows in zip(states, given, strict=True)])
    rank = ranks(true, drawn)
    assert covers_nine_in_ten(rank)
    assert even(rank)
    total = true.sum()
    assert abs(drawn.mean(axis=1).sum() - total) < 4 * np.sqrt(drawn.var(axis=1).sum())


def test_equal_partners_that_are_surely_there_are_known_exactly() -> None:
    state = make_state(WORLDS.get("null"), 3, 400)
    sure = fit_life(state).record.counts[:, -1] > 0
    drawn = expected_revenue(state, 20)[sure]
    assert drawn == pytest.approx(np.tile(truth(state)[sure][:, None], 20), rel=1e-9)


def test_margin_is_revenue_at_the_partners_own_rate() -> None:
    state = make_state(WORLDS.get("reference"), 3, 100)
    assert expected_margin(state, 10, seed=2) == pytest.approx(expected_revenue(state, 10, seed=2) * state.network.margin[:, None])


def test_who_left_before_the_year_brought_nothing() -> None:
    state = make_state(WORLDS.get("reference"), 3, 2_000)
    record = fit_life(state).record
    busy = (record.counts[:, :12].sum(axis=1) > 25) & (record.counts[:, 12:].sum(axis=1) == 0)
    assert busy.sum() > 5
    assert expected_revenue(state, 50)[busy].max() == 0
