"""Sales lines counted together where they lie: the frames of data/aggregates.py, computed by the client's warehouse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Connection, Date, Integer, Select, Text, case, cast, distinct, extract, func, select

from prmkit.data import calendar
from prmkit.data.aggregates import Aggregates, typed
from prmkit.data.warehouse_relation import AMOUNTS, Expression, Relation, asking, counted, decimal, floating, months_table, rows

_SUMS = ("revenue", "cost", "costed_revenue", "list_amount", "listed_revenue", "discount", "units")
_MONTHS = ("partner_id", "month", "territory", "product_family", *_SUMS, "lines")
_ORDERS = ("partner_id", "month", "revenue", "orders", "order_days", "customers", "first_on", "last_on")
_YEARS = ("year", "territory", "partner_id", "revenue")
_SUMMED = frozenset({*AMOUNTS, *_SUMS})


def aggregate(relation: Relation, as_of: pd.Timestamp, measure: str, fiscal_year_start: int = 1) -> Aggregates:
    """Aggregate the lines of a query up to `as_of`, counting `measure` as revenue; only sums are fetched.

    Sums are exact in a warehouse with exact numerics; SQLite, which has none, is given millionths. Raises PrmkitError
    where the warehouse gives no answer.
    """
    with asking(relation.settings) as connection:
        dialect = connection.dialect.name
        lines = relation.lines(dialect)
        first = connection.scalar(select(func.min(lines.c.date, type_=Date)))
        months = months_table(_ends(as_of, as_of if first is None or pd.Timestamp(first) > as_of else pd.Timestamp(first)))
        made = counted(lines, as_of.date(), measure)
        return Aggregates(
            _frame(connection, relation, _by_month(lines, months, made), _MONTHS, keys=4),
            _frame(connection, relation, _by_order(lines, months, made), _ORDERS, keys=2),
            _frame(connection, relation, _by_year(lines, made, fiscal_year_start), _YEARS, keys=3),
        )


def _ends(as_of: pd.Timestamp, first: pd.Timestamp) -> list[tuple[int, dt.date, dt.date]]:
    span = (as_of.year - first.year) * 12 + as_of.month - first.month + 2
    ends = [end.date() for end in calendar.month_ends(as_of, span + 2)]
    return [(month, ends[month + 1], ends[month]) for month in range(span + 1)]


def _in_month(statement: Select[Any], lines: CTE, months: CTE) -> Select[Any]:
    source = lines.join(months, (lines.c.date > months.c.after) & (lines.c.date <= months.c.until))
    return statement.select_from(source)


def _by_month(lines: CTE, months: CTE, made: Expression) -> Select[Any]:
    keys = (lines.c.partner_id, months.c.month, lines.c.territory, lines.c.product_family)
    costed = func.coalesce(func.sum(case((lines.c.cost.is_not(None), lines.c.revenue))), 0)
    listed = func.coalesce(func.sum(case((lines.c.list_amount.is_not(None), lines.c.revenue))), 0)
    plain = {name: func.sum(lines.c[name]) for name in ("revenue", "cost", "list_amount", "discount", "units")}
    sums = {**plain, "costed_revenue": costed, "listed_revenue": listed}
    statement = select(*keys, *(sums[name].label(name) for name in _SUMS), func.count().label("lines"))
    return _in_month(statement, lines, months).where(made).group_by(*keys)


def _by_order(lines: CTE, months: CTE, made: Expression) -> Select[Any]:
    keys = (lines.c.partner_id, months.c.month)
    sold = lines.c.revenue > 0
    order = func.coalesce(lines.c.invoice_id, cast(lines.c.date, Text))
    statement = select(
        *keys,
        func.sum(lines.c.revenue).label("revenue"),
        func.count(distinct(case((sold, order)))).label("orders"),
        func.count(distinct(case((sold, lines.c.date)))).label("order_days"),
        func.count(distinct(lines.c.customer_id)).label("customers"),
        func.min(lines.c.date, type_=Date).label("first_on"),
        func.max(lines.c.date, type_=Date).label("last_on"),
    )
    return _in_month(statement, lines, months).where(made, lines.c.partner_id.is_not(None)).group_by(*keys)


def _by_year(lines: CTE, made: Expression, start: int) -> Select[Any]:
    year: Expression = cast(extract("year", lines.c.date), Integer)
    if start > 1:
        year = year + case((extract("month", lines.c.date) >= start, 1), else_=0)
    numbered = select(year.label("year"), lines.c.territory, lines.c.partner_id, lines.c.revenue).where(made).cte("numbered")
    keys = (numbered.c.year, numbered.c.territory, numbered.c.partner_id)
    return select(*keys, func.sum(numbered.c.revenue).label("revenue")).group_by(*keys)


def _frame(connection: Connection, relation: Relation, statement: Select[Any], columns: Sequence[str], keys: int) -> pd.DataFrame:
    dialect = connection.dialect.name
    found = [_exact(dict(zip(columns, row, strict=True)), dialect, relation.decimals) for row in rows(connection, statement)]
    frame = typed(pd.DataFrame(found, columns=list(columns), dtype="object"))
    return frame.sort_values(list(columns[:keys]), na_position="last", kind="stable", ignore_index=True)


def _exact(row: Mapping[str, Any], dialect: str, decimals: int) -> dict[str, Any]:
    made = dict(row)
    for name in _SUMMED & row.keys():
        total = decimal(row[name], dialect)
        made[name] = total if name == "units" else floating(total, decimals)
    return made
