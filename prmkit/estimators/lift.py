"""How far each unit stands from its like: few cases are drawn towards the like, by how much units are seen to differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_POINTS, _FARTHEST, _BEND = 101, 4.0, 2.2
_FURTHEST_ODDS, _CELL = 12.0, 0.02
_SPREADS = np.array([0.02, 0.05, 0.09, 0.14, 0.2, 0.27, 0.36, 0.48, 0.62, 0.8, 1.05, 1.4])
_FAR, _FAR_SHARE = 0.8, 0.03
FEWEST = 20
"""Units below which nothing is known of how much units differ."""


def steps() -> Array:
    """The distances from the like at which everything is weighed (points,): closer together around zero, which is one of them."""
    line = np.linspace(-1.0, 1.0, _POINTS)
    made: Array = _FARTHEST * np.sinh(_BEND * line) / np.sinh(_BEND)
    made[_POINTS // 2] = 0.0
    return made


@dataclass(frozen=True)
class Evidence:
    """What the cases of each unit say of its distance from the like.

    support: (n, points) log likelihood at each of `steps()`. lift: (n, points) the distance as a lift, rising, zero at zero.
    cases: (n,) how many there are.
    """

    support: Array
    lift: Array
    cases: Array


@dataclass(frozen=True)
class Lifts:
    """Lift of each unit (n,): mean, the ends of its 90% interval, and `chance_none`, the chance that it is zero or below.

    spread: the standard deviation of the distances between units, on the scale of `steps()`, as a posterior mean.
    """

    mean: Array
    low: Array
    high: Array
    chance_none: Array
    spread: float


def of_shares(event: Array, odds: Array, unit: Codes, units: int, doubt: Array | float = 0.0) -> Evidence:
    """Cases that come out yes or no: a unit's log odds are those of its like plus one distance.

    event: (c,) 0 or 1; odds: (c,) log odds of the like for such a case, read to a fiftieth; unit: (c,) codes 0 ... units - 1. The lift is
    the unit's expected share over that of its like, for the unit's own cases, less one. doubt: (units,) variance of the mean log odds of
    the like, by which the likelihood of a unit is flattened as that of a normal one would be.
    """
    cell = np.rint(np.clip(odds, -_FURTHEST_ODDS, _FURTHEST_ODDS) / _CELL).astype(np.int64)
    first = int(cell.min(initial=0))
    levels = np.arange(first, int(cell.max(initial=0)) + 1)[:, None] * _CELL + steps()
    chance, shape = special.expit(levels), (units, len(levels))
    yes, no = (sparse.csr_array((weight, (unit, cell - first)), shape=shape) for weight in (event, 1.0 - event))
    support = -(yes @ np.logaddexp(0, -levels) + no @ np.logaddexp(0, levels))
    share = (yes + no) @ chance
    cases = np.bincount(unit, minlength=units).astype(np.float64)
    at_like = chance[:, _POINTS // 2]
    support /= (1 + doubt * ((yes + no) @ (at_like * (1 - at_like))))[:, None]
    usual = np.where(cases > 0, share[:, _POINTS // 2], 1.0)[:, None]
    return Evidence(support, np.where(cases[:, None] > 0, share / usual - 1, special.expit(steps()) * 2 - 1), cases)


def of_levels(apart: Array, unit: Codes, units: int, lift: Callable[[Array], Array], doubt: Array | float = 0.0) -> Evidence:
    """Cases with a value each: a unit's mean is that of its like plus one distance, told in spreads of a single case within a unit.

    apart: (c,) value less that of the like for such a case, larger is better. lift: a distance in units of `apart` -> the lift.
    doubt: (units,) variance of the mean level of the like.
    Raises ValueError where no unit has two cases that differ.
    """
    cases = np.bincount(unit, minlength=units).astype(np.float64)
    mean = np.bincount(unit, apart, minlength=units) / np.maximum(cases, 1)
    inside = apart - mean[unit]
    freedom = float((cases[cases > 0] - 1).sum())
    width = float(np.sqrt((inside**2).sum() / freedom)) if freedom > 0 else 0.0
    if width <= 0:
        raise ValueError("the spread of a single case cannot be told: no unit has two cases that differ")
    certain = cases / (1 + cases * doubt / width**2)
    support = -0.5 * certain[:, None] * (mean[:, None] / width - steps()) ** 2
    return Evidence(support, np.broadcast_to(lift(steps() * width), support.shape), cases)


def of_counts(counts: Array, expected: Array) -> Evidence:
    """One count a unit: its rate is that of its like times the exponential of its distance. expected: (n,) above zero."""
    support = counts[:, None] * steps() - expected[:, None] * np.exp(steps())
    return Evidence(support, np.broadcast_to(np.expm1(steps()), support.shape), np.ones(len(counts)))


def lifts(evidence: Evidence) -> Lifts:
    """Weigh each unit's own cases against how much units differ.

    Distances are normal around the like, but for three in a hundred that may lie far from it whatever the others do, so that a lone star
    is not taken for one of the crowd; how wide is weighed over a grid with a flat prior on the spread (Gelman 2006) and carried into every
    interval. Units without a case teach nothing and get nan. Raises ValueError with fewer than `FEWEST` units that
    have cases.
    """
    seen = evidence.cases > 0
    if seen.sum() < FEWEST:
        raise ValueError(f"how much units differ cannot be told from {int(seen.sum())} of them: {FEWEST} are needed")
    density = (1 - _FAR_SHARE) * _normal(_SPREADS) + _FAR_SHARE * _normal(np.maximum(_FAR, _SPREADS))
    support, lift = evidence.support[seen], evidence.lift[seen]
    likely = np.exp(support - support.max(axis=1, keepdims=True))
    mixed = np.maximum(likely @ density.T, 1e-300)
    fits = np.log(mixed).sum(axis=0)
    weight = np.exp(fits - fits.max()) * np.gradient(_SPREADS)
    weight /= weight.sum()
    chance = likely * ((weight / mixed) @ density)
    chance /= np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)
    below = np.cumsum(chance, axis=1) - 0.5 * chance
    low, high = (_quantile(below, lift, at) for at in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    told = np.full((4, len(seen)), np.nan)
    told[:, seen] = (chance * lift).sum(axis=1), low, high, below[:, _POINTS // 2]
    return Lifts(told[0], told[1], told[2], told[3], float(weight @ _SPREADS))


def _normal(spread: Array) -> Array:
    """Chances (spreads, points) of each of `steps()` under a normal around zero."""
    chance = np.exp(-0.5 * (steps() / spread[:, None]) ** 2) * np.gradient(steps())
    made: Array = chance / chance.sum(axis=1, keepdims=True)
    return made


def _quantile(below: Array, lift: Array, at: float) -> Array:
    """The lift that the chance of less is `at` of, by row."""
    after = np.clip((below < at).sum(axis=1), 1, below.shape[1] - 1)
    rows = np.arange(len(below))
    start, end = below[rows, after - 1], below[rows, after]
    part = np.clip((at - start) / np.maximum(end - start, 1e-300), 0.0, 1.0)
    made: Array = lift[rows, after - 1] + part * (lift[rows, after] - lift[rows, after - 1])
    return made


def false_share(chance_none: Array, shown: NDArray[np.bool_], most: float) -> tuple[NDArray[np.bool_], float]:
    """The largest set of the surest units shown whose expected share of false ones is at most `most`, and that share (nan without any)."""
    order = np.flatnonzero(shown)[np.argsort(chance_none[shown], kind="stable")]
    running = np.cumsum(chance_none[order]) / np.arange(1, len(order) + 1)
    kept = np.zeros(len(shown), dtype=bool)
    count = int((running <= most).sum())
    kept[order[:count]] = True
    return kept, float(running[count - 1]) if count else float("nan")
