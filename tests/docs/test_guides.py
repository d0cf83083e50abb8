"""The guide is run as it is written: files are made from its blocks and every command must succeed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
ORDER = ("first_afternoon", "first_page", "second_portfolio", "partner_report", "change_a_playbook", "data_request", "warehouse")
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def prmkit(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)
    assert words[0] == "prmkit", f"the guide runs only prmkit, not {words[0]}"
    return subprocess.run([sys.executable, "-m", "prmkit", *words[1:]], cwd=folder, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.slow
def test_every_block_of_the_guide_runs(tmp_path: Path) -> None:
    ran = []
    for page in ORDER:
        for language, note, body in BLOCK.findall((GUIDE / f"{page}.md").read_text(encoding="utf-8")):
            if language == "csv":
                (tmp_path / note).write_text(body, encoding="utf-8")
            elif language == "yaml":
                with (tmp_path / note).open("a", encoding="utf-8") as settings:
                    settings.write(body)
            elif language == "sh" and note != "no-run":
                for line in body.splitlines():
                    done = prmkit(line, tmp_path)
                    assert done.returncode == 0, f"{page}: {line}\n{done.stdout}\n{done.stderr}"
                    ran.append(line)
    assert len(ran) == 11
    for made in ("all/index.html", "nordics/index.html", "all/partners/index.html", "all/results/findings.json"):
        assert (tmp_path / "acme" / "out" / made).stat().st_size > 100
    assert len(list((tmp_path / "acme" / "out" / "all" / "partners").glob("*/partner.html"))) == 4


def test_every_guide_page_is_run_and_linked() -> None:
    assert sorted(path.stem for path in GUIDE.glob("*.md")) == sorted(ORDER)
    readme = (GUIDE.parents[1] / "README.md").read_text(encoding="utf-8")
    for page in ORDER:
        assert f"docs/guide/{page}.md" in readme
