"""The gates: an honest estimator passes, and each way of being wrong, put in on purpose, is caught by the gate meant for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from prmkit.prove.gates import ENOUGH, Gate, judge
from prmkit.prove.pooled import pool
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.prove.tally import tally

UNITS = 60
NINETY = 1.6448536269514722


def made_up(draw: np.random.Generator, *, width: float = 1.0, bias: float = 0.0, shared: float = 0.3) -> Estimates:
    """A world of an estimator whose error is standard normal, partly one for all of its units; the spreadsheet is off by 1 on average."""
    truth = draw.normal(0, 3, UNITS)
    noise = np.sqrt(shared) * draw.normal() + np.sqrt(1 - shared) * draw.normal(size=UNITS)
    tool = truth + noise + bias
    half = NINETY * width
    naive = truth + 1 + 2 * draw.normal(size=UNITS)
    return Estimates.of(truth, tool, tool - half, tool + half, naive=naive, limit=tool, limit_low=tool - NINETY, limit_high=tool + NINETY)


def judged(
    make: Callable[[np.random.Generator], Outcome], worlds: int = 60, seed: int = 0, world: str = "reference", **limits: Any
) -> dict[str, Gate]:
    """The gates by name of an answer over made-up worlds."""
    draw = np.random.default_rng(seed)
    answer = Answer("prune.made_up", "prune", "Made up?", "partner", "none", "none", lambda case: None, **limits)
    score = pool(answer.name, world, [tally(make(draw)) for _ in range(worlds)])
    return {gate.name: gate for gate in judge(answer, score)}


def test_an_honest_estimator_fails_no_more_than_chance_allows() -> None:
    runs = [judged(lambda draw: Outcome(made_up(draw)), seed=seed) for seed in range(150)]
    states = [run["coverage"].state for run in runs]
    assert states.count("failed") <= 2
    assert states.count("passed") >= 140
    assert sum(run["bias"].state == "failed" for run in runs) <= 4


@pytest.mark.parametrize(("width", "why"), [(0.5, "too narrow"), (2.0, "too wide"), (0.75, "too narrow"), (1.4, "too wide")])
def test_intervals_of_the_wrong_width_are_caught(width: float, why: str) -> None:
    found = judged(lambda draw: Outcome(made_up(draw, width=width, shared=0.1)), worlds=200)
    assert found["coverage"].state == "failed"
    assert found["coverage"].why.endswith(why)
    assert found["width"].state == ("noted" if width > 1.25 else "passed")


def test_intervals_that_never_miss_are_caught_whatever_their_units_share() -> None:
    found = judged(lambda draw: Outcome(made_up(draw, width=50)), worlds=ENOUGH)
    assert found["coverage"].state == "failed"
    assert judged(lambda draw: Outcome(made_up(draw, width=50)), worlds=ENOUGH - 1)["coverage"].state == "not judged"


@pytest.mark.parametrize(("bias", "state"), [(0.0, "passed"), (0.3, "passed"), (-1.2, "failed"), (1.2, "failed")])
def test_a_bias_like_the_spreadsheets_is_caught(bias: float, state: str) -> None:
    assert judged(lambda draw: Outcome(made_up(draw, bias=bias)))["bias"].state == state


def test_an_answer_may_set_a_stricter_limit() -> None:
    assert judged(lambda draw: Outcome(made_up(draw, bias=0.45, shared=0.0)), most_bias=0.2)["bias"].state == "failed"
    assert judged(lambda draw: Outcome(made_up(draw, bias=0.45, shared=0.0)))["bias"].state == "passed"


def test_a_harmless_bias_passes_where_the_spreadsheet_has_none() -> None:
    def unbiased(draw: np.random.Generator) -> Outcome:
        told = made_up(draw, bias=0.1, shared=0.0)
        return Outcome(replace(told, naive=told.truth))

    assert judged(unbiased)["bias"].state == "passed"


def test_few_worlds_are_not_judged_and_it_is_said() -> None:
    found = judged(lambda draw: Outcome(made_up(draw)), worlds=5)
    assert {name: found[name].state for name in ("coverage", "bias")} == {"coverage": "not judged", "bias": "not judged"}
    assert "too few worlds" in found["coverage"].why
    assert "too few worlds" in judged(lambda draw: Outcome(made_up(draw)), worlds=1)["bias"].why


def test_a_decision_worse_than_the_spreadsheets_is_caught() -> None:
    def at(share: float) -> Callable[[np.random.Generator], Outcome]:
        return lambda draw: Outcome(stakes=Stakes(share + draw.normal(0, 0.2), 0.0, 1.0))

    assert judged(at(-0.3))["decision"].state == "failed"
    assert judged(at(0.6))["decision"].state == "passed"
    assert judged(at(0.6), least_regret=0.9)["decision"].state == "failed"
    assert judged(at(0.6), worlds=5)["decision"].state == "not judged"


def test_false_claims_beyond_what_is_stated_are_caught() -> None:
    def claiming(rate: float, stated: float) -> Callable[[np.random.Generator], Outcome]:
        return lambda draw: Outcome(claims=Claims(10, int(draw.binomial(10, rate)), stated, 0, 0))

    assert judged(claiming(0.10, 0.08))["false claims"].state == "passed"
    assert judged(claiming(0.25, 0.08))["false claims"].state == "failed"
    assert "false claims" not in judged(claiming(0.25, np.nan))
    assert judged(claiming(0.10, 0.08), worlds=4)["false claims"].state == "not judged"


def test_claims_where_nothing_is_true_are_counted_in_the_null_world_alone() -> None:
    def claiming(rate: float) -> Callable[[np.random.Generator], Outcome]:
        def outcome(draw: np.random.Generator) -> Outcome:
            made = int(draw.binomial(20, rate))
            return Outcome(claims=Claims(made, made, np.nan, 0, 0, looked=20))

        return outcome

    assert judged(claiming(0.05), world="null")["null claims"].state == "passed"
    assert judged(claiming(0.2), world="null")["null claims"].state == "failed"
    assert judged(claiming(0.05), world="null", most_null=0.01)["null claims"].state == "failed"
    assert "null claims" not in judged(claiming(0.2))


def test_what_is_stated_is_not_asked_for_where_every_claim_is_false() -> None:
    def claiming(draw: np.random.Generator) -> Outcome:
        made = int(draw.binomial(50, 0.02))
        return Outcome(claims=Claims(made, made, 0.05, 0, 0, looked=50))

    assert {name: gate.state for name, gate in judged(claiming, world="null", worlds=200).items()} == {"null claims": "passed"}
    assert judged(claiming, worlds=200)["false claims"].state == "failed"


def test_two_worlds_that_happen_to_agree_condemn_no_one() -> None:
    alike = Outcome(Estimates.of([0.8] * 50, [0.99] * 50, naive=[0.85] * 50), Stakes(-1.0, 0.0, 1.0))
    found = judged(lambda draw: alike, worlds=2)
    assert {name: gate.state for name, gate in found.items()} == {"bias": "not judged", "decision": "not judged"}
    assert {name: gate.state for name, gate in judged(lambda draw: alike, worlds=20).items()} == {"bias": "failed", "decision": "failed"}


def test_a_decision_in_which_the_limit_hardly_wins_is_not_judged() -> None:
    found = judged(lambda draw: Outcome(stakes=Stakes(0.0, 0.0, float(draw.normal(0.02, 1)))), seed=3)
    assert found["decision"].state == "not judged"
    assert found["decision"].why.endswith("the limit hardly wins anything")


def test_nothing_said_has_no_gate() -> None:
    assert judged(lambda draw: Outcome(Estimates.of(np.zeros(3), np.full(3, np.nan)))) == {}
    assert judged(lambda draw: Outcome()) == {}
