"""Rows without a currency among several, and lines in another one than the rest of their partner's."""

from __future__ import annotations

from collections.abc import Callable

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
HEAD = "sale_id,date,partner_id,revenue,currency\n"
RATES = {"data/rates.csv": "currency,month,rate\nUSD,2026-01-01,0.9\n"}


def rows(partner: str, currencies: list[str]) -> str:
    return "".join(f"{partner}-{n},2026-01-{n + 1:02d},{partner},10,{one}\n" for n, one in enumerate(currencies))


def test_rows_without_a_currency_among_several_are_told(look: Look) -> None:
    found = look({"data/sales.csv": HEAD + rows("P1", ["USD", "", "EUR"]), **RATES})
    met = fault(found, "currency_missing")
    assert (met.severity, met.table, met.row, met.count) == ("warning", "sales", 3, 1)
    assert "are in EUR and USD, and no currency is named in 1 row: they were read as EUR" in met.why


def test_one_currency_needs_no_name_and_one_that_is_always_named_is_fine(look: Look) -> None:
    assert "currency_missing" not in codes(look({"data/sales.csv": HEAD + rows("P1", ["EUR", "", "EUR"])}))
    assert "currency_missing" not in codes(look({"data/sales.csv": HEAD + rows("P1", ["", "", ""])}))
    assert "currency_missing" not in codes(look({"data/sales.csv": HEAD + rows("P1", ["USD", "EUR", "EUR"]), **RATES}))


def test_a_line_in_another_currency_than_all_others_is_told(look: Look) -> None:
    found = look({"data/sales.csv": HEAD + rows("P1", ["EUR"] * 10 + ["USD"]) + rows("P2", ["USD"] * 12), **RATES})
    met = fault(found, "currency_slip")
    assert (met.row, met.value, met.count) == (12, "P1", 1)
    assert "'P1' USD instead of EUR (1)" in met.why


def test_partners_that_trade_in_two_currencies_or_are_hardly_known_are_not(look: Look) -> None:
    both = rows("P1", ["EUR"] * 8 + ["USD"] * 3) + rows("P2", ["EUR"] * 8 + ["USD"])
    assert "currency_slip" not in codes(look({"data/sales.csv": HEAD + both, **RATES}))
