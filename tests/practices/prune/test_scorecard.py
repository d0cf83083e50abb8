"""The scorecard by hand and against the raw AdventureWorks files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit import resources
from prmkit.data.portfolio import Portfolio
from prmkit.practices import prune
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.prune.curve import whale_table
from prmkit.practices.prune.scorecard import cost_missing_share, credited_revenue, fit_scorecard
from tests.practices.prune.made_up import lines, made_up, partners

RAW = resources.folder("data_samples") / "adventureworks"


@pytest.fixture(scope="module")
def raw_year() -> pd.DataFrame:
    """Revenue, cost and discount per reseller in the year to 29 November 2013, straight from the file."""
    rows = pd.read_csv(RAW / "FactResellerSales.csv.gz", dtype={"ResellerKey": str}, parse_dates=["OrderDate"])
    rows = rows[(rows["OrderDate"] > "2012-11-29") & (rows["OrderDate"] <= "2013-11-29")]
    return rows.groupby("ResellerKey")[["SalesAmount", "TotalProductCost"]].sum()


def test_adventureworks_adds_up_to_the_raw_file(adventureworks: Portfolio, raw_year: pd.DataFrame) -> None:
    card = fit_scorecard(adventureworks).rows.set_index("partner_id")
    assert len(card) == 701
    beside = raw_year.reindex(card.index, fill_value=0.0)
    margin = beside["SalesAmount"] - beside["TotalProductCost"]
    assert card["revenue"].to_numpy() == pytest.approx(beside["SalesAmount"].to_numpy(), abs=1e-4)
    assert card["gross_margin"].to_numpy() == pytest.approx(margin.to_numpy(), abs=1e-4)
    assert card["contribution"].sum() == pytest.approx(-673_727.1134, abs=0.001)
    assert (card["contribution"] < 0).sum() == (margin < -1e-9).sum() == 297


def test_adventureworks_identity_and_missing_costs(adventureworks: Portfolio) -> None:
    card = fit_scorecard(adventureworks).rows
    assert (card["contribution"] == card["gross_margin"] - card["incentives"] - card["cost_to_serve"]).all()
    assert card["on_invoice_discount"].sum() > 0
    assert card["missing_costs"].str.contains("cost to serve").all()
    assert card.loc[card["revenue"] == 0, "reason"].ne("").all()
    assert cost_missing_share(adventureworks) == 1.0


def test_fair_contributions_tie_with_the_ledger_and_are_drawn_in(adventureworks: Portfolio) -> None:
    card = fit_scorecard(adventureworks).rows
    sold = card[card["revenue"] > 0]
    assert card["fair_revenue"].sum() == pytest.approx(card["revenue"].sum(), rel=0.05)
    assert sold["fair_contribution"].std() < sold["contribution"].std()
    assert (card["fair_low"] <= card["fair_contribution"]).all()
    assert (card["fair_contribution"] <= card["fair_high"]).all()
    assert card["p_below_hurdle"].between(0, 1).all()
    sure = (card["p_below_hurdle"] > 0.9).sum()
    assert 100 < sure < 297


def test_a_partner_is_the_same_in_every_portfolio(adventureworks: Portfolio, adventureworks_europe: Portfolio) -> None:
    whole, view = prune.assess(adventureworks), prune.assess(adventureworks_europe)
    for name in ("scorecard", "decisions"):
        here = view.tables[name]
        there = whole.tables[name]
        there = there[there["partner_id"].isin(here["partner_id"])].reset_index(drop=True)
        assert 50 < len(here) < 701
        pd.testing.assert_frame_equal(here, there)


def test_whale_of_adventureworks(adventureworks: Portfolio) -> None:
    card = fit_scorecard(adventureworks).rows
    whale = whale_table(card)
    assert whale["rank"].tolist() == list(range(1, 702))
    assert whale["contribution"].is_monotonic_decreasing
    assert whale["cumulative_contribution"].iloc[-1] == pytest.approx(card["contribution"].sum())
    assert whale["cumulative_contribution"].idxmax() + 1 >= (card["contribution"] > 0).sum()


def test_by_hand(tmp_path: Path) -> None:
    sales = lines(("a", "2025-12-05", 100.0, 60.0), ("b", "2025-06-05", 80.0, 90.0))
    incentives = pd.DataFrame({"partner_id": ["a"], "programme": ["mdf"], "starts_on": ["2025-02-01"], "amount": [5.0]})
    support = pd.DataFrame(
        {
            "partner_id": ["a", "a", "b"],
            "month": ["2025-12-01", "2024-12-01", "2025-03-01"],
            "kind": "technical",
            "cost": [7.0, 99.0, np.nan],
        }
    )
    support["hours"] = [np.nan, np.nan, 0.5]
    tables = {"incentives": incentives, "support": support}
    card = fit_scorecard(made_up(tmp_path, sales, partners("a", "b", "c"), tables, economics={"hourly_cost": 40.0})).rows
    assert card["contribution"].tolist() == [100 - 60 - 5 - 7, 80 - 90 - 20, 0.0]
    assert card["cost_missing"].tolist() == [False, False, True]
    assert card["fair_contribution"].isna().all()
    assert "fewer than 10 partners" in card["reason"].iloc[0]
    assert card["reason"].iloc[2].startswith("never bought")


def test_hours_without_a_price_are_a_missing_cost(tmp_path: Path) -> None:
    support = pd.DataFrame({"partner_id": ["a"], "month": ["2025-12-01"], "kind": "technical", "hours": [3.0]})
    made = cost_to_serve(made_up(tmp_path, lines(("a", "2025-12-05", 100.0)), partners("a"), {"support": support}))
    assert made[["cost_to_serve", "hours"]].to_numpy().tolist() == [[0.0, 3.0]]
    assert made["missing"].tolist() == [True]


def test_training_counts_only_where_the_engagement_says_so(tmp_path: Path) -> None:
    trainings = pd.DataFrame(
        {"partner_id": ["a", "a"], "completed_on": ["2025-05-01", "2024-05-01"], "course_id": "c", "cost": [11.0, 50.0]}
    )
    support = pd.DataFrame({"partner_id": ["a"], "month": ["2025-12-01"], "kind": "technical", "cost": [3.0]})
    given = (lines(("a", "2025-12-05", 100.0)), partners("a"), {"trainings": trainings, "support": support})
    assert cost_to_serve(made_up(tmp_path, *given))["cost_to_serve"].tolist() == [3.0]
    assert cost_to_serve(made_up(tmp_path, *given, prune={"include": ["training"]}))["cost_to_serve"].tolist() == [14.0]


def test_sourced_and_influenced_revenue(tmp_path: Path) -> None:
    deals = pd.DataFrame(
        {
            "deal_id": ["1", "2", "3", "4"],
            "outcome": ["won", "won", "lost", "won"],
            "closed_on": ["2025-05-01", "2025-06-01", "2025-06-01", "2024-12-31"],
            "opened_on": "2024-01-01",
            "amount": [100.0, 60.0, 999.0, 999.0],
            "partner_id": ["a", "b", "a", "a"],
            "source": ["partner", "influenced", "partner", "partner"],
        }
    )
    parts = pd.DataFrame(
        {
            "deal_id": ["1", "1", "2"],
            "partner_id": ["a", "b", "b"],
            "role": ["sourced", "influenced", "sourced"],
            "credit": [0.5, 0.5, np.nan],
        }
    )
    base = (lines(("a", "2025-12-05", 100.0)), partners("a", "b"))
    both = credited_revenue(made_up(tmp_path, *base, {"deals": deals, "deal_partners": parts}))
    assert both.to_numpy().tolist() == [[50.0, 0.0], [60.0, 50.0]]
    alone = credited_revenue(made_up(tmp_path, *base, {"deals": deals}))
    assert alone.to_numpy().tolist() == [[100.0, 0.0], [0.0, 60.0]]
    assert credited_revenue(made_up(tmp_path, *base)).isna().all().all()
