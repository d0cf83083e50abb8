"""The bundled made-up programme is what the command in its note makes, byte for byte, on this machine too."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prmkit import resources
from prmkit.data.tables import tables
from prmkit.engagement import load_engagement

SAMPLE = resources.folder("data_samples") / "made_up_programme"
DISPATCHED = " ".join(np._core._multiarray_umath.__cpu_dispatch__)
MACHINES = {
    "as it is": {},
    "another": {
        "NPY_DISABLE_CPU_FEATURES": DISPATCHED,
        "ARROW_USER_SIMD_LEVEL": "NONE",
        "PYTHONHASHSEED": "4242",
        "OMP_NUM_THREADS": "1",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
    },
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_command_in_its_note_makes_the_same_bytes_again(machine: str, tmp_path: Path) -> None:
    words = shlex.split(re.findall(r"^prmkit (simulate .*)$", (SAMPLE / "README.md").read_text(encoding="utf-8"), re.MULTILINE)[0])
    command = [sys.executable, "-m", "prmkit", *words]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | MACHINES[machine], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = tmp_path / words[1]
    kept = {path.relative_to(SAMPLE): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file() and path != SAMPLE / "README.md"}
    found = {path.relative_to(made): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    assert kept.keys() == found.keys()
    assert [str(name) for name in kept if kept[name] != found[name]] == []


def test_it_says_that_it_is_made_up_and_fills_every_table() -> None:
    assert "made up" in (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "made up" in (SAMPLE / "data" / "README.md").read_text(encoding="utf-8")
    settings = load_engagement(SAMPLE)
    assert "Made-up" in settings.client
    assert set(settings.sources) == set(tables()) - {"estimates"}
