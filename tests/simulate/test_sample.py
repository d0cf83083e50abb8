"""The bundled made-up programme is what the command in its note makes, byte for byte, on this machine too."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from rich.console import Console

from prmkit import resources
from prmkit.data.tables import tables
from prmkit.engagement import load_engagement
from prmkit.simulate.command import run

SAMPLE = resources.folder("data_samples") / "made_up_programme"


def test_the_command_in_its_note_makes_the_same_bytes_again(tmp_path: Path) -> None:
    words = shlex.split(re.findall(r"^prmkit simulate (.*)$", (SAMPLE / "README.md").read_text(encoding="utf-8"), re.MULTILINE)[0])
    given = dict(zip(words[1::2], words[2::2], strict=True))
    made = tmp_path / words[0]
    console = Console(quiet=True)
    assert run(made, int(given["--partners"]), int(given["--months"]), int(given["--seed"]), given["--world"], console) == 0
    kept = {path.relative_to(SAMPLE): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file() and path != SAMPLE / "README.md"}
    found = {path.relative_to(made): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    assert kept.keys() == found.keys()
    assert [str(name) for name in kept if kept[name] != found[name]] == []


def test_it_says_that_it_is_made_up_and_fills_every_table() -> None:
    assert "made up" in (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert "made up" in (SAMPLE / "data" / "README.md").read_text(encoding="utf-8")
    settings = load_engagement(SAMPLE)
    assert "Made-up" in settings.client
    assert set(settings.sources) == set(tables())
