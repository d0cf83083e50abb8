"""What is truly added by the next partner, and how calls of too many are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prmkit.practices.result import table
from prmkit.prove.answers.reach import crowding
from prmkit.prove.case import Case, make_case
from prmkit.simulate.revenue import expected_revenue
from prmkit.simulate.worlds import WORLDS


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    """Equal partners that share nothing, no practice asked: tables are put in by hand."""
    with make_case(WORLDS.get("null"), 3, 120, 24, practices=["know"]) as made:
        yield made


def said(case: Case, **columns: object) -> Case:
    """The case with a saturation table of these columns for all its territories."""
    places = list(case.state.network.places)
    rows = pd.DataFrame({"territory": places, "partners": 10.0, "partner_cost": 6_000.0, **columns}, index=range(len(places)))
    tables = {"saturation": table("reach", "saturation", rows), "crowding_checks": table("reach", "crowding_checks")}
    return replace(case, results={"reach": replace(case.results["know"], tables=tables)})


def test_the_true_average_is_what_a_grown_partner_is_expected_to_sell(case: Case) -> None:
    state = case.state
    year = slice(state.months - 12, state.months)
    grown = (state.network.joined < state.months - 12 - 6) & state.lives.alive[:, year].all(axis=1)
    sold = expected_revenue(state)[:, year].sum(axis=1)
    for place, name in enumerate(state.network.places):
        own = grown & (state.network.territory == place) & (state.orders.counts[:, : state.months].sum(axis=1) > 0)
        if own.any():
            assert crowding._average(case)[name] == pytest.approx(sold[own].mean(), rel=0.03)


def test_the_next_partner_is_held_against_elasticity_times_average(case: Case) -> None:
    average = crowding._average(case).to_numpy()
    found = crowding.next_partner(said(case, next_partner_revenue=average * 0.9, average_revenue=average))
    assert found is not None
    assert found.estimates is not None
    scale = found.estimates.scale
    assert found.estimates.truth == pytest.approx(average)
    assert (found.estimates.tool / scale).mean() == pytest.approx(0.9)
    assert found.estimates.naive == pytest.approx(found.estimates.truth)


def test_calls_are_false_where_the_next_partner_pays(case: Case) -> None:
    """At 24,000 a year and a margin of 0.34 every next partner pays 6,000: every call of too many is false."""
    average = crowding._average(case).to_numpy()
    made = said(
        case,
        next_partner_revenue=average,
        next_partner_margin=average * 0.34,
        verdict=["too_many", *["room_for_more"] * (len(average) - 1)],
        spreadsheet="stop",
        over_distributed_probability=0.9,
    )
    found = crowding.over_distribution(made)
    assert found is not None
    assert found.claims is not None
    assert found.stakes is not None
    assert (found.claims.made, found.claims.false, found.claims.naive_false) == (1, 1, len(average))
    assert found.claims.stated == pytest.approx(0.1)
    assert found.stakes.naive == pytest.approx(-found.stakes.limit)
    gain = average * crowding._margin(made, pd.Series(case.state.network.places)) - 6_000
    assert found.stakes.limit == pytest.approx(np.abs(gain).sum())
    assert found.stakes.tool == pytest.approx(gain.sum())
    brier = crowding.chance_too_many(made)
    assert brier is not None
    assert brier.stakes is not None
    assert brier.stakes.tool == pytest.approx(-0.81)
    assert brier.stakes.naive == -1.0


def test_without_a_table_nothing_is_judged(case: Case) -> None:
    bare = replace(
        case,
        results={
            "reach": replace(
                case.results["know"],
                tables={"saturation": table("reach", "saturation"), "crowding_checks": table("reach", "crowding_checks")},
            )
        },
    )
    assert crowding.next_partner(bare) is None
    assert crowding.over_distribution(bare) is None
    told = crowding.elasticity(bare)
    assert told is not None
    assert told.estimates is not None
    assert np.isnan(told.estimates.tool).all()
