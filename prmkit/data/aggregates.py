"""Sales lines counted together once, out of core: partner x month x product family, and orders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from prmkit.data import calendar

_REVENUE_LINES = """
    l.date <= $as_of AND (
      (l.partner_id IS NULL AND coalesce(l.channel, 'direct') IN ('direct', $measure))
      OR (l.partner_id IS NOT NULL AND coalesce(l.channel, $measure) = $measure))
"""

_MONTHS = f"""
    SELECT l.partner_id, CAST(c.month AS INTEGER) AS month, l.territory, l.product_family,
           sum(l.revenue) AS revenue, sum(l.cost) AS cost,
           coalesce(sum(l.revenue) FILTER (WHERE l.cost IS NOT NULL), 0) AS costed_revenue,
           sum(l.list_amount) AS list_amount,
           coalesce(sum(l.revenue) FILTER (WHERE l.list_amount IS NOT NULL), 0) AS listed_revenue,
           sum(l.discount) AS discount, sum(l.units) AS units, count(*) AS lines
    FROM read_parquet($sales, hive_partitioning = false) l JOIN calendar c ON c.date = l.date
    WHERE {_REVENUE_LINES}
    GROUP BY ALL ORDER BY ALL
"""

_ORDERS = f"""
    SELECT l.partner_id, CAST(c.month AS INTEGER) AS month, sum(l.revenue) AS revenue,
           count(DISTINCT coalesce(l.invoice_id, CAST(l.date AS VARCHAR))) FILTER (WHERE l.revenue > 0) AS orders,
           count(DISTINCT l.date) FILTER (WHERE l.revenue > 0) AS order_days,
           count(DISTINCT l.customer_id) AS customers, min(l.date) AS first_on, max(l.date) AS last_on
    FROM read_parquet($sales, hive_partitioning = false) l JOIN calendar c ON c.date = l.date
    WHERE l.partner_id IS NOT NULL AND {_REVENUE_LINES}
    GROUP BY ALL ORDER BY ALL
"""

_YEARS = f"""
    SELECT CAST(year(l.date) + CASE WHEN $start > 1 AND month(l.date) >= $start THEN 1 ELSE 0 END AS INTEGER) AS year,
           l.territory, l.partner_id, sum(l.revenue) AS revenue
    FROM read_parquet($sales, hive_partitioning = false) l
    WHERE {_REVENUE_LINES}
    GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Sales up to a date, summed exactly in decimals and only then made into floating numbers.

    months: partner_id (null = direct), month (0 ends on the as-of date), territory, product_family,
    revenue, cost, costed_revenue (revenue of the lines that carry a cost), list_amount,
    listed_revenue, discount, units, lines. orders: partner_id, month, revenue, orders, order_days,
    customers, first_on, last_on. years: fiscal year, territory, partner_id, revenue.
    """

    months: pd.DataFrame
    orders: pd.DataFrame
    years: pd.DataFrame


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Sums as fetched, with the types of the frames of Aggregates."""
    for column in frame.columns:
        if column in {"partner_id", "territory", "product_family"}:
            frame[column] = frame[column].astype("str")
        elif column in {"month", "year", "lines", "orders", "order_days", "customers"}:
            frame[column] = frame[column].astype("int64")
        elif not column.endswith("_on"):
            frame[column] = frame[column].astype("float64")
        else:
            frame[column] = frame[column].astype("datetime64[us]")
    return frame


def _frame(connection: duckdb.DuckDBPyConnection, query: str, given: dict[str, Any]) -> pd.DataFrame:
    used = {name: value for name, value in given.items() if f"${name}" in query}
    return typed(connection.execute(query, used).df())


def aggregate(sales: Path, as_of: pd.Timestamp, measure: str, fiscal_year_start: int = 1) -> Aggregates:
    """Aggregate canonical sales lines (a Parquet file) up to `as_of`, counting `measure` as revenue."""
    with duckdb.connect() as connection:
        first = connection.execute(
            "SELECT min(date) FROM read_parquet($sales, hive_partitioning = false)", {"sales": str(sales)}
        ).fetchone()
        if first is None or first[0] is None or pd.Timestamp(first[0]) > as_of:
            first = (as_of,)
        days = calendar.days(as_of, pd.Timestamp(first[0]))  # noqa: F841 - DuckDB reads it by its name
        connection.execute("CREATE TABLE calendar AS SELECT CAST(date AS DATE) AS date, month FROM days")
        given = {"sales": str(sales), "as_of": as_of.date(), "measure": measure, "start": fiscal_year_start}
        return Aggregates(*(_frame(connection, query, given) for query in (_MONTHS, _ORDERS, _YEARS)))
