"""Amounts in another currency than it says, told by what others pay for the same products."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
HEAD = "sale_id,date,partner_id,product_id,units,revenue,currency\n"
PARTNERS = "partner_id,name\n" + "".join(f"Q{n},Partner {n}\n" for n in range(5))


def rows(partner: str, times: float = 1.0, currency: str = "", count: int = 12) -> str:
    """Lines of two products, at 100 and 40 a unit, `times` as much as others pay, less a discount that varies."""
    made = []
    for n in range(count):
        price = (100 if n % 2 else 40) * times * (1 - 0.02 * (n % 5))
        made.append(f"{partner}-{n},2026-01-{n + 1:02d},{partner},{'AB'[n % 2]},{n % 3 + 1},{price * (n % 3 + 1):.2f},{currency}\n")
    return "".join(made)


def looked(look: Look, rate: float, lines: str) -> Inspection:
    others = "".join(rows(f"Q{n}") for n in range(4))
    return look(
        {
            "data/partners.csv": PARTNERS,
            "data/sales.csv": HEAD + others + lines,
            "data/rates.csv": f"currency,month,rate\nSEK,2026-01-01,{rate}\n",
        }
    )


@pytest.mark.parametrize("times", [11.5, 0.087])
def test_prices_that_are_off_by_a_rate_are_told(times: float, look: Look) -> None:
    met = fault(looked(look, 0.087, rows("Q4", times)), "price_off_by_rate")
    assert (met.severity, met.value, met.row, met.count) == ("warning", "Q4", 50, 12)
    assert "about the rate between SEK and EUR" in met.why


@pytest.mark.parametrize(
    ("rate", "lines"),
    [
        (0.087, rows("Q4", 1.2)),
        (0.087, rows("Q4", 5.0)),
        (0.9, rows("Q4", 0.9)),
        (0.087, rows("Q4", 11.5, "SEK")),
        (0.087, rows("Q4", 11.5, count=8)),
    ],
)
def test_discounts_other_sizes_and_named_currencies_are_not(rate: float, lines: str, look: Look) -> None:
    assert "price_off_by_rate" not in codes(looked(look, rate, lines))
