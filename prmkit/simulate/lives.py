"""What happens to each partner month by month: events, leaving, and everything that moves its orders."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.actions import path
from prmkit.simulate.arithmetic import exp, log, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.state import NEVER, Array, Calendar, Course, Funding, Lives, Mask, Network, Whole
from prmkit.simulate.worlds import World

SEASON = (-0.15, -0.08, 0.07, -0.02, -0.03, 0.10, -0.12, -0.20, 0.08, 0.05, 0.09, 0.21)
"""Log of the usual month against the year, January first; adds up to zero."""
BREAK = 14
"""How many months before the as-of date demand breaks in a world with a change of regime."""
_FAILURES, _ACTS = 0.03, 0.012
_REMEMBERED, _SALES_REMEMBERED = 3, 6


def make_lives(
    world: World, seed: int, calendar: Calendar, network: Network, course: Course, funding: Funding
) -> tuple[Lives, Course, Funding]:
    """Run the months; courses and funds of partners that had left before are struck out."""
    n, span = network.size, calendar.span
    chance, leaving = Chance("prmkit", seed, "events"), Chance("prmkit", seed, "leaving").uniform(span, n)
    bold = exp(0.4 * chance.normal(len(network.places)))
    failures = chance.poisson(np.broadcast_to((_FAILURES * exp(network.service))[:, None], (n, span)))
    acts = chance.poisson(np.broadcast_to((_ACTS * bold[network.territory])[:, None], (n, span)))
    common = demand(world, seed, calendar, network)
    alive = np.zeros((n, span), dtype=bool)
    hazard, crowd, factor, plain = (np.zeros((n, span)) for _ in range(4))
    gone = np.zeros(n, dtype=bool)
    first = np.zeros(len(network.places))
    for month in range(span):
        present = network.sells & (network.joined <= month) & ~gone
        course, funding = _struck(course, funding, present, month)
        alive[:, month] = present
        failures[:, month] *= present
        acts[:, month] *= present
        here = np.bincount(network.territory[present], minlength=len(network.places)).astype(np.float64)
        first = here if month == 0 else first
        crowd[:, month] = _crowding(world, here, first)[network.territory]
        hazard[:, month] = np.where(present, _hazard(world, month, failures, acts, course), 0.0)
        caused, chosen = path(world, course, funding, month)
        hurt = acts[:, max(month - _SALES_REMEMBERED + 1, 0) : month + 1].any(axis=1)
        own = _ramp(world, month - network.joined) * np.where(hurt, 1.0 + world.encroachment_sales, 1.0)
        plain[:, month] = common[network.territory, month] * crowd[:, month] * own * chosen
        factor[:, month] = plain[:, month] * caused
        gone |= present & (leaving[month] < hazard[:, month])
    return Lives(alive, hazard, failures, acts, crowd, factor, plain), course, funding


def demand(world: World, seed: int, calendar: Calendar, network: Network) -> Array:
    """Season, common trend and each territory's own ups and downs: factors (places, span)."""
    chance = Chance("prmkit", seed, "demand")
    span, places = calendar.span, len(network.places)
    steps = world.growth / 12 + world.shock * chance.normal(span)
    season = np.array(SEASON)[calendar.first.astype("datetime64[M]").astype(np.int64) % 12]
    quarter = np.arange(span) // 3
    own = chance.normal(places, int(quarter[-1]) + 1)[:, quarter]
    logs = np.cumsum(steps) + world.season * season + world.place_shock * own
    broken = (np.arange(places) % 2 == 0)[:, None] & (np.arange(span) >= calendar.months - BREAK)
    return exp(logs) * np.where(broken, 1.0 + world.regime, 1.0)


def _struck(course: Course, funding: Funding, present: Mask, month: int) -> tuple[Course, Funding]:
    """Courses and funds due this month of partners that are not there (any more) do not happen."""
    wave = np.where((course.wave == month) & ~present, NEVER, course.wave)
    technical = np.where((course.technical == month) & ~present, NEVER, course.technical)
    start = np.where((funding.start == month) & ~present, NEVER, funding.start)
    return Course(wave, technical, course.effect), Funding(start, funding.length, funding.effect, funding.amount)


def _crowding(world: World, here: Array, first: Array) -> Array:
    ratio = np.maximum(here, 1.0) / np.maximum(first, 1.0)
    made: Array = exp((world.elasticity - 1.0) * log(ratio))
    return made


def _ramp(world: World, age: Whole) -> Array:
    return np.clip((age + 0.5) / world.ramp, 0.0, 1.0)


def _hazard(world: World, month: int, failures: Whole, acts: Whole, course: Course) -> Array:
    recent = slice(max(month - _REMEMBERED + 1, 0), month + 1)
    odds = log(np.array(world.hazard / (1.0 - world.hazard)))
    odds = odds + world.failure * failures[:, recent].any(axis=1) + world.encroachment * acts[:, recent].any(axis=1)
    return logistic(odds + world.training_stays * (course.wave < month))
