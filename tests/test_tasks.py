"""tasks.py: standard library only, every task named in its help, and what it needs told."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_tasks_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "tasks.py").read_text(encoding="utf-8"))
    imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_help_names_every_task() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "tasks.py"), "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for task in ("setup", "demo", "test", "lint", "lock", "docs", "bench", "prove"):
        assert f"\n  {task} " in done.stdout


def test_ci_runs_the_same_command_as_a_newcomer() -> None:
    assert "python3 tasks.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
