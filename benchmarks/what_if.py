"""What-if on a made-up programme of 700 partners: how long each kind of change takes, beside estimating the plan anew."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.practice import made

if TYPE_CHECKING:
    from prmkit.practices.reach.count.case import Case

MOST_SECONDS = 1.0
"""What one answer may take at 700 partners, in processor seconds."""
_TIMES = 5


def measure(folder: Path, partners: int, months: int) -> None:
    """Every kind of change, nothing kept from an answer before; processor seconds, wall seconds, and the share of building the case."""
    from prmkit import assess
    from prmkit.data.portfolio import open_portfolio
    from prmkit.engagement import load_engagement
    from prmkit.practices.reach.count.case import build_case
    from prmkit.practices.reach.what_if import WhatIf

    began = time.perf_counter()
    client = assess.load_client(load_engagement(folder))
    portfolio = open_portfolio(client)
    loaded, before = time.perf_counter(), time.process_time()
    case = build_case(portfolio)
    opened, whole = time.perf_counter(), time.process_time() - before
    if case is None:
        sys.exit("The made-up programme is too thin.")
    world = WhatIf(case)
    shown = _seconds(lambda: WhatIf(case).base)[0]
    print(f"\nwhat-if, {partners:,} partners x {months} months")
    print(f"load and open {loaded - began:.2f} s, build the case {opened - loaded:.2f} s ({whole:.2f} processor seconds)")
    print(f"the plan's own answer {shown:.3f} processor seconds")
    print(f"{'change':34} {'cpu s':>8} {'wall s':>8} {'cpu of the case':>16}")
    worst = 0.0
    for name, asked in _changes(world).items():
        took, wall = _seconds(lambda asked=asked: _afresh(case, asked))  # type: ignore[misc]
        worst = max(worst, took)
        print(f"{name:34} {took:8.3f} {wall:8.3f} {took / whole:16.2f}")
    print(f"worst: {worst:.3f} processor seconds of {MOST_SECONDS:.0f}; wall seconds grow with what else the machine does")
    if partners <= 700 and worst > MOST_SECONDS:
        sys.exit("Beyond its limit.")


def _afresh(case: Case, asked: dict[str, float]) -> None:
    from prmkit.practices.reach.what_if import WhatIf

    WhatIf(case).answer(asked)


def _seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Median processor and wall seconds."""
    cpu, wall = [], []
    for _ in range(_TIMES):
        began, before = time.perf_counter(), time.process_time()
        call()
        cpu.append(time.process_time() - before)
        wall.append(time.perf_counter() - began)
    return statistics.median(cpu), statistics.median(wall)


def _changes(world: object) -> dict[str, dict[str, float]]:
    """Each kind of change by name; the last moves everything that has to be simulated again."""
    from prmkit.practices.reach.what_if import WhatIf

    assert isinstance(world, WhatIf)
    now = {one.key: one.estimate or 0.0 for one in world.inputs}
    one = {
        "goal, confidence, money": {"goal": now["goal"] * 1.1, "confidence": 0.9, "margin": 0.3, "recruit_cost": 5000.0},
        "growth, yield, crowding": {"growth": now["growth"] + 0.05, "recruit_yield": now["recruit_yield"] * 1.1, "elasticity": 0.7},
        "partners kept": {"kept": 3.0},
        "activation": {"activation": now["activation"] * 0.9},
        "ramp": {"ramp_months": now["ramp_months"] * 0.8},
        "how signing is spread": {"signing_months": 6.0},
        "attrition": {"attrition": now["attrition"] * 0.8},
        "the goal's day": {"goal_months": 18.0},
    }
    return one | {"all of them at once": {key: value for change in one.values() for key, value in change.items()}}


def main(arguments: list[str]) -> None:
    """A made-up programme over every canonical table."""
    parser = argparse.ArgumentParser(prog="bench what-if")
    parser.add_argument("--partners", type=int, default=700)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--world", default="reference")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "client"
        made(folder, given.world, given.partners, given.months)
        measure(folder, given.partners, given.months)
