"""A stop-watch for named stages, and the peak memory of this process and its children."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_mib() -> float:
    """The largest resident size of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 2**20


class Stages:
    """Wall seconds, processor seconds and peak memory, stage by stage."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float, float]] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.rows.append((name, time.perf_counter() - wall, time.process_time() - cpu, peak_mib()))

    def show(self, title: str) -> None:
        """Print a table of the stages and their sum."""
        print(f"\n{title}\n{'stage':28} {'wall s':>8} {'cpu s':>8} {'peak MiB':>9}")
        for name, wall, cpu, peak in self.rows:
            print(f"{name:28} {wall:8.2f} {cpu:8.2f} {peak:9.0f}")
        walls, cpus = sum(row[1] for row in self.rows), sum(row[2] for row in self.rows)
        print(f"{'all':28} {walls:8.2f} {cpus:8.2f} {peak_mib():9.0f}", flush=True)
