"""Who goes silent: definitions by hand, rows, and AdventureWorks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.portfolio import Portfolio
from prmkit.practices import loyalty
from prmkit.practices.loyalty.risk import drivers, fit_risk, seasonal, snapshot_months
from prmkit.practices.loyalty.risk_table import fit_risk_table
from prmkit.practices.loyalty.snapshots import FEATURES, history, snapshot, usual_gap, went_dormant
from tests.practices.prune.made_up import lines, made_up, partners

RAW = resources.folder("data_samples") / "adventureworks"


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """a buys every month, b stopped in March, c returned more than it bought, d never bought; e buys twice a year."""
    monthly = [("a", f"{year}-{month:02d}-10", 100.0) for year in (2023, 2024, 2025) for month in range(1, 13)]
    stopped = [("b", "2024-12-10", 50.0), ("b", "2025-03-10", 50.0)]
    returned = [("c", "2025-10-10", 80.0), ("c", "2025-11-10", -80.0)]
    slow = [("e", f"{year}-{month:02d}-01", 70.0) for year in (2023, 2024, 2025) for month in (5, 11)]
    sales = lines(*monthly, *stopped, *returned, *slow)
    return made_up(tmp_path_factory.mktemp("four"), sales, partners(*"abcde"), economics={"gross_margin": 0.4})


def test_every_partner_has_a_row_and_a_reason_where_it_is_not_active(four: Portfolio) -> None:
    risk = fit_risk_table(four).set_index("partner_id")
    assert risk.index.tolist() == list("abcde")
    assert risk["active"].tolist() == [True, False, False, False, True]
    assert risk.loc["b", "reason"] == "already silent since 2025-03-10"
    assert risk.loc["c", "reason"] == "already silent since 2025-10-10"
    assert risk.loc["d", "reason"] == "never bought"
    assert risk.loc["a", "reason"] == ""
    assert risk.loc[["b", "c", "d"], "p_dormant_6m"].isna().all()
    assert risk.loc[["a", "e"], "p_dormant_6m"].notna().all()


def test_a_long_gap_of_its_own_is_said_and_the_probability_still_given(four: Portfolio) -> None:
    row = fit_risk_table(four).set_index("partner_id").loc["e"]
    assert row["own_rhythm"]
    assert row["usual_gap_months"] == pytest.approx(6.0, abs=0.1)
    assert row["reason"] == "usual gap of 6.0 months: six silent months are not an event for this partner"


def test_margin_at_risk_is_chance_times_a_year_of_margin(four: Portfolio) -> None:
    row = fit_risk_table(four).set_index("partner_id").loc["a"]
    assert row["margin_12m"] == pytest.approx(0.4 * 1200)
    assert row["margin_at_risk"] == pytest.approx(row["p_dormant_6m"] * 480)
    assert row["revenue_at_risk"] == pytest.approx(row["p_dormant_6m"] * 1200)


def test_dormant_is_no_net_revenue_in_the_six_months_after(four: Portfolio) -> None:
    past = history(four)
    everyone = np.arange(5)
    assert went_dormant(past, 6, everyone).tolist() == [False, True, True, True, False]
    assert went_dormant(past, 10, everyone).tolist() == [False, False, True, True, False]
    with pytest.raises(ValueError, match="not passed"):
        went_dormant(past, 5, everyone)


def test_a_snapshot_sees_only_what_was_there(four: Portfolio) -> None:
    past = history(four)
    then = snapshot(past, 8)
    assert past.partner_id.iloc[then.partner].tolist() == ["a", "b", "e"]
    assert then.known["recency_days"].tolist() == [20.0, 51.0, 180.0]
    assert then.known["revenue_6m"].tolist() == [600.0, 100.0, 70.0]


def test_features_by_hand(four: Portfolio) -> None:
    past = history(four)
    now = snapshot(past, 0)
    frame = pd.DataFrame(now.features, columns=list(FEATURES), index=past.partner_id.iloc[now.partner])
    assert frame.loc["a", "frequency"] == pytest.approx(np.log(12.5 / 12))
    assert frame.loc["a", ["half_trend", "year_trend", "order_trend"]].tolist() == pytest.approx([0.0, 0.0, 0.0])
    assert frame.loc["a", "late"] == 0.0
    assert frame.loc["e", "frequency"] == pytest.approx(np.log(2.5 / 12))
    assert frame.loc["e", "overdue"] < np.log1p(60 / 120)


def test_usual_gap_borrows_one_gap_from_all() -> None:
    made = usual_gap(pd.Series([30.0, np.nan, 90.0]), pd.Series([2, 0, 1]))
    assert made.tolist() == [(60 + 60) / 3, 60.0, 75.0]


def test_which_months_are_looked_back_at() -> None:
    assert snapshot_months(36, 6) == (6, 9, 12, 15, 18, 21, 24, 27, 30)
    assert snapshot_months(18, 6) == (6, 7, 8, 9, 10, 11, 12)
    assert snapshot_months(11, 6) == ()


def test_season_needs_two_and_a_half_years(four: Portfolio) -> None:
    now = snapshot(history(four), 0)
    assert seasonal(now, 29)[:, -2:].tolist() == [[0.0, 0.0]] * 2
    assert seasonal(now, 30)[:, -2:].tolist() == [[1.0, 0.0]] * 2


def simulated(folder: Path, seed: int, n: int = 300) -> tuple[Portfolio, pd.Series]:
    """Partners that order at random about monthly and leave for good with 3% chance a month; who had left by as_of."""
    rng = np.random.default_rng(seed)
    start, left = rng.integers(0, 24, n), rng.geometric(0.03, n)
    rows = []
    for partner in range(n):
        stay = int(min(36 - start[partner], left[partner]))
        for month in start[partner] + np.arange(stay):
            if rng.random() < 0.6:
                day = pd.Timestamp("2023-01-01") + pd.DateOffset(months=int(month)) + pd.Timedelta(days=int(rng.integers(0, 28)))
                rows.append((str(partner), day, float(rng.lognormal(7, 0.5))))
    sales = pd.DataFrame(rows, columns=["partner_id", "date", "revenue"])
    return made_up(folder, sales, partners(*map(str, range(n)))), pd.Series(start + left < 36, index=[str(i) for i in range(n)])


def test_those_who_have_left_are_ranked_first_and_the_number_is_about_right(tmp_path: Path) -> None:
    portfolio, gone = simulated(tmp_path, 0)
    risk = fit_risk_table(portfolio).set_index("partner_id")
    active = risk[risk["active"]]
    p = active["p_dormant_6m"]
    left = gone.reindex(active.index)
    assert p[left].mean() > p[~left].mean() + 0.2
    # of those still there, these leave before their next order; each month 3% leave and 60% of the others order
    later = sum(0.03 * (0.97 * 0.4) ** month for month in range(6))
    assert p.sum() == pytest.approx(left.sum() + later * (~left).sum(), rel=0.3)
    assert ((active["p_low"] <= p) & (p <= active["p_high"])).all()
    first = active.sort_values("p_dormant_6m").iloc[-1]
    assert first["first_driver"] == "longer silent than its own rhythm"


def test_few_events_give_one_rate_to_all_without_drivers(tmp_path: Path) -> None:
    dates = pd.date_range("2023-01-01", "2025-12-10", freq="MS") + pd.Timedelta(days=9)
    sales = pd.concat([pd.DataFrame({"partner_id": str(i), "date": dates[: 36 - 6 * (i == 0)], "revenue": 100.0}) for i in range(15)])
    answer = loyalty.assess(made_up(tmp_path, sales.reset_index(drop=True), partners(*map(str, range(15)))))
    risk = answer.tables["risk"]
    active = risk[risk["active"]]
    assert len(active) == 14
    assert active["p_dormant_6m"].nunique() == 1
    assert 0 < active["p_dormant_6m"].iloc[0] < 0.05
    assert active["first_driver"].isna().all()
    assert answer.notes["dormancy_model"] == "pooled rate"
    assert "common rate" in answer.warnings[0]
    assert ("risk", "first_driver") in {(gap.table, gap.column) for gap in answer.not_computed}


def test_drivers_name_only_what_a_manager_would_recognise(tmp_path: Path) -> None:
    portfolio, _ = simulated(tmp_path, 1)
    fit = fit_risk(portfolio)
    assert fit.forecast is not None
    assert fit.model is not None
    words = drivers(fit.forecast.contributions, seasonal(fit.now, fit.past.depth), fit.model)
    overdue = fit.now.features[:, FEATURES.index("overdue")]
    named = (words == "longer silent than its own rhythm").any(axis=1)
    assert named.sum() > 10
    assert overdue[named].min() > np.median(overdue)
    assert not (words["first_driver"].notna() & (words["first_driver"] == words["second_driver"])).any()


def test_adventureworks_rows_and_active_partners(adventureworks: Portfolio) -> None:
    risk = fit_risk_table(adventureworks)
    raw = pd.read_csv(RAW / "FactResellerSales.csv.gz", dtype={"ResellerKey": str}, parse_dates=["OrderDate"])
    window = raw[(raw["OrderDate"] > "2013-05-29") & (raw["OrderDate"] <= "2013-11-29")]
    active = window.groupby("ResellerKey")["SalesAmount"].sum()
    assert len(risk) == 701
    assert set(risk.loc[risk["active"], "partner_id"]) == set(active.index[active > 0])
    assert risk["p_dormant_6m"].notna().sum() == risk["active"].sum() == 471
    assert (risk["reason"] == "never bought").sum() == 66
    assert risk.loc[risk["active"], "probability_alive"].between(0, 1).all()
    assert risk.loc[~risk["active"] & risk["probability_alive"].notna(), "probability_alive"].median() < 0.05
    assert risk.loc[risk["active"], "probability_alive"].median() > 0.8


def test_a_partner_is_the_same_in_every_portfolio(adventureworks: Portfolio, adventureworks_europe: Portfolio) -> None:
    whole, view = loyalty.assess(adventureworks), loyalty.assess(adventureworks_europe)
    here, there = view.tables["risk"], whole.tables["risk"]
    there = there[there["partner_id"].isin(here["partner_id"])].reset_index(drop=True)
    assert 50 < len(here) < 701
    pd.testing.assert_frame_equal(here, there)
