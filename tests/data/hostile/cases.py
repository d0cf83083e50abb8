"""Hostile engagements, each checked in a child process with limits, and what has to be true of every one of them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prmkit.data.fault_book import FAULTS
from tests.data.conftest import PARTNERS, SALES, Content, write

HEAD = "sale_id,date,partner_id,revenue\n"
GOOD = "S1,2026-01-15,P1,10\n"
MAIN = "client: Example\n"
_LONGEST_FAULT = 3_000
_HASHED = 1 << 24


@dataclass(frozen=True)
class Case:
    """One hostile engagement: its files over the usual ones, and the errors (codes) and sales rows that are to come of it."""

    what: str
    files: Mapping[str, Content | None]
    errors: tuple[str, ...] = ()
    rows: int | None = None
    settings: str | bytes = MAIN
    warnings: tuple[str, ...] = ()
    folder: str = "client"


@dataclass
class Outcome:
    """What the child said of one case, and which files were there before and after."""

    said: Mapping[str, Any] | None
    before: Mapping[bytes, str]
    after: Mapping[bytes, str] = field(default_factory=dict)


def sales(what: str, content: Content, *errors: str, rows: int | None = None, warnings: tuple[str, ...] = ()) -> Case:
    """A case of one file, data/sales.csv."""
    return Case(what, {"data/sales.csv": content}, errors, rows, warnings=warnings)


def instead(what: str, name: str, content: Content, *errors: str, rows: int | None = None, warnings: tuple[str, ...] = ()) -> Case:
    """A case of one file under another name in place of data/sales.csv."""
    return Case(what, {"data/sales.csv": None, name: content}, errors, rows, warnings=warnings)


def run(cases: Iterable[Case], room: Path) -> dict[str, Outcome]:
    """Check every case; one child does them all, a new one goes on where a case ended it."""
    folders: dict[str, str] = {}
    made: dict[str, Outcome] = {}
    for number, case in enumerate(cases):
        folder = room / str(number) / case.folder
        given: dict[str, Content | None] = {"engagement.yaml": case.settings, "data/partners.csv": PARTNERS, "data/sales.csv": SALES}
        given.update(case.files)
        write(folder, {name: content for name, content in given.items() if content is not None})
        folders[str(folder)] = case.what
        made[case.what] = Outcome(None, _contents(folder))
    left = list(folders)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    while left:
        command = [sys.executable, "-m", "tests.data.hostile.child", *left]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[3], timeout=300)
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        for line in lines:
            made[folders[line["folder"]]].said = line
        left = left[len(lines) + 1 :]
    for folder, what in folders.items():
        made[what].after = _contents(Path(folder))
    return made


def _contents(folder: Path) -> dict[bytes, str]:
    """Every path around an engagement outside its out/, with a hash of what lies there."""
    found = {}
    for at, inside, names in os.walk(os.fsencode(folder.parent)):
        if at == os.fsencode(folder):
            inside[:] = [name for name in inside if name != b"out"]
        for name in names:
            path = Path(os.fsdecode(at), os.fsdecode(name))
            found[os.fsencode(path)] = _stamp(path) if path.is_file() and not path.is_symlink() else "no file"
    return found


def _stamp(path: Path) -> str:
    with path.open("rb") as file:
        return f"{path.stat().st_size} {path.stat().st_mtime_ns} {hashlib.sha256(file.read(_HASHED)).hexdigest()}"


def judge(case: Case, outcome: Outcome) -> None:
    """No crash, no hang; the errors said and no others; nothing but out/ touched; nothing a terminal would act on."""
    assert outcome.said is not None, "the check was ended: it took too long or too much memory"
    assert "crash" not in outcome.said, outcome.said["crash"]
    assert outcome.after == outcome.before
    if case.errors and case.errors[0] not in FAULTS and case.errors[0] != "setting":
        assert case.errors[0] in outcome.said["error"]
        return
    assert "error" not in outcome.said, outcome.said["error"]
    faults = outcome.said["faults"]
    assert sorted(code for code, severity, _, _ in faults if severity == "error") == sorted(case.errors), faults
    assert set(case.warnings) <= {code for code, severity, _, _ in faults if severity == "warning"}, faults
    assert case.rows is None or outcome.said["rows"].get("sales") == case.rows
    assert outcome.said["acted_on"] == []
    assert outcome.said["longest"] <= _LONGEST_FAULT
