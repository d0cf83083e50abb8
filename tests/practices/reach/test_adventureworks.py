"""Reach on the AdventureWorks resellers, against figures worked out again from the sales lines themselves."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.portfolio import Portfolio
from prmkit.practices import reach
from prmkit.practices.reach.forecast.backtest import backtest
from prmkit.practices.result import PracticeResult, columns, table_names

AS_OF, YEAR_AGO, HALF_AGO = "2013-11-29", "2012-11-29", "2013-05-29"


def ask(portfolio: Portfolio, what: str, where: str) -> float:
    """One number straight from the sales lines."""
    query = f"SELECT {what} FROM read_parquet($sales) WHERE {where}"
    with duckdb.connect() as connection:
        return float(connection.execute(query, {"sales": str(portfolio.client.sales)}).fetchall()[0][0])


@pytest.fixture(scope="module")
def found(adventureworks: Portfolio) -> PracticeResult:
    return reach.assess(adventureworks)


@pytest.fixture(scope="module")
def europe(adventureworks_europe: Portfolio) -> PracticeResult:
    return reach.assess(adventureworks_europe)


@pytest.fixture(scope="module")
def total(found: PracticeResult) -> pd.Series:
    return found.tables["plan"].set_index("territory").loc["all"]


def test_every_table_of_the_contract_is_there(found: PracticeResult) -> None:
    assert tuple(found.tables) == table_names("reach")
    for name, table in found.tables.items():
        assert list(table.columns)[: len(columns("reach", name))] == list(columns("reach", name))
    empty = {name for name, table in found.tables.items() if table.empty}
    explained = {missing.table for missing in found.not_computed if missing.column is None}
    collisions = {"conflict", "collision_pairs", "registrations", "price_erosion", "conflict_cost"}
    assert empty == {"coverage", "catchments", "gravity", "sites", "site_rules", "legal", "funnel", "tiers_of_trade"} | collisions
    assert empty <= explained


def test_goal_active_partners_and_the_spreadsheets_count(adventureworks: Portfolio, total: pd.Series) -> None:
    year = f"partner_id IS NOT NULL AND date > '{YEAR_AGO}' AND date <= '{AS_OF}'"
    revenue = ask(adventureworks, "sum(revenue)", year)
    half = f"SELECT partner_id FROM read_parquet('{adventureworks.client.sales}') WHERE partner_id IS NOT NULL AND date > '{HALF_AGO}'"
    half += f" AND date <= '{AS_OF}' GROUP BY partner_id HAVING sum(revenue) > 0"
    active = len(duckdb.sql(half).fetchall())
    assert active == 471
    assert total["productive_partners"] == 471
    assert revenue == pytest.approx(36_240_484.70, abs=0.01)
    assert total["goal"] == pytest.approx(1.25 * revenue)
    assert total["gap"] == pytest.approx(1.25 * revenue - total["baseline"])
    assert total["recruits_naive"] == pytest.approx(total["gap"] / (revenue / active))


def test_the_baseline_lies_below_last_year_since_a_quarter_of_partners_goes_silent(total: pd.Series) -> None:
    assert 27e6 < total["baseline"] < 36.2e6
    assert total["baseline_low"] < total["baseline"] < total["baseline_high"]
    assert total["baseline_high"] / total["baseline_low"] < 2


def test_the_goal_needs_about_three_times_the_spreadsheets_count(total: pd.Series) -> None:
    counts = total[["recruits_naive", "recruits_p50", "recruits_p80", "recruits_p90"]].astype(float)
    assert counts.is_monotonic_increasing
    assert 2.2 < total["recruits_p80"] / total["recruits_naive"] < 4.2
    assert total["probability_now"] < 0.05


def test_the_waterfall_leads_from_one_to_the_other(found: PracticeResult, total: pd.Series) -> None:
    steps = found.tables["waterfall"].set_index("step")["recruits"]
    assert list(steps.index) == ["naive", "activation", "ramp", "attrition", "base", "yield", "saturation", "certainty"]
    assert steps["naive"] == pytest.approx(0.25 * 471)  # a quarter more than last year, in active partners of last year
    assert steps["base"] / steps["attrition"] == pytest.approx(total["recruits_naive"] / steps["naive"])
    assert steps["activation"] == pytest.approx(steps["naive"] / (635.5 / 702), rel=0.005)  # 635 of 701 ever bought
    assert steps["ramp"] / steps["activation"] == pytest.approx(2.0, abs=0.15)  # signed evenly, so half a year each
    assert steps["attrition"] > steps["ramp"]
    assert steps["certainty"] == total["recruits_p80"]
    assert found.tables["waterfall"]["added"].sum() == pytest.approx(steps["certainty"])


def test_a_recruit_brings_what_those_of_the_past_brought(adventureworks: Portfolio, found: PracticeResult) -> None:
    """First twelve months of the partners that began between March 2011 and November 2012, straight from their orders."""
    months = adventureworks.history_months
    wide = adventureworks.monthly(months).to_numpy()[:, ::-1]
    start = np.where((wide > 0).any(axis=1), (wide > 0).argmax(axis=1), 99)
    starters = np.flatnonzero((start >= 4) & (start <= months - 12))
    year = np.mean([wide[one, start[one] : start[one] + 12].sum() for one in starters])
    added = found.tables["levers"].set_index("lever").loc["recruits"]
    one = added["revenue"] / added["change"]
    assert year == pytest.approx(66_000, rel=0.1)
    assert one == pytest.approx(0.9 * year * 0.58, rel=0.15)  # activation; of a year's revenue an even signing leaves a good half


def test_the_forecast_of_a_year_ago(adventureworks: Portfolio, found: PracticeResult) -> None:
    known = f"SELECT DISTINCT partner_id FROM read_parquet('{adventureworks.client.sales}') WHERE date <= '{YEAR_AGO}'"
    seen = ask(adventureworks, "sum(revenue)", f"partner_id IN ({known}) AND date > '{YEAR_AGO}' AND date <= '{AS_OF}'")
    before = ask(adventureworks, "sum(revenue)", f"partner_id IS NOT NULL AND date <= '{YEAR_AGO}' AND date > '2011-11-29'")
    made = backtest(adventureworks)
    assert made is not None
    assert made.partners == 428
    assert made.seen == pytest.approx(seen)
    assert made.naive == pytest.approx(before)
    assert abs(made.expected - seen) < abs(before - seen)
    assert 0.01 < made.quantile < 0.99
    assert found.notes["backtest"] == made.as_note()
    assert bool(found.warnings) == (not made.inside)


def test_every_half_year_that_can_be_judged_is(found: PracticeResult) -> None:
    rows = found.tables["backtests"]
    assert rows["origin"].dt.strftime("%Y-%m-%d").tolist() == ["2011-11-29", "2012-05-29", "2012-11-29"]
    assert rows["months"].tolist() == [12, 12, 12]
    assert (rows["low"] < rows["expected"]).all()
    assert (rows["expected"] < rows["high"]).all()
    inside = (rows["low"] <= rows["seen"]) & (rows["seen"] <= rows["high"])
    assert rows["inside"].tolist() == inside.tolist() == [False, True, True]
    last, note = rows.iloc[-1], found.notes["backtest"]
    assert (last["expected"], last["seen"], last["naive"]) == (note["expected"], note["seen"], note["naive"])


def test_the_facts_behind_the_baseline_are_told(found: PracticeResult, adventureworks: Portfolio) -> None:
    facts = found.notes["forecast"]
    year = adventureworks.per_partner().sort_values(ascending=False)
    sold = year[year > 0]
    assert facts["top_decile_share"] == pytest.approx(sold.iloc[: round(len(sold) / 10)].sum() / sold.sum())
    assert (facts["forecasts_tried"], facts["forecasts_held"]) == (3, 2)
    assert 0.005 < facts["leaving_a_month"] < 0.03
    assert facts["share_from_waiting"] == 0
    assert 0.2 < facts["share_from_new"] < 0.6


def test_the_calendar_adds_up(found: PracticeResult, total: pd.Series) -> None:
    everything = found.tables["calendar"]
    assert len(everything) == 12 * 11  # ten territories and the whole
    calendar = everything[everything["territory"] == "all"]
    parts = everything[everything["territory"] != "all"].groupby("month")["recruits_to_sign"].sum()
    assert parts.tolist() == calendar["recruits_to_sign"].tolist()
    assert calendar["month"].iloc[[0, -1]].dt.strftime("%Y-%m-%d").tolist() == ["2013-12-29", "2014-11-29"]
    assert calendar["recruits_to_sign"].sum() == total["recruits_p80"]
    assert calendar["recruits_to_sign"].max() - calendar["recruits_to_sign"].min() <= 1
    assert (calendar["revenue_p10"] < calendar["revenue_p50"]).all()
    assert (calendar["revenue_p50"] < calendar["revenue_p90"]).all()
    assert calendar["revenue_p50"].sum() == pytest.approx(float(total["goal"]) * 1.07, rel=0.12)


def test_levers_and_what_has_been_seen(found: PracticeResult) -> None:
    levers = found.tables["levers"].set_index("lever")
    assert {"activation", "retention", "yield", "recruits", "later_date", "lower_goal"} <= set(levers.index)
    for lever in ("activation", "retention", "yield", "lower_goal"):
        assert levers.loc[lever, "recruits_saved"] > 0
    for lever in ("activation", "retention", "yield", "recruits"):
        row = levers.loc[lever]
        assert row["revenue_low"] < row["revenue"] < row["revenue_high"]
    assert not levers.loc["activation", "within_range_seen"]  # no territory has every partner buying
    assert {"new_family", "price_leak"} <= set(levers.index)


def test_sensitivity_moves_the_right_way(found: PracticeResult) -> None:
    rows = found.tables["sensitivity"].set_index("input")
    assert set(rows.index[:2]) == {"growth of partners that stay", "signing pace: mean months until a recruit signs"}
    assert rows.loc["yield of a recruit", "recruits_low"] > rows.loc["yield of a recruit", "recruits_high"]
    assert rows.loc["activation", "recruits_low"] > rows.loc["activation", "recruits_high"]
    assert rows.loc["attrition", "recruits_low"] < rows.loc["attrition", "recruits_high"]


def test_routes_to_the_cent(adventureworks: Portfolio, found: PracticeResult) -> None:
    year = f"date > '{YEAR_AGO}' AND date <= '{AS_OF}'"
    routes = found.tables["routes"].set_index("route")
    for route, null in (("partner", "IS NOT NULL"), ("direct", "IS NULL")):
        revenue = ask(adventureworks, "sum(revenue)", f"partner_id {null} AND {year}")
        margin = ask(adventureworks, "sum(revenue) - sum(cost)", f"partner_id {null} AND {year}")
        assert routes.loc[route, "revenue"] == pytest.approx(revenue)
        assert routes.loc[route, "margin"] == pytest.approx(margin)
        assert routes.loc[route, "contribution_rate"] == pytest.approx(margin / revenue)  # discounts are on the invoice already
        assert routes.loc[route, "low"] < margin / revenue < routes.loc[route, "high"]
    incentives = adventureworks.tables["incentives"]
    inside = incentives["starts_on"] > pd.Timestamp(YEAR_AGO)
    assert routes.loc["partner", "incentives"] == pytest.approx(incentives.loc[inside, "amount"].sum())
    assert routes["cost_of_sale"].isna().all()


def test_routes_from_the_raw_files(found: PracticeResult) -> None:
    raw = resources.folder("data_samples") / "adventureworks"
    columns = ["SalesOrderNumber", "ProductKey", "OrderDate", "SalesAmount", "TotalProductCost", "SalesTerritoryKey"]
    internet = pd.read_csv(raw / "FactInternetSales.csv.gz", usecols=[*columns, "CustomerKey"], parse_dates=["OrderDate"])
    reseller = pd.read_csv(raw / "FactResellerSales.csv.gz", usecols=[*columns, "ResellerKey"], parse_dates=["OrderDate"])
    internet, reseller = (
        lines[(lines["OrderDate"] > YEAR_AGO) & (lines["OrderDate"] <= AS_OF)].assign(
            margin=lines["SalesAmount"] - lines["TotalProductCost"]
        )
        for lines in (internet, reseller)
    )
    routes = found.tables["routes"].set_index("route")
    partner, direct = routes.loc["partner"], routes.loc["direct"]
    rates = [lines["margin"].sum() / lines["SalesAmount"].sum() for lines in (reseller, internet)]
    assert partner["versus_direct"] == pytest.approx(rates[0] - rates[1])
    assert partner["break_even"] == pytest.approx(rates[1] - rates[0])  # no cost of sale on record on either side
    assert partner["break_even_low"] < partner["break_even"] < partner["break_even_high"]
    assert partner["orders"] == reseller["SalesOrderNumber"].nunique()
    assert direct["orders"] == internet["SalesOrderNumber"].nunique()
    assert direct["order_size"] == pytest.approx(internet["SalesAmount"].sum() / internet["SalesOrderNumber"].nunique())
    assert set(routes.index) == {"partner", "direct"}  # no distributor is named
    product = pd.read_csv(raw / "DimProduct.csv").set_index("ProductKey")["ProductSubcategoryKey"]
    sub = pd.read_csv(raw / "DimProductSubcategory.csv").set_index("ProductSubcategoryKey")
    place = pd.read_csv(raw / "DimSalesTerritory.csv").set_index("SalesTerritoryKey")["SalesTerritoryRegion"]
    cells = []
    for lines in (reseller, internet):
        keys = [lines["ProductKey"].map(product).map(sub["EnglishProductSubcategoryName"]), lines["SalesTerritoryKey"].map(place)]
        keys = keys[:1] if partner["mix_of"] == "product family" else keys
        cells.append(lines.groupby(keys)[["margin", "SalesAmount"]].sum())
    both = cells[0].add_suffix("_p").join(cells[1].add_suffix("_d"), how="inner")
    weight = both["SalesAmount_p"] + both["SalesAmount_d"]
    gap = both["margin_p"] / both["SalesAmount_p"] - both["margin_d"] / both["SalesAmount_d"]
    assert partner["like_for_like"] == pytest.approx((weight * gap).sum() / weight.sum())
    assert partner["shared_mix"] == pytest.approx(weight.sum() / (reseller["SalesAmount"].sum() + internet["SalesAmount"].sum()))


def test_crowding_is_refused_where_newcomers_came_with_growth(found: PracticeResult) -> None:
    table, checks = found.tables["saturation"], found.tables["crowding_checks"].set_index("check")
    assert len(table) == 10
    assert table[["elasticity", "next_partner_revenue", "next_partner_margin", "best_count"]].isna().all(axis=None)
    assert set(table["verdict"]) == {"cannot_tell"}
    assert checks.loc["data_alone", "value"] == pytest.approx(1.805, abs=5e-4)
    assert checks.loc[["elasticity", "half_year_ahead", "year_ahead"], "passed"].tolist() == [False, False, True]
    assert checks.loc["half_year_ahead", "high"] < 0
    (why,) = {missing.reason for missing in found.not_computed if missing.table == "saturation"}
    assert why.startswith("cannot be told: partners sold more where others came")


def test_findings_say_what_the_tables_hold(found: PracticeResult, total: pd.Series) -> None:
    says = {one.id.split(":")[0]: one for one in found.findings}
    assert list(says) == [
        "reach.mixes.reach_goal",
        "reach.plan.recruits_needed",
        "reach.plan.probability_now",
        "reach.levers.biggest_lever",
        "reach.signing.sign_early",
        "reach.plan.gone_silent",
        "reach.plan.thin_yield",
        "reach.routes.contribution",
        "reach.areas.without_partner",
        "reach.allocation.at_least_cost",
    ]
    assert says["reach.plan.recruits_needed"].value.amount == total["recruits_p80"]
    assert f"not the {round(total['recruits_naive'])}" in says["reach.plan.recruits_needed"].title
    assert says["reach.plan.gone_silent"].title == "85 of 343 partners active a year ago sell no more"
    assert says["reach.plan.thin_yield"].subject_id == "Australia"
    assert says["reach.routes.contribution"].value.amount == pytest.approx(-0.0186, abs=5e-5)
    assert all(one.worth.amount is None for one in found.findings)
    assert all(any(said.startswith("Not priced") for said in one.caveats) for one in found.findings)


def test_thin_yield_by_hand(adventureworks: Portfolio, found: PracticeResult) -> None:
    territory = adventureworks.partners.set_index("partner_id")["territory"]
    active = adventureworks.per_partner(count=6) > 0
    revenue = adventureworks.per_partner()[active]
    by = revenue.groupby(territory[revenue.index])
    assert by.mean().idxmin() == "Australia"
    thin = next(one for one in found.findings if "thin_yield" in one.id)
    assert thin.value.amount == pytest.approx(by.mean().min())


def test_a_view_is_a_selection_of_the_same_estimates(found: PracticeResult, europe: PracticeResult) -> None:
    whole, view = (result.tables["plan"].set_index("territory") for result in (found, europe))
    own = ["France", "Germany", "United Kingdom"]
    assert list(view.index) == ["all", *own]
    pd.testing.assert_frame_equal(view.loc[own, ["baseline", "baseline_low", "baseline_high"]], whole.loc[own, view.columns[1:4]])
    assert view.loc["all", "baseline"] == pytest.approx(whole.loc[own, "baseline"].sum())
    assert whole.loc["all", "baseline"] == pytest.approx(whole["baseline"].iloc[1:].sum())
    assert view.loc["all", "goal"] == pytest.approx(1.25 * 8_036_022.46, abs=1)


def test_the_same_again(adventureworks: Portfolio, found: PracticeResult) -> None:
    again = reach.assess(adventureworks)
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table)
    assert again.findings == found.findings
