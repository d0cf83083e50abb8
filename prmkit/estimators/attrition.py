"""How often units stop selling, how often silent ones come back, and whether a quiet one is still there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lives import REGULAR_GAP, SILENT_MONTHS, UNDATED_AGE, Lives

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

AGE_BANDS = (0, 3, 6, 12, 24)
RETURN_BANDS = (SILENT_MONTHS, 2 * SILENT_MONTHS)
MONTHLY_GAP = 1.5
_PRIOR_MONTHS = 24.0
_PRIOR_EVENTS = 5.0
SHOCK = 0.2
_SHOCK_YEARS = 3.0
_VAGUE = (0.5, 25.0)


@dataclass(frozen=True, slots=True)
class LifeTable:
    """What each unit adds to the rates: lapses and months of life by age band (n, 5), returns and silent months by band (n, 2)."""

    lapses: Array
    months: Array
    returns: Array
    silent: Array

    @property
    def events(self) -> int:
        """Lapses seen."""
        return int(self.lapses.sum())


@dataclass(frozen=True, slots=True)
class Attrition:
    """Monthly chances, one row for each of B weightings of the units.

    hazard (B, 5): of a life ending, by age band; size (B, c): multiplier by size class; back (B, 2): of a
    silent unit coming back, by months silent; back_size (B, c): its multiplier; pooled (B,): all ages and
    sizes together.
    """

    hazard: Array
    size: Array
    back: Array
    back_size: Array
    pooled: Array

    def of(self, draw: int, size_class: Whole, age: Whole) -> Array:
        """Monthly chance of lapsing for units of `size_class` (n,) at `age` (n, k), under weighting `draw`."""
        table = np.minimum(self.size[draw][:, None] * self.hazard[draw][None, :], 0.95)
        rates: Array = table[size_class[:, None], _band(age)]
        return rates


def life_table(lives: Lives) -> LifeTable:
    """Lapses against months of life. A lapse falls on the end of the usual gap after the last sale."""
    sales, n = lives.sales, len(lives.start)
    known, last = lives.determined, lives.last_of_life
    pause = np.rint(lives.pause[sales.unit]).astype(np.int64)
    length = np.where(last, pause, sales.gap)[known]
    unit, ended = sales.unit[known], last[known]
    age = sales.month[known] - lives.start[unit] + np.where(lives.dated[unit], 0, UNDATED_AGE)
    edges = np.array([*AGE_BANDS, 10**6])
    lapses, months = np.zeros((n, len(AGE_BANDS))), np.zeros((n, len(AGE_BANDS)))
    for band in range(len(AGE_BANDS)):
        overlap = np.clip(np.minimum(age + length, edges[band + 1]) - np.maximum(age, edges[band]), 0, None)
        months[:, band] = np.bincount(unit, overlap, minlength=n)
        end = age + length - 1
        lapses[:, band] = np.bincount(unit, ended & (end >= edges[band]) & (end < edges[band + 1]), minlength=n)
    returns, silent = _returns(lives)
    return LifeTable(lapses=lapses, months=months, returns=returns, silent=silent)


def _returns(lives: Lives) -> tuple[Array, Array]:
    sales, n, last = lives.sales, len(lives.start), lives.last_of_life
    unit, month, gap = sales.unit[last], sales.month[last], sales.gap[last]
    to = np.where(gap > 0, gap, lives.months - 1 - month)
    returns, silent = np.zeros((n, 2)), np.zeros((n, 2))
    for band, (low, high) in enumerate(zip(RETURN_BANDS, (RETURN_BANDS[1], 10**6), strict=True)):
        begin = np.maximum(low, lives.meant[unit]) if band == 0 else low
        silent[:, band] = np.bincount(unit, np.clip(np.minimum(to, high) - begin, 0, None), minlength=n)
        returns[:, band] = np.bincount(unit, (gap > low) & (gap <= high), minlength=n)
    return returns, silent


def fit_attrition(table: LifeTable, size_class: Whole, weights: Array, classes: int = 3) -> Attrition:
    """Discrete hazard under each weighting (B, n) of the units: lapses / months of life, thin bands drawn to the pooled rate.

    A band is drawn towards the pooled rate by 24 months of life, a size class towards all by five
    lapses; with nothing seen the pooled rate starts from half a lapse in 25 months.
    """
    lapses, months = weights @ table.lapses, weights @ table.months
    pooled = (lapses.sum(axis=1) + _VAGUE[0]) / (months.sum(axis=1) + _VAGUE[1])
    hazard = (lapses + _PRIOR_MONTHS * pooled[:, None]) / (months + _PRIOR_MONTHS)
    back_seen, back_months = weights @ table.returns, weights @ table.silent
    back_pooled = (back_seen.sum(axis=1) + _VAGUE[0]) / (back_months.sum(axis=1) + _VAGUE[1])
    back = (back_seen + _PRIOR_MONTHS * back_pooled[:, None]) / (back_months + _PRIOR_MONTHS)
    return Attrition(
        hazard=hazard,
        size=_by_size(table.lapses, table.months, hazard, size_class, weights, classes),
        back=back,
        back_size=_by_size(table.returns, table.silent, back, size_class, weights, classes),
        pooled=pooled,
    )


def _by_size(events: Array, months: Array, rate: Array, size_class: Whole, weights: Array, classes: int) -> Array:
    """Events seen over events expected at the common rates, in each size class."""
    factor = np.ones((len(weights), classes))
    for group in range(classes):
        own = size_class == group
        seen = weights[:, own] @ events[own].sum(axis=1)
        expected = ((weights[:, own] @ months[own]) * rate).sum(axis=1)
        factor[:, group] = (seen + _PRIOR_EVENTS) / (expected + _PRIOR_EVENTS)
    return factor


def still_selling(lives: Lives) -> Array:
    """Probability (n,) that a unit will sell again: its silence against the gaps of units with the same beat.

    (1 - q) S(s) / (q + (1 - q) S(s)), q the share of sales that were the last of a life (first sales
    apart from later ones) and S the share of gaps longer than the silence s so far. 0 for a lapsed unit.
    """
    known, last, sales = lives.determined, lives.last_of_life, lives.sales
    count = np.bincount(sales.unit, minlength=len(lives.start))
    first = np.concatenate([[True], sales.unit[1:] != sales.unit[:-1]]) if len(sales.unit) else np.zeros(0, dtype=bool)
    overall = _share(last[known])
    once = _share(last[known & first], overall)
    again = _share(last[known & ~first], overall)
    q = np.where(count == 1, once, again)
    beat = np.digitize(lives.usual, [MONTHLY_GAP, REGULAR_GAP])
    longer = np.ones(len(lives.start))
    for group in range(3):
        own = beat == group
        gaps = np.sort(sales.gap[known & ~last & own[sales.unit]])
        if len(gaps):
            longer[own] = (len(gaps) - np.searchsorted(gaps, lives.silence[own], side="right") + 0.5) / (len(gaps) + 1)
    stays = (1 - q) * longer
    by_rhythm = np.where(lives.sold & ~lives.lapsed, stays / (q + stays), 0.0)
    probability: Array = np.where(lives.steady, by_rhythm, lives.beat.alive)
    return probability


def _share(flags: NDArray[np.bool_], usual: float | None = None) -> float:
    if usual is None:
        return float((flags.sum() + _VAGUE[0]) / (len(flags) + _VAGUE[1]))
    return float((flags.sum() + _PRIOR_EVENTS * usual) / (len(flags) + _PRIOR_EVENTS))


def yearly(monthly: Array) -> Array:
    """Share lost in twelve months at a constant monthly chance: 1 - (1 - h)^12."""
    share: Array = 1 - (1 - monthly) ** 12
    return share


def monthly(yearly_share: float) -> float:
    """The monthly chance that loses `yearly_share` in twelve months; ValueError outside 0 to 1."""
    if not 0 <= yearly_share <= 1:
        raise ValueError("attrition is a share a year, from 0 to 1")
    return float(1 - (1 - yearly_share) ** (1 / 12))


def hazard_shock(lives: Lives, attrition: Attrition, size_class: Whole) -> float:
    """How far a year's lapse rate strays from the usual one: standard deviation of its log.

    Lapses seen against lapses expected, half-year by half-year: sum((O - E)^2 - E) / sum(E^2), spread over two
    half-years, and drawn to 0.2 with the weight of three years.
    """
    known, sales = lives.determined, lives.sales
    unit, month = sales.unit[known], sales.month[known]
    if not len(unit):
        return SHOCK
    age = lives.age[unit, month]
    rate = (attrition.hazard.mean(axis=0)[_band(age)]) * attrition.size.mean(axis=0)[size_class[unit]]
    length = np.where(lives.last_of_life[known], np.rint(lives.pause[unit]), sales.gap[known])
    half = (lives.months - 1 - month) // SILENT_MONTHS
    expected, seen = np.bincount(half, rate * length), np.bincount(half, lives.last_of_life[known])
    expected, seen = expected[expected >= 1], seen[expected >= 1]
    free = max(len(expected) - 1, 0) / 2
    if free == 0:
        return SHOCK
    excess = max(0.0, float(((seen - expected) ** 2 - expected).sum() / (expected**2).sum())) / 2
    return float(np.sqrt((_SHOCK_YEARS * SHOCK**2 + free * excess) / (_SHOCK_YEARS + free)))


def _band(age: Whole) -> Whole:
    band: Whole = np.maximum(np.searchsorted(AGE_BANDS, age, side="right") - 1, 0)
    return band


def steady_state(signings_a_month: float, hazard: float) -> float:
    """Units that a steady stream of signings settles at under geometric attrition: s / h."""
    if hazard <= 0:
        raise ValueError("without attrition there is no steady state")
    return signings_a_month / hazard
