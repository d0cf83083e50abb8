"""Coverage: stated and estimated markets, what of the rest can be had, and what cannot be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.practices.reach.market.coverage import coverage, estimated
from prmkit.practices.reach.market.market_findings import market_findings
from prmkit.practices.reach.market.potential import potential
from prmkit.practices.reach.market.territory_books import territory_books
from tests.data.handmade import client, line

DAYS = pd.date_range("2024-01-10", "2025-12-20", freq="15D")
SETTINGS: dict[str, Any] = {"as_of": "2025-12-31", "portfolios": {"first": {"territory": ["T0"]}}, "economics": {"gross_margin": 0.25}}


def programme(
    folder: Path,
    yearly: list[float],
    territories: list[dict[str, Any]],
    *,
    named: bool = True,
    days: pd.DatetimeIndex = DAYS,
    channel: str = "sell_through",
    more: dict[str, Any] | None = None,
) -> Portfolio:
    """One line a fortnight and partner, two partners a territory that together sell `yearly`; 30 customers each, in turn."""
    lines = []
    for place, amount in enumerate(yearly):
        for partner in range(2):
            for number, day in enumerate(days):
                money = f"{amount / (2 * 365 / 15):.4f}"
                buyer = {"customer_id": f"C{place}-{partner}-{number % 30}"} if named else {}
                lines.append(line(str(day.date()), f"P{place}{partner}", money, territory=f"T{place}", channel=channel, **buyer))
    people = [
        {"partner_id": f"P{place}{partner}", "name": "x", "territory": f"T{place}"} for place in range(len(yearly)) for partner in range(2)
    ]
    return open_portfolio(client(folder, lines, SETTINGS | (more or {}), partners=people, territories=territories))


def stated(values: list[float | None], **more: list[Any]) -> list[dict[str, Any]]:
    return [
        {"territory": f"T{place}", "market_potential": value, **{name: column[place] for name, column in more.items()}}
        for place, value in enumerate(values)
    ]


def rows_of(portfolio: Portfolio) -> pd.DataFrame:
    made, _ = coverage(portfolio)
    assert made is not None
    return made.set_index("territory")


def test_the_spreadsheets_sums_by_hand_and_what_can_be_had_beside(tmp_path: Path) -> None:
    made = programme(tmp_path, [100e3, 200e3, 210e3, 190e3, 205e3, 195e3], stated([1e6] * 6, end_customers=[400] * 6))
    rows = rows_of(made)
    sold = made.months[made.months["month"] < 12].groupby("territory")["revenue"].sum()
    assert rows["revenue"].tolist() == pytest.approx(sold.tolist())
    assert rows["penetration"].tolist() == pytest.approx((sold / 1e6).tolist())
    assert rows["white_space"].tolist() == pytest.approx((1e6 - sold).tolist())
    first = rows.loc["T0"]
    # at its size the others sell about 0.2; what lies between is a tenth of the market, not nine tenths
    assert 0.15 * first["white_space"] > first["realistic_white_space"] > 60e3
    assert first["realistic_low"] < first["realistic_white_space"] < first["realistic_high"]
    assert first["penetration_low"] < first["penetration"] < first["penetration_high"]
    assert rows["realistic_white_space"].idxmax() == "T0"
    assert rows["potential_basis"].unique().tolist() == ["stated"]
    assert not estimated(made)


def test_customers_reached_times_their_spend_is_the_share_sold(tmp_path: Path) -> None:
    rows = rows_of(programme(tmp_path, [100e3, 200e3, 210e3, 190e3], stated([1e6, 2e6, 1e6, 1e6], end_customers=[400, 100, 300, 80])))
    whole = rows["numeric_distribution"] * rows["served_over_average"]
    assert whole.tolist() == pytest.approx(rows["penetration"].tolist())
    assert rows["customers_served"].tolist() == [48, 48, 48, 48]  # 24 lines of each partner in the 12 months, all of other customers
    assert rows.loc["T0", "numeric_distribution"] == 48 / 400
    assert rows.loc["T0", "partners_per_100_customers"] == 0.5
    assert rows.loc["T0", "revenue_per_partner"] == pytest.approx(rows.loc["T0", "partner_revenue"] / 2)


def test_a_territory_that_sells_nothing_could_sell_as_the_others(tmp_path: Path) -> None:
    rows = rows_of(programme(tmp_path, [200e3, 210e3, 190e3, 205e3], stated([1e6] * 5)))
    bare = rows.loc["T4"]
    assert (bare["revenue"], bare["penetration"]) == (0, 0)
    assert 0.17e6 < bare["realistic_white_space"] < 0.27e6
    assert bare["barely_reached_probability"] == 1.0
    says = {
        one.id: one
        for one in market_findings(programme(tmp_path, [2e5, 2.1e5, 1.9e5, 2.05e5], stated([1e6] * 5)), {"coverage": rows.reset_index()})
    }
    assert says["reach.coverage.barely_reached:portfolio:all"].title == "1 territory of 5 is barely reached"
    most = says["reach.coverage.white_space:territory:T4"]
    assert most.worth.amount == pytest.approx(0.25 * bare["realistic_white_space"])
    assert most.confidence == "low"  # five territories


def test_a_potential_below_what_is_sold_is_not_believed(tmp_path: Path) -> None:
    made = programme(tmp_path, [200e3, 210e3, 190e3, 205e3, 300e3], stated([1e6] * 4 + [100e3]))
    rows, missing = coverage(made)
    assert rows is not None
    wrong = rows.set_index("territory").loc["T4"]
    assert wrong["penetration"] > 1
    assert wrong["white_space"] == 0
    assert np.isnan(wrong["realistic_white_space"])
    assert any(one.reason.startswith("T4: we sell more than the potential stated") for one in missing)


def test_a_market_that_is_not_stated_is_worked_out_from_like_territories(tmp_path: Path) -> None:
    customers = [100, 200, 300, 400, 500, 250]
    made = programme(tmp_path, [1e5] * 6, stated([5e5, 1.1e6, 1.4e6, 2.1e6, 2.4e6, None], end_customers=customers))
    last = rows_of(made).loc["T5"]
    assert last["potential_basis"] == "like_territories"
    assert last["market_potential"] == pytest.approx(250 * 5_000, rel=0.05)
    assert last["potential_low"] < 1.25e6 < last["potential_high"]
    assert estimated(made)


def test_no_potential_anywhere_rests_on_what_well_served_customers_buy(tmp_path: Path) -> None:
    customers = [100, 110, 120, 500, 600, 130, 140, 900]
    made = programme(tmp_path, [1e5, 1.1e5, 0.9e5, 1e5, 1e5, 1.05e5, 0.95e5, 1e5], stated([None] * 8, end_customers=customers))
    rows = rows_of(made)
    assert rows["potential_basis"].unique().tolist() == ["served_customers"]
    assert rows.loc["T7", "market_potential"] == pytest.approx(900 * 1e5 / 50, rel=0.1)
    assert (rows["potential_low"] <= rows["market_potential"]).all()
    assert (rows["market_potential"] >= rows["revenue"]).all()


def test_without_names_on_lines_sales_to_an_end_customer_are_compared(tmp_path: Path) -> None:
    made = programme(tmp_path, [1e5, 2e5, 2e5, 2e5, 2.1e5], stated([None] * 5, end_customers=[100] * 5), named=False)
    rows, missing = coverage(made)
    assert rows is not None
    found = rows.set_index("territory").loc["T0"]
    assert np.isnan(found["market_potential"])
    assert 0.6e5 < found["realistic_white_space"] < 1.4e5
    assert "sales_per_end_customer" in rows
    assert {one.column for one in missing} == {"market_potential", "numeric_distribution"}


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    rows, missing = (
        coverage(programme(tmp_path / "a", [1e5, 1e5], stated([None, None]))) if (tmp_path / "a").mkdir() is None else (None, [])
    )
    assert rows is None
    assert missing[0].reason == "no territory has a market potential"
    (tmp_path / "b").mkdir()
    rows, missing = coverage(programme(tmp_path / "b", [1e5, 1e5, 1e5], stated([1e6] * 3)))
    assert rows is not None
    assert rows["realistic_white_space"].isna().all()
    assert any("4 are needed to compare" in one.reason for one in missing)
    (tmp_path / "c").mkdir()
    short = pd.date_range("2025-07-10", "2025-12-20", freq="15D")
    rows, missing = coverage(programme(tmp_path / "c", [1e5] * 5, stated([1e6] * 5), days=short))
    assert rows is not None
    assert rows["realistic_white_space"].isna().all()
    assert any(one.reason.startswith("only 6 months of sales") for one in missing)


def test_sales_at_the_partners_price_may_be_a_larger_share_of_the_market(tmp_path: Path) -> None:
    high = []
    for channel in ("sell_through", "sell_in"):
        (tmp_path / channel).mkdir()
        made = programme(tmp_path / channel, [1e5, 1.1e5, 0.9e5, 1e5], stated([1e6] * 4), channel=channel, more={"measure": channel})
        high.append(rows_of(made).loc["T0", "penetration_high"])
    assert high[1] == pytest.approx(high[0] / 0.6)


def test_a_view_shows_its_territories_as_the_whole_does(tmp_path: Path) -> None:
    made = programme(tmp_path, [100e3, 200e3, 210e3, 190e3], stated([1e6] * 4))
    view = rows_of(open_portfolio(made.client, "first"))
    pd.testing.assert_frame_equal(view, rows_of(made).loc[["T0"]])


def test_customers_that_went_and_partners_as_outlets(tmp_path: Path) -> None:
    lines = [
        line("2024-03-01", "A", "400", customer_id="gone", territory="T0"),
        line("2024-04-01", "A", "100", customer_id="kept", territory="T0"),
    ]
    lines += [
        line("2025-06-01", "A", "500", customer_id="kept", territory="T0"),
        line("2025-07-01", None, "80", customer_id="own", territory="T0"),
    ]
    partners = [
        {"partner_id": "A", "name": "A", "territory": "T0", "annual_revenue": 5_000.0},
        {"partner_id": "B", "name": "B", "territory": "T0", "annual_revenue": 15_000.0},
    ]
    made = open_portfolio(client(tmp_path, lines, {"as_of": "2025-12-31"}, partners=partners))
    books = territory_books(made).loc["T0"]
    assert (books["lapsed_customers"], books["lapsed_revenue"]) == (1, 200.0)  # 400 in two years
    assert (books["customers_served"], books["customers_of_partners"], books["customers_direct"]) == (2, 1, 1)
    assert (books["outlets_selling"], books["outlets_weighted"], books["share_in_outlets"]) == (0.5, 0.25, 0.1)
    # share of these partners' turnover = share of it at those that carry x our share there
    assert books["outlets_weighted"] * books["share_in_outlets"] == pytest.approx(500 / 20_000)


def test_potentials_of_nothing_and_of_the_largest_size() -> None:
    books = pd.DataFrame(
        {
            "stated": [np.nan, 1e15, np.nan],
            "end_customers": [np.nan, 5, np.nan],
            "revenue": [0.0, 1.0, 5.0],
            "customers_served": np.nan,
            "luck": np.nan,
        }
    )
    found = potential(books, np.random.default_rng(1))
    assert found.value[1] == 1e15
    assert np.isnan(found.value[[0, 2]]).all()
    assert found.basis.tolist() == ["none", "stated", "none"]
