"""Do those who are there sell less when another comes? Each unit against itself, and against how many others share its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

AGES = 4
_STEPS, _TOLERANCE = 100, 1e-8
_LARGEST_STEP = 2.0
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Units over periods, oldest first.

    revenue (n, t): not negative; there (n, t): share of the period the unit was there, 0 to 1; others (n, t): mean number of others in its
    place; place (n,): codes 0 to places - 1; age (n, t): 0 for a grown unit, 1 to 4 for the fourth to the first period of its life.
    """

    revenue: Array
    there: Array
    others: Array
    place: Whole
    age: Whole

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.place.max()) + 1 if len(self.place) else 0

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.revenue.shape[1])


@dataclass(frozen=True, slots=True)
class Slope:
    """Per cent more revenue of a unit for one per cent more units in its place (below zero: they share).

    error: leaving out one place at a time (CR3). information, score (places,): of each place about the common slope, so that its own
    slope is
    estimate + score / information with a variance of 1 / information. without (places,): the estimate without each place.
    ages (5,): revenue of a unit by age as a factor of a grown one's. dispersion: variance over mean of a unit's period; shock: standard
    deviation of what moves a whole place in one period.
    """

    estimate: float
    error: float
    information: Array
    score: Array
    without: Array
    ages: Array
    dispersion: float
    shock: float


def neighbour_slope(data: Neighbourhood, lead: int = 0, like: Slope | None = None) -> Slope:
    """Poisson regression of a unit's revenue on log (1 + others), with an effect of each unit, period and young age.

    The unit itself is left out of the count: else its own coming and going, which is never exactly known, would move both sides. Units'
    effects are conditioned out (Hausman, Hall and Griliches 1984). Places weigh by the precision that luck and their own shocks leave them:
    those found in a first fit, or in `like`. lead: with a number of periods, log (1 + others) so much later stands beside today's, and the
    slope is that of the later one: zero unless units come because sales rise. Raises ValueError where the numbers moved alike everywhere.
    """
    design, revenue, there = _design(data, lead)
    start = np.zeros(design.shape[2])
    if like is None:
        first = _fit(design, revenue, there, data.place, np.ones(data.places), start)
        start, (dispersion, shock) = first.theta, _spreads(first, data, there)
    else:
        dispersion, shock = like.dispersion, like.shock
    total = np.bincount(data.place, revenue.sum(axis=1), data.places) / revenue.shape[1]
    made = _fit(design, revenue, there, data.place, 1 / (dispersion + shock**2 * total), start)
    at = revenue.shape[1] - 1 + (1 if lead else 0)
    return _slope(made, at, (dispersion, shock))


@dataclass(frozen=True, slots=True)
class _Fit:
    theta: Array
    hessian: Array
    by_place: Array  # (places, q, q)
    score: Array  # (places, q)
    mean: Array
    left: Array


def _design(data: Neighbourhood, lead: int) -> tuple[Array, Array, Array]:
    count = data.periods - lead
    n = len(data.place)
    logs = np.log1p(np.maximum(data.others, 0.0))
    columns = [np.broadcast_to(np.eye(count)[None, :, 1:], (n, count, count - 1)), logs[:, :count, None]]
    if lead:
        columns.append(logs[:, lead:, None])
    age = data.age[:, :count]
    columns.append((age[:, :, None] == np.arange(1, AGES + 1)).astype(float))
    return np.concatenate(columns, axis=2), data.revenue[:, :count], data.there[:, :count]


