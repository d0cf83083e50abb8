"""Which incentives count, when, and which the invoice already carries."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from prmkit.data.portfolio import Portfolio
from prmkit.practices.incentive_spend import counted, incentive_spend
from tests.practices.prune.made_up import lines, made_up, partners

START, END = "2024-12-31", "2025-12-31"


def spend(folder: Path, rows: list[dict[str, object]], discount: float | None = None) -> pd.DataFrame:
    sales = lines(("a", "2025-06-01", 100.0))
    if discount is not None:
        sales = sales.assign(discount=discount)
    table = pd.DataFrame([{"partner_id": "a", "programme": "mdf", "starts_on": "2025-03-01", "amount": 10.0, **row} for row in rows])
    portfolio = made_up(folder, sales, partners("a", "b"), {"incentives": table})
    return incentive_spend(portfolio).set_index("partner_id")


@pytest.mark.parametrize(
    ("row", "off_invoice"),
    [
        ({}, 10.0),
        ({"status": "paid"}, 10.0),
        ({"status": "approved"}, 0.0),
        ({"status": "rejected"}, 0.0),
        ({"starts_on": END}, 10.0),
        ({"starts_on": START}, 0.0),
        ({"starts_on": "2024-06-01", "ends_on": "2025-01-01"}, 10.0),
        ({"ends_on": "2026-01-01"}, 0.0),
        ({"starts_on": "2024-06-01", "ends_on": "2024-07-01", "paid_on": "2025-01-01", "status": "paid"}, 10.0),
        ({"paid_on": "2026-02-01", "status": "paid"}, 0.0),
        ({"paid_on": "2024-12-30"}, 0.0),
    ],
)
def test_what_counts(tmp_path: Path, row: dict[str, object], off_invoice: float) -> None:
    made = spend(tmp_path, [row])
    assert made.loc["a"].tolist() == [0.0, off_invoice]
    assert made.loc["b"].tolist() == [0.0, 0.0]


def test_discounts_are_on_the_invoice_only_where_the_lines_carry_them(tmp_path: Path) -> None:
    rows = [{"programme": "discount"}, {"programme": "rebate", "amount": 3.0}]
    assert spend(tmp_path, rows, discount=5.0).loc["a"].tolist() == [10.0, 3.0]
    assert spend(tmp_path, rows).loc["a"].tolist() == [0.0, 13.0]


def test_without_the_table_every_partner_has_zero(tmp_path: Path) -> None:
    portfolio = made_up(tmp_path, lines(("a", "2025-06-01", 100.0)), partners("a"))
    assert incentive_spend(portfolio).to_dict("records") == [{"partner_id": "a", "on_invoice": 0.0, "off_invoice": 0.0}]
    assert counted(portfolio).empty


def test_a_window_of_other_length(tmp_path: Path) -> None:
    table = pd.DataFrame({"partner_id": "a", "programme": "mdf", "starts_on": ["2024-01-31", "2025-02-01"], "amount": [1.0, 2.0]})
    portfolio = made_up(tmp_path, lines(("a", "2025-06-01", 100.0)), partners("a"), {"incentives": table})
    assert counted(portfolio, 12)["amount"].tolist() == [2.0]
    assert counted(portfolio, 24)["amount"].tolist() == [1.0, 2.0]


def test_adventureworks_discounts_are_all_on_the_invoice(adventureworks: Portfolio) -> None:
    made = incentive_spend(adventureworks)
    table = adventureworks.client.tables["incentives"]
    year = table[(table["starts_on"] > "2012-11-29") & (table["starts_on"] <= "2013-11-29")]
    assert len(made) == 701
    assert made["off_invoice"].abs().sum() == 0
    assert made["on_invoice"].sum() == pytest.approx(year["amount"].sum())
    assert year["amount"].sum() > 0
