"""Tiers, training and intensity by hand; small and empty engagements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import enable
from prmkit.practices.enable.panel import sales_panel
from prmkit.practices.result import table_names
from tests.data.handmade import client, line


def tiered(folder: Path, **settings: Any) -> Portfolio:
    """Two tiers that ask revenue and certified sellers; A earns gold, B holds gold and earns silver, C earns nothing."""
    sold = {"A": "12000", "B": "6000", "C": "100", "D": "50"}
    lines = [line("2025-06-30", one, amount, list_amount=str(float(amount) * 1.25)) for one, amount in sold.items()]
    partners = [
        {"partner_id": "A", "name": "A", "tier": "gold", "partner_type": "var"},
        {"partner_id": "B", "name": "B", "tier": "gold", "partner_type": "var"},
        {"partner_id": "C", "name": "C", "tier": "silver", "partner_type": "msp"},
        {"partner_id": "D", "name": "D"},
    ]
    requirements = [
        {"tier": "gold", "metric": "revenue", "threshold": 10_000, "window_months": 12, "discount": 0.2},
        {"tier": "gold", "metric": "certified:sales", "threshold": 2, "hours": 16, "discount": 0.2},
        {"tier": "silver", "metric": "revenue", "threshold": 5_000, "window_months": 12, "discount": 0.1},
        {"tier": "silver", "metric": "new_customers", "threshold": 3, "discount": 0.1},
    ]
    people = [
        {"person_id": "a1", "partner_id": "A", "role": "sales", "sells_us_share": 0.08},
        {"person_id": "a2", "partner_id": "A", "role": "sales", "sells_us_share": 0.08},
        {"person_id": "b1", "partner_id": "B", "role": "sales", "sells_us_share": 0.08},
        {"person_id": "gone", "partner_id": "B", "role": "sales", "active_to": pd.Timestamp("2024-01-31")},
    ]
    day = pd.Timestamp("2025-03-31")
    trainings = [
        {"person_id": "a1", "partner_id": "A", "course_id": "k", "role": "sales", "hours": 24, "completed_on": day, "certified": True},
        {"person_id": "a2", "partner_id": "A", "course_id": "k", "hours": 24, "completed_on": day, "certified": True},
        {"person_id": "b1", "partner_id": "B", "course_id": "k", "role": "sales", "hours": 24, "completed_on": day, "certified": True}
        | {"expires_on": pd.Timestamp("2025-05-31")},
        {"person_id": "own", "course_id": "k", "hours": 40, "completed_on": day},
    ]
    tables = {"partners": partners, "requirements": requirements, "people": people, "trainings": trainings}
    return open_portfolio(client(folder, lines, settings, **tables))


def test_tiers_held_and_earned(tmp_path: Path) -> None:
    rows = enable.assess(tiered(tmp_path)).tables["compliance"].set_index(["partner_id", "metric"])
    assert list(rows.index) == [
        ("A", "certified:sales"),
        ("A", "revenue"),
        ("B", "certified:sales"),
        ("B", "revenue"),
        ("C", "new_customers"),
        ("C", "revenue"),
    ]
    assert rows["actual"].tolist()[:4] == [2, 12_000, 0, 6_000]  # the role of a2 comes from people; b1 has lapsed
    assert np.isnan(rows.loc[("C", "new_customers"), "actual"])
    assert "no method" in rows.loc[("C", "new_customers"), "reason"]
    assert rows["tier_earned"].tolist()[:4] == ["gold", "gold", "silver", "silver"]
    assert rows["tier_earned"].isna().tolist()[4:] == [True, True]
    # B: a tenth of a list amount of 7,500; C: a tenth of 125; each once
    assert rows["unearned_discount"].sum() == pytest.approx(750 + 12.5)
    assert rows.loc["B", "unearned_discount"].notna().sum() == 1


def test_unearned_discount_is_a_finding(tmp_path: Path) -> None:
    found = enable.assess(tiered(tmp_path)).findings
    unearned = next(finding for finding in found if finding.id == "enable.compliance.unearned:portfolio:all")
    assert unearned.worth.amount == pytest.approx(762.5)
    assert unearned.title.startswith("2 partners hold a tier not earned")
    assert unearned.confidence == "low"  # three partners, and one metric that cannot be checked


def test_training_hours_asked_and_there(tmp_path: Path) -> None:
    rows = enable.assess(tiered(tmp_path, economics={"hourly_cost": 50})).tables["training"].set_index("partner_id")
    columns = ["role", "people", "required_hours", "current_hours", "gap_hours", "gap_cost"]
    assert rows.loc["A", columns].tolist() == ["sales", 2, 32, 32, 0, 0]
    assert rows.loc["B", columns].tolist() == ["sales", 1, 32, 0, 32, 1600]
    assert list(rows.index) == ["A", "B"]


def test_a_day_of_training_weighs_more_on_a_part_time_seller(tmp_path: Path) -> None:
    """Twenty-four hours a year for someone who gives us 8% of the time are 300 hours for a full-time seller."""
    rows = enable.assess(tiered(tmp_path)).tables["intensity"].set_index("group")
    assert rows.loc["var", "hours_per_head"] == pytest.approx(24)
    assert rows.loc["var", "hours_per_dedicated_equivalent"] == pytest.approx(300)
    assert rows.loc["our own people", "hours_per_head"] == 40
    assert rows.loc["var", "people"] == 3


def test_a_date_falls_into_the_month_that_ends_on_or_after_it(tmp_path: Path) -> None:
    made = client(tmp_path, [line("2025-01-20", "A", "1"), line("2025-04-15", "A", "1")])
    panel = sales_panel(open_portfolio(made))
    dates = pd.Series(pd.to_datetime(["2025-04-15", "2025-03-16", "2025-03-15", "2025-01-16", "2025-01-15", None]))
    assert panel.months == 3
    assert panel.column(dates).tolist()[:5] == [2, 2, 1, 0, -1]
    assert np.isnan(panel.column(dates).iloc[5])


def test_an_action_is_on_in_months_it_covers_by_half(tmp_path: Path) -> None:
    made = client(tmp_path, [line("2025-01-15", "A", "1"), line("2025-06-30", "A", "1")], {"as_of": "2025-06-30"})
    panel = sales_panel(open_portfolio(made))

    def on(starts: str, ends: str | None) -> tuple[list[int], list[int]]:
        action = panel.action(pd.Series(["A"]), pd.Series(pd.to_datetime([starts])), pd.Series(pd.to_datetime([ends])))
        return list(np.flatnonzero(action.on[0])), list(np.flatnonzero(action.partly[0]))

    assert on("2025-02-01", "2025-04-30") == ([1, 2, 3], [])
    assert on("2025-02-20", "2025-05-05") == ([2, 3], [1])
    assert on("2025-03-05", None) == ([2], [])
    assert on("2025-03-28", "2025-03-30") == ([2], [])


@pytest.mark.parametrize("with_sales", [True, False])
def test_tiny_and_empty_engagements_abstain(tmp_path: Path, with_sales: bool) -> None:
    lines = [line("2025-06-10", one, "100") for one in "AABBC"] if with_sales else []
    partners = [{"partner_id": one, "name": one} for one in "ABC"]
    found = enable.assess(open_portfolio(client(tmp_path, lines, {"as_of": "2025-06-30"}, partners=partners)))
    assert tuple(found.tables) == table_names("enable")
    assert all(rows.empty for rows in found.tables.values())
    assert {missing.table for missing in found.not_computed} == set(table_names("enable"))
    assert found.findings == ()


def test_expected_spread_of_a_launch_follows_earlier_ones(tmp_path: Path) -> None:
    """Six families launched three years ago and still sold went from 2 to 4 sellers in their second year; a new one has 3."""
    lines = [line(f"{year}-06-10", f"P{one:02}", "10", product_family="old") for year in range(2019, 2026) for one in range(30)]
    for family in range(6):
        lines += [line("2022-03-10", f"P{one:02}", "10", product_family=f"f{family}") for one in range(2)]
        lines += [line("2023-03-10", f"P{one:02}", "10", product_family=f"f{family}") for one in range(4)]
        lines += [line("2025-03-10", f"P{one:02}", "10", product_family=f"f{family}") for one in range(4)]
    lines += [line("2025-02-10", f"P{one:02}", "10", product_family="new") for one in range(3)]
    rows = enable.assess(open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}))).tables["launches"].set_index("product_family")
    assert rows.loc["new", "partners_expected_12m"] == pytest.approx(6)
    assert rows.loc["new", "expected_low"] == pytest.approx(6)
    assert rows.loc["new", "launch_is"] == "first sale"
    assert rows.loc["new", "launched_on"] == pd.Timestamp("2025-02-28")
    assert rows.loc["new", "new_product_share"] == pytest.approx(30 / (300 + 240 + 30))
    assert rows.loc["old", "launch_is"] == "before the records"
    assert np.isnan(rows.loc["old", "new_product_share"])
    assert np.isnan(rows.loc["f0", "partners_expected_12m"])
