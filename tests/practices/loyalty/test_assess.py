"""The whole answer: contract, findings, refusals, tiny engagements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices import loyalty
from prmkit.practices.result import PracticeResult, columns, table_names
from tests.practices.prune.made_up import lines, made_up, partners


@pytest.fixture(scope="module")
def answer(adventureworks: Portfolio) -> PracticeResult:
    return loyalty.assess(adventureworks)


def test_every_table_of_the_contract_is_there(answer: PracticeResult) -> None:
    assert tuple(answer.tables) == table_names("loyalty")
    for name, table in answer.tables.items():
        assert list(table.columns)[: len(columns("loyalty", name))] == list(columns("loyalty", name))
    assert len(answer.tables["risk"]) == 701
    assert len(answer.tables["backtest"]) == 6


def test_what_is_empty_is_explained(answer: PracticeResult) -> None:
    empty = {name for name, table in answer.tables.items() if table.empty}
    assert empty == {"index", "renewals", "service", "undermining", "undermined_partners"}
    assert {(gap.table, gap.needs) for gap in answer.not_computed if gap.column is None} == {
        ("index", "surveys"),
        ("renewals", "subscriptions"),
        ("service", "tickets"),
        ("undermining", "events"),
        ("undermined_partners", "events"),
    }


def test_findings(answer: PracticeResult) -> None:
    ids = [finding.id for finding in answer.findings]
    assert len(ids) == len(set(ids)) <= 10
    assert ids[0] == "loyalty.risk.going_silent:portfolio:all"
    assert sum(finding.subject_kind == "partner" for finding in answer.findings) <= 5
    first = answer.findings[0]
    risk = answer.tables["risk"]
    counted = risk[risk["active"] & ~risk["own_rhythm"]]
    assert first.value.amount == pytest.approx(counted["p_dormant_6m"].sum())
    assert first.value.low < first.value.amount < first.value.high
    assert "471 active" in first.title
    assert first.worth.amount is None
    assert any("at or below cost" in caveat for caveat in first.caveats)


def test_partners_named_are_likely_and_worth_the_visit(answer: PracticeResult) -> None:
    risk = answer.tables["risk"].set_index("partner_id")
    named = [finding for finding in answer.findings if finding.subject_kind == "partner"]
    assert named
    for finding in named:
        row = risk.loc[finding.subject_id]
        assert finding.value.amount == row["p_dormant_6m"] >= 0.3
        assert finding.worth.amount == pytest.approx(row["margin_at_risk"])
    worths = [finding.worth.amount for finding in named]
    assert worths == sorted(worths, reverse=True)


def test_margin_that_can_be_priced_is(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        (str(partner), f"{2023 + month // 12}-{month % 12 + 1:02d}-10", 100.0)
        for partner in range(60)
        for month in range(int(rng.integers(10, 50)))
        if month < 36 and rng.random() < 0.6
    ]
    answer = loyalty.assess(made_up(tmp_path, lines(*rows), partners(*map(str, range(60))), economics={"gross_margin": 0.4}))
    first = answer.findings[0]
    assert first.worth.low < first.worth.amount < first.worth.high
    risk = answer.tables["risk"]
    assert first.worth.amount == pytest.approx(risk.loc[~risk["own_rhythm"], "margin_at_risk"].sum())


@pytest.mark.parametrize(
    "sales",
    [
        lines(),
        lines(("a", "2025-12-01", 10.0), ("a", "2025-12-05", 20.0), ("b", "2025-11-03", 30.0), ("b", "2025-12-31", -5.0)),
        lines(("a", "2020-12-01", 0.0)),
    ],
    ids=["empty", "tiny", "nothing but a zero"],
)
def test_tiny_engagements_abstain_with_reasons(tmp_path: Path, sales: pd.DataFrame) -> None:
    answer = loyalty.assess(made_up(tmp_path, sales, partners("a", "b", "c")))
    risk = answer.tables["risk"]
    assert len(risk) == 3
    assert risk["p_dormant_6m"].isna().all()
    assert (risk["reason"] != "").all()
    assert {("risk", "p_dormant_6m"), ("risk", "probability_alive"), ("backtest", None)} <= {
        (gap.table, gap.column) for gap in answer.not_computed
    }


def test_findings_on_our_own_acts(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sales = lines(("a", "2025-12-01", 10.0), ("b", "2025-12-01", 10.0))
    hours = [*rng.lognormal(1, 0.5, 40), *rng.lognormal(3, 0.5, 12)]
    tickets = pd.DataFrame(
        {"partner_id": [None] * 40 + ["a"] * 12, "first_response_hours": hours, "opened_on": "2025-06-01", "ticket_id": range(52)}
    )
    events = pd.DataFrame({"date": ["2025-07-01"], "kind": ["direct_in_account"], "partner_id": ["b"]})
    terms = pd.DataFrame(
        {
            "subscription_id": ["s", "t"],
            "partner_id": "b",
            "starts_on": "2024-08-01",
            "ends_on": "2025-08-01",
            "annual_value": [300.0, 100.0],
            "outcome": ["renewed", "taken_direct"],
        }
    )
    tables = {"tickets": tickets.astype({"ticket_id": str}), "events": events, "subscriptions": terms}
    found = {finding.id.split(":")[0]: finding for finding in loyalty.assess(made_up(tmp_path, sales, partners("a", "b"), tables)).findings}
    assert found["loyalty.undermined_partners.acts"].title.startswith(
        "We acted against our own partners 2 times in 12 months, touching 1 partner"
    )
    assert found["loyalty.service.slower_than_direct"].title.startswith("Customers of 1 partner surely wait longer")
    assert found["loyalty.renewals.retention"].value.amount == 0.75
    assert "EUR 100 of it we took over ourselves" in found["loyalty.renewals.retention"].title


def test_frames_are_not_changed_in_place(adventureworks: Portfolio) -> None:
    before = adventureworks.months.copy(), adventureworks.orders.copy(), adventureworks.partners.copy()
    loyalty.assess(adventureworks)
    for now, then in zip((adventureworks.months, adventureworks.orders, adventureworks.partners), before, strict=True):
        pd.testing.assert_frame_equal(now, then)
