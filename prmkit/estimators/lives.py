"""When units sell, how long they usually pause, and from when to when they count as selling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.beat import Beat, fit_beat

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Clock = Literal["signing", "first_sale"]

SILENT_MONTHS = 6
REGULAR_GAP = 4.0
UNDATED_AGE = 12
_OWN_GAPS = 3
_STEADY = 0.5
_MIN_DATED = 0.5


@dataclass(frozen=True, slots=True)
class SellingMonths:
    """Months with revenue above zero, in order of unit and month: whose, which (0 = oldest), and the gap to the next (0 = none)."""

    unit: Whole
    month: Whole
    gap: Whole


@dataclass(frozen=True, slots=True)
class Lives:
    """Selling lives in a panel of n units and h months, oldest month first.

    revenue (n, h); sales: the selling months; clock: what age is counted from; start (n,) the month it
    starts in (negative: before the data; h: not yet); dated (n,): whether that start is known, or the
    unit sold from the first months on and may be older; usual (n,) and pooled: usual (median) gap in months;
    pause (n,): mean gap within a life; meant (n,): silent months that mean it lapsed; silence (n,): months since the last sale (h where
    it never sold); lapsed (n,), sold (n,); alive (n, h): months inside a selling life. beat: how often each sells, silences counted in;
    steady (n,): whether its own gaps are too even for a sale to come at random.
    A life of k sales at a gap of g lasts k x g months, so that revenue over life is revenue a month.
    """

    revenue: Array
    sales: SellingMonths
    clock: Clock
    start: Whole
    dated: Mask
    usual: Array
    pooled: float
    pause: Array
    meant: Whole
    silence: Whole
    lapsed: Mask
    sold: Mask
    alive: Mask
    beat: Beat
    steady: Mask

    @property
    def months(self) -> int:
        """Length of the history."""
        return int(self.revenue.shape[1])

    @property
    def age(self) -> Whole:
        """Age in months in each month (n, h); a unit without a known start is taken for a year old when first seen."""
        since: Whole = np.arange(self.months)[None, :] - self.start[:, None]
        return since + np.where(self.dated, 0, UNDATED_AGE)[:, None]

    @property
    def determined(self) -> Mask:
        """Sales whose silence after is long enough seen to know whether they were the last of a life."""
        seen: Mask = self.sales.month <= self.months - 1 - self.meant[self.sales.unit]
        return seen

    @property
    def last_of_life(self) -> Mask:
        """Sales after which the unit was silent for as long as means that it lapsed."""
        meant = self.meant[self.sales.unit]
        ended: Mask = self.determined & ((self.sales.gap == 0) | (self.sales.gap > meant))
        return ended


def selling_months(revenue: Array) -> SellingMonths:
    """The months with revenue above zero of each row, with the gap to that row's next one."""
    unit, month = np.nonzero(revenue > 0)
    gap = np.zeros(len(unit), dtype=np.int64)
    if len(unit) > 1:
        same = unit[1:] == unit[:-1]
        gap[:-1] = np.where(same, month[1:] - month[:-1], 0)
    return SellingMonths(unit=unit.astype(np.int64), month=month.astype(np.int64), gap=gap)


