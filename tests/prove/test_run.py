"""Runs over worlds: the same for any number of workers, going on after a stop, and naming what could not be done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES, Practice
from prmkit.prove import ledger as books
from prmkit.prove.case import Case, make_case
from prmkit.prove.ledger import Plan
from prmkit.prove.run import Failure, Proof, prove
from prmkit.prove.score import Answer, Estimates, Outcome, Stakes
from prmkit.simulate.worlds import WORLDS

THIN = Plan(WORLDS.get("thin"), 30, 12)
NULL = Plan(WORLDS.get("null"), 30, 12)


def without_times(proof: Proof) -> str:
    return repr([replace(score, seconds=0.0) for score in proof.scores]) + repr(proof.gates) + repr(proof.failures)


def honest(case: Case) -> Outcome | None:
    """Off by a number of the world's own."""
    off = float(np.random.default_rng(case.seed).normal())
    return Outcome(Estimates.single(1.0, 1.0 + off, 1 + off - 1.645, 1 + off + 1.645, naive=3.0))


def wrong(case: Case) -> Outcome | None:
    """The same, and far too sure of itself."""
    off = float(np.random.default_rng(case.seed).normal())
    return Outcome(Estimates.single(1.0, 1.0 + off, 1 + off - 0.4, 1 + off + 0.4, naive=3.0))


HONEST = Answer("know.honest", "know", "Is it honest?", "whole", "three", "none", honest)


