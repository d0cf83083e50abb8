"""Partner managers: two a territory, and who looks after whom from when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import NO_DAY, names
from prmkit.simulate.records.presence import Presence
from prmkit.simulate.records.words import person
from prmkit.simulate.state import State, Whole

_CHANGES_A_YEAR = 0.15


@dataclass(frozen=True)
class Managers:
    """first, now (n,).

    Index of each partner's manager when it joined, and on the as-of date. changed_on (n,): day of the change, NaT without.
    """

    people: tuple[str, ...]
    first: Whole
    now: Whole
    changed_on: NDArray[np.datetime64]

    def named(self, index: Whole) -> pd.Series:
        """Managers' names by index, missing at -1."""
        return names(self.people, index)


def make_managers(state: State, presence: Presence) -> Managers:
    """Draw whose partner manager changed: to the other one of the territory, at most once."""
    network, months = state.network, state.months
    chance = Chance("prmkit", state.seed, "managers")
    start = np.maximum(network.joined, 0) + 1
    span = np.minimum(presence.last, months - 1) - start + 1
    wanted = chance.chosen(_CHANGES_A_YEAR * np.maximum(span, 0) / 12, network.size)
    month = start + np.floor(chance.uniform(network.size) * np.maximum(span, 1)).astype(np.int64)
    changes = wanted & (span > 0)
    day = state.calendar.day(np.where(changes, month, 0), chance.uniform(network.size))
    return Managers(
        people=tuple(person(number) for number in range(2 * len(network.places))),
        first=network.manager,
        now=np.where(changes, network.manager ^ 1, network.manager),
        changed_on=np.where(changes, day, NO_DAY),
    )
