"""`assess` by stage: 700 and 20,000 partners x 36 months."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import made_up
from benchmarks.stages import Stages


def measure(folder: Path, partners: int) -> None:
    """Run every stage of an assessment in this process, the playbooks in kernels of their own."""
    stages = Stages()
    with stages.stage("imports"):
        from prmkit import assess, results, runner
        from prmkit.data.portfolio import open_portfolio
        from prmkit.engagement import load_engagement
        from prmkit.practices import PRACTICES
        from prmkit.publish import assessment, front
    with stages.stage("load and check"):
        client = assess.load_client(load_engagement(folder))
    with stages.stage("aggregate"):
        portfolio = open_portfolio(client)
    for name in PRACTICES:
        with stages.stage(f"practice {name}"):
            PRACTICES.get(name).assess(portfolio)
    with stages.stage("gather (practices again)"):
        made = assess.compute(client)
    with stages.stage("write results"):
        results.write(made, folder / "out" / "all" / "results")
    with stages.stage("front page"):
        front.front_page(made, playbooks=())
    jobs = assessment._jobs(client, "all", assessment.playbooks(()))
    with stages.stage(f"{len(jobs)} playbooks, 2 at a time"):
        failed = [outcome for outcome in runner.execute_all(jobs, 2) if outcome.status == "failed"]
    stages.show(f"assess, {partners:,} partners x 36 months; peak memory is of this process, kernels apart; {len(failed)} playbooks failed")


def main(arguments: list[str]) -> None:
    """Each size in a process of its own, so that peaks do not mix."""
    parser = argparse.ArgumentParser(prog="bench assess")
    parser.add_argument("--partners", type=int, nargs="*", default=[700, 20_000])
    parser.add_argument("--measure", type=Path)
    given = parser.parse_args(arguments)
    if given.measure:
        measure(given.measure, given.partners[0])
        return
    for partners in given.partners:
        with tempfile.TemporaryDirectory() as name:
            made_up.write(Path(name), partners=partners, months=36, lines=partners * 36 * 3)
            command = [sys.executable, "-m", "benchmarks", "assess", "--measure", name, "--partners", str(partners)]
            subprocess.run(command, check=True)
