"""Numbers as findings say them, in the engagement's currency and locale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prmkit.data.portfolio import Portfolio
from prmkit.practices.result import Amount
from prmkit.publish import words


@dataclass(frozen=True, slots=True)
class Phrases:
    """`prmkit.publish.words` bound to one portfolio."""

    currency: str
    locale: str

    @classmethod
    def of(cls, portfolio: Portfolio) -> Phrases:
        """Phrases in the portfolio's currency and locale."""
        return cls(portfolio.currency, portfolio.settings.locale)

    def money(self, value: Any) -> str:
        """ "USD 412k"."""
        return words.money(value, self.currency, self.locale)

    def share(self, value: Any) -> str:
        """ "41%"."""
        return words.share(value, self.locale)

    def count(self, value: Any) -> str:
        """ "1,204"."""
        return words.count(value, self.locale)

    def counted(self, value: Any, one: str = "partner", many: str = "") -> str:
        """ "1 partner", "1,204 partners"."""
        return words.counted(value, one, many, self.locale)

    def interval(self, amount: Amount) -> str:
        """ "USD 410k a year, 250k to 590k"."""
        return words.interval(amount, self.locale)


def last_year(portfolio: Portfolio) -> str:
    """The period of 12-month figures: "12 months to 2013-11-29"."""
    return f"12 months to {portfolio.as_of.date().isoformat()}"
