"""AdventureWorks incentives and launches, worked out a second time from the raw files."""

from __future__ import annotations

import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.portfolio import Portfolio
from prmkit.practices import enable
from prmkit.practices.result import PracticeResult, table_names

RAW = resources.folder("data_samples") / "adventureworks"


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """Reseller lines with their promotion and product family."""
    columns = ["ResellerKey", "ProductKey", "PromotionKey", "OrderDate", "SalesAmount", "DiscountAmount"]
    sold = pd.read_csv(RAW / "FactResellerSales.csv.gz", usecols=columns, dtype={"ResellerKey": "str"}, parse_dates=["OrderDate"])
    promotion = pd.read_csv(RAW / "DimPromotion.csv").set_index("PromotionKey")
    product = pd.read_csv(RAW / "DimProduct.csv").set_index("ProductKey")
    family = pd.read_csv(RAW / "DimProductSubcategory.csv").set_index("ProductSubcategoryKey")["EnglishProductSubcategoryName"]
    return sold.assign(
        promotion=sold["PromotionKey"].map(promotion["EnglishPromotionName"]),
        of_resellers=sold["PromotionKey"].map(promotion["EnglishPromotionCategory"]) == "Reseller",
        family=sold["ProductKey"].map(product["ProductSubcategoryKey"]).map(family),
    )


@pytest.fixture(scope="module")
def found(adventureworks: Portfolio) -> PracticeResult:
    return enable.assess(adventureworks)


def test_spend_by_programme_is_exact_and_no_lift_is_claimed(found: PracticeResult, lines: pd.DataFrame) -> None:
    assert tuple(found.tables) == table_names("enable")
    rows = found.tables["incentives"].set_index("programme")
    given = lines[lines["of_resellers"]]
    year = given[given["OrderDate"] > "2012-11-29"].groupby("promotion")["DiscountAmount"].sum()
    assert len(rows) == given["promotion"].nunique() == 11
    for name, row in rows.iterrows():
        assert row["spend"] == pytest.approx(year.get(str(name).removeprefix("discount/"), 0.0), abs=1e-6)
    assert rows["spend"].sum() == pytest.approx(328_684.65, abs=0.005)
    assert not rows["identifiable"].any()
    assert rows[["effect", "lift", "roi", "pretrend_p", "pull_forward_share"]].isna().all().all()
    assert rows["reason"].str.contains("comes with the sale").all()


def test_launches(found: PracticeResult, lines: pd.DataFrame) -> None:
    rows = found.tables["launches"].set_index("product_family")
    year = lines[lines["OrderDate"] > "2012-11-29"]
    sums = year.groupby(["family", "ResellerKey"])["SalesAmount"].sum()
    selling = (sums > 0).groupby("family").sum()
    assert rows["partners_selling"].to_dict() == selling.reindex(rows.index, fill_value=0).to_dict()
    product = pd.read_csv(RAW / "DimProduct.csv", parse_dates=["StartDate"])
    family = pd.read_csv(RAW / "DimProductSubcategory.csv").set_index("ProductSubcategoryKey")["EnglishProductSubcategoryName"]
    stated = product.groupby(product["ProductSubcategoryKey"].map(family))["StartDate"].min()
    assert rows["launched_on"].to_dict() == stated.reindex(rows.index).to_dict()
    first = lines.groupby("family")["OrderDate"].min()
    new = [name for name in rows.index if min(stated[name], first.get(name, stated[name])) > pd.Timestamp("2011-11-29")]
    share = sums.groupby("family").sum() / year["SalesAmount"].sum()
    assert set(rows.index[rows["new_product_share"].notna()]) == set(new)
    assert rows.loc[new, "new_product_share"].to_numpy() == pytest.approx(share.reindex(new, fill_value=0.0).to_numpy())
    assert rows["partners_expected_12m"].isna().all()
    assert rows["reason"].notna().all()


def test_a_view_counts_its_own_spend(adventureworks_europe: Portfolio, lines: pd.DataFrame) -> None:
    rows = enable.assess(adventureworks_europe).tables["incentives"]
    ids = set(adventureworks_europe.partners["partner_id"])
    given = lines[lines["of_resellers"] & lines["ResellerKey"].isin(ids) & (lines["OrderDate"] > "2012-11-29")]
    assert rows["spend"].sum() == pytest.approx(given["DiscountAmount"].sum(), abs=1e-6)


def test_findings_say_what_cannot_be_known_and_what_would_tell(found: PracticeResult) -> None:
    unjudged = next(finding for finding in found.findings if finding.id == "enable.incentives.unjudged:portfolio:all")
    assert unjudged.title == "USD 329k of incentives: nobody can know what they brought"
    assert unjudged.value.amount == pytest.approx(328_684.65, abs=0.005)
    assert unjudged.worth.amount is None
    assert "464 active partners" in unjudged.statement
    assert "drawn by lot" in unjudged.action.what
    new = next(finding for finding in found.findings if finding.id == "enable.launches.new_share:portfolio:all")
    rows = found.tables["launches"]
    assert new.value.amount == pytest.approx(rows["new_product_share"].sum())
    assert "41 of 493 partners sell none" in new.title


def test_what_could_not_be_answered_is_named(found: PracticeResult) -> None:
    empty = {missing.table for missing in found.not_computed if missing.column is None}
    assert empty == {name for name, rows in found.tables.items() if rows.empty}
    assert ("incentives", "effect") in {(missing.table, missing.column) for missing in found.not_computed}
    assert all(missing.reason and missing.needs for missing in found.not_computed)
