"""`prmkit assess`: results computed once, playbooks executed, a front page a portfolio."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID

from prmkit import assess as computing
from prmkit import results as store
from prmkit import runner
from prmkit.data.client import Client
from prmkit.data.portfolio import open_portfolio
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError, unknown_name
from prmkit.practices import PRACTICES
from prmkit.publish import front
from prmkit.publish.progress import progress
from prmkit.results import Results

READINESS, ACTION_PLAN = "0_readiness", "6_action_plan"
FORMATS = {"html": True, "xlsx": True, "pdf": False, "pptx": False}


def check_formats(asked: Sequence[str], there: dict[str, bool]) -> None:
    """PrmkitError for a format that does not exist or is not there yet."""
    for name in asked:
        if name not in there:
            raise PrmkitError(unknown_name("format", name, there))
        if not there[name]:
            raise PrmkitError(
                f"The format '{name}' is not there yet.", do=f"Ask for one of: {', '.join(n for n, ready in there.items() if ready)}."
            )


def playbooks(practices: Sequence[str]) -> dict[str, str]:
    """Playbook -> title: readiness, the chosen practices (all when none is named), the action plan."""
    chosen = [PRACTICES.get(name) for name in (practices or list(PRACTICES))]
    return {READINESS: "What the data can answer", **{p.playbook: p.title for p in chosen}, ACTION_PLAN: "Action plan"}


def assess(
    folder: Path,
    portfolios: Sequence[str] = (),
    practices: Sequence[str] = (),
    formats: Sequence[str] = ("html",),
    *,
    workers: int | None = None,
    console: Console | None = None,
    assumptions: bool = False,
) -> int:
    """Assess an engagement; returns 0, or 1 when a playbook failed (its page says so, the others stand)."""
    console = console or Console()
    check_formats(formats, FORMATS)
    titles = playbooks(practices)
    engagement = load_engagement(folder)
    names = list(dict.fromkeys(portfolios)) or ["all", *engagement.portfolios]
    with progress(console) as bar:
        loading = bar.add_task("Loading and checking the data", total=1)
        client = computing.load_client(engagement)
        for name in names:
            open_portfolio(client, name)
        bar.advance(loading)
        answered = {}
        answering = bar.add_task("Answering the practices", total=len(names) * (len(titles) - 2))
        for name in names:
            step = partial(_answering, bar, answering)
            made = computing.compute(client, name, practices, step, effects=True if assumptions else None)
            store.write(made, computing.output(engagement, name) / "results")
            bar.advance(answering, len(titles) - 2)
            answered[name] = made
        jobs = [job for name in names for job in _jobs(client, name, titles)]
        running = bar.add_task("Executing the playbooks", total=len(jobs))
        outcomes = []
        os.environ["PRMKIT_CODE_HASH"] = computing.code_hash()
        for outcome in runner.execute_all(jobs, workers):
            outcomes.append(outcome)
            bar.advance(running)
    for name in names:
        _front_page(client, name, answered[name], [o for o in outcomes if o.job.notebook.parent.parent.name == name], titles, formats)
    return _say(console, client, names, outcomes)


def _answering(bar: Progress, task: TaskID, title: str) -> None:
    bar.update(task, description=f"Answering: {title}")


def _jobs(client: Client, portfolio: str, titles: dict[str, str]) -> list[runner.Job]:
    place = computing.output(client.engagement, portfolio) / "playbooks"
    place.mkdir(parents=True, exist_ok=True)
    return [
        runner.Job(
            playbook=name,
            parameters={"engagement": "../../..", "portfolio": portfolio},
            notebook=place / f"{name}.ipynb",
            page=place / f"{name}.html",
            cwd=place,
            title=title,
            locale=client.engagement.locale,
        )
        for name, title in titles.items()
    ]


def _front_page(
    client: Client, portfolio: str, made: Results, outcomes: Sequence[runner.Outcome], titles: dict[str, str], formats: Sequence[str]
) -> None:
    place = computing.output(client.engagement, portfolio)
    said = {outcome.job.playbook: outcome for outcome in outcomes}
    links = [
        front.PlaybookLink(title=title, href=f"playbooks/{name}.html", status=said[name].status, note=said[name].cause)
        for name, title in titles.items()
    ]
    with store.replacing(place / "index.html") as page:
        page.write_text(front.front_page(made, playbooks=links), encoding="utf-8")
    if "xlsx" in formats:
        from prmkit.publish.workbook import write_workbook

        with store.replacing(place / "workbook.xlsx") as workbook:
            write_workbook(made, workbook)


def _say(console: Console, client: Client, names: Sequence[str], outcomes: Sequence[runner.Outcome]) -> int:
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        console.print(f"[bold red]failed[/] {escape(outcome.job.page.as_posix())}: {escape(outcome.cause)}", soft_wrap=True)
    warned = sum(fault.count for fault in client.faults)
    if warned:
        console.print(f"{warned} rows carry a warning; see: prmkit check {escape(str(client.engagement.folder))}", soft_wrap=True)
    console.print(f"{len(outcomes) - len(failed)} of {len(outcomes)} playbooks done.")
    for name in names:
        console.print(f"Open {escape(str(computing.output(client.engagement, name) / 'index.html'))}", soft_wrap=True)
    return 1 if failed else 0
