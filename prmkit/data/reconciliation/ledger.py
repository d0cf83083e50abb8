"""Exact sums over the client's sales lines, for any days and any of the measures that finance gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reconciliation.periods import Window
from prmkit.data.sales_lines import Days, Summed, Which

Road = Literal["partner", "direct"]
LINES: Mapping[str, Road] = {"revenue": "partner", "direct_revenue": "direct", "cost": "partner", "units": "partner"}
"""Which lines each summed measure is made of."""


class Ledger:
    """The lines of a whole client up to its as-of date, summed in decimals."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        self.as_of: dt.date = portfolio.as_of.date()
        self._lines = portfolio.client.lines
        covered = self._lines.covered(self.as_of)
        self.covered = None if covered is None else Window(covered.first, covered.last)

    def which(self, road: Road) -> Which:
        """Lines that count as revenue, on one of the two roads."""
        return Which(road, self.portfolio.measure)

    def total(self, column: Summed, days: Window, which: Which) -> Decimal | None:
        """The sum of a column over some lines of the days; None where no such line has it filled."""
        return self._lines.total(column, which, self._until(days))

    def selling(self, days: Window) -> Decimal:
        """How many partners had net revenue above zero in the days."""
        return Decimal(self._lines.selling(self.portfolio.measure, self._until(days)))

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
        found = self.total(column(measure), days, self.which(LINES[measure]))
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
        months = {(str(code), pd.Timestamp(month).date().replace(day=1)): row for (code, month), row in _changes(wide[kind], other).items()}
        sums = [0.0, 0.0]
        for currency, month, revenue in self._lines.by_currency(self.portfolio.measure, self._until(days)):
            for place, change in enumerate(months.get((str(currency), month), (1.0, 1.0))):
                sums[place] += float(revenue) * change
        return tuple(Decimal(str(total)) for total in sums)

    def _until(self, days: Window) -> Days:
        return Days(days.first, min(days.last, self.as_of))


def _changes(used: pd.Series, other: pd.Series | float) -> dict[tuple[str, pd.Timestamp], tuple[float, float]]:
    """(currency, month) -> factor to the other kind of rate, factor to the amount not converted; 1 where a rate is not known."""
    frame = pd.DataFrame({"other": other, "unconverted": 1.0 / used}).fillna(1.0)
    return {key: (row[0], row[1]) for key, row in zip(frame.index, frame.to_numpy(), strict=True)}


def column(measure: str) -> Summed:
    """The column of a sales line that a summed measure adds up."""
    if measure == "cost":
        return "cost"
    return "units" if measure == "units" else "revenue"
