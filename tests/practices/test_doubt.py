"""A total that is more than 2% off without an explanation makes every finding a step less sure."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prmkit import assess
from prmkit.data.reconciliation import shares, unexplained
from prmkit.practices.doubt import doubted, lowered
from prmkit.practices.result import Action, Amount, Finding, PracticeResult
from tests.data.handmade import client, line

COLUMNS = ["period", "measure", "ours", "theirs", "difference", "explained_by"]


def totals(*rows: tuple[float | None, float, str | None], measure: str = "revenue") -> pd.DataFrame:
    """One row a (ours, theirs, explained_by), as `reconcile` leaves them."""
    told = [
        (f"202{n}", measure, ours, theirs, None if ours is None else ours - theirs, because)
        for n, (ours, theirs, because) in enumerate(rows)
    ]
    made = pd.DataFrame(told, columns=COLUMNS)
    return made.astype(dict.fromkeys(("ours", "theirs", "difference"), "float64") | {"explained_by": "str"})


def finding(confidence: Any = "high", **changes: Any) -> Finding:
    action = Action("Do it", "Channel chief", "2026-11-30", "Seen")
    made = Finding("prune.a:partner:1", "prune", "partner", "1", "A", "A.", Amount(1), Amount(2), confidence, action, caveats=("Own",))
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("row", "steps"),
    [
        ((981.0, 1000.0, "unknown"), 0),
        ((1019.0, 1000.0, "unknown"), 0),
        ((979.0, 1000.0, "cut_off"), 0),
        ((979.0, 1000.0, "unknown"), 1),
        ((1021.0, 1000.0, "unknown"), 1),
        ((-979.0, -1000.0, "unknown"), 1),
        ((0.0, 1000.0, "unknown"), 1),
        ((5.0, 0.0, "unknown"), 1),
        ((None, 1000.0, "unknown"), 0),
        ((1000.0, 1000.0, None), 0),
    ],
)
def test_only_a_large_difference_without_an_explanation_counts(row: tuple[float | None, float, str | None], steps: int) -> None:
    found = lowered([finding(word) for word in ("high", "medium", "low")], totals(row))
    wanted = ["high", "medium", "low", "low"][steps : steps + 3]
    assert [one.confidence for one in found] == wanted
    assert all(len(one.caveats) == 1 + steps for one in found)


def test_the_caveat_comes_first_and_says_which_total_and_by_how_much() -> None:
    (found,) = lowered([finding()], totals((979.0, 1000.0, "unknown"), (100.0, 1000.0, "returns"), (1500.0, 1000.0, "unknown")))
    assert found.caveats == (
        "Less sure by a step than it would be: our revenue for 2022 differs by 50% from finance's figure, and 1 more by over 2%, "
        "and nothing explains it",
        "Own",
    )
    assert found.confidence == "medium"


def test_without_control_totals_nothing_changes() -> None:
    findings = (finding(), finding("low"))
    assert lowered(findings, totals()) == findings


def test_shares_are_of_finances_figure() -> None:
    frame = totals((979.0, 1000.0, "unknown"), (None, 1.0, "unknown"), (-5.0, 0.0, "unknown"), (0.0, 0.0, None))
    found = shares(frame).tolist()
    assert found[0] == pytest.approx(-0.021)
    assert math.isnan(found[1])
    assert found[2:] == [-math.inf, 0.0]
    assert unexplained(frame)["period"].tolist() == ["2022", "2020"]


def test_every_practice_is_lowered_and_nothing_else_of_it_is_touched() -> None:
    answered = {name: PracticeResult(name, {"t": pd.DataFrame()}, (finding(),), warnings=("w",)) for name in ("know", "prune")}
    made = doubted(answered, totals((979.0, 1000.0, "unknown")))
    assert [one.findings[0].confidence for one in made.values()] == ["medium", "medium"]
    assert all(one.warnings == ("w",) and list(one.tables) == ["t"] for one in made.values())


@pytest.mark.parametrize(("theirs", "word"), [(1000.0, "high"), (1019.0, "high"), (1030.0, "medium")])
def test_an_assessment_lowers_what_its_practices_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: float, word: str) -> None:
    made = client(
        tmp_path,
        [line("2025-01-31", "a", "500"), line("2025-12-31", "b", "500")],
        {"control_totals": {"2025": {"revenue": theirs}}, "folder": tmp_path},
    )
    answer = PracticeResult("prune", {}, (finding(), finding("low")))
    monkeypatch.setattr("prmkit.practices.prune.assess", lambda portfolio: answer)
    found = assess.compute(made, practices=["prune"])
    assert [one.confidence for one in found.findings] == [word, "low"]
    assert found.tables["reconciliation"].loc[0, "theirs"] == theirs
