"""Sales lines that stay in the client's warehouse, summed there: SalesLines of a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import CTE, Date, Integer, Select, and_, case, cast, extract, func, select

from prmkit.data import aggregates, warehouse_aggregates, warehouse_roads
from prmkit.data.parquet_lines import kinds
from prmkit.data.sales_lines import Days, Held, Summed, Which
from prmkit.data.warehouse_relation import Expression, Relation, asking, decimal, direct_lines, partner_lines, rows


@dataclass(frozen=True)
class WarehouseLines:
    """SalesLines of a query: every row it fetches is a sum. Each method raises PrmkitError where the warehouse gives no answer.

    lines: how many. channels: recorded channel -> revenue of partner lines. first, last, last_partner_sale: dates, None without any.
    """

    relation: Relation
    lines: int
    channels: Mapping[str, float]
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    last_partner_sale: pd.Timestamp | None

    def aggregate(self, as_of: pd.Timestamp, measure: str, fiscal_year_start: int = 1) -> aggregates.Aggregates:
        """Months, orders and years up to `as_of`, counting `measure` as revenue."""
        return warehouse_aggregates.aggregate(self.relation, as_of, measure, fiscal_year_start)

    def held(self, as_of: dt.date | None) -> Held:
        """What the lines that name a partner hold, up to `as_of`."""
        with asking(self.relation.settings) as connection:
            dialect = connection.dialect.name
            lines = self.relation.lines(dialect)
            named = and_(lines.c.partner_id.is_not(None), lines.c.date <= (as_of or dt.date.max))
            names = [column.name for column in lines.c]
            size = func.abs(lines.c.revenue)
            filled = [func.sum(case((lines.c[name].is_not(None), size))) for name in names]
            dates = func.min(lines.c.date, type_=Date), func.max(lines.c.date, type_=Date)
            first, last, total, *parts = rows(connection, select(*dates, func.sum(size), *filled).where(named))[0]
            by_partner = rows(connection, _by(lines, "partner_id", lines.c.revenue).where(named))
            by_product = rows(connection, _by(lines, "product_id", size).where(named))
        held = {name: float(decimal(part, dialect) or 0) for name, part in zip(names, parts, strict=True)}
        series = [_series(found, dialect) for found in (by_partner, by_product)]
        return Held(first, last, float(decimal(total, dialect) or 0), held, *series)

    def months_seen(self, as_of: dt.date, measure: str) -> list[str]:
        """The calendar months (2026-01) in which a partner has a line, in order."""
        with asking(self.relation.settings) as connection:
            lines = self.relation.lines(connection.dialect.name)
            month = _month(lines)
            counted = select(month, func.count()).where(partner_lines(lines, measure), lines.c.date <= as_of).group_by(month)
            found = sorted(row[0] for row in rows(connection, counted))
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in found]

    def covered(self, as_of: dt.date) -> Days | None:
        """From the first line's date to the last's, up to `as_of`; None without a line."""
        with asking(self.relation.settings) as connection:
            lines = self.relation.lines(connection.dialect.name)
            ends = select(func.min(lines.c.date, type_=Date), func.max(lines.c.date, type_=Date)).where(lines.c.date <= as_of)
            first, last = rows(connection, ends)[0]
        return None if first is None else Days(first, last)

    def total(self, column: Summed, which: Which, days: Days) -> Decimal | None:
        """The sum of a column over lines of the days; None where no such line has it filled."""
        with asking(self.relation.settings) as connection:
            dialect = connection.dialect.name
            lines = self.relation.lines(dialect)
            wanted = [_within(lines, days), _on_road(lines, which)]
            if which.negative:
                wanted.append(lines.c[column] < 0)
            if which.partners is not None:
                wanted.append(lines.c.partner_id.in_(which.partners))
            return decimal(rows(connection, select(func.sum(lines.c[column])).where(*wanted))[0][0], dialect)

    def selling(self, channel: str, days: Days) -> int:
        """How many partners had net revenue above zero in the days."""
        with asking(self.relation.settings) as connection:
            lines = self.relation.lines(connection.dialect.name)
            wanted = partner_lines(lines, channel), _within(lines, days)
            sellers = select(lines.c.partner_id).where(*wanted).group_by(lines.c.partner_id).having(func.sum(lines.c.revenue) > 0)
            return int(rows(connection, select(func.count()).select_from(sellers.cte("sellers")))[0][0])

    def served(self, channel: str, days: Days, partners: tuple[str, ...] | None, territories: tuple[str, ...] | None) -> pd.DataFrame:
        """Whom each road served in the days, as SalesLines says."""
        return warehouse_roads.served(self.relation, channel, days, partners, territories)

    def two_tier(self, channel: str, days: Days) -> pd.DataFrame:
        """Sums of the lines that came through a distributor, as SalesLines says."""
        return warehouse_roads.two_tier(self.relation, channel, days)

    def supplied(self, channel: str, days: Days) -> pd.DataFrame:
        """Sums by distributor, reseller and territory, as SalesLines says."""
        return warehouse_roads.supplied(self.relation, channel, days)

    def behind(self, channel: str, days: Days) -> pd.DataFrame:
        """End customers of each distributor, as SalesLines says."""
        return warehouse_roads.behind(self.relation, channel, days)

    def accounts(self, channel: str, days: Days) -> pd.DataFrame:
        """Whom each partner, and we ourselves, sold to in the days, as SalesLines says."""
        return warehouse_roads.accounts(self.relation, channel, days)

    def by_currency(self, channel: str, days: Days) -> list[tuple[str | None, dt.date, Decimal]]:
        """Revenue through partners in the days by currency (None = not said) and month (its first day)."""
        with asking(self.relation.settings) as connection:
            dialect = connection.dialect.name
            lines = self.relation.lines(dialect)
            keys = lines.c.currency, _month(lines)
            sums = select(*keys, func.sum(lines.c.revenue)).where(partner_lines(lines, channel), _within(lines, days)).group_by(*keys)
            found = rows(connection, sums)
        return [(code, dt.date(month // 12, month % 12 + 1, 1), decimal(total, dialect) or Decimal(0)) for code, month, total in found]

    def by_kind(self, days: Days) -> pd.DataFrame:
        """Lines that name a partner, in the days, by partner, channel and kind."""
        columns = ("partner_id", "channel", "kind", "revenue", "listed_revenue", "list_amount")
        with asking(self.relation.settings) as connection:
            dialect = connection.dialect.name
            lines = self.relation.lines(dialect)
            keys = lines.c.partner_id, lines.c.channel, lines.c.kind
            listed = func.sum(case((lines.c.list_amount.is_not(None), lines.c.revenue)))
            sums = func.sum(lines.c.revenue), listed, func.sum(lines.c.list_amount)
            statement = select(*keys, *sums).where(_within(lines, days), lines.c.partner_id.is_not(None)).group_by(*keys)
            found = rows(connection, statement)
        totals = [(*row[:3], *(decimal(value, dialect) for value in row[3:])) for row in found]
        frame = pd.DataFrame([(*row[:4], row[4] or Decimal(0), row[5]) for row in totals], columns=list(columns), dtype="object")
        made = kinds(frame)
        return made.sort_values(list(columns[:3]), na_position="last", kind="stable", ignore_index=True)


def _within(lines: CTE, days: Days) -> Expression:
    return lines.c.date.between(days.first, days.last)


def _on_road(lines: CTE, which: Which) -> Expression:
    if which.road == "direct":
        return direct_lines(lines, which.channel)
    if which.road == "partner":
        return partner_lines(lines, which.channel)
    return and_(lines.c.partner_id.is_not(None), lines.c.channel == which.channel)


def _month(lines: CTE) -> Expression:
    """Months since the year 0."""
    return cast(extract("year", lines.c.date), Integer) * 12 + cast(extract("month", lines.c.date), Integer) - 1


def _by(lines: CTE, key: str, summed: Expression) -> Select[Any]:
    return select(lines.c[key], func.sum(summed)).group_by(lines.c[key])


def _series(found: list[tuple[Any, ...]], dialect: str) -> pd.Series[Any]:
    made = pd.DataFrame([(name, float(decimal(value, dialect) or 0)) for name, value in found], columns=["id", "revenue"])
    return made.astype({"id": "str", "revenue": "float64"}).set_index("id")["revenue"]
