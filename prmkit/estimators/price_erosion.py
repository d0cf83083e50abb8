"""How far the price of a deal falls when another seller of the same line quotes to the same customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.absorbed import Absorbed, absorbed_regression
from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

CONTESTED, BUYERS = 30, 40
"""Fewest deals with a rival, and fewest buyers seen both with one and without, for an answer."""
MOST = 12_000
"""Of more deals at buyers with two or more, whole buyers are drawn: more would make the interval no narrower than it matters."""
_LEVEL_DEALS, _SELLER_DEALS = 20, 10
_DOUBT = 0.025
_LEFT = 0.02
_UNLIKE = "customers differ, at the time, in something that is not on record"


@dataclass(frozen=True)
class Quotes:
    """Deals of which the price is known, one entry each, n of them.

    discount (n,): fraction off list. rivals (n,): others that quoted meanwhile, capped. ours (n,): whether the vendor's own people did.
    later (n,): others that came only afterwards; nan where that is not known. size (n,): log of the amount at list price.
    buyer, seller, product, place (n,): codes. quarter (n,): quarters counted through, the first of a year a multiple of four.
    """

    discount: Array
    rivals: Whole
    ours: Mask
    later: Array
    size: Array
    buyer: Whole
    seller: Whole
    product: Whole
    place: Whole
    quarter: Whole

    def at(self, use: Mask) -> Quotes:
        """Some of the deals."""
        return replace(self, **{name: getattr(self, name)[use] for name in self.__dataclass_fields__})

    @property
    def spell(self) -> Whole:
        """A code of each buyer in each half-year."""
        half = self.quarter // 2
        made: Whole = self.buyer * (int(half.max(initial=0)) + 1) + half
        return made


@dataclass(frozen=True)
class Step:
    """A number of rivals, how many deals and buyers show it, and what goes with it.

    plain: mean discount as it stands. more, low, high: by how much the same deal's is larger than without a rival; nan where fewer than
    twenty deals show it.
    """

    rivals: int
    deals: int
    buyers: int
    plain: float
    more: float
    low: float
    high: float


@dataclass(frozen=True)
class Erosion:
    """Points of discount (fractions) that one rival more, and the vendor's own people, cost.

    slope, covariance: of rivals and, where it can be told, of ours. freedom: of their t. buyers: how many were seen with a rival and
    without. placebo, placebo_p: slope of those that came only later (nan, 1 where too few show it). spell, spell_p: the slope within
    half-years of a buyer, and how likely it differs by luck alone. plain: the difference of means, the spreadsheet's answer.
    """

    slope: Array
    covariance: Array
    freedom: int
    buyers: int
    placebo: float
    placebo_p: float
    spell: float
    spell_p: float
    steps: tuple[Step, ...]
    plain: float

    def interval(self, which: int = 0, level: float = LEVEL) -> tuple[float, float]:
        """The ends of a slope's interval."""
        reach = float(stats.t.ppf((1 + level) / 2, self.freedom) * np.sqrt(self.covariance[which, which]))
        return float(self.slope[which] - reach), float(self.slope[which] + reach)


def price_erosion(quotes: Quotes) -> Erosion | str:
    """The erosion, or in words why these deals cannot tell it.

    Least squares of the discount on rivals and ours beside a curve in the size of the deal and an effect of each buyer, seller, product,
    place and quarter: a buyer that is hard to please asks more sellers and gets larger discounts for that alone, so it is compared with
    itself. Errors hang together by buyer.

    Two checks, at 2.5% each. Sellers that came only after a deal was closed cannot have moved its price: where they seem to, it is the
    buyer that is seen. And the slope within half-years of a buyer must be like the slope over all its years (Hausman 1978, Econometrica
    46:1251-1271): else rivals come at times at which prices are low for another reason. Either way nothing is said.
    """
    quotes = quotes.at(np.isfinite(quotes.discount) & np.isfinite(quotes.size))
    contested = quotes.rivals > 0
    both = both_ways(quotes.buyer, contested)
    if contested.sum() < CONTESTED or both < BUYERS:
        return (
            f"{int(contested.sum())} deals with a known discount had a second partner at the customer, and {both} customers are seen both "
            f"with one and without: at least {CONTESTED} and {BUYERS} are needed"
        )
    if np.ptp(quotes.discount) < 1e-9:
        return "the discount is the same on all deals"
    exposures = [quotes.rivals.astype(float)]
    if min(quotes.ours.sum(), (~quotes.ours).sum()) >= CONTESTED and both_ways(quotes.buyer, quotes.ours) >= BUYERS:
        exposures.append(quotes.ours.astype(float))
    every, use = quotes, _compared(quotes)
    quotes, exposures = quotes.at(use), [column[use] for column in exposures]
    try:
        fit = _fit(quotes, np.column_stack(exposures), quotes.buyer)
        steps = _steps(every, quotes, exposures[1:])
    except ValueError as error:
        return str(error)
    if fit.within[0] < _LEFT or not fit.covariance[0, 0] > 0:
        return "who has rivals hangs so closely on customer, seller, product, place and time that their effect cannot be told apart"
    placebo, placebo_p = _placebo(quotes, exposures)
    if placebo_p < _DOUBT:
        return f"partners that quoted only after a deal was closed seem to have moved its price, which they cannot: {_UNLIKE}"
    spell, spell_p = _spells(quotes, exposures, fit)
    if spell_p < _DOUBT:
        return f"within one half-year of a customer a second partner goes with another change of price than over the years: {_UNLIKE}"
    kept = slice(0, 2 if len(exposures) > 1 and fit.within[1] >= _LEFT and fit.covariance[1, 1] > 0 else 1)
    plain = float(every.discount[contested].mean() - every.discount[~contested].mean())
    return Erosion(fit.slope[kept], fit.covariance[kept, kept], fit.freedom, both, placebo, placebo_p, spell, spell_p, steps, plain)


