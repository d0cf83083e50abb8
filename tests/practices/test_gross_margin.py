"""Gross margin where lines carry a cost, where they do not, and where some do."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from prmkit.practices.gross_margin import gross_margin, monthly_margin
from tests.practices.prune.made_up import lines, made_up, partners

SALES = lines(("a", "2025-12-05", 100.0, 60.0), ("a", "2025-11-05", 50.0), ("b", "2025-12-05", 80.0, 90.0), ("a", "2024-12-31", 999.0, 1.0))


def test_without_a_rate_a_partner_with_a_line_without_cost_is_unknown(tmp_path: Path) -> None:
    made = gross_margin(made_up(tmp_path, SALES, partners("a", "b", "c"))).set_index("partner_id")
    assert made["revenue"].tolist() == [150.0, 80.0, 0.0]
    assert np.isnan(made.loc["a", "gross_margin"])
    assert made.loc["b", "gross_margin"] == -10.0
    assert made.loc["c", "gross_margin"] == 0.0


def test_the_engagements_rate_fills_in_and_is_counted(tmp_path: Path) -> None:
    made = gross_margin(made_up(tmp_path, SALES, partners("a", "b"), economics={"gross_margin": 0.3})).set_index("partner_id")
    assert made["gross_margin"].tolist() == [40.0 + 15.0, -10.0]
    assert made["assumed"].tolist() == [50.0, 0.0]


def test_by_month(tmp_path: Path) -> None:
    made = monthly_margin(made_up(tmp_path, SALES, partners("a", "b")))
    assert list(zip(made["partner_id"], made["month"], strict=True)) == [("a", 0), ("a", 1), ("b", 0)]
    assert made["margin"].fillna(-1).tolist() == [40.0, -1.0, -10.0]


def test_nothing_sold(tmp_path: Path) -> None:
    empty = SALES[:0]
    made = gross_margin(made_up(tmp_path, empty, partners("a")))
    assert made.to_dict("records") == [{"partner_id": "a", "revenue": 0.0, "gross_margin": 0.0, "assumed": 0.0}]
