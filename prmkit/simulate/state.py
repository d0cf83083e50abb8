"""A made-up programme while it is being made: who is there, and what happens to each partner month by month.

Arrays over partners have n rows in the order of `partner_id`; arrays over months have `span` columns, oldest first: `months` of
history, then the `AHEAD` months that follow and that only the truth holds. The as-of date ends month `months` - 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.worlds import World

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

AHEAD = 12
AS_OF = pd.Timestamp("2026-09-30")
NEVER = 10_000
RESALE = ("reseller", "var", "msp")
OTHERS = ("distributor", "si", "referral", "isv")
TYPES = (*RESALE, *OTHERS)


@dataclass(frozen=True)
class Calendar:
    """The months of a programme. first: the first day of each; days: how many it has."""

    months: int
    first: NDArray[np.datetime64]
    days: Whole

    @property
    def span(self) -> int:
        """Months of history and of the future."""
        return len(self.first)

    def day(self, month: Whole, share: Array) -> NDArray[np.datetime64]:
        """The date that lies `share` (0 to 1) of the way through a month (an index; may be below 0 or beyond the span)."""
        whole = np.asarray(month, dtype=np.int64)
        start = (self.first[0].astype("datetime64[M]") + whole).astype("datetime64[D]")
        length = ((self.first[0].astype("datetime64[M]") + whole + 1).astype("datetime64[D]") - start).astype(np.int64)
        made: NDArray[np.datetime64] = start + np.minimum(np.floor(np.asarray(share) * length).astype(np.int64), length - 1)
        return made


def calendar(months: int) -> Calendar:
    """The calendar of a programme with `months` of history up to AS_OF."""
    last = np.datetime64(AS_OF.strftime("%Y-%m"), "M")
    starts = last - (months - 1) + np.arange(months + AHEAD)
    first = starts.astype("datetime64[D]")
    days = ((starts + 1).astype("datetime64[D]") - first).astype(np.int64)
    return Calendar(months, first, days)


@dataclass(frozen=True)
class Network:
    """Territories and partners, and what is true of each partner for good.

    territory (n,): index into `places`. kind (n,): index into TYPES. joined (n,): month of joining, below 0 before the records
    begin. sells (n,): resale partners that ever become active. rate (n,): orders a month once mature, before everything that moves them.
    log_size (n,): mean of the log of an order. margin (n,): gross margin rate. accounts (n,): how many end customers it serves.
    service (n,): how much worse than usual its customers are served (log). manager (n,): index of its partner manager at the
    start. hours (n,): partner manager's hours a month. mean_rate, mean_log_size (n,): what is expected of its kind and place (the prior).
    """

    partner_id: NDArray[np.str_]
    places: tuple[str, ...]
    regions: tuple[str, ...]
    place_factor: Array
    territory: Whole
    kind: Whole
    joined: Whole
    sells: Mask
    rate: Array
    log_size: Array
    margin: Array
    accounts: Whole
    service: Array
    manager: Whole
    hours: Array
    mean_rate: Array
    mean_log_size: Array

    @property
    def size(self) -> int:
        """How many partners there are."""
        return len(self.partner_id)


@dataclass(frozen=True)
class Course:
    """Training as it happened. wave (n,): month in which the first person of the partner completed the sales course, NEVER without;
    technical (n,): the same for the technical course, which has no effect on sales and lowers support hours; effect (n,): at its start."""

    wave: Whole
    technical: Whole
    effect: Array


@dataclass(frozen=True)
class Funding:
    """Marketing funds: start (n,) first month of the campaign, NEVER without; length in months; effect (n,) while it runs; amount (n,)."""

    start: Whole
    length: int
    effect: Array
    amount: Array


@dataclass(frozen=True)
class Lives:
    """What happened to each partner, month by month (n, span).

    alive: there and selling in the month (joined, activated, not left). hazard: chance to leave at the end of the month.
    failures, encroachments: how many service failures to its customers, and acts of our own against it.
    crowd: factor from sharing the territory. factor: everything that multiplies the order rate while alive (season, trend,
    ramp, place, crowding, effects, acts). plain: the same without the effects of courses and funds.
    """

    alive: Mask
    hazard: Array
    failures: Whole
    encroachments: Whole
    crowd: Array
    factor: Array
    plain: Array


@dataclass(frozen=True)
class Orders:
    """Every order of a partner, future ones included, in order of partner and month.

    partner, month, day (share of the month), value (before returns), customer (index within the partner's accounts). counts (n, span).
    """

    partner: Whole
    month: Whole
    day: Array
    value: Array
    customer: Whole
    counts: Whole


@dataclass(frozen=True, eq=False)
class State:
    """All layers of one programme; equal to nothing but itself."""

    world: World
    seed: int
    calendar: Calendar
    network: Network
    course: Course
    funding: Funding
    lives: Lives
    orders: Orders

    @property
    def months(self) -> int:
        """Months of history."""
        return self.calendar.months
