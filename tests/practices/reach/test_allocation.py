"""Whom to sign where: on a programme whose territories and types differ, within limits, and where the goal is out of reach."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.reach.allotment.allocation import Allocation
from prmkit.practices.reach.allotment.draws import Draws
from prmkit.practices.reach.allotment.findings import placed_findings
from prmkit.practices.reach.allotment.limits import barred_places
from prmkit.practices.reach.allotment.rounds import kept
from prmkit.practices.reach.allotment.tables import Allotted, allotted
from prmkit.practices.reach.count.case import Case, build_case
from prmkit.practices.reach.count.plan import plan
from prmkit.practices.result import table
from tests.data.handmade import client, frame, line

AS_OF = pd.Timestamp("2025-12-31")
PLACES = ("North", "East", "South", "West")
ROOMY: dict[str, Any] = {"onboarding_capacity": 40.0}
SETTINGS: dict[str, Any] = {
    "as_of": "2025-12-31",
    "goal": {"growth": 0.35, "confidence": 0.8},
    "economics": {"gross_margin": 0.3, "partner_cost": 4_000.0, "recruit_cost": 1_000.0},
    "reach": ROOMY,
}


def lines_and_partners() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """160 partners of two types in four territories; a var sells four times what a reseller does, the North half as much again."""
    rng = np.random.default_rng(11)
    lines, partners = [], []
    for number in range(160):
        name, place, kind = f"P{number:03}", PLACES[number % 4], ("var", "reseller")[(number // 4) % 2]
        joined = pd.Timestamp("2023-01-10") + pd.Timedelta(days=int(rng.integers(0, 1000)))
        partners.append({"partner_id": name, "name": name, "territory": place, "partner_type": kind, "joined_on": joined})
        if number % 5 == 0:
            continue
        size = rng.lognormal(7, 0.5) * (4 if kind == "var" else 1) * (1.5 if place == "North" else 1)
        for day in pd.date_range(joined + pd.Timedelta(days=30), AS_OF, freq="40D"):
            lines.append(line(str(day.date()), name, f"{size * rng.gamma(4, 0.25):.2f}", territory=place))
    return lines, partners


def made_up(folder: Path, settings: dict[str, Any] | None = None, **tables: list[dict[str, Any]]) -> Portfolio:
    lines, partners = lines_and_partners()
    return open_portfolio(client(folder, lines, {**SETTINGS, **(settings or {})}, partners=partners, **tables))


def placed(portfolio: Portfolio, **tables: pd.DataFrame) -> tuple[Case, Allotted]:
    case = build_case(portfolio)
    assert case is not None
    return case, allotted(portfolio, case, {"plan": plan(portfolio, case), **tables})


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Allotted]:
    return placed(made_up(tmp_path_factory.mktemp("roomy")))


def made(found: tuple[Case, Allotted]) -> Allocation:
    assert found[1].made is not None
    return found[1].made


def test_recruits_go_where_one_brings_most_for_its_cost(roomy: tuple[Case, Allotted]) -> None:
    rows = roomy[1].tables["allocation"]
    by_type, by_place = rows.groupby("partner_type")["recruits"].sum(), rows.groupby("territory")["recruits"].sum()
    assert by_type["var"] > 0.8 * by_type.sum()
    assert by_place.idxmax() == "North"
    assert rows["revenue"].is_monotonic_decreasing
    assert (rows["revenue_low"] <= rows["revenue"]).all()
    assert (rows["revenue"] <= rows["revenue_high"]).all()
    assert rows["cost"].to_list() == pytest.approx((rows["recruits"] * 3_000.0).to_list())


def test_the_chance_is_the_one_asked_for_and_the_spreadsheet_pays_more(roomy: tuple[Case, Allotted]) -> None:
    rules = roomy[1].tables["allocation_rules"].set_index("rule")
    assert rules["chance"].to_list() == pytest.approx([0.8, 0.8], abs=0.02)
    assert (rules["chance"] >= 0.8).all()
    assert rules.loc["least_cost", "cost"] < 0.9 * rules.loc["last_years_shares", "cost"]
    assert rules.loc["least_cost", "gap_to_best"] < 0.01
    assert rules["keeps_limits"].to_list() == [True, True]
    finding = placed_findings(roomy[0].portfolio, roomy[1])[0]
    assert finding.id == "reach.allocation.at_least_cost:portfolio:all"
    assert finding.value.amount == pytest.approx(rules.loc["last_years_shares", "cost"] - rules.loc["least_cost", "cost"])


def test_one_recruit_fewer_misses_the_chance(roomy: tuple[Case, Allotted]) -> None:
    found = made(roomy)
    assert kept(found.bounds.options, found.solved.units)
    dearest = int(np.flatnonzero(found.solved.units > 0)[-1])
    for cell in {dearest, int(found.solved.units.argmax())}:
        fewer = found.solved.units.copy()
        fewer[cell] -= 2
        assert found.draws.chance(fewer) < 0.8


def same_yields(found: Allocation) -> Draws:
    even = replace(found.cells, factor=np.ones(8), worth=np.full(8, float(found.cells.worth.mean())))
    return replace(found.draws, cells=even, place=np.ones_like(found.draws.place), kind=np.ones_like(found.draws.kind))


def test_the_draws_are_the_plans_where_nothing_tells_recruits_apart(tmp_path: Path) -> None:
    found = placed(made_up(tmp_path, {"reach": {**ROOMY, "elasticity": 1.0}}))
    case, units = found[0], np.array([3.0, 0, 5, 1, 0, 2, 4, 0])
    assert same_yields(made(found)).total(units) == pytest.approx(case.present + case.grown().revenue(15), rel=1e-5)


def test_spread_as_those_there_are_recruits_share_as_the_plan_says(roomy: tuple[Case, Allotted]) -> None:
    case, draws = roomy[0], same_yields(made(roomy))
    cells = replace(draws.cells, present=np.full(4, int(draws.cells.present.sum()) // 4), unit=np.full(4, float(draws.cells.worth[0])))
    sells = float(case.channel.activated.mean())
    cells = replace(cells, unit=cells.unit / sells)
    total = replace(draws, cells=cells).total(np.full(8, 5.0))
    assert total.mean() == pytest.approx(float((case.present + case.grown().revenue(40)).mean()), rel=2e-3)


def test_the_same_seed_gives_the_same_allocation(tmp_path: Path, roomy: tuple[Case, Allotted]) -> None:
    again = placed(made_up(tmp_path))[1]
    for name, rows in roomy[1].tables.items():
        pd.testing.assert_frame_equal(again.tables[name], rows)


def test_a_goal_out_of_reach_names_the_limit_and_what_would_do(tmp_path: Path) -> None:
    case, found = placed(made_up(tmp_path, {"reach": {"onboarding_capacity": 1.0}}))
    limits = found.tables["allocation_limits"].set_index("limit")
    allocation = found.made
    assert allocation is not None
    assert not allocation.solved.reached
    assert allocation.solved.units.sum() == 12
    assert limits.loc["onboarding", "binding"]
    needed = float(limits.loc["onboarding", "needed"])
    enough = placed(made_up(tmp_path, {"reach": {"onboarding_capacity": float(np.ceil(1.15 * needed))}}))[1]
    assert enough.made is not None
    assert enough.made.solved.reached
    short = placed(made_up(tmp_path, {"reach": {"onboarding_capacity": float(np.floor(0.8 * needed))}}))[1]
    assert short.made is not None
    assert not short.made.solved.reached
    finding = placed_findings(case.portfolio, found)[0]
    assert finding.title.startswith("The goal cannot be reached by 31 December 2026 with 1 partners taken in a month; it can with ")
    assert f"at {int(100 * allocation.share_of_goal)}% of the goal" in finding.statement


def test_a_budget_that_is_too_small_says_how_much_would_do(tmp_path: Path) -> None:
    found = placed(made_up(tmp_path, {"reach": {**ROOMY, "budget": 10_000}}))[1]
    limits = found.tables["allocation_limits"].set_index("limit")
    assert limits.loc["budget", "level"] == 10_000
    assert limits.loc["budget", "needed"] > 30_000
    assert "With EUR" in limits.loc["budget", "words"]


def test_nobody_goes_where_exclusivity_was_promised(tmp_path: Path) -> None:
    agreements = [{"agreement_id": "1", "partner_id": "P001", "exclusive": True, "territory": "North"}]
    found = placed(made_up(tmp_path, agreements=agreements))[1]
    assert "North" not in set(found.tables["allocation"]["territory"])
    limits = found.tables["allocation_limits"].set_index("limit")
    assert limits.loc["barred", "binding"]
    assert limits.loc["barred", "saves"] > 0
    assert found.tables["allocation_rules"].set_index("rule")["keeps_limits"].to_list() == [True, False]
    following = found.tables["next_partner"].set_index("territory")
    assert not following.loc["North", "allowed"]
    assert following.loc["North", "exclusive_agreement"] == "1"
    assert following["allowed"].drop("North").all()


def test_full_territories_are_kept_clear(roomy: tuple[Case, Allotted]) -> None:
    crowded = table("reach", "saturation", pd.DataFrame({"territory": ["East", "West"], "over_distributed_probability": [0.6, 0.4]}))
    assert barred_places(roomy[0].portfolio, crowded) == {"East": "more likely than not it has too many partners already"}
    found = allotted(roomy[0].portfolio, roomy[0], {"plan": plan(roomy[0].portfolio, roomy[0]), "saturation": crowded})
    assert "East" not in set(found.tables["allocation"]["territory"])


def test_bare_territories_with_a_market_get_somebody_and_no_more_than_is_left(tmp_path: Path) -> None:
    territories = [{"territory": "Isles", "market_potential": 50_000.0}, {"territory": "North", "market_potential": 1e9}]
    portfolio = made_up(tmp_path, territories=territories)
    left = table("reach", "coverage", pd.DataFrame({"territory": ["North"], "white_space": [1_000.0]}))
    rows = placed(portfolio, coverage=left)[1].tables["allocation"].groupby("territory")[["recruits", "revenue"]].sum()
    assert rows.loc["Isles", "recruits"] >= 1
    assert "North" not in rows.index or rows.loc["North", "revenue"] < 2_500


def test_a_territorys_own_goal_is_expected_to_be_reached(tmp_path: Path) -> None:
    portfolio = made_up(tmp_path)
    last = portfolio.months[(portfolio.months["month"] < 12) & (portfolio.months["territory"] == "West")]["revenue"].sum()
    found = placed(made_up(tmp_path, territories=[{"territory": "West", "revenue_goal": 1.5 * float(last)}]))[1]
    rows = found.tables["allocation"]
    west = rows[rows["territory"] == "West"]
    assert found.made is not None
    assert west["revenue"].sum() >= 0.9 * float(np.nanmax(found.made.bounds.needs))
    assert west["why"].str.contains("its own goal asks for it").any()


def test_without_costs_the_fewest_recruits_are_looked_for(tmp_path: Path) -> None:
    found = placed(made_up(tmp_path, {"economics": {}}))[1]
    rows = found.tables["allocation"]
    assert rows["cost"].isna().all()
    assert rows.loc[rows["partner_type"] == "var", "recruits"].sum() >= rows["recruits"].sum() - 1
    assert ("allocation", "cost") in {(one.table, one.column) for one in found.missing}


def test_without_a_goal_only_the_next_partner_is_told(tmp_path: Path) -> None:
    found = placed(made_up(tmp_path, {"goal": None}))[1]
    assert set(found.tables) == {"next_partner"}
    assert found.tables["next_partner"].iloc[0][["territory", "partner_type", "allowed"]].to_list() == ["North", "var", True]
    assert {one.table for one in found.missing} == {"allocation", "allocation_limits", "allocation_rules"}


def test_without_territories_and_types_there_is_nothing_to_spread(tmp_path: Path) -> None:
    lines, partners = lines_and_partners()
    bare = [{"partner_id": one["partner_id"], "name": one["name"], "joined_on": one["joined_on"]} for one in partners]
    for one in lines:
        one["territory"] = None
    found = placed(open_portfolio(client(tmp_path, lines, SETTINGS, partners=bare)))[1]
    assert found.tables == {}
    assert {one.table for one in found.missing} == {"allocation", "allocation_limits", "allocation_rules", "next_partner"}


def test_a_history_too_thin_says_so_for_every_table(tmp_path: Path) -> None:
    portfolio = open_portfolio(client(tmp_path, [line("2025-06-02", "A", "100")]))
    found = allotted(portfolio, None, {})
    assert found.tables == {}
    assert {one.table for one in found.missing} == {"allocation", "allocation_limits", "allocation_rules", "next_partner"}
    assert frame("agreements", []).empty
