"""The forward test of the list: what it compares, and that it knows nothing of the year after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices.prune.backtest import backtest_table, bottom, fit_backtest
from tests.practices.prune.made_up import lines, made_up, partners


def two_years(folder: Path, later_cost: float) -> Portfolio:
    """Thirty partners over two years; half are sold to at a loss in the first, the second year's cost is a multiple of revenue."""
    rng = np.random.default_rng(0)
    dates = pd.date_range("2023-12-01", "2025-12-01", freq="MS") + pd.Timedelta(days=14)
    ids = [f"{i:02d}" for i in range(30)]
    parts = []
    for name in ids:
        revenue = (200 + 60 * int(name)) * np.exp(0.2 * rng.standard_normal(len(dates)))
        rate = np.where(dates <= "2024-12-31", 0.9 if int(name) % 2 else 1.2, later_cost)
        parts.append(pd.DataFrame({"partner_id": name, "date": dates, "revenue": revenue, "cost": revenue * rate}))
    return made_up(folder, pd.concat(parts, ignore_index=True), partners(*ids, joined_on="2022-01-01"))


def test_what_is_predicted_does_not_depend_on_what_came(tmp_path: Path) -> None:
    good, bad = (fit_backtest(two_years(tmp_path, later)) for later in (0.7, 1.5))
    pd.testing.assert_frame_equal(good.drop(columns="came"), bad.drop(columns="came"))
    assert (good["came"] > 0).all()
    assert (bad["came"] < 0).all()


def test_measures_by_hand(tmp_path: Path) -> None:
    portfolio = two_years(tmp_path, 1.1)
    rows, table = fit_backtest(portfolio), backtest_table(portfolio).set_index("measure")
    assert len(rows) == 30
    assert (table["n"] == 30).all()
    assert table.loc["observed_events"].loc[["model", "naive"]].tolist() == [30.0, 30.0]
    assert table.loc["expected_events", "naive"] == 6
    assert np.isnan(table.loc["auc", "model"])
    six = rows.sort_values("revenue").head(6)
    assert table.loc["money", "naive"] == pytest.approx(-six["came"].sum())
    assert table.loc["brier", "naive"] == pytest.approx(24 / 30)


def test_ties_are_broken_by_id() -> None:
    rows = pd.DataFrame({"partner_id": ["c", "a", "b"], "revenue": [1.0, 1.0, 0.5]})
    assert bottom(rows, "revenue", 2)["partner_id"].tolist() == ["b", "a"]


def test_short_history_has_no_backtest(tmp_path: Path) -> None:
    portfolio = made_up(tmp_path, lines(("a", "2025-01-05", 1.0, 0.5), ("a", "2025-12-05", 1.0, 0.5)), partners("a"))
    assert fit_backtest(portfolio).empty
    assert backtest_table(portfolio).empty


def test_costs_nobody_recorded_a_year_ago_are_left_out_of_what_came(tmp_path: Path) -> None:
    portfolio = two_years(tmp_path, 0.7)
    support = pd.DataFrame({"partner_id": portfolio.partners["partner_id"], "month": "2025-06-01", "kind": "other", "cost": 1e6})
    sales = pd.read_parquet(portfolio.client.sales)
    with_costs = made_up(tmp_path, sales, portfolio.client.tables["partners"], {"support": support})
    assert fit_backtest(with_costs)["came"].to_numpy() == pytest.approx(fit_backtest(portfolio)["came"].to_numpy())


def test_adventureworks_fair_list_beats_least_revenue(adventureworks: Portfolio) -> None:
    table = backtest_table(adventureworks).set_index("measure")
    assert table.loc["auc", "model"] > 0.7 > 0.5 > table.loc["auc", "naive"]
    assert table.loc["rank_correlation", "model"] > 0.5 > table.loc["rank_correlation", "naive"]
    assert table.loc["money", "model"] > 300_000 > 0 > table.loc["money", "naive"]
    assert table.loc["observed_events", "model"] == 133
