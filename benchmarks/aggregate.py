"""Sales lines to partner x month x family: prmkit against pandas on the same files in the same run."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import made_up
from benchmarks.stages import peak_mib


def with_prmkit(folder: Path) -> float:
    """Load with every check, then aggregate; returns the revenue."""
    from prmkit import assess
    from prmkit.data.portfolio import open_portfolio
    from prmkit.engagement import load_engagement

    return float(open_portfolio(assess.load_client(load_engagement(folder))).months["revenue"].sum())


def with_aggregation_alone(folder: Path) -> float:
    """Aggregate the canonical lines that loading left (run after with_prmkit)."""
    import pandas as pd

    from prmkit.data.aggregates import aggregate

    sales = next((folder / "out" / ".cache").rglob("sales.parquet"))
    return float(aggregate(sales, pd.Timestamp("2026-09-30"), "sell_through").months["revenue"].sum())


def with_pandas(folder: Path) -> float:
    """What a notebook would do: read the lines, join the families, group; no check of anything."""
    import pandas as pd

    source = next((folder / "data").glob("sales.*"))
    columns = ["date", "partner_id", "product_id", "revenue", "cost", "units"]
    lines = (
        pd.read_parquet(source, columns=columns)
        if source.suffix == ".parquet"
        else pd.read_csv(source, usecols=columns, parse_dates=["date"])
    )
    lines = lines.merge(pd.read_csv(folder / "data" / "products.csv"), on="product_id", how="left")
    lines[["revenue", "cost"]] = lines[["revenue", "cost"]].astype("float64")
    months = pd.to_datetime(lines["date"]).dt.to_period("M")
    sums = lines.groupby(["partner_id", months, "family"])[["revenue", "cost", "units"]].sum()
    return float(sums["revenue"].sum())


WAYS = {"prmkit": with_prmkit, "aggregation alone": with_aggregation_alone, "pandas": with_pandas}


def main(arguments: list[str]) -> None:
    """Each way in a process of its own; prints seconds, peak memory and the ratio to pandas."""
    parser = argparse.ArgumentParser(prog="bench aggregate")
    parser.add_argument("--lines", type=int, default=25_000_000)
    parser.add_argument("--partners", type=int, default=2_800)
    parser.add_argument("--months", type=int, default=130)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args(arguments)
    if given.way:
        start = time.perf_counter()
        revenue = WAYS[given.way](given.folder)
        print(f"{time.perf_counter() - start:.3f} {peak_mib():.0f} {revenue:.2f}")
        return
    print(f"{given.lines:,} lines, {given.partners:,} partners, {given.months} months")
    for ending in ("parquet", "csv.gz"):
        with tempfile.TemporaryDirectory() as name:
            made_up.write(Path(name), partners=given.partners, months=given.months, lines=given.lines, ending=ending)
            _compare(Path(name), ending)


def _compare(folder: Path, ending: str) -> None:
    said = {way: _measure(folder, way) for way in WAYS}
    base = said["pandas"]
    print(f"\nfrom {ending:10} {'wall s':>9} {'peak MiB':>9} {'time/pandas':>12} {'memory/pandas':>14} {'revenue':>20}")
    for way, (seconds, peak, revenue) in said.items():
        print(f"{way:15} {seconds:9.1f} {peak:9.0f} {seconds / base[0]:12.2f} {peak / base[1]:14.2f} {revenue:20,.2f}", flush=True)


def _measure(folder: Path, way: str) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "benchmarks", "aggregate", "--way", way, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak, revenue = map(float, done.stdout.split())
    return seconds, peak, revenue
