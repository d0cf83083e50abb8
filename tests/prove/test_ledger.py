"""The ledger: keyed by everything the numbers come from, and read back to the bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prmkit.prove.ledger import Entry, Ledger, Plan, code_hash, open_ledger
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.prove.tally import tally
from prmkit.simulate.worlds import WORLDS

PLAN = Plan(WORLDS.get("thin"), 30, 12)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "0123456789abcdef0")
    sums = tally(Outcome(Estimates.of([1 / 3, 2.0], [0.1, np.nan], 0.0, np.inf), Stakes(1 / 7, 0.0, 1.0), Claims(2, 1, 0.5, 0, 0)))
    entry = Entry("thin", 7, "know", {"know.a": sums, "know.b": None}, {}, 1.25)
    assert ledger.read(PLAN, 7, "know") is None
    ledger.write(entry, PLAN)
    assert ledger.read(PLAN, 7, "know") == entry
    assert ledger.read(PLAN, 8, "know") is None
    assert ledger.read(PLAN, 7, "reach") is None
    assert Ledger(tmp_path, "0123456789abcdef1").read(PLAN, 7, "know") is None
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["thin_30x12_7_know.json"]


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "x" * 20)
    ledger.write(Entry("thin", 7, "know", {}, {"know": "broke"}), PLAN)
    assert list(tmp_path.iterdir()) == []


def test_clearing_leaves_what_other_code_found(tmp_path: Path) -> None:
    mine, others = Ledger(tmp_path, "a" * 20), Ledger(tmp_path, "b" * 20)
    for ledger in (mine, others):
        ledger.write(Entry("thin", 7, "know"), PLAN)
    mine.clear()
    assert mine.read(PLAN, 7, "know") is None
    assert others.read(PLAN, 7, "know") is not None


def test_the_code_is_all_that_computes_and_nothing_that_only_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from prmkit import resources

    package = tmp_path / "prmkit"
    for name in ("spec/tables.yaml", "estimators/a.py", "publish/page.py", "prove/score.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1", encoding="utf-8")
    monkeypatch.setattr(resources, "spec", lambda name: package / "spec" / name)

    def hashed() -> str:
        code_hash.cache_clear()
        return code_hash()

    try:
        first = hashed()
        (package / "publish" / "page.py").write_text("2", encoding="utf-8")
        assert hashed() == first
        seen = {first}
        for name in ("spec/tables.yaml", "estimators/a.py", "prove/score.py"):
            (package / name).write_text("2", encoding="utf-8")
            seen.add(hashed())
        assert len(seen) == 4
        monkeypatch.setattr("prmkit.prove.ledger.version", lambda library: "99")
        assert hashed() not in seen
    finally:
        code_hash.cache_clear()


def test_answers_of_ones_own_have_a_ledger_of_their_own(tmp_path: Path) -> None:
    answer = Answer("know.a", "know", "?", "whole", "", "", len)  # type: ignore[arg-type]
    registered, own = open_ledger(tmp_path), open_ledger(tmp_path, [answer])
    assert registered.code == open_ledger(tmp_path).code
    assert len({registered.code, own.code, open_ledger(tmp_path, [Answer("know.a", "know", "?", "whole", "", "", repr)]).code}) == 3  # type: ignore[arg-type]
