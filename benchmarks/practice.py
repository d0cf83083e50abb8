"""One practice alone, from files to results: 20,000 partners x 36 months, with everything it can read, beside plain sums."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.stages import Stages, peak_mib

MOST_SECONDS, MOST_MIB = 30, 3 * 1024
"""What a practice may take on two cores, from a portfolio that is loaded to results that are written."""


def measure(practice: str, folder: Path, partners: int, months: int) -> None:
    """Load, open, answer the practice and write what it leaves; the last two are what the limits are for."""
    stages = Stages()
    with stages.stage("imports"):
        from prmkit import assess
        from prmkit.data.portfolio import open_portfolio
        from prmkit.engagement import load_engagement
        from prmkit.practices import PRACTICES
    with stages.stage("load and check"):
        client = assess.load_client(load_engagement(folder))
    with stages.stage("aggregate"):
        portfolio = open_portfolio(client)
    with stages.stage("the same year in plain sums"):
        _plain(portfolio)
    before = peak_mib()
    with stages.stage(f"practice {practice}"):
        found = PRACTICES.get(practice).assess(portfolio)
    with stages.stage("write results"):
        home = folder / "out" / practice
        home.mkdir(parents=True, exist_ok=True)
        for name, table in found.tables.items():
            table.to_parquet(home / f"{practice}_{name}.parquet")
    stages.show(f"the practice '{practice}', {partners:,} partners x {months} months")
    plain, took, cpu = stages.rows[3][2], stages.rows[4][1] + stages.rows[5][1], stages.rows[4][2] + stages.rows[5][2]
    ratio = f"{cpu / max(plain, 0.001):.0f} times the plain sums of one year by partner"
    print(f"\npractice and writing: {took:.1f} s of {MOST_SECONDS}; {cpu:.1f} processor seconds, {ratio}")
    print(f"peak memory: {peak_mib():.0f} MiB of {MOST_MIB}, {peak_mib() - before:.0f} of them the practice's own")
    print(f"{sum(map(len, found.tables.values())):,} rows in {len(found.tables)} tables, {len(found.findings)} findings")
    if took > MOST_SECONDS or peak_mib() > MOST_MIB:
        sys.exit("Beyond its limit.")


def _plain(portfolio: object) -> None:
    """What a spreadsheet would make of the same portfolio: revenue, cost and discount of a year by partner."""
    from prmkit.data.portfolio import Portfolio

    assert isinstance(portfolio, Portfolio)
    for column in ("revenue", "cost", "discount"):
        portfolio.per_partner(column)


def main(practice: str, arguments: list[str]) -> None:
    """A made-up programme over every canonical table, measured in a process of its own."""
    parser = argparse.ArgumentParser(prog=f"bench {practice}")
    parser.add_argument("--partners", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--world", default="reference")
    parser.add_argument("--make", type=Path)
    parser.add_argument("--measure", type=Path)
    given = parser.parse_args(arguments)
    if given.make:
        made(given.make, given.world, given.partners, given.months)
        return
    if given.measure:
        measure(practice, given.measure, given.partners, given.months)
        return
    size = ["--partners", str(given.partners), "--months", str(given.months), "--world", given.world]
    with tempfile.TemporaryDirectory() as name:
        for step in ("--make", "--measure"):  # apart, so that the peak of one is not counted for the other
            done = subprocess.run([sys.executable, "-m", "benchmarks", practice, step, f"{name}/client", *size], check=False)
            if done.returncode:
                sys.exit(done.returncode)


def of(practice: str) -> Callable[[list[str]], None]:
    """The benchmark of one practice."""
    return partial(main, practice)


def made(folder: Path, world: str, partners: int, months: int) -> None:
    """A made-up programme as its systems would export it."""
    from rich.console import Console

    from prmkit.simulate.command import write_programme
    from prmkit.simulate.programme import simulate
    from prmkit.simulate.worlds import WORLDS

    write_programme(simulate(WORLDS.get(world), 1, partners, months), folder, Console(quiet=True))