def _fit(design: Array, revenue: Array, there: Array, place: Whole, weight: Array, start: Array) -> _Fit:
    """Newton's steps on the likelihood that is left once each unit's own level is conditioned out."""
    n, periods, width = design.shape
    sold = revenue * weight[place][:, None]
    total = sold.sum(axis=1)
    flat = design.reshape(-1, width)
    theta = start.copy()
    for step in range(_STEPS):
        rate = there * np.exp(np.clip((flat @ theta).reshape(n, periods), -20, 20))
        whole = rate.sum(axis=1)
        mean = rate * np.where(whole > 0, total / np.where(whole > 0, whole, 1.0), 0.0)[:, None]
        sums = np.einsum("nt,ntq->nq", mean, design)
        scaled = sums / np.where(total > 0, total, 1.0)[:, None]
        hessian = flat.T @ (mean.reshape(-1, 1) * flat) - scaled.T @ sums
        left = sold - mean
        move = np.linalg.lstsq(hessian, flat.T @ left.ravel(), rcond=1e-12)[0]
        theta = theta + np.clip(move, -_LARGEST_STEP, _LARGEST_STEP)
        if float(np.abs(move).max(initial=0.0)) < _TOLERANCE or step == _STEPS - 1:
            break
    places = len(weight)
    score, by_place = np.zeros((places, width)), np.zeros((places, width, width))
    unit_score = np.einsum("nt,ntq->nq", left, design)
    order = np.argsort(place, kind="stable")
    for one, rows in enumerate(np.split(order, np.cumsum(np.bincount(place, minlength=places))[:-1])):
        own = design[rows].reshape(-1, width)
        by_place[one] = own.T @ (mean[rows].reshape(-1, 1) * own) - scaled[rows].T @ sums[rows]
        score[one] = unit_score[rows].sum(axis=0)
    unweighted = weight[place][:, None]
    return _Fit(theta, hessian, by_place, score, mean / unweighted, left / unweighted)


def _spreads(made: _Fit, data: Neighbourhood, there: Array) -> tuple[float, float]:
    """Dispersion of units and the shock of whole places, from squares left over: dispersion x mean + shock^2 x mean^2, summed over units
    and
    over whole places."""
    cells, units, periods = int((there > 0).sum()), int((made.mean.sum(axis=1) > 0).sum()), there.shape[1]
    left, mean = np.zeros((data.places, periods)), np.zeros((data.places, periods))
    np.add.at(left, data.place, made.left)
    np.add.at(mean, data.place, made.mean)
    own = float((made.left**2).sum()) * cells / max(cells - units, 1)
    whole = float((left**2).sum()) / ((1 - 1 / periods) * (1 - 1 / max(data.places, 2)))
    own_square, whole_square = float((made.mean**2).sum()), float((mean**2).sum())
    square = max((whole - own) / max(whole_square - own_square, 1e-12), 0.0)
    dispersion = (own - square * own_square) / max(float(mean.sum()), 1e-12)
    return max(dispersion, 1e-12), float(np.sqrt(square))


def _slope(made: _Fit, at: int, spreads: tuple[float, float]) -> Slope:
    """The coefficient at column `at`, with what each place says of it once the other columns are swept out."""
    rest = np.delete(np.arange(len(made.theta)), at)
    sweep = np.linalg.lstsq(made.hessian[np.ix_(rest, rest)], made.hessian[rest, at], rcond=1e-12)[0]
    along = np.zeros(len(made.theta))
    along[at], along[rest] = 1.0, -sweep
    information = np.einsum("q,pqr,r->p", along, made.by_place, along)
    mass = np.trace(made.hessian[rest][:, rest]) + 1e-12
    if float(information.sum()) / mass < _LEAST_SPREAD:
        raise ValueError("the number of active partners moved alike everywhere, so its effect cannot be told from the season's")
    places = len(made.score)
    moves = [np.linalg.lstsq(made.hessian - made.by_place[one], made.score[one], rcond=1e-12)[0][at] for one in range(places)]
    without = made.theta[at] - np.array(moves)
    error = float(np.sqrt(np.square(moves).sum() * (places - 1) / places))
    ages = np.exp(np.concatenate([[0.0], made.theta[-AGES:]]))
    return Slope(float(made.theta[at]), error, np.maximum(information, 0.0), made.score @ along, without, ages, *spreads)
