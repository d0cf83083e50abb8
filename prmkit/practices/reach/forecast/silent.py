"""Partners that were active a year ago and no longer are."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from prmkit.data.portfolio import Portfolio

_LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Silent:
    """Partners active 12 months before as_of: how many there were, how many are not now, and their revenue in the year before."""

    active_then: int
    silent_now: int
    revenue_then: float

    @property
    def share(self) -> float:
        """Part of those active then."""
        return self.silent_now / self.active_then

    @property
    def ends(self) -> tuple[float, float]:
        """90% interval of the share (Jeffreys)."""
        a, b = self.silent_now + 0.5, self.active_then - self.silent_now + 0.5
        low, high = stats.beta.ppf([(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], a, b)
        return float(low), float(high)


def silent(portfolio: Portfolio) -> Silent | None:
    """None without 18 months of history or without a partner active a year ago."""
    if portfolio.history_months < 18:
        return None
    then = portfolio.per_partner(first=12, count=6) > 0
    now = portfolio.per_partner(count=6) > 0
    if not then.any():
        return None
    lost = then & ~now
    return Silent(int(then.sum()), int(lost.sum()), float(portfolio.per_partner(first=12, count=12)[lost].sum()))
