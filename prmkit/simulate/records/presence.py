"""From when to when each partner is there, and what of that is on record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import NO_DAY
from prmkit.simulate.state import AS_OF, NEVER, Mask, State, Whole

AS_OF_DAY = np.datetime64(AS_OF.strftime("%Y-%m-%d"), "D")
_TOLD = 1.0 / 3.0


@dataclass(frozen=True)
class Presence:
    """joined_on (n,): day of joining, on or before its first order. first_order_on (n,): day of the first order of the history, NaT
    without.
    last (n,): last month of the history in which it is there; the last of all for those that never sell. gone (n,): left within the
    history.
    told (n,): gone, and we were told: on record from ended_on (n,), the last day of that month, NaT without.
    """

    joined_on: NDArray[np.datetime64]
    first_order_on: NDArray[np.datetime64]
    last: Whole
    gone: Mask
    told: Mask
    ended_on: NDArray[np.datetime64]

    def here(self, month: Whole) -> Mask:
        """Whether partners are on record as ours in a month each (n,)."""
        made: Mask = ~self.told | (month <= self.last)
        return made


def make_presence(state: State) -> Presence:
    """Read lives, and draw the day of joining and who tells us of leaving."""
    network, months, n = state.network, state.months, state.network.size
    chance = Chance("prmkit", state.seed, "presence")
    alive = state.lives.alive[:, :months]
    ever = alive.any(axis=1)
    last = np.where(ever, months - 1 - alive[:, ::-1].argmax(axis=1), months - 1)
    gone = ever & ~alive[:, months - 1]
    told = gone & chance.chosen(_TOLD, n)
    month, day = _first_orders(state)
    latest = np.where(month == network.joined, day, 1.0)
    return Presence(
        joined_on=state.calendar.day(network.joined, latest * chance.uniform(n)),
        first_order_on=np.where(month < NEVER, state.calendar.day(np.where(month < NEVER, month, 0), day), NO_DAY),
        last=last,
        gone=gone,
        told=told,
        ended_on=np.where(told, state.calendar.day(last, np.ones(n)), NO_DAY),
    )


def _first_orders(state: State) -> tuple[Whole, np.ndarray]:
    """Month and day (share of the month) of each partner's first order within the history; NEVER and 0 without."""
    orders = state.orders
    partner, first = np.unique(orders.partner, return_index=True)
    seen = orders.month[first] < state.months
    month, day = np.full(state.network.size, NEVER), np.zeros(state.network.size)
    month[partner[seen]] = orders.month[first[seen]]
    day[partner[seen]] = orders.day[first[seen]]
    return month, day
