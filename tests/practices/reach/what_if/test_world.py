"""The plan with inputs moved: unchanged it is the plan to the digit, and what helps never asks for more recruits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import reach
from prmkit.practices.reach.count.case import Case, build_case
from prmkit.practices.reach.count.tables import count_tables
from prmkit.practices.reach.what_if import WhatIf, WrongInputs
from tests.data.handmade import client
from tests.practices.reach.test_programme import SETTINGS, rows
from tests.practices.reach.test_small import GOAL, tiny

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    lines, partners = rows()
    return open_portfolio(client(tmp_path_factory.mktemp("programme"), lines, SETTINGS, partners=partners))


@pytest.fixture(scope="module")
def case(portfolio: Portfolio) -> Case:
    made = build_case(portfolio)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def world(case: Case) -> WhatIf:
    return WhatIf(case)


def estimates(world: WhatIf) -> dict[str, float]:
    return {one.key: one.estimate for one in world.inputs if one.estimate is not None}


def test_every_input_at_its_estimate_is_the_plan_to_the_last_digit(world: WhatIf, case: Case, portfolio: Portfolio) -> None:
    plan = count_tables(portfolio, case)[0]["plan"].iloc[0]
    base, same = world.base, world.answer(estimates(world))
    assert same.moved == {}
    assert [base.counts[sure] for sure in (0.5, 0.8, 0.9)] == plan[["recruits_p50", "recruits_p80", "recruits_p90"]].tolist()
    assert base.asked == plan["recruits_asked"] == case.asked
    assert (base.chance_now, base.baseline.mean, base.baseline.low) == (plan["probability_now"], plan["baseline"], plan["baseline_low"])
    assert base.candidates == plan["candidates"] == plan["recruits_asked"] / 0.1
    assert same.counts == base.counts
    assert (same.baseline, same.revenue, same.chance) == (base.baseline, base.revenue, base.chance)
    pd.testing.assert_frame_equal(same.curve, base.curve, check_exact=True)


@pytest.mark.parametrize("key", ["activation", "attrition", "growth", "recruit_yield", "ramp_months", "elasticity"])
def test_next_to_the_estimate_the_answer_is_next_to_the_plan(world: WhatIf, key: str) -> None:
    value = estimates(world)[key]
    near = world.answer({key: value - 1e-9})
    assert near.moved
    assert near.revenue.mean == pytest.approx(world.base.revenue.mean, rel=2e-4)
    assert near.asked == pytest.approx(world.base.asked, abs=1)


@FEW
@given(low=st.floats(0.05, 1), high=st.floats(0.05, 1))
def test_more_activation_never_needs_more_recruits(world: WhatIf, low: float, high: float) -> None:
    low, high = sorted((low, high))
    less, more = world.answer({"activation": low}), world.answer({"activation": high})
    assert (more.asked or 0) <= (less.asked if less.asked is not None else np.inf)
    assert more.chance is not None
    assert less.chance is not None
    assert more.chance >= less.chance
    assert more.chance_now == less.chance_now


@FEW
@given(short=st.floats(0, 23), long=st.floats(0, 23))
def test_a_longer_ramp_never_needs_fewer(world: WhatIf, short: float, long: float) -> None:
    short, long = sorted((short, long))
    quick, slow = world.answer({"ramp_months": short}), world.answer({"ramp_months": long})
    assert (quick.asked or 0) <= (slow.asked if slow.asked is not None else np.inf)


@FEW
@given(ends=st.tuples(st.floats(1, 6e6), st.floats(1, 6e6)), sure=st.tuples(st.floats(0.05, 0.99), st.floats(0.05, 0.99)))
def test_a_higher_goal_and_more_certainty_never_need_fewer(world: WhatIf, ends: tuple[float, float], sure: tuple[float, float]) -> None:
    low = world.answer({"goal": min(ends), "confidence": min(sure)})
    high = world.answer({"goal": max(ends), "confidence": max(sure)})
    assert (low.asked or 0) <= (high.asked if high.asked is not None else np.inf)


@pytest.mark.parametrize(
    ("key", "steps"),
    [
        ("attrition", [0.0, 0.1, 0.2, 0.3, 0.45, 0.6]),
        ("kept", [10, 5, 2, 0]),
        ("growth", [0.3, 0.1, 0.0, -0.1, -0.3]),
        ("recruit_yield", [90_000, 60_000, 40_000, 20_000]),
        ("elasticity", [1.0, 0.9, 0.8, 0.6]),
        ("signing_months", [1, 3, 6, 12]),
    ],
)
def test_each_step_for_the_worse_asks_for_as_many_or_more(world: WhatIf, key: str, steps: list[float]) -> None:
    counts = [world.answer({key: step}).asked for step in steps]
    known = [np.inf if count is None else count for count in counts]
    assert known == sorted(known)
    assert known[0] < known[-1]


def test_attrition_moves_todays_partners_and_recruits_and_keeping_only_the_former(world: WhatIf) -> None:
    base, fewer, kept = world.base, world.answer({"attrition": 0.0}), world.answer({"kept": 3})
    assert fewer.baseline.mean > kept.baseline.mean > base.baseline.mean
    alone = world.answer({"attrition": 0.0, "elasticity": 1.0}), world.answer({"elasticity": 1.0})
    assert alone[0].revenue.mean - alone[0].baseline.mean > alone[1].revenue.mean - alone[1].baseline.mean
    crowd = world.answer({"kept": 3, "elasticity": 1.0}), world.answer({"elasticity": 1.0})
    assert crowd[0].revenue.mean - crowd[0].baseline.mean == pytest.approx(crowd[1].revenue.mean - crowd[1].baseline.mean, rel=1e-12)


def test_keeping_everybody_is_no_attrition_of_todays_partners(world: WhatIf) -> None:
    from prmkit.practices.reach.what_if.leaving import expected_to_leave

    most = next(one for one in world.inputs if one.key == "kept").most
    everybody = world.answer({"kept": most})
    none_leave = world.answer({"attrition": 0.0}).baseline.mean
    share = most / expected_to_leave(world.case)
    assert everybody.baseline.mean == pytest.approx(world.base.baseline.mean + share * (none_leave - world.base.baseline.mean), rel=0.01)


def test_money_is_added_up_by_hand(world: WhatIf) -> None:
    found = world.answer({"recruits": 20, "recruit_cost": 500, "partner_cost": 3000, "margin": 0.4})
    assert found.recruits == 20
    assert found.cost == 20 * 3500
    assert found.margin_left == pytest.approx(0.4 * (found.revenue.mean - found.baseline.mean) - 70_000)
    assert world.answer({"recruits": 0}).revenue == world.base.baseline
    assert world.answer({"conversion": 0.5}).candidates == world.base.asked / 0.5  # type: ignore[operator]


def test_the_goal_as_growth_is_the_goal_in_money(world: WhatIf, case: Case) -> None:
    by_growth, in_money = world.answer({"goal_growth": 0.5}), world.answer({"goal": case.revenue * 1.5})
    assert by_growth.goal == in_money.goal
    assert by_growth.counts == in_money.counts


def test_a_later_day_moves_the_window(world: WhatIf, case: Case) -> None:
    later = world.answer({"goal_months": 15})
    assert later.by == case.target.later(3).by == pd.Timestamp("2027-03-31")
    assert later.baseline.mean == pytest.approx(float(case.later.total(case.rows).mean()), rel=1e-6)
    assert world.answer({"goal_months": 6.5}).by == pd.Timestamp("2026-06-30") + pd.Timedelta(days=15)


def test_capacity_says_when_more_is_asked_than_can_be_brought_up(world: WhatIf) -> None:
    asked = world.base.asked
    assert asked is not None
    few = world.answer({"onboarding": asked / 24})
    assert few.capacity == asked // 2
    assert few.over_capacity
    assert not world.answer({"onboarding": asked}).over_capacity
    assert world.answer({"onboarding": asked / 12, "signing_months": 6}).capacity == asked // 2


def test_what_was_never_seen_is_told(world: WhatIf) -> None:
    assert world.answer({"activation": 1.0}).seen == {"activation": False}
    worse = world.answer({"activation": 0.1, "attrition": 0.9, "growth": -0.5})
    assert worse.seen == {"activation": True, "attrition": True, "growth": True}
    assert world.answer({"growth": 4.0, "recruits": 5000}).seen == {"growth": None, "recruits": False}
    assert world.answer({"goal": 1e6, "margin": 0.1}).seen == {}


def test_every_fault_is_named_at_its_input(world: WhatIf) -> None:
    with pytest.raises(WrongInputs) as raised:
        world.answer(
            {
                "activation": 1.2,
                "recruits": 2.5,
                "goal": "much",
                "growth": float("nan"),
                "no_such": 1,
                "attrition": True,
                "confidence": None,
            }
        )
    assert raised.value.faults["activation"] == "Activation runs from 0% to 100%, not 120%."
    assert raised.value.faults["recruits"] == "Recruits signed is a whole number, not 2.5."
    assert raised.value.faults["goal"] == "Goal: 'much' is not a number."
    assert raised.value.faults["no_such"].startswith("There is no input 'no_such'. Known: goal, goal_growth,")
    assert set(raised.value.faults) == {"activation", "recruits", "goal", "growth", "no_such", "attrition", "confidence"}
    with pytest.raises(WrongInputs, match="not both"):
        world.answer({"goal": 1e6, "goal_growth": 0.1})


def test_a_view_asks_for_its_own(portfolio: Portfolio) -> None:
    view = build_case(open_portfolio(portfolio.client, "north"))
    assert view is not None
    world = WhatIf(view)
    assert world.base.asked == view.asked
    assert world.answer({"activation": 1.0}).chance > world.base.chance  # type: ignore[operator]


def test_without_a_goal_there_is_a_baseline_and_a_goal_can_be_given(tmp_path: Path) -> None:
    lines, partners = rows()
    own: dict[str, Any] = {key: value for key, value in SETTINGS.items() if key != "goal"}
    made = build_case(open_portfolio(client(tmp_path, lines, own, partners=partners)))
    assert made is not None
    world = WhatIf(made)
    assert (world.base.goal, world.base.asked, world.base.chance, world.base.counts[0.8]) == (None, None, None, None)
    assert world.base.baseline.mean > 0
    assert world.answer({"goal_growth": 5.0}).asked > world.answer({"goal_growth": 0.5}).asked  # type: ignore[operator]


def test_thin_data_have_no_what_if_and_say_why(tmp_path: Path) -> None:
    found = reach.assess(tiny(tmp_path, GOAL))
    assert found.tables["what_if"].empty
    missing = {item.table: item.reason for item in found.not_computed if item.column is None}
    assert "months of sales are too few" in missing["what_if"]
