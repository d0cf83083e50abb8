"""A world let happen: from its numbers and a seed to everything that the tables and the truth are written from."""

from __future__ import annotations

from prmkit.errors import PrmkitError
from prmkit.simulate.actions import make_course, make_funding
from prmkit.simulate.lives import make_lives
from prmkit.simulate.network import make_network
from prmkit.simulate.orders import make_orders
from prmkit.simulate.state import State, calendar
from prmkit.simulate.worlds import World

FEWEST_PARTNERS, MOST_PARTNERS = 30, 20_000
FEWEST_MONTHS, MOST_MONTHS = 12, 60


def make_state(world: World, seed: int, partners: int | None = None, months: int | None = None) -> State:
    """Let a world happen: everything that the tables and the truth are written from.

    partners, months: the world's own where None. Raises PrmkitError outside 30 to 20,000 partners and 12 to 60 months.
    """
    count, length = sizes(world, partners, months)
    days = calendar(length)
    network = make_network(world, seed, count, length)
    course, funding = make_course(world, seed, network, length), make_funding(world, seed, network, length)
    lives, course, funding = make_lives(world, seed, days, network, course, funding)
    return State(world, seed, days, network, course, funding, lives, make_orders(world, seed, network, lives))


def sizes(world: World, partners: int | None, months: int | None) -> tuple[int, int]:
    """How many partners and months a programme of a world gets: the world's own where None. PrmkitError outside what can be made."""
    count = world.partners if partners is None else partners
    length = world.months if months is None else months
    _within("partners", count, FEWEST_PARTNERS, MOST_PARTNERS)
    _within("months", length, FEWEST_MONTHS, MOST_MONTHS)
    return count, length


def _within(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise PrmkitError(
            f"A made-up programme has {low:,} to {high:,} {what}, not {value:,}.",
            where=f"--{what}",
            do=f"Give a number from {low:,} to {high:,}.",
        )
