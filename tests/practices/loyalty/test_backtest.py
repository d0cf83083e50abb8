"""The look back: what was knowable, and AdventureWorks half a year ago."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices.loyalty.backtest import backtest_table, fit_backtest
from tests.practices.prune.made_up import AS_OF, lines, made_up, partners


def buyers(folder: Path, *, later: float) -> Portfolio:
    """Eighty partners; from July 2025 on, only a share `later` of their orders come."""
    rng = np.random.default_rng(0)
    rows = []
    for partner in range(80):
        stops = rng.integers(8, 60)
        for month in range(36):
            keep = rng.random() < 0.5
            if month < stops and keep and (month < 30 or rng.random() < later):
                rows.append((str(partner), f"{2023 + month // 12}-{month % 12 + 1:02d}-10", 100.0))
    return made_up(folder, lines(*rows), partners(*map(str, range(80))))


def test_what_is_predicted_does_not_depend_on_what_came(tmp_path: Path) -> None:
    busy, quiet = (fit_backtest(buyers(tmp_path, later=later)).rows for later in (1.0, 0.0))
    came = ["dormant", "revenue_after"]
    pd.testing.assert_frame_equal(busy.drop(columns=came), quiet.drop(columns=came))
    assert quiet["dormant"].all()
    assert busy["dormant"].mean() < 0.5


def test_the_snapshot_is_that_of_a_portfolio_opened_then(tmp_path: Path) -> None:
    portfolio = buyers(tmp_path, later=1.0)
    rows = fit_backtest(portfolio).rows.set_index("partner_id")
    then = portfolio.at(pd.Timestamp("2025-06-30"))
    revenue = then.per_partner(count=6)
    assert set(rows.index) == set(revenue.index[revenue > 0])
    assert rows["revenue_before"].to_numpy() == pytest.approx(revenue[rows.index].to_numpy())


def test_measures_by_hand(tmp_path: Path) -> None:
    portfolio = buyers(tmp_path, later=1.0)
    rows, table = fit_backtest(portfolio).rows, backtest_table(portfolio).set_index("measure")
    silent = rows["recency_days"] > 90
    assert (table["n"] == len(rows)).all()
    assert table.loc["observed_events", "model"] == rows["dormant"].sum()
    assert table.loc["expected_events", "naive"] == silent.sum()
    assert table.loc["expected_events", "model"] == pytest.approx(rows["p"].sum())
    assert table.loc["brier", "naive"] == pytest.approx((silent != rows["dormant"]).mean())
    assert table.loc["brier", "model"] == pytest.approx(((rows["p"] - rows["dormant"]) ** 2).mean())


def test_short_history_has_no_backtest(tmp_path: Path) -> None:
    sales = lines(*[("a", (AS_OF - pd.DateOffset(months=back)).strftime("%Y-%m-10"), 10.0) for back in range(15)])
    assert backtest_table(made_up(tmp_path, sales, partners("a"))).empty


def test_adventureworks_half_a_year_ago(adventureworks: Portfolio, adventureworks_europe: Portfolio) -> None:
    table = backtest_table(adventureworks).set_index("measure")
    assert table.loc["observed_events", "model"] == 22
    assert table.loc["expected_events", "model"] == pytest.approx(22, abs=8)
    assert table.loc["auc", "model"] > 0.8 > 0.7 > table.loc["auc", "naive"]
    assert table.loc["brier", "model"] < table.loc["brier", "naive"]
    assert table.loc["money", "model"] > table.loc["money", "naive"]
    part = backtest_table(adventureworks_europe).set_index("measure")
    assert part["n"].iloc[0] < 465 == table["n"].iloc[0]
    assert part.loc["observed_events", "model"] == 6
