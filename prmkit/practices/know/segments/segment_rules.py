"""The rules that make the segments, in words and in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 0.25
NEWCOMER_MONTHS = 18
ENOUGH_PARTNERS = 60
ENOUGH_MONTHS = 24
ENOUGH_JUDGED = 30


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: name, the rule as one reads it, and what to do with its partners."""

    name: str
    rule: str
    treatment: str


FULL = (
    Segment(
        "leading",
        "One of the largest partners that together bring half of the 12-month revenue, and not fading.",
        "A joint business plan, a named manager and a review each quarter; protect these first.",
    ),
    Segment(
        "growing",
        "12-month revenue at least a quarter above the 12 months before, or back after a silent year.",
        "Add range and reach: the next product family, marketing money tied to a plan.",
    ),
    Segment(
        "steady",
        "12-month revenue within a quarter of the 12 months before.",
        "Serve at low cost: orders without help, one contact, a yearly look for more.",
    ),
    Segment(
        "fading",
        "12-month revenue at least a quarter below the 12 months before.",
        "Visit within the month, largest fall first; find the cause before offering money.",
    ),
    Segment(
        "new",
        "First purchase within the last 18 months: too early to compare two years.",
        "A fixed path to the second and third order; judge after two full years.",
    ),
    Segment(
        "silent",
        "Bought before, no net revenue in the last 12 months.",
        "One call to learn why; win back the large ones, spend no time on the rest.",
    ),
    Segment(
        "never bought",
        "On the list, no purchase on record.",
        "Ask once whether they still want to sell for us; then a first-order offer, or off the list.",
    ),
)
THIN = (
    Segment("leading", "One of the largest partners that together bring half of the 12-month revenue.", FULL[0].treatment),
    Segment("buying", "Bought in the last 12 months and not one of the leading partners.", FULL[2].treatment),
    *FULL[5:],
)


def half_line(revenue: NDArray[Any]) -> NDArray[Any]:
    """Revenue of the smallest of the largest partners that together bring half of all, in each column of (partners, draws).

    Infinite where nobody bought.
    """
    falling = -np.sort(-np.maximum(revenue, 0.0), axis=0)
    sums = np.cumsum(falling, axis=0)
    if not len(sums):
        return np.full(revenue.shape[1], np.inf)
    at = (sums < sums[-1] / 2).sum(axis=0)
    line = falling[np.minimum(at, len(falling) - 1), np.arange(revenue.shape[1])]
    return np.where(sums[-1] > 0, line, np.inf)


def growth(now: NDArray[Any], then: NDArray[Any], first_month: NDArray[Any]) -> NDArray[Any]:
    """Revenue over that of the 12 months before, which is scaled up for a partner that started within them.

    nan where nothing was bought, infinite where the year before had none.
    """
    there = np.clip(np.where(np.isfinite(first_month), first_month - 11, 12), 1, 12)
    before = then * 12 / there
    ratio = np.divide(now, before, out=np.full_like(now, np.inf), where=before > 0)
    return np.where(now > 0, ratio, np.nan)


def classify(now: NDArray[Any], ratio: NDArray[Any], first_month: NDArray[Any], line: NDArray[Any]) -> NDArray[Any]:
    """Position in FULL for revenue `now` and its `ratio` to the year before, both (partners, draws).

    first_month: how many months ago the first purchase was, nan for none, (partners, 1). line: of each draw.
    """
    never, silent = ~np.isfinite(first_month), now <= 0
    young = first_month < NEWCOMER_MONTHS
    cases = [never, silent, ~young & (ratio <= 1 - STEP), now >= line, young, ratio >= 1 + STEP]
    return np.select(np.broadcast_arrays(*cases), [6, 5, 3, 0, 4, 1], default=2)


def classify_thin(now: NDArray[Any], first_month: NDArray[Any], line: NDArray[Any]) -> NDArray[Any]:
    """Position in THIN: by size alone."""
    cases = [~np.isfinite(first_month), now <= 0, now >= line]
    return np.select(np.broadcast_arrays(*cases), [3, 2, 0], default=1)
