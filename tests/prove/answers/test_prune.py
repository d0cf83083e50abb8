"""What is said of whom to part with, held against the truth: every rule recomputed by hand in one programme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from prmkit.practices.prune.gates import gates
from prmkit.prove.answers import prune
from prmkit.prove.case import Case, make_case
from prmkit.simulate import WORLDS


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with make_case(WORLDS.get("reference"), 8, 200, 24, ("prune",)) as made:
        yield made


def bought(case: Case) -> np.ndarray:
    return np.isin(np.arange(200), case.state.orders.partner[case.state.orders.month < 24])


def test_fair_contribution_is_of_everyone_that_bought_against_margin_less_what_was_booked(case: Case) -> None:
    outcome = prune.fair_contribution(case)
    assert outcome is not None
    told = outcome.estimates
    assert told is not None
    rows, given = case.table("prune", "scorecard").set_index("partner_id"), bought(case)
    ids = case.truth.partners["partner_id"][given]
    assert told.tool == pytest.approx(rows["fair_contribution"].reindex(ids).to_numpy(dtype=float), nan_ok=True)
    assert told.naive == pytest.approx(rows["contribution"].reindex(ids).to_numpy(dtype=float), nan_ok=True)
    partners = case.truth.partners[given]
    assert told.truth == pytest.approx((partners["expected_margin"] - partners["incentives"] - partners["cost_to_serve"]).to_numpy())
    assert told.scale == pytest.approx(partners["expected_margin"].mean())
    # the limit is nearer than the tool, and the tool than the books
    errors = [float(np.nanmean((said - told.truth) ** 2)) for said in (told.limit, told.tool, told.naive)]
    assert errors[0] < errors[1] < errors[2]
    covered = ((told.limit_low <= told.truth) & (told.truth <= told.limit_high)).mean()
    assert 0.8 < covered < 0.98


def test_chances_below_the_hurdle_are_scored_by_brier(case: Case) -> None:
    outcome = prune.below_hurdle(case)
    assert outcome is not None
    assert outcome.stakes is not None
    rows = case.by_partner("prune", "scorecard")[bought(case)]
    below = case.known("fair_contribution")[bought(case)] < -1
    chance = rows["p_below_hurdle"].to_numpy(dtype=float)
    assert outcome.stakes.tool == pytest.approx(-float(np.mean((chance - below) ** 2)))
    books = rows["contribution"].to_numpy(dtype=float) < -1
    assert outcome.stakes.naive == pytest.approx(-float(np.mean(books != below)))
    assert outcome.stakes.naive < outcome.stakes.tool < outcome.stakes.limit
    claims = outcome.claims
    assert claims is not None
    assert (claims.made, claims.false) == (int((chance > 0.9).sum()), int(((chance > 0.9) & ~below).sum()))
    assert claims.stated == pytest.approx(float((1 - chance[chance > 0.9]).mean()))
    assert (claims.naive_made, claims.naive_false) == (int(books.sum()), int((books & ~below).sum()))


def test_parting_is_worth_what_is_no_longer_lost_among_those_free_to_be_let_go(case: Case) -> None:
    outcome = prune.let_go(case)
    assert outcome is not None
    assert outcome.stakes is not None
    decision = case.by_partner("prune", "decisions")["decision"].to_numpy(dtype=object)
    barred = gates(case.portfolio).set_index("partner_id")["barred"].reindex(case.truth.partners["partner_id"]).to_numpy(dtype=bool)
    free = bought(case) & np.isin(decision, ["grow", "keep", "fix", "exit"]) & ~barred
    brings = case.known("fair_contribution")
    assert (decision[free] == "exit").sum() > 5
    assert outcome.stakes.tool == pytest.approx(-brings[free & (decision == "exit")].sum())
    books = case.by_partner("prune", "scorecard")["contribution"].to_numpy(dtype=float)
    assert outcome.stakes.naive == pytest.approx(-brings[free & (books < -1)].sum())
    best = -brings[free & (brings < 0)].sum()
    assert max(outcome.stakes.naive, outcome.stakes.tool) < outcome.stakes.limit < best


def test_where_all_just_break_even_every_claim_is_false_and_nothing_is_at_stake() -> None:
    with make_case(WORLDS.get("null"), 3, 150, 24, ("prune",)) as made:
        outcome = prune.below_hurdle(made)
    assert outcome is not None
    assert outcome.stakes is None
    assert outcome.claims is not None
    assert outcome.claims.naive_made > 20
    # but for partners whose incentives alone were more than their margin
    assert outcome.claims.naive_false > 0.9 * outcome.claims.naive_made
    assert outcome.claims.looked == outcome.claims.naive_looked


def test_nobody_is_judged_where_nobody_bought(case: Case) -> None:
    orders = case.state.orders
    nothing = replace(case.state, orders=replace(orders, counts=np.zeros_like(orders.counts)))
    idle = replace(case, programme=replace(case.programme, state=nothing))
    assert prune.fair_contribution(idle) is None
    assert prune.below_hurdle(idle) is None
    assert prune.let_go(idle) is None
