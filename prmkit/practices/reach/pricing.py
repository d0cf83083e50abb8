"""Revenue at stake as gross margin, unless these sales leave next to none."""

from __future__ import annotations

from prmkit.data.portfolio import Portfolio
from prmkit.practices.margin_rate import MarginRate, margin_rate
from prmkit.practices.phrases import Phrases

NEXT_TO_NOTHING = 0.02


def pricing(portfolio: Portfolio) -> MarginRate:
    """The portfolio's gross margin rate; none below 2% of revenue, where more revenue would be worth next to nothing."""
    found = portfolio.kept(margin_rate)
    if found.rate is None or found.rate >= NEXT_TO_NOTHING:
        return found
    share = Phrases.of(portfolio).share(found.rate)
    return MarginRate(None, f"Not priced: partner sales left a gross margin of only {share} in the 12 months.")
