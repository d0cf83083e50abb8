"""prmkit from a built wheel, in an empty folder: playbooks, templates and samples travel with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def built(target: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(target.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_demo_runs_in_an_empty_folder(tmp_path: Path) -> None:
    wheel = built(tmp_path / "dist")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    for part in (
        "playbooks/1_know_your_partners.ipynb",
        "data_samples/adventureworks/DimReseller.csv",
        "data_samples/made_up_programme/data/zendesk_tickets.csv",
        "templates/engagement/engagement.yaml",
        "spec/tables.yaml",
    ):
        assert (site / "prmkit" / part).exists()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PRMKIT"))} | {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import prmkit; print(prmkit.__file__)"], cwd=empty, env=environment, capture_output=True, text=True
    )
    assert where.stdout.startswith(str(site))
    done = subprocess.run(
        [sys.executable, "-m", "prmkit", "demo"], cwd=empty, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = empty / "prmkit_demo" / "adventureworks" / "out" / "all" / "index.html"
    assert str(page) in done.stdout.replace("\n", "")
    assert "Adventure Works" in page.read_text(encoding="utf-8")
    run = json.loads((page.parent / "results" / "run.json").read_text(encoding="utf-8"))
    assert (run["as_of"], run["measure"], run["currency"]) == ("2013-11-29", "sell_in", "USD")
    assert len(list((page.parent / "partners").glob("*/internal.html"))) == 6
    second = empty / "prmkit_demo" / "made_up_programme" / "out" / "all"
    assert str(second / "index.html") in done.stdout.replace("\n", "")
    assert "Made-up programme" in (second / "index.html").read_text(encoding="utf-8")
    assert len(list((second / "partners").glob("*/internal.html"))) == 3
    assert not (empty / "prmkit_demo" / "made_up_programme" / "truth").exists()
    assert [path.name for path in empty.iterdir()] == ["prmkit_demo"]
