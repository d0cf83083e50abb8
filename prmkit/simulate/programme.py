"""A whole made-up programme: what happened, the tables that record it, and the truth."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit.simulate.history import make_state
from prmkit.simulate.records import Records, make_records
from prmkit.simulate.state import State
from prmkit.simulate.truth import Truth, make_truth
from prmkit.simulate.worlds import World


@dataclass(frozen=True)
class Programme:
    """state: what happened; records: the canonical tables, and what is true of them; truth: what estimators are judged by."""

    state: State
    records: Records
    truth: Truth

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every canonical table."""
        return self.records.tables


def simulate(world: World, seed: int, partners: int | None = None, months: int | None = None) -> Programme:
    """Make a programme: the same in every bit for the same world, seed and size, on any machine."""
    state = make_state(world, seed, partners, months)
    records = make_records(state)
    return Programme(state, records, make_truth(state, records.tables, records.known))
