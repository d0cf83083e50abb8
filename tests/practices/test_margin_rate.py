"""Revenue priced as margin, and the reasons for not doing so."""

from __future__ import annotations

from pathlib import Path

import pytest

from prmkit.data.portfolio import open_portfolio
from prmkit.practices.margin_rate import margin_rate
from prmkit.practices.result import Amount
from tests.data.handmade import client, line


def rate(folder: Path, costs: dict[str, str | None], gross_margin: float | None = None):
    lines = [line("2025-06-30", partner, "100", cost=cost) for partner, cost in costs.items()]
    settings = {"economics": {"gross_margin": gross_margin}} if gross_margin is not None else {}
    return margin_rate(open_portfolio(client(folder, lines, settings)))


def test_the_rate_is_margin_over_revenue_and_prices_an_amount_with_its_ends(tmp_path: Path) -> None:
    found = rate(tmp_path, {"A": "60", "B": "80"})
    assert found.rate == pytest.approx(0.3)
    worth = found.worth(Amount(1000, 500, 2000, "EUR", "a year"))
    assert (worth.amount, worth.low, worth.high, worth.unit) == (pytest.approx(300), pytest.approx(150), pytest.approx(600), "EUR")


def test_sales_at_a_loss_are_not_priced(tmp_path: Path) -> None:
    found = rate(tmp_path, {"A": "101"})
    assert found.rate is None
    assert "left no gross margin" in found.said
    assert found.worth(Amount(1000, unit="EUR")).amount is None


def test_without_cost_the_engagement_speaks_or_nothing_is_priced(tmp_path: Path) -> None:
    assert rate(tmp_path, {"A": None}).rate is None
    named = rate(tmp_path, {"A": None}, gross_margin=0.25)
    assert named.rate == pytest.approx(0.25)
    assert "engagement names" in named.said
