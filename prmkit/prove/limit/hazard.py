"""The chance to leave in each month of a partner that is still there, events of the history known, those ahead not."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.lives import REMEMBERED, event_rates, leaving_hazard
from prmkit.simulate.state import Array, State, Whole


def hazard_if_there(state: State) -> Array:
    """Chance (n, span) to leave at the end of each month if there; ahead, the mean over what may still happen to the partner.

    Of a month for which no event is on record none has happened: whoever is there would have it on record.
    """
    known = {name: getattr(state.lives, name).copy() for name in ("failures", "encroachments")}
    for events in known.values():
        events[:, state.months :] = 0
    made = np.empty((state.network.size, state.calendar.span))
    for month in range(state.calendar.span):
        ahead = min(max(month - state.months + 1, 0), REMEMBERED)
        made[:, month] = _mean(state, month, ahead, known["failures"], known["encroachments"])
    return made


def _mean(state: State, month: int, ahead: int, failures: Whole, acts: Whole) -> Array:
    """The hazard of one month, of whose remembered months the last `ahead` are not known yet."""
    happens = [1.0 - np.exp(-rate * ahead) for rate in event_rates(state.seed, state.network)]
    total = np.zeros(len(failures))
    for failed, failed_chance in ((0, 1.0 - happens[0]), (1, happens[0])):
        for acted, acted_chance in ((0, 1.0 - happens[1]), (1, happens[1])):
            if ahead or not (failed or acted):
                total += failed_chance * acted_chance * _given(state, month, failures, acts, failed, acted)
    return total


def _given(state: State, month: int, failures: Whole, acts: Whole, failed: int, acted: int) -> Array:
    """With a failure, an act more in this month."""
    more = [events if not extra else _added(events, month) for events, extra in ((failures, failed), (acts, acted))]
    return leaving_hazard(state.world, month, more[0], more[1], state.course)


def _added(events: Whole, month: int) -> Whole:
    made = events.copy()
    made[:, month] += 1
    return made
