"""A wrong estimator put in on purpose is caught: the same programmes, the same gates, something else in the tool's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from prmkit.prove.answers import ANSWERS
from prmkit.prove.case import Case, make_case
from prmkit.prove.gates import Gate, judge
from prmkit.prove.pooled import Score, pool
from prmkit.prove.score import Answer, Estimates, Outcome
from prmkit.prove.tally import Tally, tally
from prmkit.simulate import WORLDS

pytestmark = pytest.mark.xdist_group("wrong estimators")
PROGRAMMES, PARTNERS, MONTHS = 24, 200, 24
Judge = Callable[[Case], Outcome | None]


def changed(judge: Judge, change: Callable[[Case, Estimates], Estimates]) -> Judge:
    """The same answer with what the tool says replaced."""

    def wrong(case: Case) -> Outcome | None:
        made = judge(case)
        return Outcome(change(case, made.estimates)) if made and made.estimates else None

    return wrong


def half_as_wide(case: Case, told: Estimates) -> Estimates:
    """Certain about what is not: intervals drawn in to half."""
    return replace(told, low=told.tool - (told.tool - told.low) / 2, high=told.tool + (told.high - told.tool) / 2)


def twice_as_wide(case: Case, told: Estimates) -> Estimates:
    """Never wrong because it says nothing."""
    return replace(told, low=told.tool - 2 * (told.tool - told.low), high=told.tool + 2 * (told.high - told.tool))


def the_books(case: Case, told: Estimates) -> Estimates:
    """No luck taken out: last year's contribution as it stands, with the spread that the method gives."""
    return replace(told, tool=told.naive, low=told.naive - (told.tool - told.low), high=told.naive + (told.high - told.tool))


def without_costs(case: Case, told: Estimates) -> Estimates:
    """Cost to serve forgotten: biased upwards, partner by partner."""
    given = case.state.orders.counts[:, : case.state.months].sum(axis=1) > 0
    cost = case.known("cost_to_serve")[given]
    return replace(told, tool=told.tool + cost, low=told.low + cost, high=told.high + cost)


WRONG = {"half as wide": half_as_wide, "twice as wide": twice_as_wide, "the books": the_books, "without costs": without_costs}


@pytest.fixture(scope="module")
def judged() -> dict[str, tuple[Score, dict[str, Gate]]]:
    """Scores and gates of fair contribution as it is, and of each wrong version, over the same programmes."""
    answer: Answer = ANSWERS.get("prune.fair_contribution")
    answers = {"as it is": answer} | {name: replace(answer, judge=changed(answer.judge, change)) for name, change in WRONG.items()}
    tallies: dict[str, list[Tally]] = {name: [] for name in answers}
    for seed in range(1, PROGRAMMES + 1):
        with make_case(WORLDS.get("reference"), seed, PARTNERS, MONTHS, ["prune"]) as case:
            for name, one in answers.items():
                outcome = one.judge(case)
                assert outcome is not None
                tallies[name].append(tally(outcome))
    scores = {name: pool(answer.name, "reference", found) for name, found in tallies.items()}
    return {name: (score, {gate.name: gate for gate in judge(answers[name], score)}) for name, score in scores.items()}


Judged = dict[str, tuple[Score, dict[str, Gate]]]


def test_the_method_as_it_is_passes_where_its_wrong_versions_fail(judged: Judged) -> None:
    score, gates = judged["as it is"]
    assert 0.84 < score.coverage.share < 0.95
    assert gates["coverage"].state == "passed"
    assert gates["bias"].state == "passed"


def test_intervals_that_are_too_narrow_fail(judged: Judged) -> None:
    score, gates = judged["half as wide"]
    assert score.coverage.share < 0.75
    assert gates["coverage"].state == "failed"


def test_intervals_that_are_too_wide_fail(judged: Judged) -> None:
    score, gates = judged["twice as wide"]
    assert score.coverage.share > 0.97
    assert gates["coverage"].state == "failed"


def test_luck_left_in_fails(judged: Judged) -> None:
    as_it_is, (score, gates) = judged["as it is"][0], judged["the books"]
    assert score.tool.rmse > 1.15 * as_it_is.tool.rmse
    assert gates["coverage"].state == "failed"


def test_a_bias_fails(judged: Judged) -> None:
    score, gates = judged["without costs"]
    assert score.tool.bias > 0.1
    assert gates["bias"].state == "failed"


def test_an_effect_by_before_and_after_is_caught_where_nothing_has_an_effect() -> None:
    answer = ANSWERS.get("enable.claims")

    def before_and_after(case: Case) -> Outcome | None:
        made = answer.judge(case)
        assert made is not None
        assert made.claims is not None
        said = made.claims
        return Outcome(claims=replace(said, made=said.naive_made, false=said.naive_false, looked=said.naive_looked, stated=0.05))

    found = []
    for seed in range(1, 25):
        with make_case(WORLDS.get("null"), seed, 120, 24, ["enable"]) as case:
            outcome = before_and_after(case)
            assert outcome is not None
            found.append(tally(outcome))
    score = pool(answer.name, "null", found)
    states = {gate.name: gate.state for gate in judge(answer, score)}
    assert score.claims is not None
    assert score.claims.looked.share > 0.3
    assert "failed" in states.values()
    assert np.isfinite(score.claims.made.share)
