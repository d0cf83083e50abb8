"""What an allocation brings, in the draws of the plan: the same recruits as there, each at its territory's and type's yield."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.two_way_factors import sums
from prmkit.practices.reach.allotment.cells import Cells
from prmkit.practices.reach.count.case import Case

Array = NDArray[np.float64]

_STREAM = 61


@dataclass(frozen=True)
class Draws:
    """D draws of the goal's 12 months.

    present (D,): the partners of today; each (D, J): recruits one by one in the order of signing, before sharing, at the average
    yield; place (D, T), kind (D, k): what is not known of territories' and types' yields, as factors; elasticity (D,).
    """

    cells: Cells
    present: Array
    each: NDArray[np.float32]
    mean: Array
    spread: Array
    place: Array
    kind: Array
    elasticity: Array
    luck: Array
    goal: float

    @classmethod
    def of(cls, case: Case, cells: Cells) -> Draws:
        """The draws of a case with a goal."""
        recruits, rng = case.grown(), np.random.default_rng([case.portfolio.settings.seed, _STREAM])
        each = np.diff(recruits.cumulative, axis=1, prepend=0) * recruits.factor[:, None].astype(np.float32)
        draws = len(recruits.mean)
        shared = cells.markets.elasticity
        beta = np.full(draws, shared) if recruits.crowding is None or shared == 1 else recruits.crowding[2]
        unsure = (np.exp(s * rng.standard_normal((draws, len(s))) - s**2 / 2) for s in (cells.unsure_place, cells.unsure_type))
        place, kind = unsure
        assert case.target.revenue is not None
        luck = rng.standard_normal((draws, 1))
        return cls(
            cells, case.present, each, recruits.mean, recruits.spread, place, kind, np.clip(beta, 0.05, 1.0), luck, case.target.revenue
        )

    def by_cell(self, units: Array) -> tuple[NDArray[np.int64], Array]:
        """Cells with recruits, and draws (D, cells) of what these bring, net of what is taken from those there before."""
        used = np.flatnonzero(units > 0)
        count = units[used].astype(np.int64)
        if not len(used):
            return used, np.zeros((len(self.present), 0))
        who = np.repeat(np.arange(len(used)), count)
        turn = np.concatenate([(np.arange(one) + 0.5) / one for one in count])
        order = who[np.lexsort((who, turn))]
        simulated = self.each.shape[1]
        first, rest = order[:simulated], np.bincount(order[simulated:], minlength=len(used))
        pick = np.zeros((len(first), len(used)), dtype=np.float32)
        pick[np.arange(len(first)), first] = 1
        sold = (self.each[:, : len(first)] @ pick).astype(np.float64)
        if rest.any():
            more = rest * self.mean[:, None] + np.sqrt(rest) * (self.spread * self.luck[:, 0])[:, None]
            sold = np.maximum(sold + more, 0.0)
        place, kind = self.cells.place[used], self.cells.kind[used]
        sold = sold * self.cells.factor[used] * self.place[:, place] * self.kind[:, kind]
        return used, sold * self._shared(units)[:, place]

    def _shared(self, units: Array) -> Array:
        """What places gain over what recruits would bring without sharing (D, T)."""
        worth = sums(self.cells.place, self.cells.worth * units, len(self.cells.territory))
        gain = self.cells.markets.gain(worth[None, :], self.elasticity[:, None])
        made: Array = gain / np.where(worth > 0, worth, 1.0)
        return made

    def total(self, units: Array) -> Array:
        """Draws (D,) of the revenue with these recruits."""
        made: Array = self.present + self.by_cell(units)[1].sum(axis=1)
        return made

    def chance(self, units: Array) -> float:
        """Chance of the goal."""
        return float(np.mean(self.total(units) >= self.goal))

    def short(self, units: Array, confidence: float) -> float:
        """How much revenue is lacking for the goal with the confidence asked; negative where there is more than that."""
        return self.goal - float(np.quantile(self.total(units), 1 - confidence, method="higher"))
