"""Reconciliation on sums worked by hand, and on AdventureWorks' published yearly totals."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.data.reconciliation import Window, reconcile, window
from prmkit.errors import PrmkitError
from tests.data.handmade import client, line

LINES = [
    line("2023-03-10", "a", "1000.10", channel="sell_in", cost="600", units=4),
    line("2024-01-15", "a", "700.05", channel="sell_in", cost="400", units=2),
    line("2024-03-10", "b", "500", channel="sell_in", cost="300", units=1),
    line("2024-05-20", "b", "-50.15", channel="sell_in", cost="-30", units=-1),
    line("2024-07-05", "9", "40", channel="sell_in"),
    line("2024-08-05", "a", "9000", channel="sell_out"),
    line("2024-09-01", None, "250", channel="direct"),
    line("2024-12-30", "a", "60", channel="sell_in", cost="20", units=1),
]
PARTNERS = [{"partner_id": "a", "name": "A"}, {"partner_id": "b", "name": "B"}, {"partner_id": "9", "name": "9"}]


def made(folder: Path, lines: list[dict[str, Any]] | None = None, **settings: Any) -> Portfolio:
    known = {"measure": "sell_in", **settings}
    return open_portfolio(client(folder, LINES if lines is None else lines, known, partners=PARTNERS))


def row(portfolio: Portfolio, period: str, measure: str, theirs: float) -> tuple[float, float, str | None]:
    """Ours, the difference and its explanation for one control total."""
    frame = reconcile(portfolio, {period: {measure: theirs}})
    assert list(frame.columns) == ["period", "measure", "ours", "theirs", "difference", "explained_by"]
    assert frame.loc[0, ["period", "measure", "theirs"]].tolist() == [period, measure, theirs]
    told = frame.loc[0, "explained_by"]
    return frame.loc[0, "ours"], frame.loc[0, "difference"], None if pd.isna(told) else told


class TestPeriods:
    @pytest.mark.parametrize(
        ("period", "start", "first", "last"),
        [
            ("2024", 1, "2024-01-01", "2024-12-31"),
            ("FY2024", 1, "2024-01-01", "2024-12-31"),
            ("2024", 7, "2023-07-01", "2024-06-30"),
            ("FY2024", 2, "2023-02-01", "2024-01-31"),
            ("CY2024", 7, "2024-01-01", "2024-12-31"),
            ("2024-Q1", 1, "2024-01-01", "2024-03-31"),
            ("2024-Q1", 7, "2023-07-01", "2023-09-30"),
            ("2024-Q4", 7, "2024-04-01", "2024-06-30"),
            ("2024-Q4", 12, "2024-09-01", "2024-11-30"),
            ("2024-02", 7, "2024-02-01", "2024-02-29"),
        ],
    )
    def test_days_of_a_period(self, period: str, start: int, first: str, last: str) -> None:
        assert window(period, start) == Window(dt.date.fromisoformat(first), dt.date.fromisoformat(last))

    @given(st.integers(1990, 2100), st.integers(1, 12))
    def test_quarters_make_up_their_year(self, year: int, start: int) -> None:
        quarters = [window(f"{year}-Q{quarter}", start) for quarter in (1, 2, 3, 4)]
        whole = window(str(year), start)
        assert (quarters[0].first, quarters[-1].last) == (whole.first, whole.last)
        assert all(after.first - before.last == dt.timedelta(days=1) for before, after in pairwise(quarters))
        assert window(f"CY{year}", start) == window(str(year), 1)

    def test_a_fiscal_year_is_labelled_as_the_years_of_the_aggregates(self, tmp_path: Path) -> None:
        portfolio = made(tmp_path, fiscal_year_start=4)
        ours = reconcile(portfolio, {"2024": {"revenue": 0, "direct_revenue": 0}, "2025": {"revenue": 0, "direct_revenue": 0}})
        years = portfolio.years.assign(direct=portfolio.years["partner_id"].isna()).groupby(["year", "direct"])["revenue"].sum()
        assert ours["ours"].tolist() == pytest.approx([years.get((2024, False), 0), 0, years[2025, False], years[2025, True]])

    @pytest.mark.parametrize("period", ["24", "2024-13", "2024-Q5", "FY2024-Q1x", "soon"])
    def test_anything_else_is_an_error(self, period: str) -> None:
        with pytest.raises(PrmkitError, match="is not a period"):
            window(period)


class TestFigures:
    def test_no_totals_give_an_empty_typed_table(self, tmp_path: Path) -> None:
        empty = reconcile(made(tmp_path))
        assert len(empty) == 0
        assert dict(empty.dtypes.astype(str)) == {
            "period": "str",
            "measure": "str",
            "ours": "float64",
            "theirs": "float64",
            "difference": "float64",
            "explained_by": "str",
        }

    def test_the_settings_totals_are_used_when_none_are_given(self, tmp_path: Path) -> None:
        told = reconcile(made(tmp_path, control_totals={2024: {"revenue": 1249.90, "units": 4}}))
        assert told[["period", "measure", "ours", "theirs"]].values.tolist() == [
            ["2024", "revenue", 1249.9, 1249.9],
            ["2024", "units", 3.0, 4.0],
        ]
        assert told["difference"].tolist() == [0.0, -1.0]
        assert told["explained_by"].isna().tolist() == [True, False]

    @pytest.mark.parametrize(
        ("period", "measure", "ours"),
        [
            ("2024", "revenue", 1249.90),
            ("2023", "revenue", 1000.10),
            ("2024-Q2", "revenue", -50.15),
            ("2024-03", "revenue", 500.0),
            ("2024", "direct_revenue", 250.0),
            ("2023", "direct_revenue", 0.0),
            ("2024", "cost", 690.0),
            ("2024", "units", 3.0),
            ("2024", "partners_selling", 3.0),
            ("2024-Q2", "partners_selling", 0.0),
            ("2024", "partners_active", 2.0),
            ("2024-Q1", "partners_active", 2.0),
            ("2024-Q2", "partners_active", 2.0),
        ],
    )
    def test_worked_by_hand(self, tmp_path: Path, period: str, measure: str, ours: float) -> None:
        assert row(made(tmp_path), period, measure, ours)[:2] == (ours, 0.0)

    def test_sums_are_exact_where_floats_are_not(self, tmp_path: Path) -> None:
        lines = [line("2024-01-15", "a", "0.1", channel="sell_in") for _ in range(1000)] + [
            line("2024-12-31", "a", "100000000000000", channel="sell_in")
        ]
        ours, difference, told = row(made(tmp_path, lines), "2024-Q1", "revenue", 100.0)
        assert (ours, difference, told) == (100.0, 0.0, None)
        assert sum([0.1] * 1000) != 100.0

    def test_cost_that_no_line_has_is_not_known(self, tmp_path: Path) -> None:
        ours, difference, told = row(made(tmp_path, [line("2024-01-15", "a", "1")]), "2024", "cost", 5.0)
        assert pd.isna(ours)
        assert pd.isna(difference)
        assert told == "unknown"

    def test_a_portfolio_reconciles_the_whole_client(self, tmp_path: Path) -> None:
        known = {"measure": "sell_in", "portfolios": {"b": {"partner_id": ["b"]}}}
        view = open_portfolio(client(tmp_path, LINES, known, partners=PARTNERS), "b")
        assert row(view, "2024", "revenue", 1249.90)[0] == 1249.90


class TestExplanations:
    @pytest.mark.parametrize(
        ("period", "measure", "theirs", "told"),
        [
            ("2024", "revenue", 1249.90 * 1.0009, None),
            ("2024", "revenue", 1249.90 + 50.15, "returns"),
            ("2024", "cost", 690.0 + 30.0, "returns"),
            ("2024", "revenue", 1249.90 + 250.0, "basis"),
            ("2024", "revenue", 9000.0, "basis"),
            ("2024", "revenue", 250.0, "basis"),
            ("2024", "partners_active", 3.0, "basis"),
            ("2024", "partners_selling", 2.0, "basis"),
            ("2024", "revenue", 1249.90 - 40.0, "unmatched"),
            ("2024", "revenue", 1111.11, "unknown"),
            ("2024", "partners_active", 9.0, "unknown"),
            ("2025", "revenue", 5000.0, "cut_off"),
            ("2022", "revenue", 5000.0, "cut_off"),
            ("2023", "revenue", 5000.0, "cut_off"),
            ("2023", "revenue", 5.0, "unknown"),
        ],
    )
    def test_the_first_that_leaves_nothing_over(self, tmp_path: Path, period: str, measure: str, theirs: float, told: str | None) -> None:
        assert row(made(tmp_path), period, measure, theirs)[2] == told

    def test_rows_after_as_of_cut_a_period_off(self, tmp_path: Path) -> None:
        ours, difference, told = row(made(tmp_path, as_of=dt.date(2024, 12, 15)), "2024", "revenue", 1249.90)
        assert (ours, difference, told) == (1189.90, -60.0, "cut_off")

    def test_the_calendar_year_is_another_basis_than_the_fiscal_one(self, tmp_path: Path) -> None:
        assert row(made(tmp_path, fiscal_year_start=2), "FY2024", "revenue", 1249.90)[2] == "basis"
        assert row(made(tmp_path, fiscal_year_start=2), "CY2024", "revenue", 1700.15)[2] == "basis"

    @pytest.mark.parametrize(("theirs", "told"), [(100 + 240.0, "currency"), (100 + 200.0, "currency"), (100 + 250.0, "unknown")])
    def test_another_rate_and_amounts_not_converted(self, tmp_path: Path, theirs: float, told: str) -> None:
        lines = [line("2024-01-15", "a", "100", currency="EUR"), line("2024-12-15", "a", "220", currency="GBP")]
        rates = [
            {"currency": "GBP", "month": "2024-12-01", "kind": "average", "rate": 1.1},
            {"currency": "GBP", "month": "2024-12-01", "kind": "plan", "rate": 1.2},
        ]
        portfolio = open_portfolio(client(tmp_path, lines, {}, rates=rates))
        assert row(portfolio, "2024", "revenue", theirs) == (320.0, pytest.approx(320 - theirs), told)


def test_adventureworks_resellers_reconcile_with_the_published_year(adventureworks_client: Client) -> None:
    told = reconcile(open_portfolio(adventureworks_client), {"2012": {"revenue": 28193631.53, "direct_revenue": 5842485.20}})
    assert told["difference"].abs().max() < 0.01
    assert told["explained_by"].isna().all()
    later = reconcile(open_portfolio(adventureworks_client), {"2014": {"revenue": 1e6}})
    assert later["explained_by"].tolist() == ["cut_off"]
