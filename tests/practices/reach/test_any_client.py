"""Channels of every shape and size, with tables that come and go: nothing fails, and nothing is said without a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import open_portfolio
from prmkit.practices import reach
from prmkit.practices.result import table_names
from tests.data.handmade import client, line

Rows = list[dict[str, Any]]


def partners(rng: np.random.Generator, count: int, first: pd.Timestamp) -> Rows:
    """Some have a territory (of very different sizes), a day of joining, a type, a place."""
    made = []
    for number in range(count):
        row: dict[str, Any] = {"partner_id": f"P{number}", "name": f"P{number}"}
        if rng.random() < 0.8:
            row["territory"] = f"T{int(min(rng.pareto(1.0), 30))}"
        if rng.random() < 0.3:
            row["joined_on"] = str((first - pd.Timedelta(days=int(rng.integers(-900, 2000)))).date())
        if rng.random() < 0.5:
            row["partner_type"] = str(rng.choice(["reseller", "var", "distributor", "agent"]))
        if rng.random() < 0.3:
            row |= {"latitude": float(rng.normal(48, 3)), "longitude": float(rng.normal(8, 3))}
        made.append(row)
    return made


def sales(rng: np.random.Generator, count: int, days: pd.DatetimeIndex) -> Rows:
    """Partners come and go, order often or seldom, send goods back; a few lines are direct."""
    made = []
    for number in range(count):
        begin, end = sorted(rng.integers(0, len(days), 2))
        rate, size = rng.random(), float(np.exp(rng.normal(7, 1.8)))
        for month in range(begin, end + 1):
            if rng.random() < rate:
                amount = size * float(np.exp(rng.normal(0, 0.8))) * (-1 if rng.random() < 0.04 else 1)
                made.append(line(str(days[month].date()), f"P{number}" if rng.random() < 0.97 else None, f"{amount:.2f}"))
    return made


def tables(rng: np.random.Generator, listed: Rows, days: pd.DatetimeIndex) -> dict[str, Rows]:
    """Each table is there or not, with holes."""
    names = sorted({row["territory"] for row in listed if "territory" in row})
    day = [str(one.date()) for one in days]
    every: dict[str, Rows] = {
        "territories": [
            {"territory": name, "market_potential": None if rng.random() < 0.3 else float(rng.integers(0, 10**6)), "end_customers": 40}
            for name in names
        ],
        "customers": [
            {"customer_id": f"C{one}", "latitude": float(rng.normal(48, 3)), "longitude": float(rng.normal(8, 3))} for one in range(60)
        ],
        "recruits": [
            {"prospect_id": f"R{one}", "contacted_on": day[0], "signed_on": day[3] if rng.random() < 0.3 else None} for one in range(40)
        ],
        "deals": [
            {
                "deal_id": f"D{one}",
                "partner_id": f"P{one % len(listed)}" if rng.random() < 0.8 else None,
                "customer_id": f"C{int(rng.integers(0, 20))}",
                "opened_on": str(rng.choice(day)),
                "registered_on": str(rng.choice(day)) if rng.random() < 0.6 else None,
                "outcome": str(rng.choice(["won", "lost", "open"])),
                "amount": float(rng.integers(-10, 9000)),
                "discount": float(rng.integers(0, 500)),
            }
            for one in range(120)
        ],
        "agreements": [{"agreement_id": f"A{one}", "partner_id": f"P{one}", "exclusive": one == 1} for one in range(3)],
    }
    return {name: rows for name, rows in every.items() if rows and rng.random() < 0.5}


@pytest.mark.parametrize("seed", range(8))
def test_nothing_fails_and_what_is_empty_is_explained(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng([41, seed])
    count, months = int(rng.integers(3, 140)), int(rng.integers(5, 58))
    days = pd.date_range("2020-01-10", periods=months, freq="MS") + pd.Timedelta(days=9)
    listed = partners(rng, count, days[0])
    settings = {"goal": {"growth": 0.4}} if rng.random() < 0.7 else {}
    made = client(tmp_path, sales(rng, count, days), settings or None, partners=listed, **tables(rng, listed, days))
    found = reach.assess(open_portfolio(made))
    assert tuple(found.tables) == table_names("reach")
    explained = {missing.table for missing in found.not_computed if missing.column is None}
    assert {name for name, rows in found.tables.items() if rows.empty} <= explained | {
        "dormant",
        "collision_pairs",
        "allocation",
        "legal",
    }  # none is an answer there
    plan = found.tables["plan"].iloc[0]
    if pd.notna(plan["baseline"]):
        assert plan["baseline_low"] <= plan["baseline"] <= plan["baseline_high"]
    for finding in found.findings:
        assert "nan" not in finding.statement.lower().split()
