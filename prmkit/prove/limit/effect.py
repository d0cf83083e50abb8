"""What a course or campaign added, as well as orders can tell: one effect for all who took part, every order rate integrated out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, special

from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.prove.limit.life import life_of, signs
from prmkit.prove.limit.record import Record, record_of
from prmkit.prove.limit.size import fit_size
from prmkit.simulate.effects import YEAR, course_paths, fund_paths, untaught
from prmkit.simulate.state import NEVER, Array, State, Whole

_ENDS = (0.05, 0.95)
_WIDEST = (-1.0, 1.2)
_NODES, _DENSE, _DEVIATIONS = 9, 801, 5.0
_DRAWS = 100


def course(state: State) -> Array:
    """Effect of the sales course and the ends of its 90% interval (3,), on the scale of `simulate.effects.truth_of_course`.

    The initial effect is learnt, its half-life, how it differs between partners and how much longer the trained stay are told. nan where
    nobody took part.
    """
    fund = fund_paths(state)

    def factor(effect: float) -> Array:
        return state.lives.plain * fund * course_paths(state, replace(state.course, effect=np.full(state.network.size, effect)))

    without, months = state.lives.plain * fund, np.arange(state.calendar.span)
    wave = state.course.wave[:, None]
    counted = (months > wave) & (months <= wave + YEAR) & (months < state.months)
    trained = hazard_if_there(state)
    untrained = hazard_if_there(replace(state, course=untaught(state.course)))
    stays = [_staying(hazard, state.course.wave) for hazard in (trained, untrained)]
    return _estimate(state, state.course.wave, factor, without * stays[1] * counted, stays[0] / stays[1])


def funding(state: State) -> Array:
    """Effect of marketing funds while a campaign runs and the ends of its 90% interval (3,), as in `simulate.effects.truth_of_funding`.

    How what is given back afterwards follows from the effect is told. nan where nobody took part.
    """
    taught = course_paths(state)

    def factor(effect: float) -> Array:
        given = replace(state.funding, effect=np.full(state.network.size, effect))
        return state.lives.plain * taught * fund_paths(replace(state, funding=given))

    months, start = np.arange(state.calendar.span), state.funding.start[:, None]
    running = (months >= start) & (months < start + state.funding.length)
    return _estimate(state, state.funding.start, factor, state.lives.plain * taught * running, np.ones(running.shape))


def _estimate(state: State, date: Whole, factor: Callable[[float], Array], weight: Array, kept: Array) -> Array:
    """The posterior of an effect, flat on the log of 1 + effect, as mean and ends of the average change over `weight` (n, span).

    factor: what multiplies the order rates given an effect; kept (n, span): how much likelier taking part makes it to be there.
    """
    rows = np.flatnonzero(date < NEVER)
    if not len(rows):
        return np.full(3, np.nan)
    record, size = record_of(state).only(rows), fit_size(state)
    mean, variance = size.mean[rows], size.variance[rows]

    def log_chance(x: float) -> float:
        given = replace(record, factor=factor(float(np.expm1(x)))[rows])
        return float(_log_counts(given).sum() + life_of(given, signs(state, given, mean, variance)).evidence.sum())

    x, chance = _posterior(log_chance)
    best = replace(record, factor=factor(float(np.expm1(chance @ x)))[rows])
    rate, _ = life_of(best, signs(state, best, mean, variance)).draw(_DRAWS, np.random.default_rng(0))
    money = (rate.mean(axis=1) * np.exp(mean + variance / 2))[:, None] * weight[rows]
    # the path is a straight line in the effect, so that two of its points give every other
    none, one = (_average(factor(effect)[rows], factor(0.0)[rows], kept[rows], money) for effect in (0.0, 1.0))
    values = none + (one - none) * np.expm1(x)
    centre = float(chance @ values)
    ends = np.interp(_ENDS, np.cumsum(chance) - chance / 2, values)
    differ = state.world.effect_spread * (centre - none) * _uneven(record, weight[rows] > 0, money)
    wider = np.hypot(ends - centre, differ * float(special.ndtri(_ENDS[1])))
    return np.array([centre, centre - wider[0], centre + wider[1]])


def _uneven(record: Record, on: NDArray[np.bool_], money: Array) -> float:
    """How far the mean over money differs from the one that orders tell of, in standard deviations of the effect between partners."""
    during = (record.counts * on[:, : record.months]).sum(axis=1)
    apart = record.counts.sum(axis=1) - during
    told = np.divide(during * apart, during + apart, out=np.zeros(len(on)), where=during + apart > 0)
    shares = [part / max(float(part.sum()), 1e-12) for part in (told, money.sum(axis=1))]
    return float(np.sqrt(np.square(shares[0] - shares[1]).sum()))


def _average(factor: Array, without: Array, kept: Array, weight: Array) -> float:
    caused = np.divide(factor, without, out=np.ones(factor.shape), where=without > 0)
    total = weight.sum()
    return float((weight * (caused * kept - 1.0)).sum() / total) if total > 0 else float("nan")


def _posterior(log_chance: Callable[[float], float]) -> tuple[Array, Array]:
    """A fine grid and its chances, from few evaluations: over all that is possible, then over what is likely, joined smoothly."""
    nodes = np.linspace(*_WIDEST, _NODES)
    for _ in range(2):
        fitted = interpolate.CubicSpline(nodes, [log_chance(float(node)) for node in nodes])
        x = np.linspace(nodes[0], nodes[-1], _DENSE)
        log = fitted(x)
        chance = np.exp(log - log.max())
        chance = chance / chance.sum()
        centre = float(chance @ x)
        half = _DEVIATIONS * max(float(np.sqrt(chance @ (x - centre) ** 2)), 0.01)
        nodes = np.linspace(max(centre - half, _WIDEST[0]), min(centre + half, _WIDEST[1]), _NODES)
    return x, chance


def _log_counts(record: Record) -> Array:
    """The part of the log chance of the counts that the evidence leaves out: sum of count times log of factor (n,)."""
    factor = record.factor[:, : record.months]
    log = np.log(factor, out=np.zeros(factor.shape), where=record.counts > 0)
    made: Array = (record.counts * log).sum(axis=1)
    return made


def _staying(hazard: Array, wave: Whole) -> Array:
    """Chance (n, span) to be there, of who is there in the month after the course."""
    months = np.arange(hazard.shape[1])
    kept = np.where(months > wave[:, None], 1.0 - hazard, 1.0)
    made: Array = np.concatenate([np.ones((len(hazard), 1)), np.cumprod(kept, axis=1)[:, :-1]], axis=1)
    return made
