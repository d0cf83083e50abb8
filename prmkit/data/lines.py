"""The canonical sales lines on disk: typed, converted, with the partner's territory and the product's family filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from prmkit.data.engine import Engine, identifier, literal, parquet
from prmkit.data.faults import FaultLog
from prmkit.data.rates import converted
from prmkit.data.tables import table
from prmkit.data.typed import typed_table
from prmkit.engagement import Engagement

FILE = "sales.parquet"
_PLAIN = ("sale_id", "invoice_id", "deal_id", "date", "partner_id", "distributor_id", "customer_id", "product_id")
_MONEY = ("revenue", "cost", "list_amount", "discount")


@dataclass(frozen=True, slots=True)
class Lines:
    """Sales lines as written: the file, how many, revenue of partner lines by recorded channel, first, last and last partner sale."""

    path: Path
    rows: int
    channels: Mapping[str, float]
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    last_partner_sale: pd.Timestamp | None

    def kept_in(self, cache: Path) -> Path:
        """The file moved to `cache`/sales.parquet: a reader sees the old one or the new one, whole."""
        return self.path.replace(cache / FILE)


def write_lines(engine: Engine, engagement: Engagement, present: Collection[str], files: Mapping[int, str], log: FaultLog) -> Lines | None:
    """Write the lines as Parquet into the engine's folder; None where an amount cannot be held."""
    source, money = converted(engine, table("sales"), engagement, files, log)
    unfinished = engine.folder / FILE
    try:
        engine.run(f"COPY ({_select(source, money, present)}) TO {literal(str(unfinished))} (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.OutOfRangeException:
        log.add("amount_too_large", table="sales", words={"target": engagement.currency})
        return None
    return Lines(unfinished, *_described(engine, unfinished, engagement, log))


def _select(source: str, money: str, present: Collection[str]) -> str:
    homes = _looked_up("partners", "partner_id", "territory", present)
    families = _looked_up("products", "product_id", "family", present)
    plain = ", ".join(f"s.{identifier(name)}" for name in _PLAIN)
    amounts = ", ".join(f"CAST(s.{identifier(name)} AS {money}) AS {identifier(name)}" for name in _MONEY)
    return f"""SELECT {plain}, f.family AS product_family, coalesce(s.territory, h.territory) AS territory, s.channel, s.kind,
        CAST(s.units AS DOUBLE) AS units, {amounts}, s.currency
        FROM {source} s LEFT JOIN {homes} h ON h.partner_id = s.partner_id LEFT JOIN {families} f ON f.product_id = s.product_id
        WHERE s.revenue IS NOT NULL"""


def _looked_up(name: str, key: str, column: str, present: Collection[str]) -> str:
    """One value of a column for each key, so that a join can never make a line twice."""
    if name not in present:
        return f"(SELECT CAST(NULL AS VARCHAR) AS {key}, CAST(NULL AS VARCHAR) AS {column} WHERE false)"
    return f"(SELECT {key}, min({column}) AS {column} FROM {typed_table(name)} GROUP BY {key})"


def _described(
    engine: Engine, path: Path, engagement: Engagement, log: FaultLog
) -> tuple[int, Mapping[str, float], pd.Timestamp | None, pd.Timestamp | None, pd.Timestamp | None]:
    source = parquet(path)
    rows, first, last = engine.row(f'SELECT count(*), min("date"), max("date") FROM {source}')
    sums = engine.rows(
        f"""SELECT channel, sum(revenue), max("date") FROM {source} WHERE partner_id IS NOT NULL
        GROUP BY channel ORDER BY sum(revenue) DESC, channel"""
    )
    channels, newest = counted_channels(sums, engagement, log)
    return int(rows), channels, stamp(first), stamp(last), newest


def counted_channels(
    sums: Sequence[tuple[Any, ...]], engagement: Engagement, log: FaultLog
) -> tuple[Mapping[str, float], pd.Timestamp | None]:
    """Revenue of partner lines by recorded channel and the last partner sale, from (channel, revenue, newest day), largest first."""
    channels = {str(channel): float(revenue) for channel, revenue, _ in sums if channel is not None}
    measure: str | None = engagement.measure or next(iter(channels), None)
    counted = [day for channel, _, day in sums if channel in (None, measure)]
    if not counted and not log.has_errors("sales"):
        there = f" in the channel {measure} (there are: {', '.join(channels)})" if channels else ""
        log.add("no_partner_sale", table="sales", column="partner_id", words={"where": there})
    return channels, stamp(max(counted)) if counted else None


def stamp(day: object) -> pd.Timestamp | None:
    """A day of a database as pandas holds it."""
    return None if day is None else pd.Timestamp(str(day)).as_unit("us")
