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
REMEMBERED = 3
"""How many months a failure or an act raises the chance to leave."""
_SALES_REMEMBERED = 6


def make_lives(
    world: World, seed: int, calendar: Calendar, network: Network, course: Course, funding: Funding
) -> tuple[Lives, Course, Funding]:
    """Run the months; courses and funds of partners that had left before are struck out."""
    n, span = network.size, calendar.span
    leaving = Chance("prmkit", seed, "leaving").uniform(span, n)
    failures, acts = events(seed, network, span)
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
        crowd[:, month] = crowding(world, here, first)[network.territory]
        hazard[:, month] = np.where(present, leaving_hazard(world, month, failures, acts, course), 0.0)
        caused, chosen = path(world, course, funding, month)
        hurt = acts[:, max(month - _SALES_REMEMBERED + 1, 0) : month + 1].any(axis=1)
        own = ramp(world, month - network.joined) * np.where(hurt, 1.0 + world.encroachment_sales, 1.0)
        plain[:, month] = common[network.territory, month] * crowd[:, month] * own * chosen
        factor[:, month] = plain[:, month] * caused
        gone |= present & (leaving[month] < hazard[:, month])
    return Lives(alive, hazard, failures, acts, crowd, factor, plain), course, funding


def event_rates(seed: int, network: Network) -> tuple[Array, Array]:
    """Service failures and acts of our own that a partner meets in a month on average: (n,) each."""
    bold = exp(0.4 * Chance("prmkit", seed, "events").normal(len(network.places)))
    return _FAILURES * exp(network.service), _ACTS * bold[network.territory]


def events(seed: int, network: Network, span: int) -> tuple[Whole, Whole]:
    """Service failures and acts of our own that would meet each partner in each month if it stayed (n, span)."""
    chance, shape = Chance("prmkit", seed, "events"), (network.size, span)
    # the first numbers of the stream are those of event_rates
    chance.normal(len(network.places))
    failures, acts = (chance.poisson(np.broadcast_to(rate[:, None], shape)) for rate in event_rates(seed, network))
    return failures, acts


def demand(world: World, seed: int, calendar: Calendar, network: Network) -> Array:
    """Season, common trend and each territory's own ups and downs: factors (places, span)."""
    return demand_of(world, calendar, *shocks(seed, calendar, network))


def shocks(seed: int, calendar: Calendar, network: Network) -> tuple[Array, Array]:
    """What chance does to demand, standardised: common steps a month (span,), and each territory's quarters (places, quarters)."""
    chance, places = Chance("prmkit", seed, "demand"), len(network.places)
    return chance.normal(calendar.span), chance.normal(places, (calendar.span - 1) // 3 + 1)


def demand_of(world: World, calendar: Calendar, common: Array, own: Array) -> Array:
    """Demand (places, span) that follows from its `shocks`."""
    steps = world.growth / 12 + world.shock * common
    season = np.array(SEASON)[calendar.first.astype("datetime64[M]").astype(np.int64) % 12]
    logs = np.cumsum(steps) + world.season * season + world.place_shock * own[:, np.arange(calendar.span) // 3]
    broken = (np.arange(len(own)) % 2 == 0)[:, None] & (np.arange(calendar.span) >= calendar.months - BREAK)
    return exp(logs) * np.where(broken, 1.0 + world.regime, 1.0)


def _struck(course: Course, funding: Funding, present: Mask, month: int) -> tuple[Course, Funding]:
    """Courses and funds due this month of partners that are not there (any more) do not happen."""
    wave = np.where((course.wave == month) & ~present, NEVER, course.wave)
    technical = np.where((course.technical == month) & ~present, NEVER, course.technical)
    start = np.where((funding.start == month) & ~present, NEVER, funding.start)
    return Course(wave, technical, course.effect), Funding(start, funding.length, funding.effect, funding.amount)


def crowding(world: World, here: Array, first: Array) -> Array:
    """Factor from sharing territories: selling partners in each now, and in the first month of the records."""
    ratio = np.maximum(here, 1.0) / np.maximum(first, 1.0)
    made: Array = exp((world.elasticity - 1.0) * log(ratio))
    return made


def ramp(world: World, age: Whole) -> Array:
    """How much of its mature order rate a partner has in its first, second, ... month (age 0, 1, ...)."""
    return np.clip((age + 0.5) / world.ramp, 0.0, 1.0)


def leaving_hazard(world: World, month: int, failures: Whole, acts: Whole, course: Course) -> Array:
    """Chance (n,) to leave at the end of a month, given the events (n, span) of it and the two before, and whether trained before it."""
    recent = slice(max(month - REMEMBERED + 1, 0), month + 1)
    odds = log(np.array(world.hazard / (1.0 - world.hazard)))
    odds = odds + world.failure * failures[:, recent].any(axis=1) + world.encroachment * acts[:, recent].any(axis=1)
    return logistic(odds + world.training_stays * (course.wave < month))
