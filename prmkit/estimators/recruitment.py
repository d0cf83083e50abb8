"""What recruits signed evenly from now on add to a coming window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.capacity import Recruits, Sharing
from prmkit.estimators.channel import Channel
from prmkit.estimators.growth import MATURE
from prmkit.estimators.predictive import Window

Array = NDArray[np.float64]

_GOLDEN = (np.sqrt(5) - 1) / 2
_LIVES = 4096
_EVERY = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """When recruits are signed: evenly from `begin` to `end`, months from now."""

    begin: float
    end: float

    @classmethod
    def even(cls, window: Window) -> Pace:
        """From now to the end of the window."""
        return cls(0.0, window.end)

    def shares(self, months: int) -> Array:
        """Share of all recruits signed in each coming month (months,)."""
        month = np.arange(months)
        inside = np.clip(np.minimum(month + 1, self.end) - np.maximum(month, self.begin), 0.0, None)
        made: Array = inside / inside.sum()
        return made


def signing_times(count: int, months: float, begin: float = 0.0) -> Array:
    """Coming month (0 = the first) in which recruits 1, 2, ... sign: evenly spread from `begin` on, whatever their number.

    Golden-ratio steps, so that the first few and all of them are spread alike.
    """
    spread: Array = np.floor(begin + np.mod(0.5 + _GOLDEN * np.arange(count), 1.0) * (months - begin))
    return spread


@dataclass(frozen=True, slots=True)
class Lottery:
    """Who recruits 1, 2, 3 ... turn out to be in every draw, whatever the channel does with them: all (D, J).

    worth: mature revenue a month with the luck of the window on it. size: size class. chance: place of the life's length, of 4,096.
    active: uniform, a recruit sells where it lies below the chance to.
    """

    worth: NDArray[np.float32]
    size: NDArray[np.int8]
    chance: NDArray[np.int16]
    active: NDArray[np.float32]


def draw_lottery(channel: Channel, count: int, seed: int, draws_each: int) -> Lottery:
    """Draw them: past starters picked with the weighting of the units; the luck of what is not known of their yield."""
    pool, shape = channel.pool, (channel.resamples * draws_each, count)
    level = channel.yields.level[pool].astype(np.float32)
    sigma = np.sqrt(channel.yields.unsure[pool] + channel.yields.noise / 2).astype(np.float32)
    worth, size = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.int8)
    for draw in range(channel.resamples):
        rng = np.random.default_rng([seed, 6, draw])
        at = slice(draw * draws_each, (draw + 1) * draws_each)
        picked = _pick(channel.weights[draw, pool], (draws_each, count), rng)
        luck = sigma[picked] * rng.standard_normal(picked.shape, dtype=np.float32) - sigma[picked] ** 2 / 2
        worth[at], size[at] = level[picked] * np.exp(luck), channel.size_class[pool][picked]
    rng = np.random.default_rng([seed, 6])
    return Lottery(worth, size, rng.integers(0, _LIVES, shape, dtype=np.int16), rng.random(shape, dtype=np.float32))


def simulate_recruits(
    channel: Channel,
    window: Window,
    count: int,
    seed: int,
    draws_each: int = 10,
    trend: Array | float = 1.0,
    pace: Pace | None = None,
    lottery: Lottery | None = None,
) -> Recruits:
    """Draws of what the first 1 to `count` recruits add to `window`, signed at `pace` (evenly between now and its end).

    A recruit activates with the drawn chance; its mature yield is that of a past starter (drawn with the
    weighting of the units), it ramps up by age and lapses by the fitted hazard. The whole is held to what
    past starters sold up to the same age (`Channel.tie`). trend: common growth factor of each draw. lottery: drawn anew where None.
    """
    draws, months, when = channel.resamples * draws_each, window.months, pace or Pace.even(window)
    drawn = lottery or draw_lottery(channel, count, seed, draws_each)
    signed = signing_times(count, when.end, when.begin)
    ages = np.arange(MATURE + 1)
    cumulative = np.empty((draws, count), dtype=np.float32)
    mean, spread = np.empty(draws), np.empty(draws)
    for draw in range(channel.resamples):
        at = slice(draw * draws_each, (draw + 1) * draws_each)
        held = np.interp(window.end - signed, ages, channel.tie[draw]).astype(np.float32)
        sold = _months_sold(channel, draw, window, signed, months, drawn.size[at, :count], drawn.chance[at, :count])
        active = drawn.active[at, :count] < channel.activated[draw]
        revenue = active * drawn.worth[at, :count] * sold * held
        cumulative[at] = np.cumsum(revenue, axis=1, dtype=np.float64)
        mean[at], spread[at] = revenue.mean(), revenue.std()
    luck_beyond = np.random.default_rng([seed, 7]).standard_normal(draws)
    return Recruits(cumulative, mean, spread, luck_beyond, np.ones(draws)).scaled(trend)


def sharing(channel: Channel, window: Window, takes: Array, pace: Pace | None = None) -> Sharing:
    """When, within a window, recruits signed at a pace are there and sell; takes (D,): what present units sell in it."""
    months, inside = window.months, window.weights()
    signed = (pace or Pace.even(window)).shares(months)
    alive = np.mean([channel.survival(draw, months)[:, :months].mean(axis=0) for draw in range(0, channel.resamples, _EVERY)], axis=0)
    ramp = channel.ramp.curve.mean(axis=0)[np.clip(np.arange(months), 0, MATURE)]
    there = np.convolve(signed, alive)[:months]
    middle = there - signed / 2  # those of the month itself are there for half of it
    sold = np.convolve(signed, alive * ramp)[:months] * inside
    sold = np.where(sold.sum() > 0, sold, inside)
    return Sharing(takes, middle, sold / sold.sum(), inside / inside.sum())


def _pick(weight: Array, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.int64]:
    edges = np.cumsum(weight)
    picked: NDArray[np.int64] = np.searchsorted(edges, rng.random(shape) * edges[-1], side="right").clip(max=len(weight) - 1)
    return picked


def _months_sold(
    channel: Channel, draw: int, window: Window, signed: Array, months: int, size: NDArray[np.int8], chance: NDArray[np.int16]
) -> NDArray[np.float32]:
    """Mature months that each recruit sells inside the window: the ramp summed over the months it lives and is signed."""
    gone = 1 - channel.survival(draw, months + 1)
    grown = np.concatenate([[0.0], np.cumsum(channel.ramp.of(draw, np.arange(months + 1)))])
    chances = (np.arange(_LIVES) + 0.5) / _LIVES
    by_life = np.stack([grown[np.searchsorted(gone[group], chances, side="right").clip(max=len(grown) - 1)] for group in range(3)])
    lived = by_life.astype(np.float32)[size, chance]
    position = np.arange(len(grown))
    until = np.interp(window.end - signed, position, grown).astype(np.float32)
    before = np.interp(np.maximum(window.begin - signed, 0.0), position, grown).astype(np.float32)
    sold: NDArray[np.float32] = np.minimum(lived, until) - np.minimum(lived, before)
    return sold


def expected_months(channel: Channel, window: Window, *, ramp: bool = True, attrition: bool = True, pace: Pace | None = None) -> Array:
    """Mature months (B,) that a selling recruit brings on average, signing at `pace` (evenly); ramp and attrition can be left out.

    Weighted by yield, so that what large units do counts for what they sell.
    """
    months, when = window.months, pace or Pace.even(window)
    fine = np.floor(np.linspace(when.begin, when.end, 20 * months, endpoint=False) + (when.end - when.begin) / (40 * months))
    grown = grown_months(channel, months, ramp=ramp, attrition=attrition)
    return np.array([_between(one, window, fine).mean() for one in grown])


def worth_by_signing(channel: Channel, window: Window) -> Array:
    """Expected revenue (B, months) inside `window` of one recruit signed at the beginning of each coming month, activation included."""
    signed = np.arange(window.months, dtype=float)
    ages = np.arange(MATURE + 1)
    one = pool_mean(channel) * channel.activated
    made = [
        mean * _between(grown, window, signed) * np.interp(window.end - signed, ages, held)
        for mean, grown, held in zip(one, grown_months(channel, window.months), channel.tie, strict=True)
    ]
    return np.stack(made)


def grown_months(channel: Channel, months: int, *, ramp: bool = True, attrition: bool = True) -> Array:
    """Mature months (B, months + 1) that a selling recruit has brought by each age, weighted by yield."""
    made, pool, age = np.zeros((channel.resamples, months + 1)), channel.pool, np.arange(months)
    for draw in range(channel.resamples):
        money = channel.weights[draw, pool] * channel.yields.level[pool]
        by_class = np.bincount(channel.size_class[pool], money, minlength=3) / money.sum()
        alive = by_class @ channel.survival(draw, months)[:, :months] if attrition else np.ones(months)
        share = channel.ramp.of(draw, age) if ramp else np.ones(months)
        np.cumsum(share * alive, out=made[draw, 1:])
    return made


def _between(grown: Array, window: Window, signed: Array) -> Array:
    """Mature months inside the window by time of signing, from those by age (months + 1,)."""
    position = np.arange(len(grown))
    made: Array = np.interp(window.end - signed, position, grown) - np.interp(np.maximum(window.begin - signed, 0.0), position, grown)
    return made


def pool_mean(channel: Channel) -> Array:
    """Mean mature revenue a month (B,) of the units that stand for a recruit."""
    weight = channel.weights[:, channel.pool]
    mean: Array = (weight @ channel.yields.level[channel.pool]) / weight.sum(axis=1)
    return mean


def revenue_by_age(channel: Channel, months: int) -> Array:
    """Expected revenue (months,) of one recruit in each month after signing, chance of activation included."""
    ages = np.minimum(np.arange(months + 1), MATURE)
    one = pool_mean(channel) * channel.activated
    total = (one[:, None] * grown_months(channel, months) * channel.tie[:, ages]).mean(axis=0)
    by_age: Array = np.maximum(np.diff(total), 0.0)
    return by_age
