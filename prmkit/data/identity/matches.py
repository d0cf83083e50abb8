"""matches.csv: the questions as a person answers them, written so that a spreadsheet neither runs nor changes a text in it."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from prmkit.data.faults import FaultLog
from prmkit.data.identity.decisions import FILE, Decision, guarded, read_decisions
from prmkit.data.identity.questions import COLUMNS, TEXTS, Matches
from prmkit.errors import PrmkitError


def with_decisions(matches: Matches, decisions: Sequence[Decision]) -> Matches:
    """The questions with the decisions taken on them; a confirmed one is not asked again for another proposal."""
    known = {one.key: one.decision for one in decisions if one.decision}
    taken = {(one.kind, one.given): one.proposed for one in decisions if one.decision == "yes"}
    frame = matches.questions
    keys = list(zip(frame["kind"], frame["question"], frame["given"], frame["proposed"], strict=True))
    decided = pd.Series([known.get(key, "") for key in keys], index=frame.index, dtype="str")
    asked = pd.Series([taken.get((kind, given), proposed) == proposed for kind, _, given, proposed in keys], index=frame.index, dtype=bool)
    return replace(matches, questions=frame.assign(decision=decided)[asked].reset_index(drop=True))


def write_matches(folder: Path, matches: Matches) -> Matches:
    """Write the folder's matches.csv and return the questions with the decisions already taken.

    Decisions stay; those whose question is gone stand at the end, since it comes back with the data. The file is left as it is where
    something is wrong with it (loading tells what), and not made where there is nothing to ask.
    """
    log = FaultLog()
    decisions = read_decisions(folder, log)
    if log.has_errors():
        return matches
    made = with_decisions(matches, decisions)
    keys = set(zip(*(made.questions[name] for name in ("kind", "question", "given", "proposed")), strict=True))
    gone = [one for one in decisions if one.decision and one.key not in keys]
    rows = [[_cell(name, row[name]) for name in COLUMNS] for row in made.questions[list(COLUMNS)].to_dict("records")]
    rows += [[one.decision if name == "decision" else guarded(one.cells.get(name, "")) for name in COLUMNS] for one in gone]
    if rows or (folder / FILE).exists():
        _write_whole(folder / FILE, [list(COLUMNS), *rows])
    return made


def accept_all(folder: Path) -> int:
    """Answer every open question of the folder's matches.csv with yes; returns how many. Nothing is changed where it cannot be read."""
    log = FaultLog()
    decisions = read_decisions(folder, log)
    confirmed = {(one.kind, one.given) for one in decisions if one.decision == "yes"}
    chosen = [one for one in decisions if not one.decision and (one.kind, one.given) not in confirmed]
    if log.has_errors() or not chosen:
        return 0
    rows_chosen = {one.row for one in chosen}
    headers = list(decisions[0].cells)
    rows = [["yes" if name == "decision" and one.row in rows_chosen else _kept(one, name) for name in headers] for one in decisions]
    _write_whole(folder / FILE, [headers, *rows])
    return len(chosen)


def _kept(one: Decision, name: str) -> str:
    return one.decision if name == "decision" else guarded(one.cells.get(name, ""))


def _cell(name: str, value: object) -> str:
    if name in TEXTS:
        return guarded("" if value != value else str(value))
    number = float(str(value))
    return f"{number:.0f}" if name == "rows" else f"{number:.2f}" if name in ("sure", "revenue") else f"{number:.4f}"


def _write_whole(path: Path, rows: Iterable[Sequence[str]]) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix=".write-", dir=path.parent) as name:
            draft = Path(name) / path.name
            with draft.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(rows)
            draft.replace(path)
    except OSError as error:
        do = "Close it where it is open, and check that you may write into the folder."
        raise PrmkitError(f"{FILE} cannot be written: {error.strerror or error}", where=str(path), do=do) from None
