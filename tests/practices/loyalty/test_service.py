"""Cases of partners' customers by hand, and against direct customers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from prmkit.practices.loyalty.service import service_table
from tests.practices.prune.made_up import lines, made_up, partners

SALES = lines(("a", "2025-12-01", 10.0))


def test_by_hand(tmp_path: Path) -> None:
    tickets = pd.DataFrame(
        {
            "ticket_id": list("12345"),
            "partner_id": ["a", "a", "a", "b", None],
            "opened_on": ["2025-03-01", "2025-04-01", "2024-12-31", "2025-05-01", "2025-05-01"],
            "first_response_hours": [1.0, 5.0, 99.0, None, 2.0],
            "resolution_hours": [4.0, 30.0, 99.0, None, 8.0],
            "severity": ["high", "high", "high", "low", "high"],
            "escalated": [False, True, True, None, False],
            "csat": [5.0, 2.0, 1.0, 4.0, 5.0],
        }
    )
    promise = {"high": {"first_response_hours": 2.0, "resolution_hours": 24.0}}
    portfolio = made_up(tmp_path, SALES, partners("a", "b", "c"), {"tickets": tickets}, service_promise=promise)
    made = service_table(portfolio).set_index("partner_id")
    assert made["tickets"].tolist() == [2, 1, 0]
    row = made.loc["a", ["first_response_hours", "resolution_hours", "csat", "escalation_rate", "promise_met_share"]]
    assert row.tolist() == [3.0, 17.0, 3.5, 0.5, 0.5]
    assert np.isnan(made.loc["b", "promise_met_share"])
    assert made["reason"].tolist() == ["too few answered cases to compare with direct customers"] * 2 + ["no cases in the last 12 months"]


def test_a_partner_whose_customers_wait_longer_than_direct_ones(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)

    def cases(partner: str | None, typical: float, n: int) -> pd.DataFrame:
        hours = typical * rng.lognormal(0, 0.6, n)
        return pd.DataFrame(
            {"partner_id": partner, "first_response_hours": hours, "opened_on": "2025-06-01", "severity": rng.choice(["low", "high"], n)}
        )

    tickets = pd.concat([cases(None, 4, 80), cases("slow", 12, 20), cases("same", 4, 20), cases("few", 50, 4)], ignore_index=True)
    tickets = tickets.assign(ticket_id=tickets.index.astype(str))
    portfolio = made_up(tmp_path, SALES, partners("few", "same", "slow"), {"tickets": tickets})
    worse = service_table(portfolio).set_index("partner_id")["worse_than_direct_probability"]
    assert worse["slow"] > 0.99
    assert 0.03 < worse["same"] < 0.97
    assert np.isnan(worse["few"])


def test_severity_is_compared_like_with_like(tmp_path: Path) -> None:
    """Direct customers open easy and hard cases; the partner's are all hard, and answered no slower than direct hard ones."""
    rng = np.random.default_rng(1)
    easy, hard = rng.lognormal(0, 0.3, 100), 20 * rng.lognormal(0, 0.3, 100)
    direct = pd.DataFrame({"partner_id": None, "first_response_hours": [*easy, *hard], "severity": ["low"] * 100 + ["high"] * 100})
    own = pd.DataFrame({"partner_id": "a", "first_response_hours": 20 * rng.lognormal(0, 0.3, 30), "severity": "high"})
    tickets = pd.concat([direct, own], ignore_index=True).assign(opened_on="2025-06-01")
    tickets = tickets.assign(ticket_id=tickets.index.astype(str))
    made = service_table(made_up(tmp_path, SALES, partners("a"), {"tickets": tickets}))
    assert made["worse_than_direct_probability"].iloc[0] < 0.99


def test_without_tickets_there_is_no_table(tmp_path: Path) -> None:
    assert service_table(made_up(tmp_path, SALES, partners("a"))).empty


def test_equal_times_do_not_divide_by_zero(tmp_path: Path) -> None:
    tickets = pd.DataFrame({"partner_id": ["a"] * 6 + [None] * 6, "first_response_hours": [3.0] * 6 + [2.0] * 6, "opened_on": "2025-06-01"})
    tickets = tickets.assign(ticket_id=tickets.index.astype(str))
    made = service_table(made_up(tmp_path, SALES, partners("a"), {"tickets": tickets}))
    assert made["worse_than_direct_probability"].iloc[0] == 1.0
