"""What is judged of the count: a ratio that treats half and twice alike, and the claim that a number reaches the goal at 0.8."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.prove.answers.reach import plan
from prmkit.prove.case import Case


class Stub:
    """A case of which only the plan and the goal are asked."""

    def __init__(self, **row: float) -> None:
        self.rows = pd.DataFrame([{"territory": "all", **row}])
        self.state, self.portfolio = None, None

    def table(self, practice: str, name: str) -> pd.DataFrame:
        assert (practice, name) == ("reach", "plan")
        return self.rows


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    """100 recruits are truly needed for 0.8; a chance rises by a hundredth for every 1.25 recruits."""

    class Aim:
        revenue = 1.0

    monkeypatch.setattr(plan, "target", lambda portfolio: Aim())
    monkeypatch.setattr(plan.future, "count_for", lambda state, goal, confidence, known=False: 100 if known else 104)
    monkeypatch.setattr(plan.future, "true_chance", lambda state, count, goal: min(count / 125, 1.0))


def stub(**row: float) -> Case:
    made: Any = Stub(**row)
    return made  # type: ignore[no-any-return]


@pytest.mark.usefixtures("world")
def test_half_and_twice_as_many_are_as_far_off() -> None:
    half, twice = (plan.recruits_ratio(stub(recruits_p80=count, recruits_naive=20.0)) for count in (50.0, 200.0))
    assert half is not None
    assert twice is not None
    assert half.estimates is not None
    assert twice.estimates is not None
    assert half.estimates.tool[0] == pytest.approx(-np.log(2))
    assert twice.estimates.tool[0] == pytest.approx(np.log(2))
    assert half.estimates.naive[0] == pytest.approx(-np.log(5))
    assert half.estimates.limit[0] == pytest.approx(np.log(1.04))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("count", "false"), [(70.0, 1), (76.0, 0), (100.0, 0), (122.0, 0), (124.0, 1)])
def test_a_number_far_from_what_it_is_named_for_is_a_false_claim(count: float, false: int) -> None:
    made = plan.chance_reached(stub(recruits_p80=count, recruits_naive=20.0))
    assert made is not None
    assert made.claims is not None
    assert made.estimates is not None
    assert made.estimates.tool[0] == pytest.approx(count / 125)
    assert (made.claims.made, made.claims.false, made.claims.naive_false) == (1, false, 1)
    assert made.claims.stated == 0.2


@pytest.mark.usefixtures("world")
def test_who_names_no_number_claims_nothing() -> None:
    made = plan.chance_reached(stub(recruits_p80=np.nan, recruits_naive=np.nan))
    assert made is not None
    assert made.claims is not None
    assert (made.claims.made, made.claims.naive_made) == (0, 0)
    ratio = plan.recruits_ratio(stub(recruits_p80=np.nan, recruits_naive=0.0))
    assert ratio is not None
    assert ratio.estimates is not None
    assert np.isnan([ratio.estimates.tool[0], ratio.estimates.naive[0]]).all()
