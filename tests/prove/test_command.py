"""`prmkit prove`: what it refuses, what it prints, and its exit codes."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from prmkit.errors import PrmkitError
from prmkit.prove import run as runs
from prmkit.prove.case import Case
from prmkit.prove.command import run
from prmkit.prove.score import Answer, Estimates, Outcome
from prmkit.registry import Registry


def off(case: Case) -> Outcome | None:
    """An honest answer: off by a number of the world's own, and it knows by how much."""
    error = float(np.random.default_rng([case.seed, len(case.world.name)]).normal())
    return Outcome(Estimates.single(1.0, 1.0 + error, 1 + error - 1.645, 1 + error + 1.645, naive=3.0))


ANSWER = Answer("know.off", "know", "How far [off] is it?", "whole", "three", "none", off)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Registry[Answer]:
    """A registry with ANSWER alone in place of the real one."""
    made: Registry[Answer] = Registry("answer")
    made.add(ANSWER.name, ANSWER)
    monkeypatch.setattr(runs, "ANSWERS", made)
    return made


def prove(folder: Path, count: int = 3, **how: Any) -> tuple[int, str]:
    console = Console(file=io.StringIO(), width=200)
    practices, worlds = how.pop("practices", ["know"]), how.pop("worlds", ["null", "surge"])
    code = run(practices, worlds, count, folder / "ledger", console, **how)
    return code, console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("here", "registered")
def test_all_well_is_zero_with_a_table_and_a_page(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "page.md"
    code, said = prove(tmp_path, 200, to=page, seed=5, partners=40)
    assert code == 0
    assert "know.off: How far [off] is it?" in said
    assert "200 × 1" in said
    assert "wrote" in said
    made = page.read_text(encoding="utf-8")
    assert "prmkit prove --practice know --worlds 200 --world null --world surge --partners 40 --seed 5\n" in made
    assert "| null | 40 | 36 |" in made
    assert [path.name for path in page.parent.iterdir()] == ["page.md"]


@pytest.mark.usefixtures("here")
def test_a_gate_that_fails_is_one_and_named(tmp_path: Path, registered: Registry[Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    def sure(case: Case) -> Outcome | None:
        told = off(case)
        assert told
        assert told.estimates
        return Outcome(replace(told.estimates, low=told.estimates.tool - 0.1, high=told.estimates.tool + 0.1))

    monkeypatch.setattr(registered, "_entries", {ANSWER.name: replace(ANSWER, judge=sure)})
    code, said = prove(tmp_path, 100)
    assert code == 1
    assert "failed know.off in null, coverage: 90% intervals cover" in said


@pytest.mark.usefixtures("here", "registered")
def test_a_practice_that_breaks_is_one_and_named_and_few_worlds_are_said_to_be_few(tmp_path: Path) -> None:
    code, said = prove(tmp_path, 3, worlds=["thin"])
    assert code == 1
    assert "could not be done know in thin, seed 2: ValueError: it broke" in said
    assert "gates were not judged" in said


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"count": 0}, "--worlds"),
        ({"seed": -1}, "--seed"),
        ({"workers": 0}, "--workers"),
        ({"partners": 29}, "--partners"),
        ({"partners": 20_001}, "--partners"),
        ({"months": 61}, "--months"),
        ({"worlds": ["nul"]}, "Did you mean 'null'"),
        ({"practices": ["prun"]}, "Did you mean 'prune'"),
    ],
)
def test_bad_usage_writes_nothing(tmp_path: Path, how: dict[str, Any], why: str) -> None:
    with pytest.raises(PrmkitError, match=why) as refused:
        prove(tmp_path, **how)
    assert refused.value.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_is_wanted_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("mine", encoding="utf-8")
    with pytest.raises(PrmkitError, match="--out takes a folder"):
        prove(tmp_path)
    with pytest.raises(PrmkitError, match="--page a file"):
        prove(tmp_path / "other", to=tmp_path)


def test_the_command_line_hands_on_what_it_is_given(tmp_path: Path) -> None:
    def prmkit(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "prmkit", "prove", *words], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
        )

    for words, why in (
        (("--practice", "prun"), "Did you mean 'prune'?"),
        (("--world", "nul"), "Did you mean 'null'?"),
        (("--partners", "5"), "30 to 20,000"),
    ):
        done = prmkit(*words)
        assert done.returncode == 2
        assert why in done.stderr
    assert list(tmp_path.iterdir()) == []
