"""Tiny, empty and awkward engagements: what cannot be said is null, with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import reach
from prmkit.practices.result import PracticeResult, table_names
from tests.data.handmade import client, line

GOAL = {"goal": {"growth": 0.2}}


def named(found: PracticeResult) -> set[tuple[str, str | None]]:
    return {(missing.table, missing.column) for missing in found.not_computed}


def tiny(folder: Path, settings: dict[str, Any] | None = None) -> Portfolio:
    """Three partners, five lines in one month, no cost, no dates, no territory."""
    lines = [
        line("2025-06-02", "A", "100"),
        line("2025-06-10", "A", "50.5"),
        line("2025-06-10", "B", "10"),
        line("2025-06-20", "B", "-30"),
        line("2025-06-12", None, "7"),
    ]
    return open_portfolio(client(folder, lines, settings, partners=[{"partner_id": one, "name": one} for one in "ABC"]))


@pytest.mark.parametrize("settings", [None, GOAL, {"goal": {"revenue": 1000}, "reach": {"attrition": 0.1}}])
def test_three_partners_in_one_month(tmp_path: Path, settings: dict[str, Any] | None) -> None:
    found = reach.assess(tiny(tmp_path, settings))
    assert tuple(found.tables) == table_names("reach")
    plan = found.tables["plan"].set_index("territory")
    assert plan["productive_partners"].to_dict() == {"all": 1, "without territory": 1}
    assert plan.drop(columns="productive_partners").isna().all(axis=None)
    assert {("plan", "baseline"), ("plan", "recruits_p80"), ("waterfall", None), ("saturation", None), ("legal", None)} <= named(found)
    routes = found.tables["routes"].set_index("route")
    assert routes["revenue"].to_dict() == {"partner": 130.5, "direct": 7.0}
    assert routes[["margin", "contribution_rate", "low", "high"]].isna().all(axis=None)
    assert found.findings == ()


def test_no_sales_at_all(tmp_path: Path) -> None:
    made = client(tmp_path, [], {"as_of": "2025-06-30", **GOAL}, partners=[{"partner_id": "A", "name": "A"}])
    found = reach.assess(open_portfolio(made))
    assert found.tables["plan"]["productive_partners"].tolist() == [0, 0]
    assert found.tables["routes"].empty
    assert found.findings == ()
    assert {("routes", None), ("plan", "baseline"), ("calendar", None)} <= named(found)


def months(first: str, count: int) -> list[str]:
    return [str(day.date()) for day in pd.date_range(first, periods=count, freq="MS") + pd.Timedelta(days=14)]


def regular(folder: Path, partners: int, count: int, settings: dict[str, Any] | None = None) -> Portfolio:
    """Partners that each sell 100 in the middle of every month."""
    lines = [line(day, f"P{number:02}", "100") for number in range(partners) for day in months("2024-01-01", count)]
    return open_portfolio(client(folder, lines, settings))


def test_eleven_months_are_too_few_and_that_is_said(tmp_path: Path) -> None:
    found = reach.assess(regular(tmp_path, 30, 11, GOAL))
    reasons = {missing.reason for missing in found.not_computed if (missing.table, missing.column) == ("plan", "baseline")}
    assert reasons == {"11 months of sales are too few: a year's attrition needs at least 12"}


def test_nineteen_partners_are_too_few(tmp_path: Path) -> None:
    found = reach.assess(regular(tmp_path, 19, 24, GOAL))
    assert ("plan", "baseline") in named(found)
    assert found.tables["plan"]["recruits_p80"].isna().all()


def test_partners_that_sell_alike_every_month_need_nearly_the_gap_over_the_mean(tmp_path: Path) -> None:
    """No ramp, no tail: but for lapses not yet seen, recruits signed evenly bring half a year and a half month each."""
    portfolio = regular(tmp_path, 40, 36, {**GOAL, "reach": {"attrition": 0.0, "activation": 1.0, "ramp_months": 0.0}})
    row = reach.assess(portfolio).tables["plan"].iloc[0]
    assert row["productive_partners"] == 40
    assert row["goal"] == pytest.approx(1.2 * 40 * 1200)
    assert row["recruits_naive"] == pytest.approx(row["gap"] / 1200)
    assert row["baseline"] == pytest.approx(48_000, rel=0.03)
    assert row["recruits_p50"] == pytest.approx(row["recruits_naive"] * 12 / 6.5, rel=0.15)


def test_without_a_goal_the_plan_gives_the_baseline_alone(tmp_path: Path) -> None:
    found = reach.assess(regular(tmp_path, 25, 24))
    row = found.tables["plan"].iloc[0]
    assert row[["baseline", "baseline_low", "baseline_high", "productive_partners"]].notna().all()
    assert row[["goal", "gap", "recruits_naive", "recruits_p50", "recruits_p80", "recruits_p90", "probability_now"]].isna().all()
    assert found.tables["waterfall"].empty
    assert found.tables["calendar"]["recruits_to_sign"].isna().all()
    assert ("plan", "goal") in named(found)
    assert any(one.id == "reach.plan.baseline:portfolio:all" for one in found.findings)


def test_a_goal_below_what_partners_bring_needs_no_recruits(tmp_path: Path) -> None:
    found = reach.assess(regular(tmp_path, 25, 36, {"goal": {"revenue": 1000.0}}))
    row = found.tables["plan"].iloc[0]
    assert row["recruits_p90"] == 0
    assert row["recruits_naive"] == 0
    assert row["probability_now"] == 1.0
    assert ("waterfall", None) in named(found)


def test_a_goal_out_of_reach_is_null_with_a_reason(tmp_path: Path) -> None:
    found = reach.assess(regular(tmp_path, 25, 36, {"goal": {"revenue": 1e9}}))
    assert pd.isna(found.tables["plan"].iloc[0]["recruits_p80"])
    reasons = [missing.reason for missing in found.not_computed if missing.column == "recruits_p80"]
    assert reasons == ["not even 1,250 recruits reach the goal as surely as that"]
    assert not any("recruits_needed" in one.id for one in found.findings)


def test_partners_that_ended_bring_nothing(tmp_path: Path) -> None:
    lines = [line(day, f"P{number:02}", "100") for number in range(30) for day in months("2023-01-01", 36)]
    listed = [{"partner_id": f"P{number:02}", "name": "x", "status": "terminated" if number < 10 else "active"} for number in range(30)]
    stayed = reach.assess(open_portfolio(client(tmp_path, lines))).tables["plan"].iloc[0]["baseline"]
    ended = reach.assess(open_portfolio(client(tmp_path, lines, partners=listed))).tables["plan"].iloc[0]["baseline"]
    assert ended == pytest.approx(stayed * 20 / 30, rel=0.02)


def routes_client(folder: Path, settings: dict | None = None) -> Portfolio:
    """Six partners at a margin of 40% and eleven months of direct sales at 50%, in one family; partners also sell a family at 10%."""
    lines = [
        line("2025-06-10", f"P{one}", "1000", cost="600", product_family="A", customer_id=f"C{one}", invoice_id=f"I{one}")
        for one in range(6)
    ]
    lines += [
        line("2025-06-10", f"P{one}", "1000", cost="900", product_family="B", customer_id=f"C{one}", invoice_id=f"I{one}")
        for one in range(6)
    ]
    lines += [
        line(f"2025-{month:02}-05", None, "400", cost="200", product_family="A", customer_id="C0", invoice_id=f"D{month}")
        for month in range(1, 12)
    ]
    lines += [line("2025-07-01", "P0", "600", cost="300", product_family="A", distributor_id="P5", customer_id="C9", invoice_id="X")]
    support = [{"partner_id": "P1", "month": pd.Timestamp("2025-05-01"), "kind": "presales", "cost": 1260}]
    paid = [{"partner_id": "P2", "programme": "mdf", "starts_on": pd.Timestamp("2025-05-01"), "amount": 630.0, "status": "paid"}]
    made = client(folder, lines, {"as_of": "2025-12-31", **(settings or {})}, support=support, incentives=paid)
    return open_portfolio(made)


def test_routes_by_hand(tmp_path: Path) -> None:
    found = reach.assess(routes_client(tmp_path))
    rows = found.tables["routes"].set_index("route")
    partner, direct = rows.loc["partner"], rows.loc["direct"]
    assert partner[["revenue", "margin", "incentives", "cost_of_sale"]].tolist() == [12_600, 3_300, 630, 1_260]
    assert partner["before_cost_of_sale"] == pytest.approx(2_670 / 12_600)
    assert partner["contribution_rate"] == pytest.approx(1_410 / 12_600)
    assert direct["contribution_rate"] == pytest.approx(0.5)
    assert np.isnan(direct["cost_of_sale"])
    assert partner["versus_direct"] == pytest.approx(2_670 / 12_600 - 0.5)  # before the cost of sale, which direct sales do not tell
    assert partner["break_even"] == pytest.approx(0.5 - 1_410 / 12_600)
    # family A alone is sold on both: 6,600 at 2,700 of margin against 0.5; incentives as a share of all partner revenue
    assert partner["like_for_like"] == pytest.approx(2_700 / 6_600 - 0.05 - 0.5)
    assert partner["shared_mix"] == pytest.approx((6_600 + 4_400) / 17_000)
    assert partner[["orders", "customers"]].tolist() == [7, 7]
    assert direct[["orders", "customers"]].tolist() == [11, 1]
    assert direct["order_size"] == 400
    two, one = rows.loc["partner_two_tier"], rows.loc["partner_one_tier"]
    assert (two["revenue"], two["margin"], one["revenue"]) == (600, 300, 12_000)
    assert one["margin"] + two["margin"] == pytest.approx(partner["margin"])
    assert one["incentives"] + two["incentives"] == pytest.approx(partner["incentives"])
    assert one["cost_of_sale"] + two["cost_of_sale"] == pytest.approx(partner["cost_of_sale"])
    said = next(one for one in found.findings if one.id.startswith("reach.routes"))
    assert said.title == "Partners are the cheaper route if selling direct costs more than 39% of its revenue"
    assert said.confidence == "low"  # six partners, and one cost is missing


def test_routes_with_a_direct_cost_of_sale(tmp_path: Path) -> None:
    found = reach.assess(routes_client(tmp_path, {"economics": {"direct_cost_of_sale": 0.3}}))
    rows = found.tables["routes"].set_index("route")
    assert rows.loc["direct", "cost_of_sale"] == pytest.approx(0.3 * 4_400)
    assert rows.loc["direct", "contribution_rate"] == pytest.approx(0.2)
    assert rows.loc["partner", "versus_direct"] == pytest.approx(1_410 / 12_600 - 0.2)
    said = next(one for one in found.findings if one.id.startswith("reach.routes"))
    assert said.title == "Through partners is the dearer route: it leaves 11% of revenue, direct sales 20%"
    assert "kept more than 56% of that revenue" in said.statement
