"""What was found in each world, kept as it comes, so that a run that was stopped goes on where it ended."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from prmkit import resources
from prmkit.prove.score import Answer
from prmkit.prove.tally import Tally
from prmkit.simulate.worlds import World

LIBRARIES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "duckdb")
"""What else than prmkit itself the numbers come from."""
_SHOW_ONLY = ("charts", "publish", "serve", "playbooks", "templates", "data_samples")


@dataclass(frozen=True, slots=True)
class Plan:
    """A named world and the size to make it in."""

    world: World
    partners: int
    months: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One practice in one world. tallies: answer -> its sums, None where the question does not arise there.

    failures: what was to be done (the practice's or an answer's name) -> why it could not be. seconds: run time of the practice.
    """

    world: str
    seed: int
    practice: str
    tallies: Mapping[str, Tally | None] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A folder with one small file for each world and practice, under the hash of the code that it holds for."""

    folder: Path
    code: str

    def read(self, plan: Plan, seed: int, practice: str) -> Entry | None:
        """What is known; None where there is nothing, nothing that can be read, or a failure: that is tried again."""
        try:
            kept = json.loads(self._file(plan, seed, practice).read_text(encoding="utf-8"))
            if kept["key"] != self._key(plan, seed, practice):
                return None
            tallies = {name: Tally.read(sums) if sums else None for name, sums in kept["tallies"].items()}
            return Entry(plan.world.name, seed, practice, tallies, {}, float(kept["seconds"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, entry: Entry, plan: Plan) -> None:
        """Keep an entry without failures: there whole, or not at all."""
        if entry.failures:
            return
        file = self._file(plan, entry.seed, entry.practice)
        file.parent.mkdir(parents=True, exist_ok=True)
        tallies = {name: asdict(sums) if sums else None for name, sums in entry.tallies.items()}
        kept = {"key": self._key(plan, entry.seed, entry.practice), "seconds": entry.seconds, "tallies": tallies}
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(file)

    def clear(self) -> None:
        """Forget what was found with this code."""
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def _home(self) -> Path:
        return self.folder / self.code[:16]

    def _file(self, plan: Plan, seed: int, practice: str) -> Path:
        return self._home / f"{plan.world.name}_{plan.partners}x{plan.months}_{seed}_{practice}.json"

    def _key(self, plan: Plan, seed: int, practice: str) -> str:
        return json.dumps([asdict(plan.world), plan.partners, plan.months, seed, practice, self.code])


def open_ledger(folder: Path, judged: Sequence[Answer] = ()) -> Ledger:
    """The ledger of a folder for the code as it is now; `judged`: answers that are not those registered."""
    named = (f"{answer.name} {answer.judge.__module__} {answer.judge.__qualname__}" for answer in judged)
    return Ledger(folder, hashlib.sha256("\0".join([code_hash(), *named]).encode()).hexdigest())


@cache
def code_hash() -> str:
    """A hash of all that the numbers come from: prmkit's own sources, what only shows apart, and the versions of LIBRARIES."""
    package = resources.spec("tables.yaml").parent.parent
    digest = hashlib.sha256("\0".join(f"{name} {version(name)}" for name in LIBRARIES).encode())
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in {".py", ".yaml"} and inside.parts[0] not in _SHOW_ONLY:
            digest.update(f"{inside.as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
