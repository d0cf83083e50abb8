"""A made-up programme that has what most clients lack: signing dates, territory goals, potentials, deals and contracts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices import reach
from prmkit.practices.reach.count.goal import months_between, target
from prmkit.practices.result import PracticeResult
from tests.data.handmade import client, frame, line

AS_OF = pd.Timestamp("2025-12-31")
SETTINGS: dict[str, Any] = {
    "as_of": "2025-12-31",
    "goal": {"revenue": 3_600_000.0, "confidence": 0.9},
    "economics": {"gross_margin": 0.3, "partner_cost": 4_000.0, "recruit_cost": 1_000.0},
    "portfolios": {"north": {"territory": ["North"]}},
    "reach": {"conversion": 0.1},
}


def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """120 partners in five territories that joined over three years; a third of them never sell; sales once or twice a quarter."""
    rng = np.random.default_rng(7)
    lines, partners = [], []
    for number in range(120):
        name, territory = f"P{number:03}", ("North", "East", "South", "West", "Isles")[4 if number % 20 == 4 else number % 4]
        joined = pd.Timestamp("2023-01-10") + pd.Timedelta(days=int(rng.integers(0, 1050)))
        partners.append({"partner_id": name, "name": name, "territory": territory, "joined_on": joined})
        if number % 3 == 0:
            continue
        size, last = rng.lognormal(9, 0.8), joined + pd.DateOffset(months=int(rng.geometric(0.02)) + 2)
        for day in pd.date_range(joined + pd.Timedelta(days=40), min(last, AS_OF), freq="50D"):
            lines.append(line(str(day.date()), name, f"{size * rng.gamma(4, 0.25):.2f}", territory=territory))
    for month in pd.date_range("2025-01-15", "2025-12-15", freq="MS"):
        lines.append(line(str(month.date()), None, "1000", territory="North", cost="600"))
    return lines, partners


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    lines, partners = rows()
    made = client(
        tmp_path_factory.mktemp("programme"),
        lines,
        SETTINGS,
        partners=partners,
        territories=[
            {"territory": "North", "revenue_goal": 900_000.0, "market_potential": 10_000_000.0},
            {"territory": "East", "revenue_goal": 900_000.0},
            {"territory": "Isles", "revenue_goal": 500_000.0},
        ],
    )
    return open_portfolio(made)


@pytest.fixture(scope="module")
def found(programme: Portfolio) -> PracticeResult:
    return reach.assess(programme)


def test_activation_is_counted_from_the_dates_of_joining(programme: Portfolio, found: PracticeResult) -> None:
    partners = programme.partners
    first = programme.orders.groupby("partner_id")["first_on"].min().reindex(partners["partner_id"]).to_numpy()
    wait = (pd.Series(first) - partners["joined_on"]).dt.days / (365.25 / 12)
    watched = (AS_OF - partners["joined_on"]).dt.days / (365.25 / 12) >= 12
    joined = partners["joined_on"] >= programme.orders["first_on"].min()
    sold, signed = int((wait[watched & joined] <= 12).sum()), int((watched & joined).sum())
    assert found.notes["ramp_clock"] == "signing"
    assert found.notes["activation_basis"].startswith("partners that joined")
    assert found.notes["activation"]["mean"] == pytest.approx((sold + 0.5) / (signed + 1), abs=0.02)


def test_territories_with_a_goal_have_recruits_of_their_own(found: PracticeResult) -> None:
    plan = found.tables["plan"].set_index("territory")
    assert list(plan.index) == ["all", "East", "Isles", "North", "South", "West"]
    assert plan.loc[["North", "East"], ["goal", "gap", "recruits_p80", "probability_now"]].notna().all(axis=None)
    assert plan.loc[["South", "West"], ["goal", "recruits_p80"]].isna().all(axis=None)
    assert plan.loc["North", "gap"] == pytest.approx(900_000 - plan.loc["North", "baseline"])
    assert ("plan", "goal") in {(missing.table, missing.column) for missing in found.not_computed}


def test_territories_add_up_to_the_whole(found: PracticeResult) -> None:
    plan = found.tables["plan"].set_index("territory")
    assert plan.loc["all", "baseline"] == pytest.approx(plan["baseline"].iloc[1:].sum())
    assert plan.loc["all", "revenue_12m"] == pytest.approx(plan["revenue_12m"].iloc[1:].sum())
    assert plan.loc["all", "productive_partners"] == plan["productive_partners"].iloc[1:].sum()


def test_a_territory_of_few_partners_has_no_recruits_of_its_own(found: PracticeResult) -> None:
    isles = found.tables["plan"].set_index("territory").loc["Isles"]
    assert isles["goal"] == 500_000
    assert np.isfinite(isles["recruits_naive"])
    assert isles[["recruits_p50", "recruits_p80", "recruits_p90"]].isna().all()
    reasons = [missing.reason for missing in found.not_computed if missing.column == "recruits_p80"]
    assert reasons == ["Isles: fewer than 8 partners cannot carry a count of their own"]


def test_the_asked_confidence_and_the_candidates_behind_it(found: PracticeResult) -> None:
    total = found.tables["plan"].iloc[0]
    assert total["recruits_asked"] == total["recruits_p90"]
    assert total["candidates"] == pytest.approx(total["recruits_asked"] / 0.1)
    assert found.tables["waterfall"]["recruits"].iloc[-1] == total["recruits_p90"]
    recruits = found.tables["levers"].set_index("lever").loc["recruits"]
    assert recruits["cost"] == pytest.approx(recruits["change"] * 5_000)


def test_coverage_of_the_one_territory_with_a_potential(programme: Portfolio, found: PracticeResult) -> None:
    table = found.tables["coverage"].set_index("territory")
    months = pd.concat([programme.months, programme.direct])
    sold = months.loc[(months["month"] < 12) & (months["territory"] == "North"), "revenue"].sum()
    assert list(table.index) == ["North"]
    assert table.loc["North", "penetration"] == pytest.approx(sold / 10_000_000)
    assert table.loc["North", "white_space"] == pytest.approx(10_000_000 - sold)


def test_routes_use_the_engagements_margin_and_say_so(found: PracticeResult) -> None:
    routes = found.tables["routes"].set_index("route")
    assert routes.loc["partner", "contribution_rate"] == pytest.approx(0.3)
    assert "taken at the engagement's rate" in routes.loc["partner", "missing_costs"]
    assert routes.loc["direct", "contribution_rate"] == pytest.approx(0.4)
    assert "engagement's rate" not in routes.loc["direct", "missing_costs"]


def test_margin_at_stake_is_priced(found: PracticeResult) -> None:
    needed = next(one for one in found.findings if "recruits_needed" in one.id)
    total = found.tables["plan"].iloc[0]
    assert needed.worth.amount == pytest.approx(0.3 * total["gap"])
    assert any("margin the engagement names" in said for said in needed.caveats)


def test_a_view_is_asked_for_its_share_of_a_goal_in_money(programme: Portfolio, found: PracticeResult) -> None:
    north = open_portfolio(programme.client, "north")
    plan = reach.assess(north).tables["plan"].set_index("territory")
    own, everything = north.per_partner().sum(), programme.per_partner().sum()
    assert plan.loc["all", "goal"] == pytest.approx(3_600_000 * own / everything)
    assert plan.loc["North", "baseline"] == pytest.approx(found.tables["plan"].set_index("territory").loc["North", "baseline"])


def test_own_numbers_change_the_count_and_are_disclosed(programme: Portfolio, found: PracticeResult) -> None:
    lines, partners = rows()
    settings = {**SETTINGS, "reach": {"activation": 0.2, "attrition": 0.5}}
    folder = Path(programme.client.sales).parent / "told"
    folder.mkdir()
    told = reach.assess(open_portfolio(client(folder, lines, settings, partners=partners)))
    assert told.tables["plan"].iloc[0]["recruits_p80"] > 1.5 * found.tables["plan"].iloc[0]["recruits_p80"]
    assert told.notes["own_numbers"] == [
        "activation is the engagement's own, 0.2, not estimated",
        "attrition is the engagement's own, 0.5, not estimated",
    ]
    assert "activation" not in set(told.tables["sensitivity"]["input"])


def deal(deal_id: str, partner: str | None, customer: str, on: str, **more: Any) -> dict[str, Any]:
    return {
        "deal_id": deal_id,
        "partner_id": partner,
        "customer_id": customer,
        "registered_on": pd.Timestamp(on),
        "territory": "North",
        **more,
    }


def test_conflict_by_hand(programme: Portfolio) -> None:
    deals = [
        deal("1", "P001", "X", "2025-03-01"),
        deal("2", "P002", "X", "2025-06-01"),  # 92 days after another's registration
        deal("3", "P002", "Y", "2025-06-01"),
        deal("4", "P001", "Z", "2025-01-05"),
        deal("5", "P002", "Z", "2025-12-01"),  # 330 days after: no collision
        deal("6", None, "Y", "2025-07-01", amount=300.0),
        deal("7", None, "W", "2025-07-01", amount=100.0),
        deal("8", "P004", "X", "2024-06-01"),  # before the 12 months
    ]
    tables = {**programme.tables, "deals": frame("deals", deals), "customers": frame("customers", [{"customer_id": "X"}])}
    result = reach.assess(replace(programme, tables=tables))
    row = result.tables["conflict"].set_index("territory").loc["North"]
    assert row["shared_customers"] == 2
    assert row["shared_customer_share"] == pytest.approx(2 / 3)
    assert row["registration_collisions"] == 1
    assert row["direct_overlap_share"] == pytest.approx(0.75)
    assert row["known_customer_share"] == pytest.approx(1 / 3)
    assert pd.isna(row["cost"])


def test_legal_by_hand(programme: Portfolio) -> None:
    agreements = [
        {"agreement_id": "1", "partner_id": "P010", "starts_on": pd.Timestamp("2023-01-01"), "exclusive": True, "territory": "North"},
        {"agreement_id": "2", "partner_id": "P011", "ends_on": pd.Timestamp("2026-05-31"), "notice_days": 90.0},
        {"agreement_id": "3", "partner_id": "P012", "ends_on": pd.Timestamp("2024-05-31"), "exclusive": True, "territory": "North"},
    ]
    made = reach.assess(replace(programme, tables={**programme.tables, "agreements": frame("agreements", agreements)})).tables["legal"]
    alone = made[made["subject"].str.startswith("P0")]
    assert alone[["subject", "issue"]].to_numpy().tolist() == [
        ["P010", "exclusivity"],
        ["P010", "added_neighbour"],
        ["P010", "dual_distribution"],
        ["P011", "termination"],
    ]
    assert alone["why"].iloc[3] == "notice for the end on 2026-05-31 is due by 2026-03-02"
    assert set(made["issue"][~made["subject"].str.startswith("P0")]) <= {"added_neighbour"}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2013-11-29", "2014-11-29", 12.0),
        ("2025-06-30", "2025-09-30", 3.0),
        ("2025-02-28", "2025-08-31", 6.0),
        ("2025-12-31", "2026-03-15", 3 - 16 / (365.25 / 12)),
    ],
)
def test_months_between_two_days(start: str, end: str, months: float) -> None:
    assert months_between(pd.Timestamp(start), pd.Timestamp(end)) == pytest.approx(months)


@pytest.mark.parametrize(("by", "begin", "rows"), [("2026-06-30", -6.0, 6), ("2026-12-31", 0.0, 12), ("2027-06-30", 6.0, 18)])
def test_the_goals_window_ends_on_its_day(tmp_path: Path, programme: Portfolio, by: str, begin: float, rows: int) -> None:
    lines = [line(f"2025-{month:02}-15", f"P{number}", "100") for number in range(25) for month in range(1, 13)]
    settings = {"as_of": "2025-12-31", "goal": {"growth": 0.1, "by": by}}
    portfolio = open_portfolio(client(tmp_path, lines, settings))
    assert target(portfolio).window.begin == begin
    result = reach.assess(portfolio)
    row = result.tables["plan"].iloc[0]
    assert len(result.tables["calendar"]) == rows
    assert result.tables["calendar"]["month"].iloc[-1] == pd.Timestamp(by)
    assert row["baseline"] == pytest.approx(30_000, rel=0.12)
    assert row["goal"] == pytest.approx(33_000)


def test_a_goal_in_the_past_is_said_to_be_so(tmp_path: Path) -> None:
    lines = [line(f"2025-{month:02}-15", f"P{number}", "100") for number in range(25) for month in range(1, 13)]
    portfolio = open_portfolio(client(tmp_path, lines, {"goal": {"growth": 0.1, "by": "2025-06-30"}}))
    result = reach.assess(portfolio)
    assert pd.isna(result.tables["plan"].iloc[0]["goal"])
    reasons = {missing.reason for missing in result.not_computed if (missing.table, missing.column) == ("plan", "goal")}
    assert reasons == {"goal.by, 2025-06-30, is not after 2025-12-15"}
