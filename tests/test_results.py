"""Results written and read again: the same tables and findings, whole files, stale ones gone."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from prmkit import results
from prmkit.errors import PrmkitError
from prmkit.practices.result import Action, Amount, Finding, NotComputed, complete, contract, table


def finding(worth: float | None, name: str = "a") -> Finding:
    return Finding(
        id=f"prune.scorecard.loss:partner:{name}",
        practice="prune",
        subject_kind="partner",
        subject_id=name,
        title="Costs more than it brings",
        statement="…",
        value=Amount(-10.0, -20.0, 5.0, "EUR", "12 months"),
        worth=Amount(worth),
        confidence="low",
        action=Action("Talk", "partner manager", "2026-12-31", "contribution above zero"),
        evidence=("prune_scorecard",),
        caveats=("cost to serve is missing",),
    )


def made(*findings: Finding) -> results.Results:
    run = {"results_version": 1, "not_computed": [{"table": "know_fit", "column": None, "reason": "r", "needs": "line_card"}]}
    scorecard = table("prune", "scorecard", pd.DataFrame({"partner_id": ["007", "NO"], "revenue": [1.5, -2.0]}))
    partners = pd.DataFrame({"partner_id": ["007", "NO"], "name": ["=cmd()", "<b>"]})
    return results.Results(run, results.by_worth(list(findings)), {"prune_scorecard": scorecard}, partners)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    results.write(made(finding(5.0), finding(None, "b"), finding(9.0, "c")), tmp_path / "results")
    read = results.read(tmp_path / "results")
    assert [f.subject_id for f in read.findings] == ["c", "a", "b"]
    assert read.findings[1] == finding(5.0)
    assert read.table("prune", "scorecard")["partner_id"].tolist() == ["007", "NO"]
    assert read.table("prune", "whale").empty
    assert read.not_computed == (NotComputed("know_fit", None, "r", "line_card"),)
    assert read.about("a") == (finding(5.0),)


def test_a_finding_is_kept_as_the_contract_says(tmp_path: Path) -> None:
    results.write(made(finding(5.0)), tmp_path / "results")
    record = json.loads((tmp_path / "results" / "findings.json").read_text(encoding="utf-8"))[0]
    assert list(record) == list(contract()["findings.json"]["fields"])
    assert record["subject"] == {"kind": "partner", "id": "a"}


def test_files_of_an_older_run_go(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    results.write(made(), folder)
    (folder / "know_old.parquet").write_bytes(b"")
    results.write(made(), folder)
    assert sorted(path.name for path in folder.iterdir()) == ["findings.json", "partners.parquet", "prune_scorecard.parquet", "run.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("old", encoding="utf-8")

    def fail() -> None:
        with results.replacing(page) as draft:
            draft.write_text("half", encoding="utf-8")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert page.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_nothing_to_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PrmkitError, match="prmkit assess"):
        results.read(tmp_path)


def test_a_table_is_held_to_the_contract() -> None:
    with pytest.raises(ValueError, match=r"grow \| keep"):
        table("prune", "decisions", pd.DataFrame({"partner_id": ["1"], "decision": ["sack"]}))
    with pytest.raises(KeyError, match="scorecard"):
        complete("prune", {"scorecards": pd.DataFrame()})
    every = complete("reach", {})
    assert list(every) == list(contract()["reach"])
    assert all(list(every[name].columns) == list(columns) for name, columns in contract()["reach"].items())
