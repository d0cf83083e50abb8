"""Dirt on a client's files, as clients have it: nothing that stops an assessment, everything written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from prmkit.registry import Registry
from prmkit.simulate.chance import Chance
from prmkit.simulate.dirt import cells, reports
from prmkit.simulate.dirt.spoiling import Spoiling

__all__ = ["DIRT", "Dirty", "dirty"]

DIRT: Registry[Callable[[Spoiling, Chance], None]] = Registry("kind of dirt")
for _act in (
    reports.history_cut,
    reports.months_again,
    reports.months_missing,
    reports.months_late,
    reports.returns,
    cells.dates_swapped,
    cells.dates_ahead,
    cells.courses_late,
    cells.currency_slips,
    reports.rows_twice,
    reports.accounts_twice,
    cells.cells_empty,
):
    DIRT.add(_act.__name__, _act)


@dataclass(frozen=True)
class Dirty:
    """files: as they would be exported. acts: what was done to them, a row each: file, row, kind, column, was, became."""

    files: dict[str, pd.DataFrame]
    acts: pd.DataFrame


def dirty(files: Mapping[str, pd.DataFrame], seed: int) -> Dirty:
    """Put every kind of dirt on clean files; the same files and seed, the same dirt."""
    spoiling = Spoiling(files)
    for name in DIRT:
        DIRT.get(name)(spoiling, Chance("prmkit", seed, "dirt", name))
    return Dirty(spoiling.files, spoiling.acts())
