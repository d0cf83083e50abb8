"""A system that was brought in later, and a thing that grew."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]
SALES = "sale_id,date,partner_id,revenue\n" + "".join(f"S{n},2024-{n:02d}-15,P1,10\n" for n in range(1, 13)) + "S13,2025-12-31,P1,10\n"


def tickets(counts: Sequence[int], since: str) -> str:
    months = pd.period_range(since, periods=len(counts), freq="M")
    rows = [f"{month}-{n % 28 + 1:02d},P1\n" for month, count in zip(months, counts, strict=True) for n in range(count)]
    return "ticket_id,opened_on,partner_id\n" + "".join(f"T{n},{row}" for n, row in enumerate(rows))


def test_a_table_that_begins_late_and_in_full_is_told(look: Look) -> None:
    met = fault(look({"data/sales.csv": SALES, "data/tickets.csv": tickets([8] * 15, "2024-10")}), "history_begins_late")
    assert (met.severity, met.table, met.column, met.value, met.row) == ("warning", "tickets", "opened_on", "2024-10-01", 2)
    assert "9 months after the first sale" in met.why


def test_one_that_begins_in_time_grows_from_nothing_or_is_small_is_not(look: Look) -> None:
    for counts, since in (([8] * 20, "2024-05"), ([1, 1, 1, 2, 3, 5, 8, 12, 16, 20, 24, 28], "2025-01"), ([4] * 12, "2025-01")):
        assert "history_begins_late" not in codes(look({"data/sales.csv": SALES, "data/tickets.csv": tickets(counts, since)}))