def both_ways(buyer: Whole, marked: Mask) -> int:
    """How many buyers are seen both with the mark and without."""
    return len(np.intersect1d(buyer[marked], buyer[~marked]))


def _compared(quotes: Quotes) -> Mask:
    """Deals of buyers with two or more, of a fixed random choice of buyers where these are more than MOST."""
    sizes = np.bincount(quotes.buyer)
    order = np.random.default_rng(len(quotes.buyer)).permutation(np.flatnonzero(sizes > 1))
    chosen = np.zeros(len(sizes), dtype=bool)
    chosen[order[np.cumsum(sizes[order]) <= MOST]] = True
    made: Mask = chosen[quotes.buyer]
    return made


def _fit(quotes: Quotes, exposures: Array, buyer: Whole) -> Absorbed:
    size = (quotes.size - quotes.size.mean()) / max(float(quotes.size.std()), 1e-9)
    # sellers of hardly any deals have one effect together
    often = np.bincount(quotes.seller)[quotes.seller] >= _SELLER_DEALS
    factors = [np.where(often, quotes.seller, -1), quotes.product, quotes.place, quotes.quarter, buyer]
    columns = np.column_stack([exposures, size, size**2, size**3])
    return absorbed_regression(quotes.discount, columns, factors, quotes.buyer, jackknife=True)


def _placebo(quotes: Quotes, exposures: Sequence[Array]) -> tuple[float, float]:
    """Slope and p-value of those that came only later; (nan, 1) where too few deals can show it."""
    use = np.isfinite(quotes.later)
    past = quotes.at(use)
    if (past.later > 0).sum() < CONTESTED or both_ways(past.buyer, past.later > 0) < BUYERS:
        return np.nan, 1.0
    try:
        fit = _fit(past, np.column_stack([past.later, *(column[use] for column in exposures)]), past.buyer)
    except ValueError:
        return np.nan, 1.0
    error = float(np.sqrt(fit.covariance[0, 0]))
    if not error > 0 or fit.within[0] < _LEFT:
        return np.nan, 1.0
    return float(fit.slope[0]), float(2 * stats.t.sf(abs(fit.slope[0]) / error, fit.freedom))


def _spells(quotes: Quotes, exposures: Sequence[Array], fit: Absorbed) -> tuple[float, float]:
    """The slope within half-years of a buyer, and the p-value of its difference; (nan, 1) where too few half-years show both."""
    if both_ways(quotes.spell, quotes.rivals > 0) < BUYERS:
        return np.nan, 1.0
    try:
        fine = _fit(quotes, np.column_stack(exposures), quotes.spell)
    except ValueError:
        return np.nan, 1.0
    variance = float(fine.covariance[0, 0])
    if not variance > 0 or fine.within[0] < _LEFT:
        return np.nan, 1.0
    apart = max(variance - float(fit.covariance[0, 0]), 0.1 * variance)
    return float(fine.slope[0]), float(2 * stats.t.sf(abs(fine.slope[0] - fit.slope[0]) / np.sqrt(apart), fit.freedom))


def _steps(every: Quotes, quotes: Quotes, others: Sequence[Array]) -> tuple[Step, ...]:
    """The same with an effect of each number of rivals, beside the plain means of all deals."""
    counts, some = np.unique(every.rivals), np.unique(quotes.rivals[quotes.rivals > 0])
    fit = _fit(quotes, np.column_stack([*((quotes.rivals == count).astype(float) for count in some), *others]), quotes.buyer)
    reach = stats.t.ppf((1 + LEVEL) / 2, fit.freedom) * np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    effect = dict(zip(some.tolist(), zip(fit.slope, reach, strict=False), strict=False))
    made = []
    for count in counts.tolist():
        mine = every.rivals == count
        more, ends = (0.0, 0.0) if count == 0 else effect.get(count, (np.nan, np.nan))
        if count and (quotes.rivals == count).sum() < _LEVEL_DEALS:
            more = np.nan
        plain = float(every.discount[mine].mean())
        made.append(
            Step(count, int(mine.sum()), len(np.unique(every.buyer[mine])), plain, float(more), float(more - ends), float(more + ends))
        )
    return tuple(made)
