"""Numbers as people read them in a narrow column."""

from __future__ import annotations

from math import floor, isfinite, isnan, log10

from prmkit.prove.proportion import Proportion

NOTHING = "–"


def short(value: float, *, sign: bool = False) -> str:
    """Three digits that count, thousands apart: 0.0123, 1.23, 12.3, 1,230; a dash for nan. `sign`: a plus before what is above 0."""
    if isnan(value):
        return NOTHING
    if not isfinite(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) < 0.0005:
        return "0"
    rounded = float(f"{value:.3g}")
    decimals = max(0, min(4, 2 - floor(log10(abs(rounded)))))
    return f"{rounded:{'+' if sign else ''},.{decimals}f}"


def percent(share: float) -> str:
    """A share of one as a whole percentage, with a decimal below 10 and above 99."""
    if isnan(share):
        return NOTHING
    parts = 100 * share
    whole = abs(parts) >= 9.95 and not 99 < parts < 100
    return f"{parts:.0f}%" if whole or parts in (0, 100) else f"{parts:.1f}%"


def ranged(share: float, low: float, high: float) -> str:
    """A share and the ends of its interval: 91% (88 to 94)."""
    if isnan(share) or isnan(low):
        return percent(share)
    return f"{percent(share)} ({100 * low:.0f} to {100 * high:.0f})"


def proportion_text(seen: Proportion) -> str:
    """The same of a proportion."""
    return ranged(seen.share, seen.low, seen.high)
