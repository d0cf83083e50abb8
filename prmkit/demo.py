"""`prmkit demo`: the whole job on the bundled samples, from raw files to a page to open."""

from __future__ import annotations

import shutil
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from prmkit import resources
from prmkit import results as store
from prmkit.assess import output
from prmkit.engagement import load_engagement
from prmkit.new import new_engagement
from prmkit.publish.assessment import assess
from prmkit.publish.partner_reports import report

SAMPLE = "adventureworks"
GOAL = "\n# Added for the demonstration: a goal to plan for.\ngoal: {growth: 0.25}\n"
PARTNERS_REPORTED = 6


def demo(folder: Path, console: Console | None = None) -> int:
    """Make an engagement from the sample's raw files, assess it, report on the partners that matter most.

    Running it again in the same folder goes on with the engagement that is there.
    """
    console = console or Console()
    home = folder / SAMPLE
    console.print("The sample is AdventureWorks, a fictional bicycle maker that sells through 701 resellers and direct.")
    if not (home / "engagement.yaml").exists():
        new_engagement(home, SAMPLE)
        with (home / "engagement.yaml").open("a", encoding="utf-8") as settings:
            settings.write(GOAL)
    for source in sorted((resources.folder("data_samples") / SAMPLE).glob("*.csv*")):
        if not (home / "data" / source.name).exists():
            shutil.copyfile(source, home / "data" / source.name)
    done = assess(home, console=console, formats=("html", "xlsx"))
    reported = report(home, partners=most_talked_about(home), editions=("internal", "partner"), console=console)
    page = output(load_engagement(home)) / "index.html"
    console.print(f"\nThe front page to open: {escape(str(page.resolve()))}", soft_wrap=True)
    console.print(f"The same as apps: prmkit serve {escape(str(home))}", soft_wrap=True)
    return max(done, reported)


def most_talked_about(home: Path) -> list[str]:
    """The partners with the largest findings, the largest sellers when there are none."""
    made = store.read(output(load_engagement(home)) / "results")
    named = dict.fromkeys(finding.subject_id for finding in made.findings if finding.subject_kind == "partner")
    recent = made.tables["partner_months"].query("month < 12").groupby("partner_id")["revenue"].sum()
    largest = recent.sort_values(ascending=False, kind="stable").index
    return list(dict.fromkeys([*named, *largest]))[:PARTNERS_REPORTED]
