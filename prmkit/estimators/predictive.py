"""What the present units of a channel will sell in a coming window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.growth import MATURE, Growth
from prmkit.estimators.local import Local
from prmkit.estimators.paths import PATHS, Paths, selling, silent, simulate_paths

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_EVERY = 5
_CUT = 5.0
_WAIT, _SETTLE = 24, 20


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
    """Draws of the factor by which everything grows in `years`: what is not known of the mean, and a shock whose size is not known either.

    A shock is a normal one over the root of a chi-squared share: Student's t, cut at five of its scales and centred so that the mean of
    the factors stays the growth's.
    """
    rng = np.random.default_rng([seed, 2])
    log = growth.error * rng.standard_normal(draws) * years
    about = rng.standard_normal(draws)
    if np.isfinite(growth.freedom):
        about = np.clip(about / np.sqrt(rng.chisquare(growth.freedom, draws) / growth.freedom), -_CUT, _CUT)
    log += growth.shock * np.sqrt(years) * about
    factor: Array = np.exp(log + growth.mean * years)
    centred: Array = factor * np.exp(growth.mean * years) / factor.mean()
    return centred


def outlook(channel: Channel, windows: list[Window], seed: int, draws_each: int = 10, local: Local | None = None) -> list[Outlook]:
    """Simulate the present units month by month under every weighting, for several windows at once.

    A unit sells its level x ramp in each month of life, times luck of the whole window (log-normal,
    mean one); lives end and silent units come back by the fitted chances. Draws: resamples x draws_each. local: shocks that the units of
    one place share beyond the common trend.
    """
    units = _present(channel)
    n, draws = len(channel.alive), channel.resamples * draws_each
    inside = _inside(windows)
    coming = [np.zeros((n, draws), dtype=np.float32) for _ in windows]
    path = np.zeros((n, inside.shape[1]))
    sigma = np.sqrt(units.unsure)[:, None].astype(np.float32)
    level = units.level[:, None].astype(np.float32)
    shape = (len(units.rows), draws_each)
    shared = None if local is None else local.draws(draws, seed)
    for draw in range(channel.resamples):
        paths = _paths(channel, draw, inside, units.kinds, seed)
        rng = np.random.default_rng([seed, 4, draw])
        alive = rng.random(shape, dtype=np.float32) < units.begins[:, None]
        kind = np.where(alive, units.selling[:, None], units.silent[:, None])
        which = rng.integers(0, PATHS, shape)
        worth = level * np.exp(sigma * rng.standard_normal(shape, dtype=np.float32) - sigma**2 / 2)
        worth *= alive | units.returns[:, None]
        at = slice(draw * draws_each, (draw + 1) * draws_each)
        if shared is not None and local is not None:
            worth *= shared[local.place[units.rows], at]
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
    level, unsure, begins = yields.level * _if_there(channel), yields.variance(12), channel.alive.copy()
    if life.clock == "signing" and len(channel.pool):
        age = life.months - 1 - life.start
        waiting = ~life.sold & life.dated & (age >= 0) & (age <= _WAIT)
        waited = np.cumsum(channel.ramp.curve.mean(axis=0))[np.minimum(age[waiting], MATURE)] + np.maximum(age[waiting] - MATURE, 0)
        sells, slow = life.beat.waiting(_ever_sell(channel), np.minimum(waited, life.months))
        known = channel.activation.later
        counted = known.any() & (age[waiting] < len(known))
        begins[waiting] = np.where(counted, known[np.minimum(age[waiting], len(known) - 1)], sells)
        level[waiting] = yields.level[channel.pool].mean() * slow
        unsure[waiting] = yields.spread + yields.noise / 2
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


def _if_there(channel: Channel) -> Array:
    """Yield of a quiet unit, should it still be there, over its yield while it sold: its silence then was time without a sale."""
    life = channel.lives
    extra = np.where(life.sold, np.maximum(life.silence - np.rint(life.pause) + 1, 0), 0)
    seen = np.maximum(channel.yields.exposure, 1.0)
    closed = channel.closed & (life.silence > life.pause)
    share: Array = np.where(closed, seen / (seen + extra), 1.0)
    return share


def _ever_sell(channel: Channel) -> float:
    """Share of units signed within the data that ever sell: as counted, else from who has sold and how long the others waited."""
    life = channel.lives
    if channel.activation.later.any():
        return channel.activation.mean
    age = life.months - 1 - life.start
    signed = life.dated & (age >= 0) & (life.start > -MATURE)
    if not signed.any():
        return channel.activation.mean
    unsold, chance = signed & ~life.sold, 0.75
    for _ in range(_SETTLE):
        there, _ = life.beat.waiting(chance, age[unsold].astype(float))
        chance = (float((signed & life.sold).sum() + there.sum()) + 3.0) / (float(signed.sum()) + 4.0)
    return chance


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
