"""What the limit is told of each partner, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.simulate.lives import event_rates
from prmkit.simulate.state import NEVER, RESALE, Array, Mask, State, Whole
from prmkit.simulate.worlds import World


@dataclass(frozen=True)
class Record:
    """n partners over `months` months of history, oldest first, and those ahead up to `span`.

    counts (n, months): orders. factor (n, span): what multiplies the order rate while it is there. hazard (n, span): chance to leave at
    the end of a month if still there. start (n,): first month on record in which it may sell; joined (n,): below 0 before the records
    begin. seen (n,): last month in which it certainly was there, -1 without. events (n,): service failures and acts expected in a month.
    course, technical, funds (n,): the month in which it was seen to take part, NEVER without. mean_rate, mean_log_size (n,): of the
    prior. sells (n,): whether it is of a type that may sell at all.
    """

    world: World
    months: int
    counts: Array
    factor: Array
    hazard: Array
    start: Whole
    joined: Whole
    seen: Whole
    events: Array
    course: Whole
    technical: Whole
    funds: Whole
    mean_rate: Array
    mean_log_size: Array
    sells: Mask

    @property
    def size(self) -> int:
        """How many partners."""
        return len(self.start)

    def only(self, rows: NDArray[np.intp]) -> Record:
        """The record of some partners."""
        picked = {field.name: getattr(self, field.name)[rows] for field in fields(self) if field.name not in ("world", "months")}
        return replace(self, **picked)


def record_of(state: State) -> Record:
    """Read the record out of a programme."""
    network, lives, months = state.network, state.lives, state.months
    counts = state.orders.counts[:, :months]
    happened = counts + lives.failures[:, :months] + lives.encroachments[:, :months]
    column = np.arange(months)
    seen = np.where(happened > 0, column, -1).max(axis=1)
    for date in (state.course.wave, state.course.technical, state.funding.start):
        seen = np.maximum(seen, np.where(date < months, date, -1))
    failures, acts = event_rates(state.seed, network)
    return Record(
        world=state.world,
        months=months,
        counts=counts.astype(np.float64),
        factor=lives.factor,
        hazard=hazard_if_there(state),
        start=np.maximum(network.joined, 0),
        joined=network.joined,
        seen=seen,
        events=failures + acts,
        course=np.where(state.course.wave < months, state.course.wave, NEVER),
        technical=np.where(state.course.technical < months, state.course.technical, NEVER),
        funds=np.where(state.funding.start < months, state.funding.start, NEVER),
        mean_rate=network.mean_rate,
        mean_log_size=network.mean_log_size,
        sells=network.kind < len(RESALE),
    )