def usual_gap(sales: SellingMonths, units: int) -> tuple[Array, float]:
    """A unit's usual pause between sales: the median of its own gaps where it has three, else of all gaps; and the pooled one."""
    has = sales.gap > 0
    unit, gap = sales.unit[has], sales.gap[has]
    if not len(gap):
        return np.ones(units), 1.0
    pooled = float(np.median(gap))
    order = np.lexsort((gap, unit))
    unit, gap = unit[order], gap[order]
    count = np.bincount(unit, minlength=units)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    own = count >= _OWN_GAPS
    at = first[own]
    middle = (gap[at + (count[own] - 1) // 2] + gap[at + count[own] // 2]) / 2
    usual = np.full(units, pooled)
    usual[own] = middle
    return usual, pooled


def silence_meant(usual: Array) -> Whole:
    """Silent months that mean a unit lapsed: six, or twice its usual gap where that gap is longer than four months."""
    slow = np.ceil(2 * usual).astype(np.int64)
    meant: Whole = np.where(usual > REGULAR_GAP, np.maximum(slow, SILENT_MONTHS), SILENT_MONTHS).astype(np.int64)
    return meant


def even_gaps(sales: SellingMonths, units: int) -> Mask:
    """Units with three gaps or more whose spread is less than half their mean: they sell by a rhythm, not at random."""
    has = sales.gap > 0
    unit, gap = sales.unit[has], sales.gap[has].astype(float)
    count = np.bincount(unit, minlength=units)
    mean = np.bincount(unit, gap, minlength=units) / np.maximum(count, 1)
    square = np.bincount(unit, gap**2, minlength=units) / np.maximum(count, 1)
    spread = np.sqrt(np.maximum(square - mean**2, 0.0) * count / np.maximum(count - 1, 1))
    even: Mask = (count >= _OWN_GAPS) & (spread < _STEADY * mean)
    return even


def mean_gap(sales: SellingMonths, meant: Whole) -> Array:
    """Mean gap of each unit within its lives, with three pooled gaps thrown in so that one alone does not decide; at least 1."""
    inside = (sales.gap > 0) & (sales.gap <= meant[sales.unit])
    if not inside.any():
        return np.ones(len(meant))
    count = np.bincount(sales.unit[inside], minlength=len(meant))
    total = np.bincount(sales.unit[inside], sales.gap[inside], minlength=len(meant))
    mean: Array = (total + _OWN_GAPS * float(sales.gap[inside].mean())) / (count + _OWN_GAPS)
    return mean


def lives(revenue: Array, signed: Array | None = None) -> Lives:
    """Selling lives of a panel.

    revenue: (n, h) net revenue a month, oldest first. signed: (n,) month of signing on the same count,
    may be negative or a fraction, nan where not known. Age counts from signing where half of the
    units that sold have a date of it, else from the first sale.
    """
    n, h = revenue.shape
    sales = selling_months(revenue)
    usual, pooled = usual_gap(sales, n)
    count = np.bincount(sales.unit, minlength=n)
    sold = count > 0
    first, last = np.full(n, h, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    np.minimum.at(first, sales.unit, sales.month)
    np.maximum.at(last, sales.unit, sales.month)
    beat, steady = fit_beat(first, last, count, h), even_gaps(sales, n)
    meant = np.where(steady, silence_meant(usual), beat.telling(SILENT_MONTHS))
    pause = mean_gap(sales, meant)
    silence = np.where(sold, h - 1 - last, h)
    lapsed = sold & (silence >= meant)
    clock, start, dated = _clock(signed, first, sold, sales, h)
    alive = _alive(sales, pause, meant, np.where(dated & (clock == "signing"), np.clip(start, 0, None), first), first, sold, h)
    return Lives(
        np.asarray(revenue, dtype=float),
        sales,
        clock,
        start,
        dated,
        usual,
        pooled,
        pause,
        meant,
        silence.astype(np.int64),
        lapsed,
        sold,
        alive,
        beat,
        steady,
    )


def close_quiet(lives: Lives, gone: Mask) -> Lives:
    """The same lives, those of units judged `gone` (n,) ended one usual gap after their last sale."""
    position = np.arange(lives.months)[None, :]
    last = lives.months - 1 - lives.silence
    end = last + np.rint(lives.pause).astype(np.int64)
    return replace(lives, alive=lives.alive & ~((gone & lives.sold)[:, None] & (position >= end[:, None])))


def _clock(signed: Array | None, first: Whole, sold: Mask, sales: SellingMonths, h: int) -> tuple[Clock, Whole, Mask]:
    known = np.zeros(len(first), dtype=bool) if signed is None else np.isfinite(signed)
    if signed is not None and sold.any() and known[sold].mean() >= _MIN_DATED:
        month = np.floor(np.where(known, signed, 0.0)).astype(np.int64)
        return "signing", np.where(known, np.minimum(month, first), first), known
    gaps = sales.gap[sales.gap > 0]
    unsure = min(SILENT_MONTHS, int(np.ceil(np.quantile(gaps, 0.95)))) if len(gaps) else 1
    return "first_sale", first, sold & (first >= unsure)


def _alive(sales: SellingMonths, pause: Array, meant: Whole, begin: Whole, first: Whole, sold: Mask, h: int) -> Mask:
    whole = np.rint(pause[sales.unit]).astype(np.int64)
    open_end = (sales.gap == 0) & (h - 1 - sales.month < meant[sales.unit])
    ended = (sales.gap > meant[sales.unit]) | (sales.gap == 0)
    length = np.where(ended, whole, sales.gap)
    end = np.where(open_end, h, np.minimum(sales.month + length, h))
    steps = np.zeros((len(first), h + 1), dtype=np.int32)
    np.add.at(steps, (sales.unit, sales.month), 1)
    np.add.at(steps, (sales.unit, end), -1)
    early = np.flatnonzero(sold & (begin < first))
    np.add.at(steps, (early, begin[early]), 1)
    np.add.at(steps, (early, first[early]), -1)
    alive: Mask = np.cumsum(steps, axis=1)[:, :h] > 0
    return alive
