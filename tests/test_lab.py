"""Working copies that are never overwritten, and a JupyterLab that the user's own settings cannot open up."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from prmkit import resources
from prmkit.errors import PrmkitError
from prmkit.lab import for_engagement, lab, working_copies

SHIPPED = sorted(path.name for path in resources.folder("playbooks").glob("*.ipynb"))


def _notebook(*cells: tuple[str, list[str]]) -> str:
    made = [{"cell_type": "code", "metadata": {"tags": tags}, "source": source.splitlines(keepends=True)} for source, tags in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_copy_names_the_engagement_it_lies_in_and_changes_nothing_else():
    source = 'engagement: str = "."  # folder of the engagement\nportfolio: str = "all"  # portfolio\n'
    made = json.loads(for_engagement(_notebook((source, ["parameters"]), ('engagement = "."', []))))
    assert "".join(made["cells"][0]["source"]) == source.replace('"."', '".."', 1)
    assert made["cells"][1]["source"] == ['engagement = "."'], "only the parameters"


def test_every_shipped_playbook_runs_where_its_copy_lies(tmp_path):
    said = working_copies(tmp_path / "playbooks")
    assert sorted(path.name for path in (tmp_path / "playbooks").iterdir()) == SHIPPED
    assert said == [f"wrote {tmp_path / 'playbooks' / name}" for name in SHIPPED]
    for path in (tmp_path / "playbooks").iterdir():
        assert re.search(r'^engagement: str = "\.\."', "".join(_parameters(path)), re.MULTILINE), path
    assert working_copies(tmp_path / "playbooks") == [], "a second time there is nothing to do and nothing to say"


def _parameters(path: Path) -> list[str]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return next(cell["source"] for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))


def test_a_changed_copy_stays_and_its_differences_are_said(tmp_path):
    place = tmp_path / "playbooks"
    working_copies(place)
    copy = place / SHIPPED[0]
    notebook = json.loads(copy.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# My own title\n"]
    notebook["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["run"]}]
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    (place / SHIPPED[1]).write_text("not a notebook", encoding="utf-8")
    (place / SHIPPED[2]).unlink()
    before = copy.read_bytes()
    said = working_copies(place)
    assert copy.read_bytes() == before
    assert said[0].startswith(f"{copy} was changed and stays as it is")
    assert "  +# My own title" in said
    assert any(line.startswith("  -# ") for line in said)
    assert "  it cannot be read as a notebook; move it away to get a fresh copy" in said
    assert said[-1] == f"wrote {place / SHIPPED[2]}"
    assert not any(line.strip() == "run" for line in said), "what a run left is no change"


def test_a_notebook_that_was_only_run_is_not_changed(tmp_path):
    place = tmp_path / "playbooks"
    working_copies(place)
    copy = place / SHIPPED[0]
    notebook = json.loads(copy.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}]}
        cell["source"] = "".join(cell["source"])
    copy.write_text(json.dumps(notebook), encoding="utf-8")
    assert working_copies(place) == []


def test_a_folder_that_is_no_engagement_is_left_alone(tmp_path):
    with pytest.raises(PrmkitError):
        lab(tmp_path, open_browser=False)
    assert list(tmp_path.iterdir()) == []


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status) if "/login" not in answer.geturl() else 302
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def test_jupyterlab_keeps_its_token_whatever_the_user_configured(tmp_path):
    home, folder = tmp_path / "home", tmp_path / "engagement"
    folder.mkdir()
    (folder / "engagement.yaml").write_text("client: Made up\n", encoding="utf-8")
    open_up = "c = get_config()\nc.IdentityProvider.token = ''\nc.PasswordIdentityProvider.token = ''\nc.ServerApp.ip = '0.0.0.0'\n"
    for place in (home / ".jupyter", folder):
        place.mkdir(parents=True, exist_ok=True)
        for name in ("jupyter_server_config.py", "jupyter_lab_config.py"):
            (place / name).write_text(open_up, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")} | {"HOME": str(home)}
    environment |= {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), environment.get("PYTHONPATH", "")]), "PYTHONUNBUFFERED": "1"}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "prmkit", "lab", str(folder), "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=environment,
            start_new_session=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = next(line.strip() for line in process.stdout if "token=" in line)
            address, _, token = url.partition("/lab?token=")
            end = time.monotonic() + 60
            while _status(f"{address}/api") == 0 and time.monotonic() < end:
                time.sleep(0.3)
            assert _status(f"{address}/api/contents") == 403
            assert _status(f"{address}/api/contents?token={token}") == 200
            assert _status(f"{address}/api/contents/playbooks/{SHIPPED[0]}?token={token}") == 200
            with urllib.request.urlopen(f"{address}/api/kernelspecs?token={token}", timeout=20) as answer:
                specs = json.load(answer)
            assert specs["kernelspecs"]["python3"]["spec"]["argv"][0] == sys.executable
            assert specs["default"] == "python3"
            with urllib.request.urlopen(f"{address}/lab?token={token}", timeout=20) as answer:
                page = answer.read().decode()
            assert '"disabled": true' in page[page.index('"news"') :][:60], "no news are fetched"
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        finally:
            os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    assert _status(f"{address}/api") == 0
