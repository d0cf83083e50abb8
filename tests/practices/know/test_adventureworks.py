"""AdventureWorks, worked out a second time from its raw files with plain pandas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.portfolio import Portfolio
from prmkit.practices import know, prune
from prmkit.practices.result import PracticeResult, table_names

RAW = resources.folder("data_samples") / "adventureworks"
AS_OF = pd.Timestamp("2013-11-29")


@dataclass(frozen=True)
class Raw:
    """Raw lines: reseller sales and internet sales with dates, the latter up to the last reseller order."""

    reseller: pd.DataFrame
    internet: pd.DataFrame
    stores: pd.DataFrame

    def bought(self, first: str, last: str) -> pd.Series:
        """Sales to each of the 701 resellers after `first`, up to and on `last`."""
        lines = self.reseller[(self.reseller["OrderDate"] > first) & (self.reseller["OrderDate"] <= last)]
        return lines.groupby("ResellerKey")["SalesAmount"].sum().reindex(self.stores.index, fill_value=0.0)


@pytest.fixture(scope="module")
def raw() -> Raw:
    columns = [
        "ResellerKey",
        "ProductKey",
        "SalesTerritoryKey",
        "OrderDate",
        "OrderQuantity",
        "SalesAmount",
        "TotalProductCost",
        "DiscountAmount",
        "PromotionKey",
    ]
    reseller = pd.read_csv(RAW / "FactResellerSales.csv.gz", usecols=columns, dtype={"ResellerKey": "str"}, parse_dates=["OrderDate"])
    internet = pd.read_csv(
        RAW / "FactInternetSales.csv.gz", usecols=["SalesTerritoryKey", "OrderDate", "SalesAmount"], parse_dates=["OrderDate"]
    )
    stores = pd.read_csv(RAW / "DimReseller.csv", dtype={"ResellerKey": "str"}).set_index("ResellerKey")
    brands = pd.read_csv(RAW / "StoreDemographics.csv", dtype={"ResellerKey": "str"}).set_index("ResellerKey")["BrandsCarried"]
    return Raw(reseller, internet[internet["OrderDate"] <= AS_OF], stores.assign(BrandsCarried=brands))


@pytest.fixture(scope="module")
def found(adventureworks: Portfolio) -> PracticeResult:
    return know.assess(adventureworks)


@pytest.fixture(scope="module")
def year(raw: Raw) -> pd.Series:
    return raw.bought("2012-11-29", "2013-11-29")


def by_partner(found: PracticeResult, table: str) -> pd.DataFrame:
    return found.tables[table].set_index("partner_id")


def test_every_table_of_the_contract_is_there_and_partner_tables_have_every_partner(found: PracticeResult) -> None:
    assert tuple(found.tables) == table_names("know")
    for name in ("segments", "economics", "alignment", "engagement", "partner_360"):
        assert found.tables[name]["partner_id"].is_unique
        assert len(found.tables[name]) == 701
    assert found.tables["segment_probabilities"]["partner_id"].nunique() == 701


def test_revenue_by_year_territory_and_route(found: PracticeResult, raw: Raw) -> None:
    territory = pd.read_csv(RAW / "DimSalesTerritory.csv").set_index("SalesTerritoryKey")["SalesTerritoryRegion"]
    rows = found.tables["revenue"].set_index(["year", "territory", "route"])
    for route, lines in (("partner", raw.reseller), ("direct", raw.internet)):
        grouped = lines.groupby([lines["OrderDate"].dt.year, lines["SalesTerritoryKey"].map(territory)])["SalesAmount"].sum()
        mine = rows.xs(route, level="route")["revenue"]
        assert len(mine) == len(grouped)
        for (of_year, place), amount in grouped.items():
            assert mine[(of_year, place)] == pytest.approx(amount, abs=0.01)
    sold = raw.reseller.groupby([raw.reseller["OrderDate"].dt.year, raw.reseller["SalesTerritoryKey"].map(territory)])[
        "ResellerKey"
    ].nunique()
    assert rows.xs("partner", level="route")["partners"].sort_index().tolist() == sold.sort_index().tolist()
    assert found.tables["revenue"].query("route == 'partner'")["revenue"].sum() == pytest.approx(80_450_596.98, abs=0.05)


def test_profile_says_what_is_filled(found: PracticeResult, year: pd.Series, raw: Raw) -> None:
    rows = found.tables["profile"].set_index("attribute")
    assert rows.loc["annual_revenue", "filled_share"] == 1.0
    assert rows.loc["tier", "filled_share"] == 0.0
    ordered = raw.reseller["ResellerKey"].nunique()
    assert rows.loc["partner_manager", "filled_share"] == pytest.approx(ordered / 701)
    assert rows.loc["partner_manager", "filled_revenue_share"] == pytest.approx(1.0)
    assert "partner_id" not in rows.index
    managed = raw.reseller.groupby("ResellerKey")["ResellerKey"].size().index
    assert rows.loc["partner_manager", "missing_revenue"] == pytest.approx(year[~year.index.isin(managed)].sum(), abs=1e-6)
    assert rows.loc["tier", "missing_revenue"] == pytest.approx(year.sum())
    assert rows.loc["tier", "unlocks"] >= 1  # enable_compliance needs it
    assert rows.loc["latitude", "unlocks"] == 1  # reach_areas needs it
    assert rows.loc["longitude", "unlocks"] == 0


def test_the_gap_to_close_first_unlocks_something(found: PracticeResult) -> None:
    gaps = next(finding for finding in found.findings if finding.id.startswith("know.profile.gaps"))
    rows = found.tables["profile"].set_index("attribute")
    assert rows.loc["tier", "filled_share"] == 0
    assert "First the " in gaps.statement
    named = gaps.statement.split("First the ")[1].split(",")[0]
    best = rows[rows["filled_share"] < 0.5].assign(worth=lambda one: (1 - one["filled_revenue_share"]) * one["unlocks"])
    wanted = {
        "joined_on": "date of joining",
        "tier": "tier",
        "status": "status",
        "sales_headcount": "sales headcount",
        "services_share": "share of services",
        "differentiator": "claimed strength",
        "territory": "territory",
    }
    assert named == wanted[str(best.loc[[one for one in best.index if one in wanted], "worth"].idxmax())]
    assert f"fill in the {named} first" in gaps.action.what


def test_concentration(found: PracticeResult, year: pd.Series) -> None:
    rows = found.tables["concentration"].set_index("measure")
    falling = np.sort(year[year > 0].to_numpy())[::-1]
    shares = falling / falling.sum()
    ranks = np.arange(1, len(shares) + 1)
    assert len(shares) == 493
    assert rows.loc["top_10_share", "value"] == pytest.approx(shares[:50].sum())
    assert rows.loc["top_20_share", "value"] == pytest.approx(shares[:99].sum())
    assert rows.loc["hhi", "value"] == pytest.approx((shares**2).sum())
    assert rows.loc["effective_partners", "value"] == pytest.approx(1 / (shares**2).sum())
    assert rows.loc["gini", "value"] == pytest.approx(((2 * ranks - 494) * shares[::-1]).sum() / 493)
    ranged = rows.loc[["top_10_share", "top_20_share", "gini"]]
    assert ((ranged["low"] < ranged["value"]) & (ranged["value"] < ranged["high"])).all()
    assert rows.loc[["hhi", "effective_partners"], "low"].isna().all()
    assert rows.loc[["hhi", "effective_partners"], "reason"].notna().all()


def test_segments_by_rule(found: PracticeResult, raw: Raw, year: pd.Series) -> None:
    before = raw.bought("2011-11-29", "2012-11-29")
    first = raw.reseller.groupby("ResellerKey")["OrderDate"].min().reindex(raw.stores.index)
    rows = by_partner(found, "segments").loc[raw.stores.index]
    assert rows["revenue_12m"].to_numpy() == pytest.approx(year.to_numpy(), abs=1e-6)
    assert rows["revenue_previous_12m"].to_numpy() == pytest.approx(before.to_numpy(), abs=1e-6)
    assert set(rows.index[rows["momentum"] == "never bought"]) == set(first.index[first.isna()])
    assert set(rows.index[rows["momentum"] == "silent"]) == set(year.index[(year <= 0) & first.notna()])
    young = first > "2012-05-29"
    fading = (year > 0) & ~young & (first <= "2011-12-29") & (year <= 0.75 * before)
    assert (rows.loc[fading, "by_rule"] == "fading").all()
    falling = year.sort_values(ascending=False)
    leading = falling.index[: int(np.searchsorted(falling.cumsum(), falling.sum() / 2)) + 1]
    assert len(leading) == 70
    assert set(rows.loc[leading, "by_rule"]) <= {"leading", "fading"}
    assert set(rows.index[rows["by_rule"] == "leading"]) <= set(leading)


def test_segment_chances_add_up_and_the_likeliest_is_named(found: PracticeResult) -> None:
    chances = found.tables["segment_probabilities"]
    assert chances.groupby("partner_id")["probability"].sum().to_numpy() == pytest.approx(np.ones(701))
    top = chances.sort_values("probability").drop_duplicates("partner_id", keep="last").set_index("partner_id")["probability"]
    assert top.sort_index().to_numpy() == pytest.approx(by_partner(found, "segments")["membership"].sort_index().to_numpy())


def test_segment_summary_adds_up(found: PracticeResult, year: pd.Series) -> None:
    rows = found.tables["segment_summary"].set_index("segment")
    assert rows["partners"].sum() == 701
    assert rows["revenue"].sum() == pytest.approx(year.sum())
    members = by_partner(found, "segments")
    by_hand = members.groupby("segment")["revenue_12m"].sum()
    assert rows["revenue"].to_dict() == pytest.approx(by_hand.to_dict())
    silent = rows.loc["silent"]
    assert (silent["revenue"], silent["kind"]) == (0.0, "rule based, not discovered")
    assert rows["rule"].str.len().min() > 20
    assert rows["treatment"].str.len().min() > 20


def test_resale_margin_at_list_price_and_incentives(found: PracticeResult, raw: Raw) -> None:
    price = pd.read_csv(RAW / "DimProduct.csv").set_index("ProductKey")["ListPrice"]
    lines = raw.reseller[raw.reseller["OrderDate"] > "2012-11-29"]
    listed = (lines["OrderQuantity"] * lines["ProductKey"].map(price)).groupby(lines["ResellerKey"]).sum()
    margin = 1 - lines.groupby("ResellerKey")["SalesAmount"].sum() / listed
    rows = by_partner(found, "economics")
    known = rows["list_margin"].dropna()
    assert len(known) == 493
    assert known.to_numpy() == pytest.approx(margin.loc[known.index].to_numpy(), abs=1e-9)
    assert rows.loc[known.index, "basis"].eq("estimated").all()
    # nothing shows what customers paid: half of the discount is taken to be passed on, anything from none to all may be
    paid = lines.groupby("ResellerKey")["SalesAmount"].sum().loc[known.index]
    street = (paid + listed.loc[known.index]) / 2
    mine = rows.loc[known.index]
    assert mine["resale_profit"].to_numpy() == pytest.approx((street - paid).to_numpy(), abs=1e-4)
    assert mine["resale_margin"].to_numpy() == pytest.approx((1 - paid / street).to_numpy(), abs=1e-9)
    rate = 1 - mine["list_margin"]
    for end, passed in (("resale_margin_low", 0.95), ("resale_margin_high", 0.05)):
        assert mine[end].to_numpy() == pytest.approx((1 - rate / (1 - passed * (1 - rate))).to_numpy(), abs=1e-9)
    assert mine["gross_profit"].to_numpy() == pytest.approx(mine["resale_profit"].to_numpy())  # invoice discounts are in the price
    assert mine["left_out"].str.startswith("its services: its share of services is not known; its people's hours in training").all()
    assert rows["profit_per_rep_hour"].isna().all()
    assert mine["reason"].eq("how many salespeople it has is not known").all()
    assert rows.loc[~rows.index.isin(known.index), "reason"].eq("nothing bought in the 12 months").all()
    promotion = pd.read_csv(RAW / "DimPromotion.csv").set_index("PromotionKey")["EnglishPromotionCategory"]
    given = lines[lines["PromotionKey"].map(promotion) == "Reseller"].groupby("ResellerKey")["DiscountAmount"].sum()
    assert rows["incentives"].sum() == pytest.approx(given.sum(), abs=0.01)
    assert rows.loc[given.index, "incentives"].to_numpy() == pytest.approx(given.to_numpy(), abs=1e-6)


def test_share_of_wallet(found: PracticeResult, raw: Raw, year: pd.Series) -> None:
    rows = by_partner(found, "alignment").loc[raw.stores.index]
    share = year / raw.stores["AnnualSales"]
    within = share <= 1
    assert (~within).sum() == rows["share_of_wallet"].isna().sum() == 1
    assert rows.loc[within, "share_of_wallet"].to_numpy() == pytest.approx(share[within].to_numpy(), abs=1e-12)
    assert rows.loc[~within, "reason"].str.contains("more than its stated yearly turnover").all()
    assert rows.loc[within & (year != 0), "basis"].eq("estimated").all(), "sell_in: bought at our price, sold at its own"
    bought = rows[within & (year > 0)]
    assert (bought["share_low"] <= bought["share_of_wallet"]).all()
    assert (bought["share_of_wallet"] <= bought["share_high"]).all()
    wide = np.log(bought["share_high"] / bought["share_low"]) / 2
    # a turnover known within a factor of 1.8 either way, and the luck of a year; less where the share cannot be above one
    assert (wide[bought["share_of_wallet"] < 0.05] > 1.645 * 0.35).all()
    assert 1.645 * 0.45 < wide.median() < 1.645 * 0.6
    assert wide.quantile(0.9) < 1.645 * 0.8, "wider where all of the year came in one order"
    assert (bought["likely_share"] > bought["share_of_wallet"])[bought["share_of_wallet"].between(0.02, 0.1)].mean() > 0.9, "grossed up"


def test_portfolio_role(found: PracticeResult, raw: Raw, year: pd.Series) -> None:
    rows = by_partner(found, "alignment").loc[raw.stores.index]
    assert (rows.loc[year <= 0, "portfolio_role"] == "unknown").all()
    called = rows["portfolio_role"] != "unknown"
    assert rows.loc[called, "role_probability"].min() >= 0.6
    assert rows.loc[~called, "role_probability"].isna().all()
    assert rows.loc[~called, "reason"].notna().all()
    share = year / raw.stores["AnnualSales"]
    assert (rows.loc[called & (share < 0.03), "portfolio_role"] == "add_on").all()
    assert (rows.loc[called & (share > 0.6), "portfolio_role"] == "primary").all()
    margin = by_partner(found, "economics").loc[raw.stores.index, "list_margin"]
    only_us = (raw.stores["BrandsCarried"] == "AW") & (year > 0) & (share / (1 - margin) < 0.2)
    assert only_us.sum() == 17
    assert rows.loc[only_us, "reason"].str.contains("carries only us").all()


def test_engagement_counts_order_days_and_judges_only_full_years(found: PracticeResult, raw: Raw) -> None:
    rows = by_partner(found, "engagement").loc[raw.stores.index]
    lines = raw.reseller[raw.reseller["OrderDate"] > "2012-11-29"]
    days = lines.groupby("ResellerKey")["OrderDate"].nunique().reindex(raw.stores.index, fill_value=0)
    assert (rows["seen"] == days).all()
    first = raw.reseller.groupby("ResellerKey")["OrderDate"].min().reindex(raw.stores.index)
    judged = first <= "2012-11-29"
    assert rows.loc[judged, "expected"].notna().all()
    assert rows.loc[~judged, "expected"].isna().all()
    assert rows.loc[~judged, "reason"].notna().all()
    ordering = judged & (days > 0)
    inside = (rows["seen"] >= rows["expected_low"]) & (rows["seen"] <= rows["expected_high"])
    assert inside[ordering].mean() >= 0.9
    assert rows.loc[ordering, "expected"].mean() == pytest.approx(days[ordering].mean(), rel=1e-6)


def test_partner_360(found: PracticeResult, raw: Raw) -> None:
    rows = by_partner(found, "partner_360").loc[raw.stores.index]
    lines = raw.reseller[raw.reseller["OrderDate"] > "2012-11-29"]
    promotion = pd.read_csv(RAW / "DimPromotion.csv").set_index("PromotionKey")["EnglishPromotionCategory"]
    given = lines[lines["PromotionKey"].map(promotion) == "Reseller"].groupby("ResellerKey")["DiscountAmount"].sum()
    given = given.reindex(raw.stores.index, fill_value=0.0)
    margin = (
        (lines["SalesAmount"] - lines["TotalProductCost"]).groupby(lines["ResellerKey"]).sum().reindex(raw.stores.index, fill_value=0.0)
    )
    assert rows["invested"].to_numpy() == pytest.approx(given.to_numpy(), abs=1e-6)
    assert rows["output"].to_numpy() == pytest.approx((margin + given).to_numpy(), abs=1e-5)
    assert rows["output_is"].eq("gross margin").all()
    assert rows["main_need"].isna().all()
    paid = rows["invested"] > 0
    assert paid.sum() > 200
    assert rows.loc[paid, "output_per_unit"].to_numpy() == pytest.approx(((margin + given) / given)[paid].to_numpy())
    assert rows["performing"].value_counts().to_dict().keys() == {"yes", "no", "cannot_tell"}
    assert (rows.loc[rows["performing"] == "yes", "low"] > np.where(paid, 1, 0)[rows["performing"] == "yes"]).all()
    assert (rows.loc[rows["performing"] == "no", "high"] < np.where(paid, 1, 0)[rows["performing"] == "no"]).all()
    assert rows["reason"].notna().equals(rows["performing"] == "cannot_tell")
    assert rows["not_counted"].eq("our time: none on record").all()
    assert rows["support"].isna().all()


def test_performing_does_not_contradict_the_scorecard(found: PracticeResult, adventureworks: Portfolio) -> None:
    card = prune.assess(adventureworks).tables["scorecard"].set_index("partner_id")["p_below_hurdle"]
    rows = by_partner(found, "partner_360")
    assert (card[rows.index[rows["performing"] == "yes"]] < 0.05).all()
    assert (card[rows.index[rows["performing"] == "no"]] > 0.95).all()


def test_partner_360_summary_adds_up(found: PracticeResult) -> None:
    rows = found.tables["partner_360_summary"].set_index(["segment", "portfolio_role"])
    partners = found.tables["partner_360"]
    parts = rows[[("all" not in key) for key in rows.index]]
    for column in ("partners", "invested", "output", "yes", "no", "cannot_tell", "invested_share", "output_share"):
        whole = rows.loc[("all", "all"), column]
        for split in (parts, rows[rows.index.get_level_values(1) == "all"].iloc[:-1], rows.loc[["all"]].iloc[:-1]):
            assert np.nansum(split[column]) == pytest.approx(0.0 if pd.isna(whole) else whole)
    assert rows.loc[("all", "all"), "invested"] == pytest.approx(partners["invested"].sum())
    road = partners[partners["segment"] == "mostly Road Bikes"]
    assert rows.loc[("mostly Road Bikes", "all"), "output"] == pytest.approx(road["output"].sum())
    assert rows.loc[("mostly Road Bikes", "all"), "no"] == (road["performing"] == "no").sum()
    held = rows[rows["invested"] > 0]
    assert ((held["low"] <= held["output_per_unit"] + 1e-9) & (held["output_per_unit"] <= held["high"] + 1e-9)).all()


def test_a_partner_is_the_same_in_every_portfolio(found: PracticeResult, adventureworks_europe: Portfolio) -> None:
    europe = know.assess(adventureworks_europe)
    ids = list(adventureworks_europe.partners["partner_id"])
    assert 0 < len(ids) < 701
    for name in ("segments", "economics", "engagement", "partner_360", "alignment"):
        there = by_partner(found, name).loc[ids]
        pd.testing.assert_frame_equal(by_partner(europe, name).loc[ids], there, check_exact=False, rtol=1e-9)
    assert europe.tables["segment_summary"]["partners"].sum() == len(ids)


def test_what_could_not_be_answered_is_named(found: PracticeResult) -> None:
    assert {missing.table for missing in found.not_computed if missing.column is None} == {
        "drivers", "respondents", "scales", "worries", "judgements",
    }  # fmt: skip
    for missing in found.not_computed:
        assert missing.reason
        assert missing.needs
        assert found.tables[missing.table].empty or found.tables[missing.table][missing.column].isna().all()


def test_findings(found: PracticeResult, year: pd.Series) -> None:
    ids = [finding.id for finding in found.findings]
    assert len(set(ids)) == len(ids)
    assert sum(finding.subject_kind == "partner" for finding in found.findings) <= 10
    named = {finding.id.split(":")[0]: finding for finding in found.findings if finding.subject_kind == "portfolio"}
    assert named["know.concentration.top_tenth"].title == "70 of 493 buying partners bring half of the revenue"
    assert named["know.segments.never_bought"].title == "66 partners on the list have never bought"
    assert named["know.concentration.top_tenth"].confidence == "high"
    for finding in found.findings:
        assert finding.id.startswith("know.")
        # resellers are served at about cost: revenue alone is no gain, but some families leave a margin
        assert finding.worth.amount is None or finding.id.startswith("know.fit.next_family:")
        assert finding.caveats
        assert finding.action.what
        assert all(place.split()[0].removeprefix("know_") in found.tables for place in finding.evidence)
    fading = named["know.segments.fading"]
    members = by_partner(found, "segments")
    clear = members[(members["momentum"] == "fading") & (members["momentum_membership"] >= 0.8)]
    assert fading.value.amount == pytest.approx((clear["revenue_previous_12m"] - clear["revenue_12m"]).sum())
    assert "left no gross margin" in " ".join(fading.caveats)


def test_claims_without_deals_are_left_open_in_words(found: PracticeResult) -> None:
    """AdventureWorks names an end market for each reseller, and has no deals, cases or customers of theirs."""
    rows = found.tables["differentiation"]
    claims = rows[~rows["found"]]
    assert len(claims) == 701
    assert claims["verdict"].eq("too_little").all()
    assert claims["lift"].isna().all()
    assert claims["reason"].str.contains("customers (vertical)", regex=False).all()
    assert set(rows.loc[rows["found"], "measure"]) <= {"families"}
    assert not any("differentiation.held" in finding.id or "differentiation.leads" in finding.id for finding in found.findings)


def test_findings_on_what_goes_in_and_comes_out(found: PracticeResult) -> None:
    named = {finding.id.split(":")[0]: finding for finding in found.findings}
    rows = found.tables["partner_360"]
    lost = rows[(rows["performing"] == "no") & (rows["invested"] > 0)]
    assert named["know.partner_360.not_returned"].value.amount == pytest.approx(lost["invested"].sum())
    touched = (rows["output"] != 0) | (rows["invested"] > 0)
    unclear = named["know.partner_360.open"]
    assert unclear.value.amount == (touched & (rows["performing"] == "cannot_tell")).sum()
    assert f"of {touched.sum()} partners" in unclear.title
    assert "too close to call" in unclear.statement
