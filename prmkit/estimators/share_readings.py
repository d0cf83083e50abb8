"""A share read in several ways at once: how far each way of reading is off is learnt where two or more of them overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, log_ndtr

Array = NDArray[np.float64]

GRID = np.linspace(-11.0, 7.5, 149)
"""Log-odds of a share at which its chance is worked out: one in 60,000 to 99.94%."""
_LOGS: Array = log_expit(GRID)
_STEP = float(GRID[1] - GRID[0])
_GROSS, _GROSS_ERROR = 0.03, 1.5
"""This part of the readings is grossly wrong, by so much more; where nothing is learnt all are taken as sound."""
_SMALLEST = 0.08
_ERROR_WEIGHT = 5.0
"""The stated error of a reading counts as much as this many cases."""
_MIDDLE = float(np.log(0.2))
"""Level and slope are told apart around this log share."""
_NEVER = 1e-6
_SOFT = 0.1
_SPREAD, _SPREAD_WEIGHT = 1.2, 5.0
_SHAPE_WEIGHT, _SMOOTH = 20.0, 0.3
"""The population has the shape that is seen, smoothed over this many log-odds; a normal one counts as so many cases."""
_SMOOTHER: Array = np.exp(-0.5 * ((GRID[:, None] - GRID) / _SMOOTH) ** 2)
_SMOOTHER /= _SMOOTHER.sum(axis=0)
_ROUNDS, _STILL = 60, 2e-3
_FITTED = 700
"""At most so many cases are learnt from."""


@dataclass(frozen=True)
class Reading:
    """One way of reading the share of n cases.

    logs (n,): logarithm of the share read, nan without a reading. variance (n,): what is known of its error beforehand. error: the stated
    standard deviation of what is not known. level, slope: how far it may lie above or below the share, and its slope from 1, before
    anything is seen (standard deviations; 0: not at all, so that the others are held against it). floor, ceiling (n,): logarithms between
    which the share has to lie if the reading is right, used where nothing is learnt of it; None: no such ends.
    """

    name: str
    logs: Array
    variance: Array
    error: float
    level: float = 0.3
    slope: float = 0.2
    floor: Array | None = None
    ceiling: Array | None = None


@dataclass(frozen=True)
class Sign:
    """Something seen or not (1, 0, nan: not known) of n cases, the likelier the larger the share: logistic in its log-odds.

    level, slope: as stated before anything is seen.
    """

    name: str
    seen: Array
    level: float
    slope: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of one reading: log share read = level + slope * log share + error. cases: how many were learnt from."""

    level: float
    slope: float
    error: float
    cases: int


@dataclass(frozen=True)
class Population:
    """Log-odds of shares: centre, and spread around it; chances (grid,): of every share of GRID.

    flat: nothing learnt, every share likely alike on the log scale.
    """

    centre: float
    spread: float
    chances: Array
    flat: bool = False


@dataclass(frozen=True)
class Model:
    """All that is learnt of the client: the population and every reading, by name."""

    population: Population
    readings: dict[str, Learnt] = field(default_factory=dict)


def stated(readings: Sequence[Reading], signs: Sequence[Sign]) -> Model:
    """Nothing learnt: the errors as they are stated, any share likely alike."""
    told = {one.name: Learnt(0.0, 1.0, one.error, 0) for one in readings}
    told |= {one.name: Learnt(one.level, one.slope, 0.0, 0) for one in signs}
    return Model(Population(0.0, _SPREAD, 1 - expit(GRID), flat=True), told)


def learn(readings: Sequence[Reading], signs: Sequence[Sign], rng: np.random.Generator) -> Model:
    """Learn population, levels, slopes and errors together, by expectation and maximisation (Dempster, Laird and Rubin 1977).

    With three readings this is Grubbs' (1948) comparison of instruments: what they have in common is the share, what each has alone is
    its error. A stated error counts as `_ERROR_WEIGHT` cases; a case adds to what is known of a reading only as far as another reading of
    it can tell the share, so that of a reading that stands alone nothing is learnt. Learnt from 700 cases at most, those with two
    readings and more first. Raises ValueError without a case that has a reading.
    """
    count = np.sum([np.isfinite(one.logs) for one in readings], axis=0) + np.sum([np.isfinite(one.seen) for one in signs], axis=0)
    order = rng.permutation(len(count))
    order = order[np.argsort(-(count[order] > 1).astype(int), kind="stable")]
    chosen = order[: min(_FITTED, int((count > 0).sum()))]
    if not len(chosen):
        raise ValueError("no case has a reading of its share")
    readings = [replace(one, logs=one.logs[chosen], variance=one.variance[chosen]) for one in readings]
    signs = [replace(one, seen=one.seen[chosen]) for one in signs]
    model = replace(stated(readings, signs), population=_normal(float(np.log(0.2 / 0.8)), _SPREAD))
    for _ in range(_ROUNDS):
        new = _step(model, readings, signs)
        moved = _numbers(new) - _numbers(model)
        model = new
        if np.abs(moved).max() < _STILL:
            break
    return model


