"""What recruits signed evenly from now on add to a coming window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel
from prmkit.estimators.growth import MATURE
from prmkit.estimators.predictive import Window

Array = NDArray[np.float64]

_GOLDEN = (np.sqrt(5) - 1) / 2
_STEPS = 4096


def signing_times(count: int, months: float) -> Array:
    """Coming month (0 = the first) in which recruits 1, 2, ... sign: evenly spread whatever their number (golden-ratio steps)."""
    spread: Array = np.floor(np.mod(0.5 + _GOLDEN * np.arange(count), 1.0) * months)
    return spread


def simulate_recruits(
    channel: Channel, window: Window, count: int, seed: int, draws_each: int = 10, trend: Array | float = 1.0
) -> Recruits:
    """Draws of what the first 1 to `count` recruits add to `window`, signed evenly between now and its end.

    A recruit activates with the drawn chance; its mature yield is that of a past starter (drawn with the
    weighting of the units), it ramps up by age and lapses by the fitted hazard. The whole is held to what
    past starters sold up to the same age (`Channel.tie`). trend: common growth factor of each draw.
    """
    draws, pool = channel.resamples * draws_each, channel.pool
    months = window.months
    signed = signing_times(count, window.end)
    cumulative = np.empty((draws, count), dtype=np.float32)
    mean, spread = np.empty(draws), np.empty(draws)
    sigma = np.sqrt(channel.yields.unsure[pool] + channel.yields.noise / 2).astype(np.float32)
    level = channel.yields.level[pool].astype(np.float32)
    size_class = channel.size_class[pool]
    for draw in range(channel.resamples):
        rng = np.random.default_rng([seed, 6, draw])
        picked = _pick(channel.weights[draw, pool], (draws_each, count), rng)
        share = _months_sold(channel, draw, window, signed, size_class[picked], months, rng)
        luck = np.exp(sigma[picked] * rng.standard_normal(picked.shape, dtype=np.float32) - sigma[picked] ** 2 / 2)
        active = rng.random(picked.shape, dtype=np.float32) < channel.activated[draw]
        held = np.interp(window.end - signed, np.arange(MATURE + 1), channel.tie[draw])
        revenue = active * level[picked] * share * luck * held
        at = slice(draw * draws_each, (draw + 1) * draws_each)
        cumulative[at] = np.cumsum(revenue, axis=1, dtype=np.float64)
        mean[at], spread[at] = revenue.mean(), revenue.std()
    luck_beyond = np.random.default_rng([seed, 7]).standard_normal(draws)
    return Recruits(cumulative, mean, spread, luck_beyond, np.ones(draws)).scaled(trend)


def _pick(weight: Array, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.int64]:
    edges = np.cumsum(weight)
    picked: NDArray[np.int64] = np.searchsorted(edges, rng.random(shape) * edges[-1], side="right").clip(max=len(weight) - 1)
    return picked


def _months_sold(
    channel: Channel, draw: int, window: Window, signed: Array, size_class: NDArray[np.int64], months: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Mature months that each recruit sells inside the window: the ramp summed over the months it lives and is signed."""
    gone = 1 - channel.survival(draw, months + 1)
    grown = np.concatenate([[0.0], np.cumsum(channel.ramp.of(draw, np.arange(months + 1)))])
    chances = (np.arange(_STEPS) + 0.5) / _STEPS
    lasting = np.stack([np.searchsorted(gone[group], chances, side="right") for group in range(3)])
    life = lasting[size_class, rng.integers(0, _STEPS, size_class.shape)]
    until = np.minimum(life, window.end - signed)
    before = np.minimum(life, np.maximum(window.begin - signed, 0.0))
    position = np.arange(len(grown))
    sold: NDArray[np.float32] = (np.interp(until, position, grown) - np.interp(before, position, grown)).astype(np.float32)
    return sold


def expected_months(channel: Channel, window: Window, *, ramp: bool = True, attrition: bool = True) -> Array:
    """Mature months (B,) that a selling recruit brings on average, signing spread evenly; ramp and attrition can be left out.

    Weighted by yield, so that what large units do counts for what they sell.
    """
    months = window.months
    fine = np.floor(np.linspace(0, window.end, 20 * months, endpoint=False) + window.end / (40 * months))
    pool = channel.pool
    result = np.empty(channel.resamples)
    for draw in range(channel.resamples):
        money = channel.weights[draw, pool] * channel.yields.level[pool]
        by_class = np.bincount(channel.size_class[pool], money, minlength=3) / money.sum()
        alive = by_class @ channel.survival(draw, months)[:, :months] if attrition else np.ones(months)
        share = channel.ramp.of(draw, np.arange(months)) if ramp else np.ones(months)
        grown = np.concatenate([[0.0], np.cumsum(share * alive)])
        position = np.arange(months + 1)
        until = np.interp(window.end - fine, position, grown)
        before = np.interp(np.maximum(window.begin - fine, 0.0), position, grown)
        result[draw] = (until - before).mean()
    return result


def pool_mean(channel: Channel) -> Array:
    """Mean mature revenue a month (B,) of the units that stand for a recruit."""
    weight = channel.weights[:, channel.pool]
    mean: Array = (weight @ channel.yields.level[channel.pool]) / weight.sum(axis=1)
    return mean


def revenue_by_age(channel: Channel, months: int) -> Array:
    """Expected revenue (months,) of one recruit in each month after signing, chance of activation included."""
    ages = np.arange(months + 1)
    total = np.zeros(months + 1)
    mean = pool_mean(channel) * channel.activated
    for draw in range(channel.resamples):
        pool = channel.pool
        money = channel.weights[draw, pool] * channel.yields.level[pool]
        alive = (np.bincount(channel.size_class[pool], money, minlength=3) / money.sum()) @ channel.survival(draw, months)[:, :months]
        grown = np.concatenate([[0.0], np.cumsum(alive * channel.ramp.of(draw, ages[:-1]))])
        total += mean[draw] * grown * np.interp(ages, np.arange(MATURE + 1), channel.tie[draw])
    by_age: Array = np.maximum(np.diff(total / channel.resamples), 0.0)
    return by_age
