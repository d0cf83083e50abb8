"""A date that stands out of the order of its file, and fits with day and month swapped."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
DAYS = [str(day.date()) for day in pd.date_range("2025-01-02", periods=40, freq="8D")]


def tickets(days: list[str]) -> dict[str, str]:
    return {"data/tickets.csv": "ticket_id,opened_on,partner_id\n" + "".join(f"T{n},{day},P1\n" for n, day in enumerate(days))}


def test_a_swapped_date_is_told_with_what_it_may_be(look: Look) -> None:
    swapped = [*DAYS]
    assert swapped[11] == "2025-03-31"
    swapped[12] = "2025-08-04"
    met = fault(look(tickets(swapped)), "day_month_swapped")
    assert (met.severity, met.table, met.row, met.column, met.value) == ("warning", "tickets", 14, "opened_on", "2025-08-04")
    assert "fits as 2025-04-08" in met.why


@pytest.mark.parametrize(
    "days",
    [
        DAYS,
        [*DAYS[:12], "2025-09-30", *DAYS[13:]],
        [*DAYS[:12], "2025-12-01", *DAYS[13:]],
        [*DAYS[::2], *DAYS[1::2]][::-1],
        [*DAYS[:6], "2025-08-04", *DAYS[7:12]],
    ],
)
def test_an_order_other_days_no_order_and_few_rows_are_not(days: list[str], look: Look) -> None:
    assert "day_month_swapped" not in codes(look(tickets(days)))


def test_sales_are_ordered_within_their_partner(look: Look) -> None:
    lines = [f"{partner}{n},{day},{partner},10\n" for partner in ("P1", "P2") for n, day in enumerate(DAYS)]
    lines[12] = "P112,2025-08-04,P1,10\n"
    met = fault(look({"data/sales.csv": "sale_id,date,partner_id,revenue\n" + "".join(lines)}), "day_month_swapped")
    assert (met.table, met.row) == ("sales", 14)
