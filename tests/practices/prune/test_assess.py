"""The whole answer: contract, findings, refusals, tiny engagements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices import prune
from prmkit.practices.prune.care import consistency, manager_load, performers
from prmkit.practices.result import PracticeResult, columns, table_names
from tests.practices.prune.made_up import AS_OF, lines, made_up, partners

NOBODY = lines()


@pytest.fixture(scope="module")
def answer(adventureworks: Portfolio) -> PracticeResult:
    return prune.assess(adventureworks)


def test_every_table_of_the_contract_is_there(answer: PracticeResult) -> None:
    assert tuple(answer.tables) == table_names("prune")
    for name, table in answer.tables.items():
        assert list(table.columns)[: len(columns("prune", name))] == list(columns("prune", name))
    for name in ("scorecard", "decisions"):
        assert len(answer.tables[name]) == 701


def test_what_is_empty_or_null_is_explained(answer: PracticeResult) -> None:
    explained = {(gap.table, gap.column) for gap in answer.not_computed}
    assert {name for name, table in answer.tables.items() if table.empty} <= {table for table, column in explained if column is None}
    assert {("scorecard", "cost_to_serve"), ("manager_load", "hours"), ("scorecard", "sourced_revenue")} <= explained


def test_findings(answer: PracticeResult) -> None:
    ids = [finding.id for finding in answer.findings]
    assert len(ids) == len(set(ids)) <= 12
    assert {identity.split(":")[0] for identity in ids} == {
        "prune.scorecard.loss_makers",
        "prune.decisions.fix",
        "prune.whale.give_back",
        "prune.backtest.bottom_list",
        "prune.scorecard.cost_to_serve_missing",
    }
    assert sum(finding.subject_kind == "partner" for finding in answer.findings) == 5
    first = answer.findings[0]
    assert first.title.startswith("297 partners lost money in the last 12 months")
    assert first.worth.low is not None
    assert 0 < first.worth.low < first.worth.amount < first.worth.high
    assert all("2013" not in identity for identity in ids)
    unpriced = [finding for finding in answer.findings if finding.worth.amount is None]
    assert all(finding.caveats for finding in unpriced)


def test_worth_of_the_sure_loss_makers_is_their_fair_loss(answer: PracticeResult) -> None:
    card = answer.tables["scorecard"]
    sure = card[card["p_below_hurdle"] > 0.9]
    assert answer.findings[0].worth.amount == pytest.approx(-sure["fair_contribution"].sum(), rel=1e-5)


def test_managers_without_hours(answer: PracticeResult, adventureworks: Portfolio) -> None:
    load = answer.tables["manager_load"]
    assert load["partners"].sum() == adventureworks.partners["partner_manager"].notna().sum()
    assert load[["hours", "margin_per_hour"]].isna().all().all()
    assert load["margin"].sum() == pytest.approx(answer.tables["scorecard"]["gross_margin"].sum(), rel=0.2)


def test_managers_and_performers_with_hours(tmp_path: Path) -> None:
    dates = pd.date_range("2024-01-15", "2025-12-15", freq="MS")
    rng = np.random.default_rng(0)
    ids = [f"{i:02d}" for i in range(20)]
    sales = pd.concat(
        [
            pd.DataFrame(
                {
                    "partner_id": name,
                    "date": dates,
                    "revenue": (10_000 if name < "02" else 1_000) * np.exp(0.1 * rng.standard_normal(len(dates))),
                }
            )
            for name in ids
        ],
        ignore_index=True,
    )
    support = pd.DataFrame({"partner_id": ids, "month": "2025-06-01", "kind": "technical", "hours": [5.0, 5.0, *[10.0] * 17, 9_000.0]})
    managers = ["Ann", *["Bob"] * 19]
    settings = {"economics": {"gross_margin": 0.3, "hourly_cost": 10.0}}
    portfolio = made_up(tmp_path, sales, partners(*ids, partner_manager=managers, joined_on="2022-01-01"), {"support": support}, **settings)
    answer = prune.assess(portfolio)
    card = answer.tables["scorecard"]
    load = manager_load(portfolio, card).set_index("partner_manager")
    assert load.loc["Ann", ["partners", "hours", "share_on_loss_makers", "share_on_top_decile"]].tolist() == [1, 5.0, 0.0, 1.0]
    assert load.loc["Bob", "hours"] == 5 + 170 + 9_000
    assert load.loc["Bob", "share_on_loss_makers"] == pytest.approx(9_000 / 9_175)
    assert load.loc["Ann", "margin_per_hour"] == pytest.approx(card.set_index("partner_id").loc["00", "gross_margin"] / 5)
    risk = pd.DataFrame({"partner_id": ids, "p_dormant_6m": 0.5})
    best = performers(portfolio, card, risk).set_index("partner_id")
    assert sorted(best.index) == ["00", "01"]
    assert best["hours_got"].tolist() == [5.0, 5.0]
    assert (best["hours_at_equal_return"] > 1_000).all()
    assert best.loc["00", "margin_exposed"] == pytest.approx(0.5 * card.set_index("partner_id").loc["00", "gross_margin"])


def test_consistency_counts_those_kept_with_the_same_or_worse() -> None:
    card = pd.DataFrame({"partner_id": list("abcd"), "fair_contribution": [-10.0, -20.0, -10.0, 5.0]})
    made = consistency(card, card[["partner_id"]].assign(decision=["fix", "keep", "keep", "grow"], gates=["", "only one", "", ""]))
    assert made["partner_id"].tolist() == ["a"]
    assert made["kept_with_same_or_worse"].tolist() == [2]
    assert made["explained_by"].iloc[0].startswith("1 of them by a gate")


@pytest.mark.parametrize(
    "sales",
    [
        NOBODY,
        lines(
            ("a", "2025-12-01", 10.0),
            ("a", "2025-12-05", 20.0),
            ("b", "2025-11-03", 30.0),
            ("b", "2025-12-31", -5.0),
            ("a", "2025-12-30", 7.0),
        ),
        lines(("a", "2025-12-01", 10.0, 5.0), ("c", "2025-12-02", -10.0, -5.0)),
        lines(("a", "2020-12-01", 0.0, 0.0)),
    ],
    ids=["empty", "tiny", "one month", "nothing but a zero"],
)
def test_tiny_engagements_abstain_with_reasons(tmp_path: Path, sales: pd.DataFrame) -> None:
    answer = prune.assess(made_up(tmp_path, sales, partners("a", "b", "c")))
    card, decisions = answer.tables["scorecard"], answer.tables["decisions"]
    assert len(card) == len(decisions) == 3
    assert card["fair_contribution"].isna().all()
    assert (card["reason"] != "").all()
    assert set(decisions["decision"]) <= {"too_early", "not_judged"}
    assert (decisions["why"] != "").all()
    assert ("scorecard", "fair_contribution") in {(gap.table, gap.column) for gap in answer.not_computed}


def test_same_orders_month_after_month_do_not_upset_the_estimators(tmp_path: Path) -> None:
    dates = pd.date_range("2024-01-15", AS_OF, freq="MS")
    sales = pd.concat(
        [pd.DataFrame({"partner_id": str(i), "date": dates, "revenue": 100.0, "cost": 70.0}) for i in range(12)], ignore_index=True
    )
    answer = prune.assess(made_up(tmp_path, sales, partners(*map(str, range(12)))))
    assert answer.tables["scorecard"]["fair_contribution"].to_numpy() == pytest.approx(360, rel=0.1)


def test_frames_are_not_changed_in_place(adventureworks: Portfolio) -> None:
    before = adventureworks.months.copy(), adventureworks.orders.copy(), adventureworks.partners.copy()
    prune.assess(adventureworks)
    for now, then in zip((adventureworks.months, adventureworks.orders, adventureworks.partners), before, strict=True):
        pd.testing.assert_frame_equal(now, then)
