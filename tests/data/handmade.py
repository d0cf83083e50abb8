"""Clients made by hand from a few rows, as a loader would leave them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from prmkit.data.client import Client
from prmkit.data.tables import tables
from prmkit.engagement import Engagement

_TYPES = {"date": "datetime64[us]", "number": "float64", "integer": "float64", "boolean": "boolean"}
_MONEY = pa.decimal128(28, 10)
_LINE = {column.name: pa.string() for column in tables()["sales"].columns} | {
    "date": pa.date32(),
    "units": pa.float64(),
    "revenue": _MONEY,
    "cost": _MONEY,
    "list_amount": _MONEY,
    "discount": _MONEY,
    "product_family": pa.string(),
}


def frame(table: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a canonical table: all its columns, missing ones null, typed."""
    given = pd.DataFrame(list(rows))
    made = {}
    for column in tables()[table].columns:
        values = given[column.name] if column.name in given else pd.Series(None, index=given.index, dtype="object")
        made[column.name] = values.astype(_TYPES.get(column.kind, "str"))
    return pd.DataFrame(made)


def line(date: str, partner_id: str | None, revenue: str, **more: Any) -> dict[str, Any]:
    """One sales line; money as text, so that it is exact."""
    return {"date": pd.Timestamp(date).date(), "partner_id": partner_id, "revenue": revenue, **more}


def client(
    folder: Path, lines: Iterable[Mapping[str, Any]], settings: Mapping[str, Any] | None = None, **rows: Iterable[Mapping[str, Any]]
) -> Client:
    """A client with these sales lines and rows of other tables; partners are those of the lines unless they are given."""
    listed = [dict(one) for one in lines]
    for one in listed:
        for name, kind in _LINE.items():
            if kind == _MONEY and one.get(name) is not None:
                one[name] = Decimal(one[name])
    arrays = {name: pa.array([one.get(name) for one in listed], kind) for name, kind in _LINE.items()}
    pq.write_table(pa.table(arrays), folder / "sales.parquet")
    ids = sorted({one["partner_id"] for one in listed if one["partner_id"] is not None})
    made = {name: frame(name, given) for name, given in rows.items()}
    made.setdefault("partners", frame("partners", [{"partner_id": one, "name": f"Partner {one}"} for one in ids]))
    sold = [one for one in listed if one["partner_id"] is not None]
    channels = {str(one.get("channel")): 1.0 for one in sold if one.get("channel") is not None}
    last = pd.Timestamp(max(one["date"] for one in sold)) if sold else pd.NaT
    return Client(
        engagement=Engagement.model_validate({"client": "Example", **(settings or {})}),
        tables=made,
        sales=folder / "sales.parquet",
        channels=channels,
        last_partner_sale=last.as_unit("us") if sold else last,
        sources={},
    )
