"""`prmkit report`: the partner_report playbook executed for one partner after the other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from prmkit import assess as computing
from prmkit import resources, runner
from prmkit import results as store
from prmkit.engagement import load_engagement
from prmkit.publish.assessment import check_formats
from prmkit.publish.disclosure import known_edition, partner_record
from prmkit.publish.ledger import Entry, Ledger, open_ledger
from prmkit.publish.partner_index import ReportEntry, partner_index
from prmkit.publish.progress import progress
from prmkit.publish.slug import slug
from prmkit.results import Results

PLAYBOOK = "partner_report"
FORMATS = {"html": True, "pdf": False}


def report(
    folder: Path,
    portfolio: str = "all",
    partners: Sequence[str] = (),
    editions: Sequence[str] = ("internal",),
    formats: Sequence[str] = ("html",),
    *,
    workers: int | None = None,
    fresh: bool = False,
    console: Console | None = None,
) -> int:
    """Report on partners (all of the portfolio by default); 1 when a report failed, each named.

    A report that still fits its results and its playbook is not made again unless `fresh`.
    """
    console = console or Console()
    check_formats(formats, FORMATS)
    for edition in editions:
        known_edition(edition)
    engagement = load_engagement(folder)
    computing.ensure_results(folder, [portfolio])
    made = computing.read(engagement, portfolio)
    place = computing.output(engagement, portfolio) / "partners"
    chosen = _chosen(made, partners)
    mark = _fingerprint(made)
    with open_ledger(place) as ledger:
        kept = ledger.entries()
        jobs = [
            _job(made, place, partner, edition, portfolio)
            for partner in chosen
            for edition in editions
            if fresh or not _fits(kept.get((partner, edition)), _with_verdicts(mark, made, partner), place)
        ]
        try:
            _make(jobs, ledger, made, mark, workers, console)
        finally:
            _index(made, place, ledger)
        wanted = {(partner, edition) for partner in chosen for edition in editions}
        failed = [entry for key, entry in ledger.entries().items() if key in wanted and entry.status == "failed"]
    for entry in failed:
        console.print(f"[bold red]failed[/] {escape(entry.partner_id)} ({entry.edition}): {escape(entry.cause)}", soft_wrap=True)
    fitting = len(wanted) - len(jobs)
    console.print(f"{len(wanted) - len(failed)} of {len(wanted)} reports stand ({fitting} still fitted), {len(failed)} failed.")
    console.print(f"Open {escape(str(place / 'index.html'))}", soft_wrap=True)
    return 1 if failed else 0


def _chosen(made: Results, partners: Sequence[str]) -> list[str]:
    for partner in partners:
        partner_record(made.partners, partner)
    return list(dict.fromkeys(partners)) or made.partners["partner_id"].tolist()


def _fingerprint(made: Results) -> str:
    """Results, playbook and page code as one hash: what a report is made from."""
    digest = hashlib.sha256(made.run["fingerprint"].encode())
    digest.update(runner.playbook_path(PLAYBOOK).read_bytes())
    package = resources.spec("tables.yaml").parent.parent
    for room in ("publish", "charts"):
        for path in sorted((package / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _with_verdicts(mark: str, made: Results, partner: str) -> str:
    """The mark of one partner's report: a verdict on a finding about the partner makes it out of date."""
    said = [(finding.id, finding.status, repr(finding.verdict)) for finding in made.about(partner) if finding.verdict]
    return hashlib.sha256(repr((mark, sorted(said))).encode("utf-8", "replace")).hexdigest() if said else mark


def _fits(entry: Entry | None, mark: str, place: Path) -> bool:
    return (
        entry is not None and entry.status == "ok" and entry.fingerprint == mark and (place / entry.slug / f"{entry.edition}.html").exists()
    )


def _job(made: Results, place: Path, partner: str, edition: str, portfolio: str) -> runner.Job:
    home = place / slug(partner)
    names = made.partners.set_index("partner_id")["name"]
    return runner.Job(
        playbook=PLAYBOOK,
        parameters={"engagement": "../../../..", "portfolio": portfolio, "partner_id": partner, "edition": edition},
        notebook=home / f"{edition}.ipynb",
        page=home / f"{edition}.html",
        cwd=home,
        title=str(names[partner]),
        locale=str(made.run["locale"]),
        key=(partner, edition),
    )


def _make(jobs: Sequence[runner.Job], ledger: Ledger, made: Results, mark: str, workers: int | None, console: Console) -> None:
    os.environ["PRMKIT_CODE_HASH"] = computing.code_hash()
    for job in jobs:
        job.cwd.mkdir(parents=True, exist_ok=True)
    with progress(console) as bar:
        task = bar.add_task("Reports", total=len(jobs))
        for outcome in runner.execute_all(jobs, workers):
            partner, edition = outcome.job.key
            ledger.keep(Entry(partner, edition, slug(partner), _with_verdicts(mark, made, partner), outcome.status, outcome.cause))
            bar.advance(task)


def _index(made: Results, place: Path, ledger: Ledger) -> None:
    names = made.partners.set_index("partner_id")["name"]
    reports = [
        ReportEntry(
            partner_id=entry.partner_id,
            name=str(names.get(entry.partner_id, entry.partner_id)),
            slug=entry.slug,
            edition=entry.edition,
            status=entry.status,
            reason=entry.cause,
            href=f"{entry.slug}/{entry.edition}.html",
        )
        for entry in ledger.entries().values()
    ]
    with store.replacing(place / "index.html") as page:
        page.write_text(partner_index(made, reports), encoding="utf-8")
