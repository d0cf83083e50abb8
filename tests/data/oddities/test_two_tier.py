"""What a distributor buys and what it sells on, in one channel, is told; each in its own is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prmkit.data.load import Inspection
from tests.data.conftest import codes, fault

Look = Callable[..., Inspection]

HEAD = "sale_id,date,partner_id,distributor_id,revenue,channel\n"
SOLD_ON = "S1,2026-01-05,P1,007,600,{on}\nS2,2026-02-05,P2,007,500,{on}\n"
BOUGHT = "S3,2026-01-02,007,,900,{bought}\n"


@pytest.mark.parametrize(
    ("on", "bought", "told"),
    [("", "", True), ("sell_through", "", True), ("sell_through", "sell_through", True), ("sell_through", "sell_in", False)],
)
def test_a_distributor_in_the_counted_channel(on: str, bought: str, told: bool, look: Look) -> None:
    found = look({"data/sales.csv": HEAD + (SOLD_ON + BOUGHT).format(on=on, bought=bought)}, measure="sell_through")
    assert ("two_tier_twice" in codes(found)) is told
    if told:
        met = fault(found, "two_tier_twice")
        assert (met.severity, met.value, met.row, met.column) == ("warning", "007", 4, "channel")
        assert "of its own of EUR 900.00" in met.why
        assert "with EUR 600.00 in the same months" in met.why


@pytest.mark.parametrize("own", ["100", "5000"])
def test_a_distributor_that_also_sells_itself_is_not_told(own: str, look: Look) -> None:
    rows = SOLD_ON.format(on="sell_through") + f"S3,2026-01-02,007,,{own},sell_through\n"
    assert "two_tier_twice" not in codes(look({"data/sales.csv": HEAD + rows}))


def test_other_months_are_not_the_same_goods(look: Look) -> None:
    rows = SOLD_ON.format(on="sell_through") + "S3,2026-03-02,007,,900,sell_through\n"
    assert "two_tier_twice" not in codes(look({"data/sales.csv": HEAD + rows}))


def test_lines_without_a_channel_among_others_with_one_are_told(look: Look) -> None:
    found = look({"data/sales.csv": HEAD + SOLD_ON.format(on="sell_through") + "S3,2026-01-02,P1,,9,\nS4,2026-01-02,,,9,\n"})
    met = fault(found, "channel_empty")
    assert (met.row, met.count) == (4, 1)
    assert "counted as sell_through" in met.why
    assert "channel_empty" not in codes(look({"data/sales.csv": HEAD + SOLD_ON.format(on="")}))
