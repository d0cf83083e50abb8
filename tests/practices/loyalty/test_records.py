"""Renewals, acts against partners and the index, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from prmkit.practices.loyalty.index import index_table
from prmkit.practices.loyalty.renewals import renewals_table
from prmkit.practices.loyalty.undermining import undermined_table, undermining_table
from tests.practices.prune.made_up import lines, made_up, partners

SALES = lines(("a", "2025-12-01", 10.0), ("b", "2025-12-01", 10.0))


def test_renewals(tmp_path: Path) -> None:
    terms = pd.DataFrame(
        [
            ("1", "a", "2025-02-01", 100.0, "renewed"),
            ("2", "a", "2025-03-01", 100.0, "expanded"),
            ("3", "a", "2025-04-01", 100.0, "lost"),
            ("4", "a", "2025-05-01", 100.0, "taken_direct"),
            ("5", "a", "2024-12-31", 999.0, "lost"),
            ("6", "a", "2025-06-01", 999.0, "open"),
            ("7", "b", "2025-06-01", 30.0, "shrunk"),
            ("8", None, "2025-06-01", 100.0, "renewed"),
            ("9", None, "2025-06-01", 100.0, "lost"),
        ],
        columns=["subscription_id", "partner_id", "ends_on", "annual_value", "outcome"],
    ).assign(starts_on="2024-01-01")
    made = renewals_table(made_up(tmp_path, SALES, partners("a", "b", "c"), {"subscriptions": terms})).set_index("partner_id")
    assert made["due"].tolist() == [400.0, 30.0, 0.0]
    assert made["gross_retention"].fillna(-1).tolist() == [0.5, 1.0, -1.0]
    assert made["taken_direct"].tolist() == [100.0, 0.0, 0.0]
    assert made["versus_direct"].fillna(-1).tolist() == [0.0, 0.5, -1.0]
    assert made["terms"].tolist() == [4, 1, 0]
    low, high = proportion_confint(2, 4, alpha=0.1, method="jeffreys")
    assert made.loc["a", ["low", "high"]].tolist() == pytest.approx([low, high])
    assert made.loc["b", "high"] == 1.0
    assert made.loc["c", "reason"] == "no contract came up for renewal in the last 12 months"


def test_acts_against_partners_from_every_record(tmp_path: Path) -> None:
    events = pd.DataFrame(
        [
            ("2025-03-01", "price_undercut", "a"),
            ("2025-05-01", "price_undercut", "a"),
            ("2024-12-31", "price_undercut", "a"),
            ("2025-05-01", "price_rise", "a"),
        ],
        columns=["date", "kind", "partner_id"],
    )
    deals = pd.DataFrame(
        {
            "deal_id": ["d"],
            "partner_id": ["b"],
            "opened_on": ["2025-01-01"],
            "closed_on": ["2025-07-01"],
            "outcome": ["lost"],
            "lost_to": ["direct"],
        }
    )
    terms = pd.DataFrame(
        {"subscription_id": ["s"], "partner_id": ["b"], "starts_on": ["2024-08-01"], "ends_on": ["2025-08-01"], "outcome": ["taken_direct"]}
    )
    tables = {"events": events, "deals": deals, "subscriptions": terms}
    portfolio = made_up(tmp_path, SALES, partners("a", "b"), tables, economics={"gross_margin": 0.5})
    made = undermined_table(portfolio)
    assert made[["partner_id", "event", "events", "margin_exposed"]].to_numpy().tolist() == [
        ["a", "price_undercut", 2, 5.0],
        ["b", "registration_lost", 1, 5.0],
        ["b", "renewal_taken", 1, 5.0],
    ]
    assert made["last_on"].dt.strftime("%Y-%m-%d").tolist() == ["2025-05-01", "2025-07-01", "2025-08-01"]
    summary = undermining_table(portfolio).set_index("event")
    assert summary.loc["price_undercut", ["events", "partners"]].tolist() == [2, 1]
    assert summary["effect"].isna().all()


def test_the_same_act_in_two_records_counts_once(tmp_path: Path) -> None:
    events = pd.DataFrame({"date": ["2025-07-01"], "kind": ["registration_lost"], "partner_id": ["b"]})
    deals = pd.DataFrame(
        {
            "deal_id": ["d"],
            "partner_id": ["b"],
            "opened_on": ["2025-01-01"],
            "closed_on": ["2025-07-01"],
            "outcome": ["lost"],
            "lost_to": ["direct"],
        }
    )
    made = undermined_table(made_up(tmp_path, SALES, partners("a", "b"), {"events": events, "deals": deals}))
    assert made["events"].tolist() == [1]


def test_attitude_beside_behaviour(tmp_path: Path) -> None:
    rows = [("a", 10), ("a", 8), ("b", 0), ("c", 9), ("d", 1)]
    answers = pd.DataFrame(
        [(name, score, "2025-06-01") for name, score in rows] + [("a", 5, "2024-06-01")], columns=["partner_id", "score", "date"]
    )
    answers = answers.assign(question_id="nps", respondent="partner", response_id=answers.index.astype(str))
    ids = ["a", "b", "c", "d", "e"]
    portfolio = made_up(tmp_path, SALES, partners(*ids), {"surveys": answers})
    risk = pd.DataFrame({"partner_id": ids, "p_dormant_6m": [0.1, 0.1, 0.6, np.nan, 0.1], "active": [True, True, True, False, True]})
    made = index_table(portfolio, risk).set_index("partner_id")
    assert made["quadrant"].tolist() == ["loyal", "habitual", "latent", "none", "unknown"]
    assert made["attitude"].fillna(-1).tolist() == pytest.approx([0.9, 0.0, 0.9, 0.1, -1])
    assert made.loc["a", "trend"] == pytest.approx(0.4)
    assert made.loc["d", "behaviour"] == 0.0


def test_without_the_tables_there_is_nothing(tmp_path: Path) -> None:
    portfolio = made_up(tmp_path, SALES, partners("a", "b"))
    assert renewals_table(portfolio).empty
    assert undermined_table(portfolio).empty
    assert undermining_table(portfolio).empty
    assert index_table(portfolio, pd.DataFrame()).empty
