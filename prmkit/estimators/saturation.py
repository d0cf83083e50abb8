"""Does one more unit in a place sell more, or share what is there? The elasticity of revenue to units selling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

PRIOR_MEAN, PRIOR_SPREAD = 0.85, 0.10
FEW_PLACES = 15
MIN_PLACES = 4
MIN_PERIODS = 6
_LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Elasticity:
    """Per cent more revenue for one per cent more units: estimate with standard error and 90% interval.

    data_weight: 1 where it rests on the data alone, else the share of the data against the prior.
    """

    estimate: float
    error: float
    low: float
    high: float
    places: int
    periods: int
    data_weight: float

    def draws(self, count: int, rng: np.random.Generator) -> Array:
        """Random elasticities, normal about the estimate and above zero."""
        drawn: Array = np.maximum(self.estimate + self.error * rng.standard_normal(count), 0.05)
        return drawn


def estimable(place: Whole, period: Whole, units: Array) -> str | None:
    """Why a place x period panel cannot tell the elasticity, or None."""
    places, periods = len(np.unique(place)), len(np.unique(period))
    if places < MIN_PLACES:
        return f"{places} territories with enough partners: at least {MIN_PLACES} are needed"
    if periods < MIN_PERIODS:
        return f"{periods} quarters of history: at least {MIN_PERIODS} are needed"
    if float(_within(np.log(units), place, period, np.ones(len(units))).var()) < 1e-6:
        return "the number of active partners moved alike everywhere, so its effect cannot be told from the season's"
    return None


def fit_elasticity(revenue: Array, units: Array, place: Whole, period: Whole) -> Elasticity:
    """Poisson regression of revenue on log units with place and period effects, errors clustered by place.

    The errors are those of leaving out one place at a time (CR3), with a t of as many degrees of freedom
    as places less one: with few places, or one that outweighs the rest, plain clustered errors are too small.
    revenue: (m,) not negative; units: (m,) above zero; place, period: (m,) codes. Fewer than 15 places:
    combined with a prior N(0.85, 0.10). Raises ValueError where `estimable` gives a reason.
    """
    reason = estimable(place, period, units)
    if reason:
        raise ValueError(reason)
    place, period = np.unique(place, return_inverse=True)[1], np.unique(period, return_inverse=True)[1]
    beta, mean = _poisson(revenue, np.log(units), place, period)
    x = _within(np.log(units), place, period, mean)
    information = float((mean * x * x).sum())
    leverage = np.bincount(place, mean * x * x) / information
    score = np.bincount(place, x * (revenue - mean)) / np.maximum(1 - leverage, 0.05)
    places = len(score)
    error = float(np.sqrt((score**2).sum() * (places - 1) / places)) / information
    t = float(stats.t.ppf((1 + _LEVEL) / 2, places - 1))
    error *= t / float(stats.norm.ppf((1 + _LEVEL) / 2))
    return _combine(beta, error, places, len(np.unique(period)))


def _combine(beta: float, error: float, places: int, periods: int) -> Elasticity:
    weight = 1.0
    if places < FEW_PLACES:
        data, prior = 1 / max(error, 1e-9) ** 2, 1 / PRIOR_SPREAD**2
        weight = data / (data + prior)
        beta, error = weight * beta + (1 - weight) * PRIOR_MEAN, float(1 / np.sqrt(data + prior))
    z = float(stats.norm.ppf((1 + _LEVEL) / 2))
    return Elasticity(float(beta), float(error), float(beta - z * error), float(beta + z * error), places, periods, float(weight))


def _poisson(y: Array, x: Array, place: Whole, period: Whole) -> tuple[float, Array]:
    """Slope and fitted means by iteratively reweighted least squares, both sets of effects swept out in each step."""
    scale = float(y.mean()) or 1.0
    mean = np.maximum(y / scale, 0.1)
    eta = np.log(mean)
    beta = 0.0
    for _ in range(200):
        work = eta + (y / scale - mean) / mean
        inner = _within(x, place, period, mean)
        step = float((mean * inner * work).sum() / (mean * inner * inner).sum())
        residual = work - step * x
        eta = step * x + residual - _within(residual, place, period, mean)
        mean = np.exp(np.clip(eta, -30, 30))
        if abs(step - beta) < 1e-10:
            return step, mean * scale
        beta = step
    return beta, mean * scale


def _within(values: Array, place: Whole, period: Whole, weight: Array) -> Array:
    """Values less their weighted place and period means (alternating projections)."""
    left = values.astype(float).copy()
    for _ in range(500):
        before = left
        for codes in (place, period):
            total = np.bincount(codes, weight)
            left = left - (np.bincount(codes, weight * left) / np.where(total > 0, total, 1.0))[codes]
        if float(np.abs(left - before).max(initial=0.0)) < 1e-11:
            break
    return left


def best_count(alpha: float, elasticity: float, margin: float, unit_cost: float) -> float:
    """Units at which the next one just pays: N* = (m alpha beta / c)^(1 / (1 - beta)).

    alpha: revenue a year of one unit alone (S = alpha N^beta); margin: a fraction; unit_cost: a year. Raises
    ValueError where elasticity is 1 or more: then every further unit pays or none does.
    """
    if elasticity >= 1:
        raise ValueError("without falling returns there is no best number")
    return float((margin * alpha * elasticity / unit_cost) ** (1 / (1 - elasticity)))


def marginal_yield(revenue: float, units: float, elasticity: float) -> float:
    """Revenue a year that the next unit adds to its place: beta S / N."""
    return elasticity * revenue / units


def over_distributed(revenue: float, units: float, elasticity: Elasticity, margin: float, unit_cost: float) -> float:
    """Probability that the last unit's margin is below its cost."""
    break_even = unit_cost * units / (margin * revenue)
    return float(stats.norm.cdf((break_even - elasticity.estimate) / elasticity.error))
