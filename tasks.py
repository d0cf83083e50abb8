"""Everything a newcomer needs, with nothing but Python 3.11 or newer: python tasks.py TASK.

Each task first makes .venv and installs the hashed lock into it, unless that is done already.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CORE, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"


def run(*command: str | Path, **settings: str) -> None:
    """Run a command in the project's folder; end with its exit code when it fails."""
    environment = os.environ | {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | settings
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment)
    if done.returncode:
        sys.exit(done.returncode)


def setup(lock: Path = CORE) -> None:
    """Make .venv and install the lock (hashes checked), then prmkit itself without dependencies."""
    if sys.version_info < (3, 11):  # noqa: UP036 - a newcomer may run it with an older one
        sys.exit(f"prmkit needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    stamp = VENV / f"{lock.stem}.stamp"
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not PYTHON.exists():
        print("Making .venv ...", flush=True)
        venv.create(VENV, with_pip=True)
    print(f"Installing {lock.name} (a few minutes the first time) ...", flush=True)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    run(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(wanted, encoding="ascii")
    (VENV / f"{CORE.stem}.stamp").touch()


def demo(rest: Sequence[str]) -> None:
    """Set up, then run the whole job on the bundled samples; ends by naming the page to open."""
    setup()
    run(PYTHON, "-m", "prmkit", "demo", *rest)


def lint(rest: Sequence[str]) -> None:
    """Formatting, lint (notebooks too) and types."""
    setup(DEV)
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "mypy", *rest)


def test(rest: Sequence[str]) -> None:
    """Set up, lint, then every test."""
    lint(())
    run(PYTHON, "-m", "pytest", *(rest or ("-n", "2", "--dist", "loadgroup")), PRMKIT_TESTING="1")


def lock(rest: Sequence[str]) -> None:
    """Resolve the dependencies anew into the two hashed locks, without any address in them."""
    setup(DEV)
    settings = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "-q")
    compile_ = (PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", *settings, "--extra", "build")
    run(*compile_, "-o", CORE, *rest)
    run(*compile_, "--extra", "dev", "-c", CORE, "-o", DEV, *rest)


def docs(rest: Sequence[str]) -> None:
    """Write the generated parts of docs/ again (settings, tables, commands, fault codes)."""
    setup(DEV)
    run(PYTHON, "-m", "docs.generate", *rest)


def bench(rest: Sequence[str]) -> None:
    """Measure speed and memory; see benchmarks/README.md."""
    setup(DEV)
    run(PYTHON, "-m", "benchmarks", *rest)


def prove(rest: Sequence[str]) -> None:
    """Run the estimators on many made-up programmes and write docs/proving_ground.md; most of an hour, can be stopped and goes on."""
    setup()
    run(PYTHON, "-m", "prmkit", "prove", "--worlds", "60", "--page", "docs/proving_ground.md", *rest)


TASKS: dict[str, Callable[[Sequence[str]], None]] = {
    "setup": lambda rest: setup(),
    "demo": demo,
    "test": test,
    "lint": lint,
    "lock": lock,
    "docs": docs,
    "bench": bench,
    "prove": prove,
}


def main() -> None:
    """Run the task named on the command line; what follows it is handed on."""
    described = "\n".join(
        f"  {name:6} {(task.__doc__ or 'Make .venv and install the lock.').splitlines()[0]}" for name, task in TASKS.items()
    )
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{described}", formatter_class=argparse.RawDescriptionHelpFormatter, add_help=True
    )
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="handed on to the task")
    given = parser.parse_args()
    TASKS[given.task](given.rest)


if __name__ == "__main__":
    main()