@pytest.mark.slow
def test_one_worker_two_and_a_run_that_was_stopped_come_to_the_same(tmp_path: Path, answers: ModuleType) -> None:
    wanted: dict[str, Any] = {"answers": [answers.ACTIVE, answers.BREAKS, answers.WARNS]}
    seen: list[tuple[int, int]] = []

    def stopped(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    alone = prove([THIN, NULL], [1, 2], ["know"], tmp_path / "one", workers=1, step=lambda *told: seen.append(told), **wanted)
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(KeyboardInterrupt):
        prove([THIN, NULL], [1, 2], ["know"], tmp_path / "two", workers=2, step=stopped, **wanted)
    left = list((tmp_path / "two").rglob("*.json"))
    together = prove([THIN, NULL], [1, 2], ["know"], tmp_path / "two", workers=2, **wanted)
    assert without_times(together) == without_times(alone)
    assert [(score.answer, score.world, score.worlds) for score in alone.scores] == [
        ("know.active", "thin", 2),
        ("know.active", "null", 2),
        ("know.breaks", "thin", 1),
        ("know.breaks", "null", 1),
    ]
    assert alone.scores[0].limit.bias == 0
    assert alone.scores[0].units == 60
    assert {(failure.world, failure.seed, failure.what) for failure in alone.failures} == {
        *((world, 2, "know.breaks") for world in ("thin", "null")),
        *((world, seed, "know.warns") for world in ("thin", "null") for seed in (1, 2)),
    }
    assert "RuntimeWarning: divide by zero" in alone.failures[1].why or "RuntimeWarning: divide by zero" in alone.failures[0].why
    # whatever has a failure is tried again, so that nothing of it is kept
    assert left == []


@pytest.mark.usefixtures("here")
def test_an_estimator_that_is_wrong_on_purpose_is_caught_in_the_tools_place(tmp_path: Path) -> None:
    honestly = prove([THIN], range(3, 300), ["know"], tmp_path, answers=[HONEST])
    assert honestly.failed == ()
    assert {gate.name: gate.state for gate in honestly.gates} == {"coverage": "passed", "bias": "passed"}
    sabotaged = prove([THIN], range(3, 300), ["know"], tmp_path, answers=[replace(HONEST, judge=wrong)])
    assert [(gate.answer, gate.world, gate.name) for gate in sabotaged.failed] == [("know.honest", "thin", "coverage")]
    assert "too narrow" in sabotaged.failed[0].why


def test_a_run_goes_on_where_it_ended(tmp_path: Path, here: list[tuple[str, int, tuple[str, ...]]]) -> None:
    first = prove([THIN], [3, 4], ["know"], tmp_path, answers=[HONEST])
    assert here == [("thin", 3, ("know",)), ("thin", 4, ("know",))]
    here.clear()
    steps: list[tuple[int, int]] = []
    more = prove([THIN, NULL], [3, 4, 5], ["know"], tmp_path, answers=[HONEST], step=lambda *told: steps.append(told))
    assert here == [("null", 3, ("know",)), ("null", 4, ("know",)), ("thin", 5, ("know",)), ("null", 5, ("know",))]
    assert steps[-1] == (6, 6)
    assert [score.worlds for score in more.scores] == [3, 3]
    assert without_times(prove([THIN], [3, 4], ["know"], tmp_path, answers=[HONEST])) == without_times(first)
    here.clear()
    prove([THIN], [3], ["know", "reach"], tmp_path, answers=[HONEST])
    assert here == [("thin", 3, ("reach",))]


def test_other_sizes_other_code_and_fresh_start_anew(
    tmp_path: Path, here: list[tuple[str, int, tuple[str, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def runs(plan: Plan = THIN, **how: Any) -> int:
        here.clear()
        prove([plan], [3], ["know"], tmp_path, answers=[HONEST], **how)
        return len(here)

    assert (runs(), runs()) == (1, 0)
    assert runs(replace(THIN, partners=31)) == 1
    assert runs(replace(THIN, world=replace(THIN.world, hazard=0.5))) == 1
    assert runs(fresh=True) == 1
    monkeypatch.setattr(books, "code_hash", lambda: "another")
    assert (runs(), runs()) == (1, 0)


def test_a_spoilt_ledger_file_is_made_again(tmp_path: Path, here: list[tuple[str, int, tuple[str, ...]]]) -> None:
    first = prove([THIN], [3], ["know"], tmp_path, answers=[HONEST])
    (file,) = tmp_path.rglob("*.json")
    whole = file.read_text(encoding="utf-8")
    for spoilt in (whole[: len(whole) // 2], "", "[]", "{}", whole.replace('"tool"', '"tol"'), whole.replace('"seconds"', '"second"')):
        file.write_text(spoilt, encoding="utf-8")
        here.clear()
        assert without_times(prove([THIN], [3], ["know"], tmp_path, answers=[HONEST])) == without_times(first)
        assert len(here) == 1
        assert file.read_text(encoding="utf-8") == whole


def test_a_practice_that_fails_in_one_world_is_named_and_is_no_abstention(
    tmp_path: Path, here: list[tuple[str, int, tuple[str, ...]]]
) -> None:
    proof = prove([THIN], [1, 2, 3], ["know", "reach"], tmp_path, answers=[HONEST])
    assert proof.failures == (Failure("thin", 2, "know", "ValueError: it broke"),)
    assert [(score.worlds, score.wrongly, score.rightly) for score in proof.scores] == [(2, 0.0, 0.0)]
    here.clear()
    prove([THIN], [1, 2, 3], ["know", "reach"], tmp_path, answers=[HONEST])
    assert here == [("thin", 2, ("know",))]


def test_a_programme_that_cannot_be_made_is_named(tmp_path: Path, here: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> Any:
        raise MemoryError("no room")

    monkeypatch.setattr("prmkit.prove.worker.make_case", broken)
    proof = prove([THIN], [1], ["know", "reach"], tmp_path, answers=[HONEST])
    assert [failure.what for failure in proof.failures] == ["know", "reach"]
    assert proof.failures[0].why.startswith("MemoryError: no room (prove/worker.py, line ")
    assert proof.scores == ()


def test_an_unknown_practice_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PrmkitError, match="Did you mean 'prune'"):
        prove([THIN], [1], ["prun"], tmp_path / "ledger", answers=[HONEST])
    assert not (tmp_path / "ledger").exists()


def test_a_practice_that_raises_or_warns_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(practice: Practice, portfolio: object) -> Any:
        return {"know": lambda: 1 / 0, "reach": lambda: np.log(np.zeros(1)), "enable": lambda: "done"}[practice.name]()

    monkeypatch.setattr(Practice, "assess", raises)
    with make_case(THIN.world, 1, 30, 12, ["know", "reach", "enable"]) as case:
        assert case.results == {"enable": "done"}
        assert case.failures["know"].startswith("ZeroDivisionError: division by zero (prove/case.py, line ")
        assert case.failures["reach"].startswith("RuntimeWarning: divide by zero encountered in log")
        assert set(case.seconds) == {"know", "reach", "enable"}
        assert case.portfolio.client.sales.exists()
    assert not case.portfolio.client.sales.exists()
    assert list(PRACTICES)


def test_stakes_alone_are_scored(tmp_path: Path, here: list[Any]) -> None:
    answer = replace(HONEST, judge=lambda case: Outcome(stakes=Stakes(1.0, 0.0, 2.0)))
    (score,) = prove([NULL], [1, 2], ["know"], tmp_path, answers=[answer]).scores
    assert (score.units, score.worlds, score.regret and score.regret.share) == (0, 2, 0.5)
