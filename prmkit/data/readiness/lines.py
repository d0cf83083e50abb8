"""What the client's sales lines through partners hold: filled shares, revenue by partner and by product, first and last date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd

from prmkit.data import calendar
from prmkit.data.client import Client

_PARTNER_LINES = "FROM read_parquet($sales, hive_partitioning = false) WHERE partner_id IS NOT NULL AND date <= CAST($as_of AS DATE)"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of every channel that name a partner, up to as_of.

    filled: column -> share of revenue, in absolute amounts so that returns count, on lines that have it
    filled. by_partner: net revenue. by_product: revenue in absolute amounts. months: from the first sale to
    the last, a part of a month counted as one.
    """

    filled: Mapping[str, float]
    by_partner: pd.Series[Any]
    by_product: pd.Series[Any]
    months: int


def read_lines(client: Client) -> Lines:
    """Read a client's lines in one pass a figure; a client without any has empty series and 0 months."""
    given = {"sales": str(client.sales), "as_of": client.engagement.as_of or "9999-12-31"}
    with duckdb.connect() as connection:
        schema = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet($sales, hive_partitioning = false)", {"sales": given["sales"]}
        ).fetchall()
        names = [str(row[0]) for row in schema]
        sums = ", ".join(f'sum(abs(revenue)) FILTER (WHERE "{name}" IS NOT NULL)' for name in names)
        first, last, total, *filled = connection.execute(
            f"SELECT min(date), max(date), sum(abs(revenue)), {sums} {_PARTNER_LINES}", given
        ).fetchall()[0]
        partners = connection.execute(f"SELECT partner_id AS id, sum(revenue) AS revenue {_PARTNER_LINES} GROUP BY id", given).df()
        products = connection.execute(f"SELECT product_id AS id, sum(abs(revenue)) AS revenue {_PARTNER_LINES} GROUP BY id", given).df()
    shares = {name: float(part or 0) / float(total) if total else 0.0 for name, part in zip(names, filled, strict=True)}
    months = 0 if first is None else int(calendar.days(pd.Timestamp(last), pd.Timestamp(first))["month"].iloc[0]) + 1
    return Lines(shares, _series(partners), _series(products), months)


def _series(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame.set_index("id")["revenue"].astype("float64")
