"""One client as loaded: the canonical tables, checked and typed, and the sales lines kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from prmkit.data.sales_lines import SalesLines
    from prmkit.engagement import Engagement
    from prmkit.errors import Fault


@dataclass(frozen=True, slots=True)
class Source:
    """Where a canonical table came from: files, rows read, first and last date in it."""

    table: str
    files: tuple[str, ...]
    rows: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    preset: str = ""


@dataclass(frozen=True)
class Client:
    """All that an engagement's files say.

    `tables` holds every canonical table that was found, sales apart: columns as in
    spec/tables.yaml (all of them, missing ones null), ids as text, dates as datetime64[us],
    numbers as float64, in the engagement's currency.
    `sales` is a Parquet file of canonical sales lines: money as exact decimals in the
    engagement's currency, `territory` filled from the partner where the line had none, and
    `product_family` joined from products. `channels` are the recorded channels of partner lines
    with their revenue, largest first. `warehouse` is given where the lines stay in the client's warehouse: nothing
    lies at `sales` then. Whoever wants sums asks `lines`.
    """

    engagement: Engagement
    tables: Mapping[str, pd.DataFrame]
    sales: Path
    channels: Mapping[str, float]
    last_partner_sale: pd.Timestamp
    sources: Mapping[str, Source]
    faults: tuple[Fault, ...] = ()
    fingerprint: str = ""
    fits: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    warehouse: SalesLines | None = None

    @property
    def lines(self) -> SalesLines:
        """The sales lines, wherever they lie: what sums are asked of."""
        from prmkit.data.parquet_lines import ParquetLines

        return self.warehouse or ParquetLines(self.sales)
