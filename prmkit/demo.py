"""`prmkit demo`: the whole job on the bundled samples, from raw files to a page to open."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
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

GOAL = "\n# Added for the demonstration: a goal to plan for.\ngoal: {growth: 0.25}\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled sample: its folder, what it is, and how many of its partners are reported on.

    Its settings are those that lie beside its data; without any they are made from the preset of its name.
    """

    name: str
    about: str
    partners: int

    @property
    def home(self) -> Path:
        """Where it lies."""
        return resources.folder("data_samples") / self.name


SAMPLES = (
    Sample(
        "adventureworks", "The first sample is AdventureWorks, a fictional bicycle maker that sells through 701 resellers and direct.", 6
    ),
    Sample(
        "made_up_programme",
        "The second is a made-up programme over every table, its exports as dirty as a client's; what is true in it is known.",
        3,
    ),
)


def demo(folder: Path, console: Console | None = None) -> int:
    """Make an engagement from each sample's raw files, assess it, report on the partners that matter most.

    Running it again in the same folder goes on with the engagements that are there.
    """
    console = console or Console()
    codes = [_run(sample, folder / sample.name, console) for sample in SAMPLES]
    for number, sample in enumerate(SAMPLES):
        page = output(load_engagement(folder / sample.name)) / "index.html"
        name = "The front page to open" if not number else "That of the made-up programme"
        console.print(f"\n{name}: {escape(str(page.resolve()))}", soft_wrap=True)
    console.print(f"The same as apps: prmkit serve {escape(str(folder / SAMPLES[0].name))}", soft_wrap=True)
    return max(codes)


def _run(sample: Sample, home: Path, console: Console) -> int:
    console.print(sample.about)
    lay_out(sample, home)
    done = assess(home, ["all"], console=console, formats=("html", "xlsx"))
    reported = report(home, partners=most_talked_about(home, sample.partners), editions=("internal", "partner"), console=console)
    return max(done, reported)


def lay_out(sample: Sample, home: Path) -> None:
    """Copy a sample into an engagement folder; what is there already stays as it is."""
    settings, own = home / "engagement.yaml", sample.home / "engagement.yaml"
    if not settings.exists() and own.exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(own, settings)
    elif not settings.exists():
        new_engagement(home, sample.name)
        with settings.open("a", encoding="utf-8") as stream:
            stream.write(GOAL)
    raw = sample.home / "data" if own.exists() else sample.home
    (home / "data").mkdir(exist_ok=True)
    for source in sorted(raw.glob("*.csv*")):
        if not (home / "data" / source.name).exists():
            shutil.copyfile(source, home / "data" / source.name)


def most_talked_about(home: Path, count: int) -> list[str]:
    """The partners with the largest findings, the largest sellers when there are none."""
    made = store.read(output(load_engagement(home)) / "results")
    named = dict.fromkeys(finding.subject_id for finding in made.findings if finding.subject_kind == "partner")
    recent = made.tables["partner_months"].query("month < 12").groupby("partner_id")["revenue"].sum()
    largest = recent.sort_values(ascending=False, kind="stable").index
    return list(dict.fromkeys([*named, *largest]))[:count]
