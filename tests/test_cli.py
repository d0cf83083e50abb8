"""The command line: quick help, clear errors on stderr, exit codes of the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def prmkit(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "prmkit", *words], cwd=cwd, capture_output=True, text=True, encoding="utf-8")


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys\nsys.argv = ['prmkit', '--help']\nfrom prmkit.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0\n"
        "heavy = {'pandas', 'numpy', 'statsmodels', 'matplotlib', 'papermill', 'scipy', 'sklearn', 'duckdb', 'voila', 'nbconvert'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "assess" in done.stdout


@pytest.mark.parametrize("command", ["workshop", "answer", "milestone", "compare"])
def test_commands_to_come_say_so_plainly(command: str, tmp_path: Path) -> None:
    words = {"milestone": [str(tmp_path), "q1"], "compare": [str(tmp_path), "--since", "q1"]}.get(command, [str(tmp_path)])
    done = prmkit(command, *words)
    assert done.returncode == 2
    assert f"'prmkit {command}' is not there yet." in done.stderr
    assert "What to do:" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_engagement_is_one_clear_error(tmp_path: Path) -> None:
    for command in ("check", "assess", "report"):
        done = prmkit(command, str(tmp_path / "nowhere"))
        assert done.returncode == 2
        assert "Error:" in done.stderr
        assert "nowhere" in done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_unknown_names_are_answered_with_known_ones(tmp_path: Path) -> None:
    done = prmkit("assess", str(tmp_path), "--practice", "loyality")
    assert done.returncode == 2
    assert "Did you mean 'loyalty'?" in done.stderr
    done = prmkit("assess", str(tmp_path), "--format", "pdf")
    assert done.returncode == 2
    assert "not there yet" in done.stderr
    done = prmkit("report", str(tmp_path), "--edition", "internal,partners")
    assert done.returncode == 2
    assert "Did you mean 'partner'?" in done.stderr
    done = prmkit("report", str(tmp_path), "--cluster", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "not there yet" in done.stderr


def test_a_faulty_table_stops_with_every_fault_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "engagement.yaml").write_text("client: Example\ncurrency: EUR\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "partners.csv").write_text("partner_id,name\n007,Seven\n", encoding="utf-8")
    (tmp_path / "data" / "sales.csv").write_text("date,partner_id,revenue\n2024-02-30,007,10\n2024-03-01,007,ten\n", encoding="utf-8")
    done = prmkit("assess", str(tmp_path))
    assert done.returncode == 2
    assert "2024-02-30" in done.stderr
    assert "ten" in done.stderr
    assert not (tmp_path / "out" / "all").exists()
