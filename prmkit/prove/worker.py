"""One world's work, done in a process of its own: made, assessed, judged, and put into the ledger."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from prmkit.prove.case import Case, cause, make_case
from prmkit.prove.ledger import Entry, Ledger, Plan
from prmkit.prove.score import Answer
from prmkit.prove.tally import Tally, tally


@dataclass(frozen=True, slots=True)
class Task:
    """One world to make, the practices to try in it, and what to hold against its truth."""

    plan: Plan
    seed: int
    practices: tuple[str, ...]
    answers: tuple[Answer, ...]
    ledger: Ledger


def work(task: Task) -> tuple[Entry, ...]:
    """An entry for each practice of the task; whatever goes wrong stands in the entries' failures."""
    plan = task.plan
    try:
        with make_case(plan.world, task.seed, plan.partners, plan.months, task.practices) as case:
            entries = tuple(_entry(case, task, practice) for practice in task.practices)
    except Exception as error:
        why = cause(error)
        return tuple(Entry(plan.world.name, task.seed, practice, {}, {practice: why}) for practice in task.practices)
    for entry in entries:
        task.ledger.write(entry, plan)
    return entries


def _entry(case: Case, task: Task, practice: str) -> Entry:
    seconds = case.seconds[practice]
    if practice in case.failures:
        return Entry(case.world.name, case.seed, practice, {}, {practice: case.failures[practice]}, seconds)
    tallies: dict[str, Tally | None] = {}
    failures: dict[str, str] = {}
    for answer in task.answers:
        if answer.practice != practice:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                outcome = answer.judge(case)
                tallies[answer.name] = tally(outcome) if outcome else None
        except Exception as error:
            failures[answer.name] = cause(error)
    return Entry(case.world.name, case.seed, practice, tallies, failures, seconds)