def _numbers(model: Model) -> Array:
    return np.array([model.population.centre, model.population.spread, *(one.error for one in model.readings.values())])


def posterior(model: Model, readings: Sequence[Reading], signs: Sequence[Sign]) -> Array:
    """Chance of every share of GRID for every case: (n, grid), rows add to 1."""
    made = np.repeat(_prior(model.population)[None, :], len(readings[0].logs), axis=0)
    for one in readings:
        made = made + _likelihood(one, model.readings[one.name], robust=not model.population.flat)
    for sign in signs:
        made = made + _sign_likelihood(sign, model.readings[sign.name])
    made = np.exp(made - made.max(axis=1, keepdims=True))
    chances: Array = made / made.sum(axis=1, keepdims=True)
    return chances


def quantile(chances: Array, at: float) -> Array:
    """The share below which the chance is `at`, of every row."""
    below = np.cumsum(chances, axis=1)
    place = np.argmax(below >= at - 1e-12, axis=1)
    rows = np.arange(len(chances))
    before = below[rows, place] - chances[rows, place]
    part = (at - before) / np.maximum(chances[rows, place], 1e-300)
    made: Array = expit(GRID[place] + _STEP * (np.clip(part, 0.0, 1.0) - 0.5))
    return made


def chance_above(chances: Array, share: float) -> Array:
    """Chance of a share of `share` and more, of every row."""
    made: Array = chances @ inside(share)
    return made


def inside(share: float) -> Array:
    """Which part of the cell around every share of GRID lies at `share` and above."""
    made: Array = np.clip((GRID + _STEP / 2 - np.log(share / (1 - share))) / _STEP, 0.0, 1.0)
    return made


def telling(model: Model, readings: Sequence[Reading], error: float) -> Array:
    """How well the best of `readings` tells the error of one whose own error is `error`, by case: 0 (not at all) to 1."""
    made = [np.zeros(len(readings[0].logs))]
    for one in readings:
        learnt = model.readings[one.name]
        off = (learnt.error**2 + one.variance) / max(learnt.slope, _NEVER) ** 2
        made.append(np.where(np.isfinite(one.logs), error**2 / (error**2 + off), 0.0))
    best: Array = np.max(made, axis=0)
    return best


def _prior(population: Population) -> Array:
    made: Array = np.log(population.chances)
    return made


def _normal(centre: float, spread: float) -> Population:
    chances = np.exp(-0.5 * ((GRID - centre) / spread) ** 2) + 1e-12
    return Population(centre, spread, chances / chances.sum())


def _parts(one: Reading, learnt: Learnt) -> tuple[Array, Array, Array]:
    """Log likelihood of a sound and of a gross reading, and the residuals: each (n, grid); all n have a reading."""
    gap = one.logs[:, None] - learnt.level - learnt.slope * _LOGS
    variance = one.variance[:, None] + learnt.error**2
    wide = variance + _GROSS_ERROR**2
    sound = np.log(1 - _GROSS) - 0.5 * (np.log(variance) + gap**2 / variance)
    gross = np.log(_GROSS) - 0.5 * (np.log(wide) + gap**2 / wide)
    return sound, gross, gap


def _likelihood(one: Reading, learnt: Learnt, *, robust: bool) -> Array:
    known = np.isfinite(one.logs)
    made = np.zeros((len(known), len(GRID)))
    sound, gross, _ = _parts(replace(one, logs=one.logs[known], variance=one.variance[known]), learnt)
    made[known] = np.logaddexp(sound, gross) if robust else sound
    if one.floor is not None and one.ceiling is not None and not robust:
        inside = log_ndtr((_LOGS - one.floor[known, None]) / _SOFT) + log_ndtr((one.ceiling[known, None] - _LOGS) / _SOFT)
        made[known] += inside
    return made


