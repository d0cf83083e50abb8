"""What is said to set partners apart, held against the truth: recomputed by hand in one programme."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from prmkit.prove.answers.know import differentiation, engagement
from prmkit.prove.answers.know.true_deals import win_chance
from prmkit.prove.case import Case, make_case
from prmkit.simulate import WORLDS
from prmkit.simulate.records.deals import win_rates


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with make_case(WORLDS.get("reference"), 8, 300, 36, ("know",)) as made:
        yield made


def contests(case: Case) -> pd.DataFrame:
    deals = case.programme.tables["deals"]
    mine = deals["partner_id"].notna() & deals["outcome"].isin(["won", "lost"]) & ~deals["lost_to"].isin(["direct", "no_decision"])
    return deals[mine]


def test_the_true_chance_of_a_deal_is_how_often_such_deals_are_won(case: Case) -> None:
    rows = contests(case)
    place = pd.Index(case.truth.partners["partner_id"]).get_indexer(rows["partner_id"])
    chance = win_chance(case, place, rows["amount"].to_numpy(dtype=float))
    won = (rows["outcome"] == "won").to_numpy()
    assert chance.mean() == pytest.approx(won.mean(), abs=0.02)
    tenth = pd.qcut(chance, 8, labels=False)
    for group in range(8):
        inside = tenth == group
        luck = 3.5 * np.sqrt(chance[inside].mean() * (1 - chance[inside].mean()) / inside.sum())
        assert won[inside].mean() == pytest.approx(chance[inside].mean(), abs=luck)


def test_a_partner_that_wins_more_of_the_same_deals_has_the_higher_true_lift(case: Case) -> None:
    lift = differentiation.true_lift(case, "win_rate")
    assert lift is not None
    rates = pd.Series(win_rates(case.state), index=case.truth.partners["partner_id"])
    both = pd.concat([lift, rates], axis=1).dropna()
    assert np.corrcoef(both[0].rank(), both[1].rank())[0, 1] > 0.7
    served = differentiation.true_lift(case, "response_time")
    assert served is not None
    service = pd.Series(case.state.network.service, index=case.truth.partners["partner_id"])
    pair = pd.concat([served, service], axis=1).dropna()
    assert np.corrcoef(pair[0].rank(), pair[1].rank())[0, 1] < -0.9
    none = differentiation.true_lift(case, "sales_cycle")
    assert none is not None
    assert none.eq(0).all()


def test_claims_are_counted_among_those_that_can_be_told(case: Case) -> None:
    claimed, every = differentiation.claims(case), differentiation.strengths(case)
    assert claimed is not None
    assert every is not None
    one, other = claimed.claims, every.claims
    assert one is not None
    assert other is not None
    assert one.made <= other.made <= other.looked
    assert one.looked < other.looked
    assert other.naive_made > 10 * other.made > 0
    assert other.naive_false > 0.5 * other.naive_made
    assert other.stated < 0.05
    table = case.table("know", "differentiation")
    known = table[(table["verdict"] == "shown") & table["measure"].isin(list(differentiation._TRUTHS))]
    assert other.made == len(known.drop_duplicates(["partner_id", "measure"]))


def test_an_estimator_that_believes_raw_rates_would_be_found_out(case: Case) -> None:
    found = differentiation.win_lift(case)
    assert found is not None
    told = found.estimates
    assert told is not None
    assert np.sqrt(np.mean((told.tool - told.truth) ** 2)) < 0.75 * np.sqrt(np.mean((told.naive - told.truth) ** 2))
    inside = (told.truth >= told.low) & (told.truth <= told.high)
    assert 0.8 < inside.mean() < 0.97


def test_orders_of_a_fifth_are_foretold_from_the_others(case: Case) -> None:
    found = engagement.expected_orders(case)
    assert found is not None
    told = found.estimates
    assert told is not None
    assert len(told.truth) > 80
    assert 0.8 < ((told.truth >= told.low) & (told.truth <= told.high)).mean() < 0.98


def test_nothing_is_said_of_ranges_where_all_are_equal() -> None:
    with make_case(WORLDS.get("null"), 3, 150, 30, ("know",)) as case:
        assert differentiation.win_lift(case) is None
        assert np.ptp(win_rates(case.state)) == 0
        every = differentiation.strengths(case)
        assert every is not None
        assert every.claims is not None
        assert every.claims.made <= 1
        assert every.claims.naive_made > 50
