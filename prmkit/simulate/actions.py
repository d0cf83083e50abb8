"""What the vendor does with its partners on a date: courses in waves, and marketing funds approved ahead."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.arithmetic import exp, log
from prmkit.simulate.chance import Chance
from prmkit.simulate.network import level
from prmkit.simulate.state import NEVER, Array, Course, Funding, Mask, Network, Whole
from prmkit.simulate.worlds import World

WAVES = (0.35, 0.45, 0.55, 0.65, 0.75)
"""When the waves of the sales course start, as shares of the history."""
SETTLED = 6
"""How many months a partner must have been with us."""
TRAINED, TECHNICAL, FUNDED = 0.55, 0.3, 0.3
"""Shares of the selling partners chosen for the sales course, the technical course and marketing funds."""
_CAMPAIGN = 3


def make_course(world: World, seed: int, network: Network, months: int) -> Course:
    """Who takes the sales course in which wave, and the technical course in which month (months of history only).

    Partners must have been with us for half a year. Who has left before the wave takes no part: `lives` strikes them.
    """
    chance = Chance("prmkit", seed, "course")
    wave = waves(months)[chance.integers(0, len(WAVES), network.size)]
    taken = _chosen(world, chance, network, TRAINED)
    ready = network.joined <= wave - SETTLED
    technical = chance.integers(*technical_months(months), network.size)
    takes = network.sells & chance.chosen(TECHNICAL, network.size) & (network.joined <= technical - SETTLED)
    return Course(
        wave=np.where(taken & ready, wave, NEVER),
        technical=np.where(takes, technical, NEVER),
        effect=_effects(world.sales_effect, world.effect_spread, chance, network.size),
    )


def make_funding(world: World, seed: int, network: Network, months: int) -> Funding:
    """Who gets marketing funds for a campaign of three months, approved before it starts, and how much."""
    chance = Chance("prmkit", seed, "funding")
    start = chance.integers(*funded_months(months), network.size)
    taken = _chosen(world, chance, network, FUNDED)
    ready = network.joined <= start - SETTLED
    amount = 100.0 * np.rint(5.0 + 15.0 * chance.exponential(network.size))
    return Funding(
        start=np.where(taken & ready, start, NEVER),
        length=_CAMPAIGN,
        effect=_effects(world.mdf_effect, world.effect_spread, chance, network.size),
        amount=amount,
    )


def waves(months: int) -> Whole:
    """The months in which the waves of the sales course start."""
    made: Whole = np.floor(np.array(WAVES) * months).astype(np.int64)
    return made


def technical_months(months: int) -> tuple[int, int]:
    """First month in which a technical course may be taken, and the month after the last."""
    return max(months // 5, 1), months


def funded_months(months: int) -> tuple[int, int]:
    """First month in which a campaign may start, and the month after the last."""
    return max(3 * months // 10, 1), max(months - 7, 3 * months // 10 + 2)


def path(world: World, course: Course, funding: Funding, month: int) -> tuple[Array, Array]:
    """Factors on the order rate of one month: what the actions cause, and what only comes with being chosen for them."""
    caused = course_effect(world, course, month) * fund_effect(world, funding, month)
    first = np.minimum(course.wave, funding.start)
    going = np.ones(len(first))
    for date in (course.wave, funding.start):
        going = np.where((month >= date - 3) & (month < date), going * (1.0 + world.surge), going)
    steps = np.where(first < NEVER, np.clip(month - (first - 9), 0, 15), 0)
    return caused, going * _power(1.0 + world.drift, steps)


def course_effect(world: World, course: Course, month: int) -> Array:
    """Factor of the sales course on the order rate of a month: from the month after it, halved every half-life."""
    since = month - course.wave - 1
    table = _power(float(exp(-log(2.0) / world.half_life)), np.arange(200))
    effect = course.effect * table[np.clip(since, 0, 199)]
    return np.where(since >= 0, 1.0 + effect, 1.0)


def fund_effect(world: World, funding: Funding, month: int) -> Array:
    """Factor of a campaign on the order rate of a month: while it runs, and what it takes from the three months after."""
    into = month - funding.start
    back = world.mdf_back * (funding.effect / world.mdf_effect if world.mdf_effect else 0.0)
    during = (into >= 0) & (into < funding.length)
    after = (into >= funding.length) & (into < funding.length + 3)
    return np.where(during, 1.0 + funding.effect, np.where(after, 1.0 + back, 1.0))


def _power(base: float, steps: Whole) -> Array:
    """base to whole powers by repeated multiplication, the same bits everywhere."""
    table = np.cumprod(np.concatenate([[1.0], np.full(int(steps.max(initial=0)), base)]))
    made: Array = table[steps]
    return made


def _chosen(world: World, chance: Chance, network: Network, share: float) -> Mask:
    """The share of selling partners that takes part, by the world's way of choosing."""
    score = chance.normal(network.size)
    if world.assignment == "level":
        score = score + level(network)
    score = np.where(network.sells, score, -1e9)
    count = int(np.floor(share * int(network.sells.sum())))
    taken = np.zeros(network.size, dtype=bool)
    taken[np.argsort(-score, kind="stable")[:count]] = True
    return taken


def _effects(mean: float, spread: float, chance: Chance, count: int) -> Array:
    return mean * np.maximum(1.0 + spread * chance.normal(count), 0.0)
