"""Exact sums over the client's sales lines, for any days and any of the measures that finance gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reconciliation.periods import Window

PARTNER = "partner_id IS NOT NULL AND coalesce(channel, $measure) = $measure"
DIRECT = "partner_id IS NULL AND coalesce(channel, 'direct') IN ('direct', $measure)"
CHANNEL = "partner_id IS NOT NULL AND channel = $channel"
LINES = {"revenue": PARTNER, "direct_revenue": DIRECT, "cost": PARTNER, "units": PARTNER}
"""Which lines each summed measure is made of."""


class Ledger:
    """The lines of a whole client up to its as-of date, summed in decimals; open it with `with`."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        self.as_of: dt.date = portfolio.as_of.date()
        self._connection = duckdb.connect()
        first, last = self._row("SELECT min(date), max(date) FROM read_parquet($sales, hive_partitioning = false) WHERE date <= $as_of")
        self.covered = None if first is None else Window(first, last)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    def total(self, column: str, days: Window, lines: str = PARTNER, **given: Any) -> Decimal | None:
        """The sum of a column over `lines` of the days; None where no such line has it filled."""
        query = f"""SELECT sum({column}) FROM read_parquet($sales, hive_partitioning = false)
            WHERE date BETWEEN $first AND $last AND date <= $as_of AND {lines}"""
        total = self._row(query, days, **given)[0]
        return None if total is None else Decimal(str(total))

    def selling(self, days: Window) -> Decimal:
        """How many partners had net revenue above zero in the days."""
        query = f"""SELECT count(*) FROM (SELECT partner_id FROM read_parquet($sales, hive_partitioning = false)
            WHERE date BETWEEN $first AND $last AND date <= $as_of AND {PARTNER} GROUP BY partner_id HAVING sum(revenue) > 0)"""
        return Decimal(self._row(query, days)[0])

    def active(self, days: Window) -> Decimal:
        """How many partners were active on the last of the days: net revenue above zero in the six months to it."""
        last = min(days.last, self.as_of)
        before = calendar.month_end(pd.Timestamp(last), 6).date()
        return self.selling(Window(before + dt.timedelta(days=1), last))

    def figure(self, measure: str, days: Window) -> Decimal | None:
        """Our figure for a measure of the control totals; None where no line has the cost or the units it is made of."""
        if measure == "partners_selling":
            return self.selling(days)
        if measure == "partners_active":
            return self.active(days)
        found = self.total(column(measure), days, LINES[measure])
        return found if found is not None or measure in {"cost", "units"} else Decimal(0)

    def at_other_rates(self, days: Window) -> tuple[Decimal, ...]:
        """Partner revenue with foreign lines at the other kind of rate, and with their amounts not converted; empty without rates."""
        rates, kind = self.portfolio.client.tables.get("rates"), self.portfolio.settings.rates
        if rates is None or rates.empty:
            return ()
        wide = rates.assign(kind=rates["kind"].fillna(kind)).pivot_table(index=["currency", "month"], columns="kind", values="rate")
        if kind not in wide:
            return ()
        others = wide.drop(columns=kind)
        other = others.iloc[:, 0] / wide[kind] if len(others.columns) else 1.0
        change = pd.DataFrame({"other": other, "unconverted": 1.0 / wide[kind]}).reset_index()
        self._connection.register("rate_change", change)
        query = f"""SELECT sum(l.revenue * coalesce(r.other, 1)), sum(l.revenue * coalesce(r.unconverted, 1))
            FROM read_parquet($sales, hive_partitioning = false) l LEFT JOIN rate_change r
              ON r.currency = l.currency AND date_trunc('month', CAST(r.month AS DATE)) = date_trunc('month', l.date)
            WHERE l.date BETWEEN $first AND $last AND l.date <= $as_of AND {PARTNER}"""
        return tuple(Decimal(str(total)) for total in self._row(query, days) if total is not None)

    def _row(self, query: str, days: Window | None = None, **given: Any) -> tuple[Any, ...]:
        known: Mapping[str, Any] = {
            "sales": str(self.portfolio.client.sales),
            "as_of": self.as_of,
            "measure": self.portfolio.measure,
            **({"first": days.first, "last": days.last} if days else {}),
            **given,
        }
        used = {name: value for name, value in known.items() if f"${name}" in query}
        row: tuple[Any, ...] = self._connection.execute(query, used).fetchall()[0]
        return row


def column(measure: str) -> str:
    """The column of a sales line that a summed measure adds up."""
    return measure if measure in {"cost", "units"} else "revenue"
