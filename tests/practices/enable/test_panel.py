"""Which months of which partners an effect is learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.engagement import Engagement
from prmkit.practices.enable.panel import SETTLED, sales_panel

AS_OF = pd.Timestamp("2025-12-31")


def portfolio(folder: Path, sold: dict[str, list[str]], **partners: Any) -> Portfolio:
    lines = pd.DataFrame([(who, pd.Timestamp(f"{month}-15"), 100.0) for who, months in sold.items() for month in months])
    lines = lines.set_axis(["partner_id", "date", "revenue"], axis=1).assign(channel="sell_through")
    for name in ("invoice_id", "customer_id", "product_family", "territory"):
        lines[name] = pd.Series(pd.NA, index=lines.index, dtype="str")
    for name in ("cost", "list_amount", "discount", "units"):
        lines[name] = float("nan")
    path = folder / "sales.parquet"
    lines.assign(date=lines["date"].astype("datetime64[us]")).to_parquet(path)
    frame = pd.DataFrame({"partner_id": list(sold), **partners})
    for name in ("joined_on", "ended_on"):
        frame[name] = pd.to_datetime(frame.get(name, pd.Series(pd.NaT, index=frame.index))).astype("datetime64[us]")
    engagement = Engagement(client="Made up", as_of=AS_OF.date(), measure="sell_through")
    return open_portfolio(Client(engagement, {"partners": frame}, path, {"sell_through": 1.0}, AS_OF.as_unit("us"), {}))


def months(first: str, last: str, step: int = 1) -> list[str]:
    return [str(month) for month in pd.period_range(first, last, freq="M")][::step]


def test_months_of_ramping_up_are_not_seen(tmp_path: Path) -> None:
    sold = {"new": months("2024-06", "2025-12"), "old": months("2024-01", "2025-12"), "undated": months("2024-05", "2025-12")}
    panel = sales_panel(portfolio(tmp_path, sold, joined_on=["2024-05-10", "2019-02-01", None]))
    assert panel.months == 24
    new, old, undated = panel.seen
    assert new.argmax() == 4 + SETTLED
    assert old.all()
    assert undated.argmax() == 5


def test_a_partner_that_fell_silent_is_not_seen_after_its_last_sale(tmp_path: Path) -> None:
    sold = {
        "here": months("2024-01", "2025-12"),
        "gone": months("2024-01", "2025-03"),
        "slow": months("2024-01", "2025-10", step=4),
        "just quiet": months("2024-01", "2025-09"),
    }
    panel = sales_panel(portfolio(tmp_path, sold, joined_on=["2019-02-01"] * 4))
    seen = dict(zip(panel.partner_ids, panel.seen.sum(axis=1), strict=True))
    assert seen == {"gone": 15, "here": 24, "just quiet": 24, "slow": 24}
