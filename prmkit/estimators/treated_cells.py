"""Cases x months around a dated action, and the ratio of what was seen to what was to be expected."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.imputation import UntreatedEffects

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A proportional change (0.25 = a quarter more) with its 90% interval, and the draws behind it."""

    value: float
    low: float
    high: float
    draws: Array = field(repr=False)

    @property
    def error(self) -> float:
        """Standard error on the log scale; nan where a draw lost everything."""
        return float(np.log1p(self.draws).std(ddof=1)) if (self.draws > -1).all() else float("nan")


@dataclass(frozen=True, slots=True)
class Panel:
    """Cases x months, oldest month first.

    outcome: sums of one unit. on: the action is on. seen: the case was there (False cells are never used).
    first: the first month of the action, the number of months for a case that never took it.
    """

    outcome: Array
    on: Mask
    seen: Mask
    first: NDArray[np.int64]

    def untreated(self, before: int) -> Mask:
        """Cells before the action, less the last `before` months ahead of it."""
        ends = np.where(self.first < self.outcome.shape[1], self.first - before, self.first)
        cells: Mask = self.seen & (np.arange(self.outcome.shape[1]) < ends[:, None])
        return cells

    def span(self, start: int, stop: int) -> Mask:
        """Cells from `start` to before `stop` months after the first month of the action."""
        ahead = np.arange(self.outcome.shape[1]) - self.first[:, None]
        cells: Mask = self.seen & (self.first < self.outcome.shape[1])[:, None] & (ahead >= start) & (ahead < stop)
        return cells


def action_panel(outcome: Array, on: Mask, seen: Mask | None) -> Panel:
    """A panel from when the action was on; cells of a case that was not there count for nothing."""
    months = outcome.shape[1]
    seen = np.ones_like(on) if seen is None else seen
    first = np.where(on.any(axis=1), on.argmax(axis=1), months).astype(np.int64)
    return Panel(np.where(seen, outcome, 0.0), on & seen, seen, first)


def predicted(cells: Mask, fit: UntreatedEffects) -> Array:
    """Untreated expectation summed over each case's cells: (cases, draws)."""
    return np.asarray(fit.case * (cells.astype(np.float64) @ np.nan_to_num(fit.month).T))


def seen_over_expected(outcome: Array, cells: Mask, point: UntreatedEffects, drawn: UntreatedEffects, weights: Array) -> Ratio:
    """All that was seen in the cells over all that was to be expected there, less one."""
    seen = np.where(cells, outcome, 0.0).sum(axis=1)
    value = seen.sum() / predicted(cells, point).sum() - 1
    draws = (weights @ seen) / (weights * predicted(cells, drawn).T).sum(axis=1) - 1
    return Ratio(float(value), *interval(draws), draws)


def excess(outcome: Array, cells: Mask, point: UntreatedEffects, drawn: UntreatedEffects, weights: Array) -> tuple[float, Array]:
    """All that was seen in the cells less what was to be expected there, and its draws."""
    seen = np.where(cells, outcome, 0.0).sum(axis=1)
    return float(seen.sum() - predicted(cells, point).sum()), weights @ seen - (weights * predicted(cells, drawn).T).sum(axis=1)
