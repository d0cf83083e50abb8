"""Revenue at stake as margin at stake, or why it cannot be priced."""

from __future__ import annotations

from dataclasses import dataclass

from prmkit.data.portfolio import Portfolio
from prmkit.practices.gross_margin import gross_margin
from prmkit.practices.result import Amount

_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class MarginRate:
    """Gross margin per unit of revenue of the 12 months; `rate` is None where it cannot price anything, and `said` tells why or how."""

    rate: float | None
    said: str

    def worth(self, revenue: Amount) -> Amount:
        """The margin on an amount of revenue, a year."""
        if self.rate is None:
            return Amount(None, unit=revenue.unit, period="a year")
        low, high = (None if end is None else end * self.rate for end in (revenue.low, revenue.high))
        return Amount(None if revenue.amount is None else revenue.amount * self.rate, low, high, revenue.unit, "a year")


def margin_rate(portfolio: Portfolio) -> MarginRate:
    """The rate at which this portfolio's revenue of the 12 months left a gross margin."""
    year = gross_margin(portfolio)
    known = year[year["gross_margin"].notna()]
    total, covered = year["revenue"].clip(lower=0).sum(), known["revenue"].clip(lower=0).sum()
    if total <= 0 or covered < _ENOUGH * total:
        return MarginRate(None, "Not priced: most sales lines carry no cost and the engagement names no gross margin.")
    rate = float(known["gross_margin"].sum() / known["revenue"].sum())
    if rate <= 0:
        return MarginRate(None, "Not priced: these sales left no gross margin in the 12 months, so that revenue alone is no gain.")
    if known["assumed"].abs().sum() > 0:
        return MarginRate(rate, "Priced in part at the gross margin the engagement names, for lines without a cost.")
    return MarginRate(rate, "Priced at the gross margin these partners' sales left in the 12 months.")
