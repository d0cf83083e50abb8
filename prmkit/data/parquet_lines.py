"""Sales lines in a Parquet file on disk, summed by DuckDB."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from prmkit.data import aggregates
from prmkit.data.sales_lines import ACCOUNTS, BEHIND, SERVED, SUPPLIED, TWO_TIER, Days, Held, Summed, Which

_ROADS = {
    "partner": "partner_id IS NOT NULL AND coalesce(channel, $channel) = $channel",
    "direct": "partner_id IS NULL AND coalesce(channel, 'direct') IN ('direct', $channel)",
    "channel": "partner_id IS NOT NULL AND channel = $channel",
}
_ROAD = """CASE WHEN partner_id IS NULL THEN 'direct'
    WHEN distributor_id IS NOT NULL AND distributor_id <> partner_id THEN 'two_tier' ELSE 'one_tier' END"""
_IN_DAYS = "FROM read_parquet($sales, hive_partitioning = false) WHERE date BETWEEN $first AND $last"
_NAMED = "FROM read_parquet($sales, hive_partitioning = false) WHERE partner_id IS NOT NULL AND date <= CAST($as_of AS DATE)"


@dataclass(frozen=True)
class ParquetLines:
    """SalesLines of a file of canonical lines."""

    path: Path

    def aggregate(self, as_of: pd.Timestamp, measure: str, fiscal_year_start: int = 1) -> aggregates.Aggregates:
        """Months, orders and years up to `as_of`, counting `measure` as revenue."""
        return aggregates.aggregate(self.path, as_of, measure, fiscal_year_start)

    def held(self, as_of: dt.date | None) -> Held:
        """What the lines that name a partner hold, up to `as_of`; one pass a figure."""
        given = {"sales": str(self.path), "as_of": as_of or "9999-12-31"}
        with duckdb.connect() as connection:
            schema = connection.execute(
                "DESCRIBE SELECT * FROM read_parquet($sales, hive_partitioning = false)", {"sales": given["sales"]}
            ).fetchall()
            names = [str(row[0]) for row in schema]
            sums = ", ".join(f'sum(abs(revenue)) FILTER (WHERE "{name}" IS NOT NULL)' for name in names)
            first, last, total, *filled = connection.execute(
                f"SELECT min(date), max(date), sum(abs(revenue)), {sums} {_NAMED}", given
            ).fetchall()[0]
            partners = connection.execute(f"SELECT partner_id AS id, sum(revenue) AS revenue {_NAMED} GROUP BY id", given).df()
            products = connection.execute(f"SELECT product_id AS id, sum(abs(revenue)) AS revenue {_NAMED} GROUP BY id", given).df()
        held = {name: float(part or 0) for name, part in zip(names, filled, strict=True)}
        return Held(first, last, float(total or 0), held, by_id(partners), by_id(products))

    def months_seen(self, as_of: dt.date, measure: str) -> list[str]:
        """The calendar months (2026-01) in which a partner has a line, in order."""
        query = f"""SELECT DISTINCT strftime(date, '%Y-%m') AS month FROM read_parquet($sales, hive_partitioning = false)
            WHERE {_ROADS["partner"]} AND date <= $as_of ORDER BY month"""
        return [str(row[0]) for row in self._rows(query, {"as_of": as_of, "channel": measure})]

    def covered(self, as_of: dt.date) -> Days | None:
        """From the first line's date to the last's, up to `as_of`; None without a line."""
        ((first, last),) = self._rows(
            "SELECT min(date), max(date) FROM read_parquet($sales, hive_partitioning = false) WHERE date <= $as_of", {"as_of": as_of}
        )
        return None if first is None else Days(first, last)

    def total(self, column: Summed, which: Which, days: Days) -> Decimal | None:
        """The sum of a column over lines of the days; None where no such line has it filled."""
        given: dict[str, Any] = {"first": days.first, "last": days.last, "channel": which.channel}
        query = f"SELECT sum({column}) {_IN_DAYS} AND {_ROADS[which.road]}"
        if which.negative:
            query += f" AND {column} < 0"
        if which.partners is not None:
            query += " AND list_contains($partners, partner_id)"
            given["partners"] = list(which.partners)
        ((total,),) = self._rows(query, given)
        return None if total is None else Decimal(str(total))

    def selling(self, channel: str, days: Days) -> int:
        """How many partners had net revenue above zero in the days."""
        query = f"SELECT count(*) FROM (SELECT partner_id {_IN_DAYS} AND {_ROADS['partner']} GROUP BY partner_id HAVING sum(revenue) > 0)"
        ((count,),) = self._rows(query, {"first": days.first, "last": days.last, "channel": channel})
        return int(count)

    def served(self, channel: str, days: Days, partners: tuple[str, ...] | None, territories: tuple[str, ...] | None) -> pd.DataFrame:
        """Whom each road served in the days, as SalesLines says."""
        given: dict[str, Any] = {"first": days.first, "last": days.last, "channel": channel}
        chosen = f"({_ROADS['partner']}" + (" AND list_contains($partners, partner_id))" if partners is not None else ")")
        direct = f"({_ROADS['direct']}" + (" AND list_contains($territories, territory))" if territories is not None else ")")
        given |= {"partners": list(partners)} if partners is not None else {}
        given |= {"territories": list(territories)} if territories is not None else {}
        query = f"""WITH bought AS (SELECT customer_id, min(date) AS first_on FROM read_parquet($sales, hive_partitioning = false)
                WHERE customer_id IS NOT NULL AND date <= $last AND ({_ROADS["partner"]} OR {_ROADS["direct"]}) GROUP BY customer_id),
            l AS (SELECT *, {_ROAD} AS road {_IN_DAYS} AND ({chosen} OR {direct}))
            SELECT {{road}} AS road, sum(l.revenue) AS revenue,
                count(DISTINCT (l.partner_id, coalesce(l.invoice_id, CAST(l.date AS VARCHAR)))) FILTER (WHERE l.revenue > 0) AS orders,
                count(DISTINCT l.customer_id) AS customers,
                coalesce(sum(l.revenue) FILTER (WHERE l.customer_id IS NOT NULL), 0) AS customer_revenue,
                count(DISTINCT l.customer_id) FILTER (WHERE b.first_on >= $first) AS new_customers
            FROM l LEFT JOIN bought b ON b.customer_id = l.customer_id WHERE {{which}} GROUP BY ALL"""
        whole = query.format(road="CASE WHEN l.partner_id IS NULL THEN 'direct' ELSE 'partner' END", which="true")
        parts = query.format(road="l.road", which="l.partner_id IS NOT NULL")
        found = [*self._rows(whole, given), *self._rows(parts, given)]
        return pd.DataFrame(found, columns=list(SERVED)).astype(SERVED).sort_values("road", ignore_index=True)

    def two_tier(self, channel: str, days: Days) -> pd.DataFrame:
        """Sums of the lines that came through a distributor, as SalesLines says."""
        query = f"""SELECT partner_id, territory, product_family, sum(revenue), sum(cost),
            coalesce(sum(revenue) FILTER (WHERE cost IS NOT NULL), 0)
            {_IN_DAYS} AND {_ROADS["partner"]} AND {_ROAD} = 'two_tier' GROUP BY ALL ORDER BY ALL"""
        found = self._rows(query, {"first": days.first, "last": days.last, "channel": channel})
        return pd.DataFrame(found, columns=list(TWO_TIER)).astype(TWO_TIER)

    def supplied(self, channel: str, days: Days) -> pd.DataFrame:
        """Sums by distributor, reseller and territory, as SalesLines says."""
        query = f"""SELECT distributor_id, partner_id, territory, sum(revenue), min(date)
            {_IN_DAYS} AND {_ROADS["partner"]} AND {_ROAD} = 'two_tier' GROUP BY ALL ORDER BY ALL"""
        found = self._rows(query, {"first": days.first, "last": days.last, "channel": channel})
        return pd.DataFrame(found, columns=list(SUPPLIED)).astype(SUPPLIED)

    def behind(self, channel: str, days: Days) -> pd.DataFrame:
        """End customers of each distributor, as SalesLines says."""
        query = f"""WITH l AS (SELECT customer_id, CASE WHEN {_ROAD} = 'two_tier' THEN distributor_id END AS who {_IN_DAYS}
                AND ({_ROADS["partner"]} OR {_ROADS["direct"]}) AND customer_id IS NOT NULL),
            c AS (SELECT customer_id, min(who) AS who, bool_and(who IS NOT NULL) AS two_tier, count(DISTINCT who) AS distributors
                FROM l GROUP BY customer_id)
            SELECT l.who, count(DISTINCT l.customer_id),
                count(DISTINCT l.customer_id) FILTER (WHERE c.two_tier AND c.distributors = 1) FROM l JOIN c USING (customer_id)
                WHERE l.who IS NOT NULL GROUP BY l.who
            UNION ALL SELECT NULL, count(*) FILTER (WHERE who IS NOT NULL), count(*) FILTER (WHERE two_tier) FROM c
            ORDER BY 1 NULLS LAST"""
        found = self._rows(query, {"first": days.first, "last": days.last, "channel": channel})
        return pd.DataFrame(found, columns=list(BEHIND)).astype(BEHIND)

    def accounts(self, channel: str, days: Days) -> pd.DataFrame:
        """Whom each partner, and we ourselves, sold to in the days, as SalesLines says."""
        query = f"""SELECT partner_id, territory, customer_id, sum(revenue) AS revenue, min(date) AS first_on {_IN_DAYS}
            AND customer_id IS NOT NULL AND ({_ROADS["partner"]} OR {_ROADS["direct"]}) GROUP BY ALL ORDER BY ALL"""
        with duckdb.connect() as connection:
            given = {"sales": str(self.path), "first": days.first, "last": days.last, "channel": channel}
            return connection.execute(query, given).df().astype(ACCOUNTS)

    def by_currency(self, channel: str, days: Days) -> list[tuple[str | None, dt.date, Decimal]]:
        """Revenue through partners in the days by currency (None = not said) and month (its first day)."""
        query = f"""SELECT currency, CAST(date_trunc('month', date) AS DATE) AS month, sum(revenue) {_IN_DAYS} AND {_ROADS["partner"]}
            GROUP BY ALL ORDER BY ALL"""
        found = self._rows(query, {"first": days.first, "last": days.last, "channel": channel})
        return [(currency, month, Decimal(str(total))) for currency, month, total in found]

    def by_kind(self, days: Days) -> pd.DataFrame:
        """Lines that name a partner, in the days, by partner, channel and kind."""
        query = f"""SELECT partner_id, channel, kind, sum(revenue) AS revenue,
            coalesce(sum(revenue) FILTER (WHERE list_amount IS NOT NULL), 0) AS listed_revenue, sum(list_amount) AS list_amount
            {_IN_DAYS} AND partner_id IS NOT NULL GROUP BY ALL ORDER BY ALL"""
        with duckdb.connect() as connection:
            found = connection.execute(query, {"sales": str(self.path), "first": days.first, "last": days.last}).df()
        return kinds(found)

    def _rows(self, query: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            return connection.execute(query, {"sales": str(self.path), **given}).fetchall()


def by_id(frame: pd.DataFrame) -> pd.Series[Any]:
    """A frame of id and revenue as a series of floating numbers by id."""
    return frame.set_index("id")["revenue"].astype("float64")


def kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Sums by partner, channel and kind with the types that SalesLines.by_kind promises."""
    texts = dict.fromkeys(("partner_id", "channel", "kind"), "str")
    return frame.astype({**texts, **dict.fromkeys(("revenue", "listed_revenue", "list_amount"), "float64")})