def _sign_likelihood(sign: Sign, learnt: Learnt) -> Array:
    odds = learnt.level + learnt.slope * GRID
    made: Array = np.select([sign.seen[:, None] == 1, sign.seen[:, None] == 0], [log_expit(odds), log_expit(-odds)], 0.0)
    return made


def _step(model: Model, readings: Sequence[Reading], signs: Sequence[Sign]) -> Model:
    chances = posterior(model, readings, signs)
    told = {
        one.name: _relearn(
            one,
            model.readings[one.name],
            chances,
            telling(model, [other for other in readings if other is not one], model.readings[one.name].error),
        )
        for one in readings
    }
    told |= {one.name: _relearn_sign(one, model.readings[one.name], chances) for one in signs}
    return Model(_repopulate(chances), told)


def _repopulate(chances: Array) -> Population:
    mass = chances.sum()
    centre = float((chances @ GRID).sum() / mass)
    spread = (_SPREAD_WEIGHT * _SPREAD**2 + float((chances @ (GRID - centre) ** 2).sum())) / (_SPREAD_WEIGHT + mass)
    usual = _normal(centre, float(np.sqrt(spread)))
    smooth = _SMOOTHER @ chances.sum(axis=0)
    seen = (_SHAPE_WEIGHT * usual.chances + smooth) / (_SHAPE_WEIGHT + mass)
    return replace(usual, chances=seen / seen.sum())


def _relearn(one: Reading, learnt: Learnt, chances: Array, told: Array) -> Learnt:
    known = np.isfinite(one.logs) & (told > 0)
    if not known.any():
        return learnt
    one = replace(one, logs=one.logs[known], variance=one.variance[known])
    sound, gross, gap = _parts(one, learnt)
    held = told[known][:, None] * chances[known] * expit(sound - gross)
    level, slope = _line(one, learnt, held)
    gap = one.logs[:, None] - level - slope * _LOGS
    noise = one.variance[:, None] + learnt.error**2
    mine = learnt.error**2 / noise
    squares = np.sum(held * (mine**2 * gap**2 + mine * one.variance[:, None]))
    wanted = (_ERROR_WEIGHT * one.error**2 + squares) / (_ERROR_WEIGHT + held.sum())
    return Learnt(level, slope, max(float(np.sqrt(wanted)), _SMALLEST), int(known.sum()))


def _line(one: Reading, learnt: Learnt, held: Array) -> tuple[float, float]:
    """Level and slope of what is read against the share, both drawn towards 0 and 1."""
    precise = held / (one.variance + learnt.error**2)[:, None]
    off = one.logs[:, None] - _LOGS
    at = _LOGS - _MIDDLE
    doubt = 1 / np.maximum([one.level, one.slope], _NEVER) ** 2
    across = (precise * at).sum()
    normal = np.array([[precise.sum() + doubt[0], across], [across, (precise * at**2).sum() + doubt[1]]])
    level, tilt = np.linalg.solve(normal, np.array([(precise * off).sum(), (precise * at * off).sum()]))
    return float(level - _MIDDLE * tilt), float(1 + tilt)


def _relearn_sign(sign: Sign, learnt: Learnt, chances: Array) -> Learnt:
    """One Newton step of the logistic curve, drawn towards what is stated."""
    known = np.isfinite(sign.seen)
    if not known.any():
        return learnt
    held = chances[known]
    yes, total = held[sign.seen[known] == 1].sum(axis=0), held.sum(axis=0)
    x = np.column_stack([np.ones(len(GRID)), GRID])
    now, wanted = np.array([learnt.level, learnt.slope]), np.array([sign.level, sign.slope])
    chance = expit(x @ now)
    ridge = np.diag([1.0, 4.0])
    gradient = x.T @ (yes - total * chance) - ridge @ (now - wanted)
    curvature = x.T @ ((total * chance * (1 - chance))[:, None] * x) + ridge
    level, slope = now + np.clip(np.linalg.solve(curvature, gradient), -0.5, 0.5)
    return Learnt(float(level), max(float(slope), 0.0), 0.0, int(known.sum()))
