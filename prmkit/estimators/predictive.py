"""What the present units of a channel will sell in a coming window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.activation import WITHIN_MONTHS
from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.growth import Growth
from prmkit.estimators.paths import PATHS, Paths, selling, silent, simulate_paths

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_EVERY = 5


@dataclass(frozen=True, slots=True)
class Window:
    """A coming stretch of time in months from now: (begin, end]; begin below 0 takes in months already past."""

    begin: float
    end: float

    @property
    def months(self) -> int:
        """Months to simulate."""
        return int(np.ceil(self.end - 1e-9))

    def weights(self) -> Array:
        """How much of each coming month lies inside (months,)."""
        k = np.arange(self.months)
        inside: Array = np.clip(np.minimum(k + 1, self.end) - np.maximum(k, self.begin), 0.0, 1.0)
        return inside

    def past(self, months: int) -> Array:
        """How much of each past month lies inside (months,), oldest first."""
        back = np.arange(months)[::-1]
        inside: Array = np.clip(-np.maximum(self.begin, -(back + 1.0)) - back, 0.0, 1.0)
        return inside

    @property
    def years_ahead(self) -> float:
        """From the middle of the last twelve months to the middle of the coming part."""
        return float((max(self.begin, 0.0) + self.end) / 2 + 6) / 12


@dataclass(frozen=True)
class Outlook:
    """Draws of the revenue of present units in a window.

    coming (n, D): the part to come, before the common trend; past (n,): the part already sold; trend (D,):
    the common growth factor; path (n, months): expected revenue of each coming month before trend.
    """

    window: Window
    coming: NDArray[np.float32]
    past: Array
    trend: Array
    path: Array

    def total(self, rows: NDArray[np.bool_] | Whole | None = None) -> Array:
        """Draws (D,) of the sum over some units, all by default."""
        coming = self.coming if rows is None else self.coming[rows]
        past = self.past if rows is None else self.past[rows]
        drawn: Array = coming.sum(axis=0, dtype=np.float64) * self.trend + past.sum()
        return drawn


def growth_factors(growth: Growth, years: float, draws: int, seed: int) -> Array:
    """Draws of the factor by which everything grows in `years`: what is not known of the mean, and a shock a year."""
    rng = np.random.default_rng([seed, 2])
    log = (growth.mean + growth.error * rng.standard_normal(draws)) * years
    log += growth.shock * np.sqrt(years) * rng.standard_normal(draws) - growth.shock**2 * years / 2
    factor: Array = np.exp(log)
    return factor


def outlook(channel: Channel, windows: list[Window], seed: int, draws_each: int = 10) -> list[Outlook]:
    """Simulate the present units month by month under every weighting, for several windows at once.

    A unit sells its level x ramp in each month of life, times luck of the whole window (log-normal,
    mean one); lives end and silent units come back by the fitted chances. Draws: resamples x draws_each.
    """
    units = _present(channel)
    n, draws = len(channel.alive), channel.resamples * draws_each
    inside = _inside(windows)
    coming = [np.zeros((n, draws), dtype=np.float32) for _ in windows]
    path = np.zeros((n, inside.shape[1]))
    sigma = np.sqrt(units.unsure)[:, None].astype(np.float32)
    level = units.level[:, None].astype(np.float32)
    shape = (len(units.rows), draws_each)
    for draw in range(channel.resamples):
        paths = _paths(channel, draw, inside, units.kinds, seed)
        rng = np.random.default_rng([seed, 4, draw])
        alive = rng.random(shape, dtype=np.float32) < units.begins[:, None]
        kind = np.where(alive, units.selling[:, None], units.silent[:, None])
        which = rng.integers(0, PATHS, shape)
        worth = level * np.exp(sigma * rng.standard_normal(shape, dtype=np.float32) - sigma**2 / 2)
        worth *= alive | units.returns[:, None]
        at = slice(draw * draws_each, (draw + 1) * draws_each)
        for number in range(len(windows)):
            coming[number][units.rows, at] = paths.sold[number][kind, which] * worth
        path[units.rows] += units.expected(paths) / channel.resamples
    return [
        Outlook(
            window,
            coming[number],
            channel.lives.revenue @ window.past(channel.lives.months),
            growth_factors(channel.growth, window.years_ahead, draws, seed),
            path[:, : window.months],
        )
        for number, window in enumerate(windows)
    ]


@dataclass(frozen=True)
class _Present:
    """The units that can sell: which, level, log-variance, chance of being alive, whether they can come back.

    selling, silent: the place in `kinds` of each unit's kind while it sells and while it does not.
    """

    rows: Whole
    level: Array
    unsure: Array
    begins: Array
    selling: Whole
    silent: Whole
    kinds: Whole
    returns: NDArray[np.bool_]

    def expected(self, paths: Paths) -> Array:
        """Expected revenue (units, months) of each coming month."""
        alive = self.begins[:, None] * paths.mean[self.selling]
        gone = ((1 - self.begins) * self.returns)[:, None] * paths.mean[self.silent]
        revenue: Array = self.level[:, None] * (alive + gone)
        return revenue


def _present(channel: Channel) -> _Present:
    """Signed units still without a sale wait with a recruit's mean yield; they cannot come back, only begin."""
    life, yields = channel.lives, channel.yields
    level, unsure, begins = yields.level.copy(), yields.variance(12), channel.alive.copy()
    if life.clock == "signing" and len(channel.pool):
        age = life.months - 1 - life.start
        waiting = ~life.sold & life.dated & (age >= 0) & (age <= WITHIN_MONTHS)
        level[waiting] = yields.level[channel.pool].mean()
        unsure[waiting] = yields.spread + yields.noise / 2
        begins[waiting] = channel.activation.later[age[waiting]]
    level[channel.gone] = 0.0
    rows = np.flatnonzero(level > 0)
    sizes = channel.size_class[rows]
    both = np.concatenate([selling(sizes, life.age[rows, -1]), silent(sizes, life.silence[rows])])
    kinds, place = np.unique(both, return_inverse=True)
    return _Present(
        rows=rows,
        level=level[rows],
        unsure=unsure[rows],
        begins=begins[rows],
        selling=place[: len(rows)],
        silent=place[len(rows) :],
        kinds=kinds,
        returns=life.sold[rows],
    )


def _inside(windows: list[Window]) -> Array:
    inside = np.zeros((len(windows), max(window.months for window in windows)))
    for at, window in enumerate(windows):
        inside[at, : window.months] = window.weights()
    return inside


def _paths(channel: Channel, draw: int, inside: Array, kinds: Whole, seed: int) -> Paths:
    rng = np.random.default_rng([seed, 3, draw])
    pause = int(np.rint(channel.lives.pause.mean())) if len(channel.lives.pause) else 1
    return simulate_paths(channel.attrition, draw, channel.ramp.curve[draw], pause, inside, kinds, rng)


def attrition_effect(channel: Channel, rows: Whole, window: Window, factor: Array | float, seed: int) -> float:
    """What present units sell in `window` when every lapse rate is multiplied by `factor`, over what they sell now.

    Both are expectations over the same random paths, so that the ratio is far surer than either.
    """
    units, inside = _present(channel), _inside([window])
    own = np.isin(units.rows, rows)
    then, totals = scale_attrition(channel, factor), np.zeros(2)
    for draw in range(0, channel.resamples, _EVERY):
        for side, which in enumerate((channel, then)):
            totals[side] += float((units.expected(_paths(which, draw, inside, units.kinds, seed))[own] @ inside[0]).sum())
    return float(totals[1] / totals[0]) if totals[0] > 0 else 1.0
