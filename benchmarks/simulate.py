"""`simulate` by stage: 20,000 partners x 60 months, beside loading and checking what it wrote."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.stages import Stages


def main(arguments: list[str]) -> None:
    """Print stages, and the time of making and writing a programme over that of loading it."""
    parser = argparse.ArgumentParser(prog="bench simulate")
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--world", default="reference")
    given = parser.parse_args(arguments)
    stages = Stages()
    with stages.stage("imports"):
        from rich.console import Console

        from prmkit import assess
        from prmkit.engagement import load_engagement
        from prmkit.simulate import WORLDS, make_state
        from prmkit.simulate.command import write_programme
        from prmkit.simulate.programme import Programme
        from prmkit.simulate.records import make_records
        from prmkit.simulate.truth import make_truth
    began = time.perf_counter()
    with stages.stage("what happens"):
        state = make_state(WORLDS.get(given.world), 20260930, given.partners, given.months)
    with stages.stage("every canonical table"):
        records = make_records(state)
    with stages.stage("the truth"):
        programme = Programme(state, records, make_truth(state, records.tables, records.known))
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "client"
        with stages.stage("exports, dirt and files"):
            write_programme(programme, home, Console(quiet=True))
        made, began = time.perf_counter() - began, time.perf_counter()
        with stages.stage("load and check them"):
            assess.load_client(load_engagement(home))
        loaded = time.perf_counter() - began
    lines = len(programme.tables["sales"])
    stages.show(f"simulate {given.world}, {given.partners:,} partners x {given.months} months, {lines:,} sales lines")
    print(f"made and written in {made:.1f} s, a minute is {60 / made:.1f} times that; {made / loaded:.2f} of the time to load and check it")
