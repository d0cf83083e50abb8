"""Effects of courses and funds: unbiased, right as often as said, and silent where nothing can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from prmkit.prove.limit import effect
from prmkit.simulate.effects import truth_of_course, truth_of_funding
from prmkit.simulate.history import make_state
from prmkit.simulate.state import NEVER, State
from prmkit.simulate.worlds import REFERENCE, WORLDS

Limit = Callable[[State], np.ndarray]
Truth = Callable[[State], dict[str, float]]
PAIRS: dict[str, tuple[Limit, Truth]] = {"course": (effect.course, truth_of_course), "funding": (effect.funding, truth_of_funding)}


@pytest.mark.parametrize("name", ["reference", "traps"])
@pytest.mark.parametrize("action", ["course", "funding"])
def test_the_estimate_is_unbiased_and_its_interval_right(action: str, name: str) -> None:
    limit, truth = PAIRS[action]
    worlds = [make_state(WORLDS.get(name), 8_000 + seed, 200) for seed in range(40)]
    told = np.array([limit(state) for state in worlds])
    true = np.array([truth(state)["effect"] for state in worlds])
    error = told[:, 0] - true
    assert abs(error.mean()) < 3 * error.std(ddof=1) / np.sqrt(len(worlds))
    # 40 worlds at nine in ten: fewer than 30 by chance in one of a thousand
    assert ((told[:, 1] <= true) & (true <= told[:, 2])).sum() >= 30
    assert (told[:, 2] - told[:, 1]).mean() < 5 * error.std(ddof=1)


def test_an_effect_that_is_there_is_found() -> None:
    strong = make_state(replace(REFERENCE, sales_effect=0.8, mdf_effect=0.9), 3, 1_000)
    course, funding = effect.course(strong), effect.funding(strong)
    assert course[1] > 0.4
    assert course[2] < 1.1
    assert funding[1] > 0.5
    assert funding[2] < 1.3


def test_nothing_is_said_where_nobody_took_part() -> None:
    state = make_state(REFERENCE, 3, 100)
    never = np.full(100, NEVER)
    nobody = replace(state, course=replace(state.course, wave=never), funding=replace(state.funding, start=never))
    assert np.isnan(effect.course(nobody)).all()
    assert np.isnan(effect.funding(nobody)).all()


def test_with_few_partners_little_is_known() -> None:
    few, many = (make_state(REFERENCE, 3, count) for count in (60, 1_500))
    widths = [float(np.ptp(effect.course(state)[1:])) for state in (few, many)]
    assert widths[0] > 2.5 * widths[1]
