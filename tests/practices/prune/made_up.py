"""Made-up clients for the tests of loyalty and prune: built from a few rows, or drawn with a known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from prmkit import resources
from prmkit.data.client import Client
from prmkit.data.portfolio import Portfolio, open_portfolio
from prmkit.engagement import Engagement

AS_OF = pd.Timestamp("2025-12-31")
DAYS_A_MONTH = 365.25 / 12
MARGIN = 0.3
_SPEC = YAML(typ="safe").load(resources.spec("tables.yaml"))
_TEXT = ("invoice_id", "customer_id", "product_family", "territory", "channel")
_MONEY = ("cost", "list_amount", "discount", "units")


def canonical(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with every canonical column of a table, missing ones null, types as the loader makes them."""
    made = {}
    for column, about in _SPEC[table]["columns"].items():
        values = rows[column] if column in rows else pd.Series(pd.NA, index=rows.index, dtype="object")
        if about["type"] == "date":
            made[column] = pd.to_datetime(values).astype("datetime64[us]")
        elif about["type"] in ("number", "integer"):
            made[column] = pd.to_numeric(values).astype("float64")
        else:
            made[column] = values.astype("boolean" if about["type"] == "boolean" else "str")
    return pd.DataFrame(made)


def made_up(
    folder: Path, sales: pd.DataFrame, partners: pd.DataFrame, tables: dict[str, pd.DataFrame] | None = None, **settings: Any
) -> Portfolio:
    """The portfolio 'all' of a client with these rows; sales need date, partner_id and revenue. as_of is AS_OF unless set."""
    lines = sales.assign(**{name: pd.Series(pd.NA, index=sales.index, dtype="str") for name in _TEXT if name not in sales})
    lines = lines.assign(**{name: np.nan for name in _MONEY if name not in sales})
    path = folder / f"sales_{len(list(folder.iterdir()))}.parquet"
    dates = pd.to_datetime(lines["date"]).astype("datetime64[us]")
    lines.assign(date=dates, channel=lines["channel"].fillna("sell_through")).to_parquet(path)
    known = {name: canonical(name, rows) for name, rows in {"partners": partners, **(tables or {})}.items()}
    engagement = Engagement(**{"client": "Made up", "as_of": AS_OF.date(), "measure": "sell_through", **settings})
    last = dates.max() if len(dates) else AS_OF
    return open_portfolio(Client(engagement, known, path, {"sell_through": 1.0}, last.as_unit("us"), {}))


def lines(*rows: tuple[str, str, float] | tuple[str, str, float, float]) -> pd.DataFrame:
    """Sales lines from (partner_id, date, revenue[, cost])."""
    frame = pd.DataFrame([(*row, np.nan)[:4] for row in rows], columns=["partner_id", "date", "revenue", "cost"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def partners(*ids: str, **columns: Any) -> pd.DataFrame:
    """Partners of these ids, with further columns as lists or one value for all."""
    return pd.DataFrame({"partner_id": list(ids), "name": [f"Partner {name}" for name in ids], **columns})


def world(folder: Path, seed: int, n: int = 250, *, null: bool = False, rate: float = 0.4) -> tuple[Portfolio, pd.DataFrame]:
    """A programme whose expected contribution is known: partner_id, truth (currency, for the months of the last 12 they were there).

    Orders are Poisson with gamma differences between partners and two segments, order values log-normal
    (spread 1.1, between partners 0.35), margin 30%, a cost to serve of its own each. In a null world all
    partners are equal and just break even.
    """
    rng = np.random.default_rng(seed)
    segment, territory, tenure = rng.integers(0, 3, n), rng.integers(0, 5, n), rng.integers(3, 25, n)
    spread, typical = 0.6, 10_000.0
    frequency = np.full(n, rate) if null else rate * np.exp(0.3 * (segment - 1)) * rng.gamma(spread**-2, spread**2, n)
    size = np.full(n, typical) if null else typical * np.exp(0.35 * rng.standard_normal(n))
    served = rate * typical * MARGIN
    cost = np.full(n, served) if null else 0.75 * served * np.exp(0.4 * rng.standard_normal(n))
    orders = rng.poisson(frequency * tenure)
    who = np.repeat(np.arange(n), orders)
    value = size[who] * np.exp(1.1 * rng.standard_normal(len(who)) - 1.1**2 / 2)
    ago = np.floor(rng.uniform(0, tenure[who] * DAYS_A_MONTH))
    sales = pd.DataFrame(
        {
            "partner_id": who.astype(str),
            "date": AS_OF - pd.to_timedelta(ago, unit="D"),
            "revenue": value,
            "cost": value * (1 - MARGIN),
            "invoice_id": np.arange(len(who)).astype(str),
        }
    )
    ids = np.arange(n).astype(str)
    joined = AS_OF - pd.to_timedelta(np.floor(tenure * DAYS_A_MONTH), unit="D")
    kinds = np.array(["reseller", "var", "msp"])[segment]
    about = partners(*ids, partner_type=kinds, territory=[f"T{place}" for place in territory], joined_on=joined)
    firsts = pd.date_range("2025-01-01", periods=12, freq="MS")[::-1]
    support = pd.concat(
        [pd.DataFrame({"partner_id": ids, "month": month, "cost": cost})[tenure > back] for back, month in enumerate(firsts)],
        ignore_index=True,
    )
    portfolio = made_up(folder, sales, about, {"support": support.assign(kind="account_management")})
    there = np.minimum(tenure, 12)
    return portfolio, pd.DataFrame({"partner_id": ids, "truth": there * (frequency * size * MARGIN - cost)})
