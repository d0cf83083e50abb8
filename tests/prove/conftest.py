"""What the tests of the proving ground share: the made-up answers, and a run in this process without any programme."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from prmkit.prove import run, worker
from prmkit.prove.case import Case
from prmkit.prove.ledger import Entry


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """tests/prove/made_up_answers.py under a name that other processes can import it by."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import made_up_answers

    yield made_up_answers
    sys.modules.pop("made_up_answers", None)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, tuple[str, ...]]]:
    """Runs stay in this process, and cases hold nothing but their world and seed; what was made is listed: world, seed, practices.

    A practice takes a second. It fails in the world `thin` with the seed 2.
    """
    made: list[tuple[str, int, tuple[str, ...]]] = []

    @contextmanager
    def make_case(world: Any, seed: int, partners: int, months: int, practices: Sequence[str]) -> Iterator[Case]:
        made.append((world.name, seed, tuple(practices)))
        failures = {name: "ValueError: it broke" for name in practices if (world.name, seed, name) == ("thin", 2, "know")}
        nothing: Any = SimpleNamespace()
        yield Case(world, seed, nothing, nothing, {}, dict.fromkeys(practices, 1.0), failures)

    def worked(tasks: Sequence[worker.Task], workers: int | None, step: Callable[[int], None]) -> Iterator[tuple[Entry, ...]]:
        for done, task in enumerate(tasks, 1):
            yield worker.work(task)
            step(done)

    monkeypatch.setattr(worker, "make_case", make_case)
    monkeypatch.setattr(run, "_worked", worked)
    return made
