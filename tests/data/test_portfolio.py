"""Portfolio and aggregates against sums made here from the raw files with Decimal."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from prmkit.data import calendar
from prmkit.data.aggregates import aggregate
from prmkit.data.load import load
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.engagement import load_engagement
from prmkit.errors import PrmkitError
from tests.conftest import SAMPLE


def raw(name: str) -> list[dict[str, str]]:
    with gzip.open(SAMPLE / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reseller_lines() -> list[dict[str, str]]:
    return raw("FactResellerSales")


def test_partner_months_agree_with_raw_lines_to_the_cent(adventureworks: Portfolio, reseller_lines: list[dict[str, str]]) -> None:
    ends = calendar.month_ends(adventureworks.as_of, 40)
    month_of = {}
    sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for line in reseller_lines:
        date = line["OrderDate"]
        if date not in month_of:
            month_of[date] = int((ends >= pd.Timestamp(date)).sum()) - 1
        sums[line["ResellerKey"], month_of[date]] += Decimal(line["SalesAmount"])
    ours = adventureworks.months.groupby(["partner_id", "month"])["revenue"].sum()
    assert len(ours) == len(sums)
    worst = max(abs(Decimal(repr(float(value))) - sums[key]) for key, value in ours.items())
    assert worst < Decimal("0.00001")


def test_all_resellers_are_partners_and_sixty_six_never_bought(adventureworks: Portfolio, reseller_lines: list[dict[str, str]]) -> None:
    bought = {line["ResellerKey"] for line in reseller_lines}
    assert len(adventureworks.partners) == 701
    assert set(adventureworks.partners["partner_id"]) - set(adventureworks.orders["partner_id"]) == {
        str(key) for key in range(1, 702) if str(key) not in bought
    }
    assert 701 - len(bought) == 66


def test_direct_sales_after_the_as_of_date_are_never_read(adventureworks: Portfolio) -> None:
    assert adventureworks.as_of == pd.Timestamp("2013-11-29")
    expected = sum(Decimal(line["SalesAmount"]) for line in raw("FactInternetSales") if line["OrderDate"] <= "2013-11-29")
    assert adventureworks.direct["revenue"].sum() == pytest.approx(float(expected), abs=0.005)
    later = [line for line in raw("FactInternetSales") if line["OrderDate"] > "2013-11-29"]
    assert len(later) > 0


def test_as_of_is_the_same_whatever_month_it_falls_in() -> None:
    ends = calendar.month_ends(pd.Timestamp("2013-11-29"), 10)
    assert [str(day.date()) for day in ends[[0, 1, 8, 9]]] == ["2013-11-29", "2013-10-29", "2013-03-29", "2013-02-28"]
    calendar_months = calendar.month_ends(pd.Timestamp("2013-02-28"), 3)
    assert [str(day.date()) for day in calendar_months] == ["2013-02-28", "2013-01-31", "2012-12-31"]


def test_each_day_belongs_to_one_month_and_twelve_months_are_a_year() -> None:
    for as_of in ("2013-11-29", "2024-02-29", "2023-03-31", "2024-01-30"):
        days = calendar.days(pd.Timestamp(as_of), pd.Timestamp("2010-05-05"))
        year = days[days["month"] < 12]["date"]
        assert year.min() == pd.Timestamp(as_of) - pd.DateOffset(months=12) + pd.Timedelta(days=1) or pd.Timestamp(as_of).is_month_end
        assert days["month"].is_monotonic_decreasing
        assert days["date"].is_unique
        assert days["month"].min() == 0


def test_twelve_months_of_a_leap_february() -> None:
    days = calendar.days(pd.Timestamp("2024-02-29"), pd.Timestamp("2022-01-01"))
    year = days[days["month"] < 12]["date"]
    assert (str(year.min().date()), str(year.max().date()), len(year)) == ("2023-03-01", "2024-02-29", 366)


def test_at_an_earlier_date_nothing_later_is_known(adventureworks: Portfolio, reseller_lines: list[dict[str, str]]) -> None:
    then = pd.Timestamp("2012-12-31")
    earlier = adventureworks.at(then)
    sold = {line["ResellerKey"] for line in reseller_lines if line["OrderDate"] <= "2012-12-31"}
    expected = sum(Decimal(line["SalesAmount"]) for line in reseller_lines if line["OrderDate"] <= "2012-12-31")
    assert earlier.months["revenue"].sum() == pytest.approx(float(expected), abs=0.005)
    assert set(earlier.partners["partner_id"]) == sold
    assert earlier.tables["incentives"]["starts_on"].max() <= then
    assert earlier.tables["history"]["valid_from"].max() <= then


def test_at_an_earlier_date_a_partner_has_the_manager_of_that_day(adventureworks: Portfolio, reseller_lines: list[dict[str, str]]) -> None:
    earlier = adventureworks.at(pd.Timestamp("2012-12-31"))
    latest: dict[str, tuple[str, str, str]] = {}
    for line in reseller_lines:
        if line["OrderDate"] <= "2012-12-31":
            seen = (line["OrderDate"], line["SalesOrderNumber"], line["EmployeeKey"])
            latest[line["ResellerKey"]] = max(latest.get(line["ResellerKey"], ("", "", "")), seen)
    managers = earlier.partners.set_index("partner_id")["partner_manager"]
    assert {key: managers[key] for key in latest} == {key: value[2] for key, value in latest.items()}
    now = adventureworks.partners.set_index("partner_id")["partner_manager"]
    assert (now.reindex(managers.index) != managers).sum() == 20


def test_a_view_selects_rows_and_changes_no_value(adventureworks: Portfolio, adventureworks_europe: Portfolio) -> None:
    ids = adventureworks_europe.partners["partner_id"]
    assert len(ids) == 120
    assert set(adventureworks_europe.partners["country"]) == {"DE", "FR", "GB"}
    pd.testing.assert_series_equal(adventureworks_europe.per_partner(), adventureworks.per_partner().loc[ids])
    assert adventureworks_europe.whole is adventureworks


def test_fits_are_made_once_for_the_client(adventureworks: Portfolio, adventureworks_europe: Portfolio) -> None:
    calls: list[str] = []

    def fit(portfolio: Portfolio) -> int:
        calls.append(portfolio.name)
        return len(portfolio.partners)

    assert adventureworks_europe.fitted(fit) == adventureworks.fitted(fit) == 701
    assert calls == ["all"]


def test_a_date_after_the_as_of_date_is_refused(adventureworks: Portfolio) -> None:
    with pytest.raises(PrmkitError, match="after the as-of date"):
        adventureworks.at(pd.Timestamp("2014-01-31"))


def test_sums_are_the_same_every_time(adventureworks: Portfolio) -> None:
    again = aggregate(adventureworks.client.sales, adventureworks.as_of, adventureworks.measure)
    pd.testing.assert_frame_equal(again.orders, adventureworks.orders, check_exact=True)
    own = again.months[again.months["partner_id"].notna()].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, adventureworks.months, check_exact=True)


def test_monthly_has_every_partner_and_every_month(adventureworks: Portfolio) -> None:
    wide = adventureworks.monthly(36)
    assert wide.shape == (701, 36)
    assert wide.to_numpy().sum() == pytest.approx(80_450_596.9823, abs=0.005)


def test_before_the_first_sale_nobody_is_known(adventureworks: Portfolio) -> None:
    before = adventureworks.at(pd.Timestamp("2010-06-30"))
    assert len(before.partners) == 0
    assert len(before.months) == 0


def test_a_partner_that_sold_was_there_whatever_day_of_joining_was_typed_in(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "engagement.yaml").write_text("client: Made up\nas_of: 2025-12-31\n", encoding="utf-8")
    (tmp_path / "data" / "partners.csv").write_text(
        "partner_id,name,joined_on\nA,Typed wrong,2025-06-01\nB,Later,2025-07-01\n", encoding="utf-8"
    )
    (tmp_path / "data" / "sales.csv").write_text("date,partner_id,revenue\n2024-03-05,A,100\n2025-08-09,B,50\n", encoding="utf-8")
    earlier = open_portfolio(load(load_engagement(tmp_path), tmp_path / "cache")).at(pd.Timestamp("2024-12-31"))
    assert list(earlier.partners["partner_id"]) == ["A"]
    assert set(earlier.orders["partner_id"]) <= set(earlier.partners["partner_id"])
