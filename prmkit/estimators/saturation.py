"""Does one more unit in a place sell more, or share what is there? The elasticity of revenue to units selling, and how many pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

PRIOR_MEAN, PRIOR_SPREAD = 0.85, 0.10
WIDE_MEAN, WIDE_SPREAD = 0.90, 0.35
FEW_PLACES = 15
MIN_PLACES = 4
MIN_PERIODS = 6
CONFLICT = 2.0
_LEVEL = 0.90
_GRID = np.arange(-1.0, 3.0, 0.0025)


@dataclass(frozen=True, slots=True)
class Elasticity:
    """Per cent more revenue of a place for one per cent more units: mean, standard deviation and 90% interval of what is known.

    data, data_error: what the data alone say. data_weight: 1 where they decide alone, 0 where the prior does. conflict: by how many of
    their
    common standard deviations data and narrow prior differ, where that prior was used, else nan.
    """

    estimate: float
    error: float
    low: float
    high: float
    places: int
    periods: int
    data_weight: float
    data: float = float("nan")
    data_error: float = float("nan")
    conflict: float = float("nan")

    @property
    def prior_contradicted(self) -> bool:
        """Whether the data differ from the narrow prior by more than two standard deviations."""
        return bool(abs(self.conflict) > CONFLICT)

    def draws(self, count: int, rng: np.random.Generator) -> Array:
        """Random elasticities, normal about the estimate and above zero."""
        drawn: Array = np.maximum(self.estimate + self.error * rng.standard_normal(count), 0.05)
        return drawn


def with_prior(data: float, error: float, places: int, periods: int) -> Elasticity:
    """What the data say (an estimate with an error that has places - 1 degrees of freedom) together with what was known before.

    Before: N(0.90, 0.35), which leaves open anything from a third to more than all. Below 15 places half of that gives way to
    N(0.85, 0.10), a mixture (Berger and Berliner 1986), unless the data contradict that one by more than two standard deviations.
    """
    likelihood = stats.t.logpdf((_GRID - data) / max(error, 1e-4), max(places - 1, 1))
    wide = stats.norm.pdf(_GRID, WIDE_MEAN, WIDE_SPREAD)
    few = places < FEW_PLACES
    conflict = (data - PRIOR_MEAN) / float(np.hypot(error, PRIOR_SPREAD)) if few else float("nan")
    narrow = few and abs(conflict) <= CONFLICT
    prior = (wide + stats.norm.pdf(_GRID, PRIOR_MEAN, PRIOR_SPREAD)) / 2 if narrow else wide
    mean, deviation, low, high = _moments(prior * np.exp(likelihood - likelihood.max()))
    weight = float(np.clip(1 - (deviation / _moments(prior)[1]) ** 2, 0.0, 1.0))
    return Elasticity(mean, deviation, low, high, places, periods, weight, data, error, conflict)


def _moments(density: Array) -> tuple[float, float, float, float]:
    """Mean, standard deviation and ends of the 90% interval of a density on the grid."""
    mass = density / density.sum()
    mean = float((mass * _GRID).sum())
    ends = np.interp([(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], np.cumsum(mass), _GRID)
    return mean, float(np.sqrt((mass * (_GRID - mean) ** 2).sum())), float(ends[0]), float(ends[1])


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


def gain(
    revenue: Array, units: Array, elasticity: Array, margin: Array, unit_cost: Array, fewest: Array, most: Array
) -> tuple[Array, Array]:
    """What moving from `units` to the best number within fewest..most is worth a year, and that number; everything broadcasts.

    revenue: a year at `units`. Profit is margin x revenue x (N / units)^beta - cost x N: rising then falling below beta = 1, and
    best at an end otherwise.
    """
    beta = np.maximum(elasticity, 0.01)
    average = margin * revenue / units
    exponent = 1 / np.maximum(1 - beta, 1e-6)
    inner = units * np.exp(np.clip(exponent * np.log(np.maximum(beta * average / unit_cost, 1e-12)), -50, 50))
    ends = np.stack(np.broadcast_arrays(np.clip(inner, fewest, most), fewest + 0 * beta, most + 0 * beta))
    profit = margin * revenue * (ends / units) ** beta - unit_cost * ends
    now = margin * revenue - unit_cost * units
    pick = np.argmax(profit, axis=0)[None]
    best: Array = np.take_along_axis(ends, pick, axis=0)[0]
    worth: Array = np.maximum(np.take_along_axis(profit, pick, axis=0)[0] - now, 0.0)
    return worth, best
