"""Many worlds, side by side: each made, assessed and judged in a process of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from prmkit.errors import PrmkitError
from prmkit.practices import PRACTICES
from prmkit.prove.answers import ANSWERS
from prmkit.prove.gates import Gate, judge
from prmkit.prove.ledger import Entry, Ledger, Plan, open_ledger
from prmkit.prove.pooled import Score, pool
from prmkit.prove.score import Answer
from prmkit.prove.worker import Task, work

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "BLIS_NUM_THREADS")
Step = Callable[[int, int], None]
Known = dict[tuple[str, int, str], Entry]


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be done in one world: of a practice, or of the judging of an answer (`what`), and why."""

    world: str
    seed: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a run: scores by answer and world, in that order; the gates of each; what could not be done."""

    plans: tuple[Plan, ...]
    seeds: tuple[int, ...]
    answers: tuple[Answer, ...]
    scores: tuple[Score, ...]
    gates: tuple[Gate, ...]
    failures: tuple[Failure, ...]

    @property
    def failed(self) -> tuple[Gate, ...]:
        """The gates that fail."""
        return tuple(gate for gate in self.gates if gate.state == "failed")

    def of(self, answer: Answer) -> tuple[list[Score], dict[str, dict[str, Gate]]]:
        """The scores of one answer, and by world its gates by name."""
        scores = [score for score in self.scores if score.answer == answer.name]
        gates: dict[str, dict[str, Gate]] = {score.world: {} for score in scores}
        for gate in self.gates:
            if gate.answer == answer.name:
                gates[gate.world][gate.name] = gate
        return scores, gates


def prove(
    plans: Sequence[Plan],
    seeds: Sequence[int],
    practices: Sequence[str],
    folder: Path,
    *,
    workers: int | None = None,
    answers: Sequence[Answer] | None = None,
    fresh: bool = False,
    step: Step | None = None,
) -> Proof:
    """Make every planned world with every seed, assess it, and score what is said of it.

    practices: names; all where empty. folder: of the ledger. answers: those registered where None; each is handed to other processes, so
    that `judge` has to be a function of a module. fresh: forget what the ledger holds. step: told (done, of how many).
    The scores do not depend on the number of workers. Raises PrmkitError for an unknown practice, or where a process ends by itself.
    """
    wanted = tuple(PRACTICES.get(name).name for name in practices) or tuple(PRACTICES)
    judged = tuple(answers) if answers is not None else tuple(ANSWERS.get(name) for name in ANSWERS)
    judged = tuple(answer for answer in judged if answer.practice in wanted)
    ledger = open_ledger(folder, judged if answers is not None else ())
    if fresh:
        ledger.clear()
    known, tasks = _planned(plans, seeds, wanted, judged, ledger)
    total = len(plans) * len(seeds)
    for entries in _worked(tasks, workers, lambda done: step(total - len(tasks) + done, total) if step else None):
        known.update({(entry.world, entry.seed, entry.practice): entry for entry in entries})
    return _gathered(plans, seeds, wanted, judged, known)


def _planned(
    plans: Sequence[Plan], seeds: Sequence[int], practices: tuple[str, ...], answers: tuple[Answer, ...], ledger: Ledger
) -> tuple[Known, list[Task]]:
    """What the ledger knows, and the worlds in which something is still to be done."""
    known: Known = {}
    tasks = []
    for seed in seeds:
        for plan in plans:
            found = {name: ledger.read(plan, seed, name) for name in practices}
            known.update({(plan.world.name, seed, name): entry for name, entry in found.items() if entry})
            missing = tuple(name for name, entry in found.items() if entry is None)
            if missing:
                tasks.append(Task(plan, seed, missing, tuple(one for one in answers if one.practice in missing), ledger))
    return known, tasks


def _worked(tasks: Sequence[Task], workers: int | None, step: Callable[[int], None]) -> Iterator[tuple[Entry, ...]]:
    """The entries of each task, as they come; stopped by Ctrl-C once the worlds under way are done."""
    step(0)
    if not tasks:
        return
    count = max(1, min(len(tasks), workers or os.cpu_count() or 1))
    with _one_thread(), ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_deaf) as processes:
        waiting = [processes.submit(work, task) for task in tasks]
        try:
            for done, future in enumerate(as_completed(waiting), 1):
                yield future.result()
                step(done)
        except BrokenProcessPool:
            do = "Give it fewer --workers or smaller worlds, and run it again: what was finished stays."
            raise PrmkitError("A process that worked on a world ended by itself, likely for want of memory.", do=do, exit_code=1) from None
        except BaseException:
            processes.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started meanwhile compute with one thread each: as many as there are workers, and the same numbers for any of them."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _deaf() -> None:
    """A worker finishes its world when Ctrl-C is pressed; the parent gives it no other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _gathered(plans: Sequence[Plan], seeds: Sequence[int], practices: tuple[str, ...], answers: tuple[Answer, ...], known: Known) -> Proof:
    scores: list[Score] = []
    gates: list[Gate] = []
    for answer in answers:
        for plan in plans:
            entries = [known[plan.world.name, seed, answer.practice] for seed in seeds]
            asked = [(sums, entry.seconds) for entry in entries if (sums := entry.tallies.get(answer.name))]
            if asked:
                score = pool(answer.name, plan.world.name, [sums for sums, _ in asked], [seconds for _, seconds in asked])
                scores.append(score)
                gates += judge(answer, score)
    failures = [
        Failure(plan.world.name, seed, what, why)
        for plan in plans
        for name in practices
        for seed in seeds
        for what, why in known[plan.world.name, seed, name].failures.items()
    ]
    return Proof(tuple(plans), tuple(seeds), answers, tuple(scores), tuple(gates), tuple(failures))
