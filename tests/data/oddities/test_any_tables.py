"""Whatever the sales are, looking for oddities ends, drops no line and says the same twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.data.load import inspect
from tests.data.conftest import engagement, lines

HEAD = "invoice_id,date,partner_id,distributor_id,product_id,units,revenue,channel,currency\n"
ROW = st.tuples(
    st.sampled_from(["", "I1", "I2", "'"]),
    st.sampled_from(["2025-01-02", "2025-02-01", "2025-01-31", "2024-02-29", "2025-12-31", "1990-01-01", "2026-10-01"]),
    st.sampled_from(["", "P1", "P2", "007", "x'y"]),
    st.sampled_from(["", "P1", "007", 'a"b']),
    st.sampled_from(["", "A", "B"]),
    st.sampled_from(["", "0", "1", "-1", "1e-300", "3.5"]),
    st.sampled_from(["0", "10", "-10", "0.0000000001", "99999999999999"]),
    st.sampled_from(["", "sell_in", "sell_through", "direct"]),
    st.sampled_from(["", "EUR", "USD"]),
)


@settings(max_examples=20)
@given(st.lists(ROW, min_size=1, max_size=30), st.lists(ROW, max_size=30), st.integers(1, 14))
def test_nothing_is_dropped_and_nothing_fails(first: list[tuple[str, ...]], second: list[tuple[str, ...]], times: int) -> None:
    def written(rows: list[tuple[str, ...]]) -> str:
        quoted = [",".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in row) for row in rows]
        return HEAD + "".join(f"{row}\n" for row in quoted * times)

    files = {
        "data/sales.csv": None,
        "data/sales_1.csv": written(first),
        "data/sales_2.csv": written(second),
        "data/rates.csv": "currency,month,rate\nUSD,2025-01-01,0.1\n",
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {"sales": [{"path": "data/sales_1.csv"}, {"path": "data/sales_2.csv"}]}
        made = engagement(folder, files, sources=sources)
        found = inspect(made, folder / "cache")
        again = inspect(made, folder / "cache")
        assert [(fault.code, fault.why) for fault in found.faults] == [(fault.code, fault.why) for fault in again.faults]
        if found.client is not None and not {"rate_missing", "amount_too_large"} & {fault.code for fault in found.faults}:
            assert len(lines(found.client, "sale_id, date")) == (len(first) + len(second)) * times
