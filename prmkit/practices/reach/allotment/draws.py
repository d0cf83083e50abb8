"""What an allocation brings, in the draws of the plan: the same recruits as there, each at its territory's and type's yield."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.capacity import Sharing
from prmkit.estimators.two_way_factors import sums
from prmkit.practices.reach.allotment.cells import Cells
from prmkit.practices.reach.count.case import Case

Array = NDArray[np.float64]

_STREAM, _CELLS = 61, 63
_NODES = np.linspace(0.2, 1.0, 17)


@dataclass(frozen=True)
class Draws:
    """D draws of the goal's 12 months.

    present (D,): the partners of today; each (D, J): recruits one by one in the order of signing, before sharing, at the average
    yield; place (D, T), kind (D, k): what is not known of territories' and types' yields, as factors. sharing: how recruits share with
    those there, None where they do not; at (D, nodes): each draw's elasticity as weights on `_NODES`.
    """

    cells: Cells
    present: Array
    each: NDArray[np.float32]
    mean: Array
    spread: Array
    place: Array
    kind: Array
    sharing: Sharing | None
    at: Array
    luck: Array
    goal: float
    seed: int

    @classmethod
    def of(cls, case: Case, cells: Cells) -> Draws:
        """The draws of a case with a goal."""
        recruits, rng = case.grown(), np.random.default_rng([case.portfolio.settings.seed, _STREAM])
        each = np.diff(recruits.cumulative, axis=1, prepend=0) * recruits.factor[:, None].astype(np.float32)
        draws = len(recruits.mean)
        unsure = (np.exp(s * rng.standard_normal((draws, len(s))) - s**2 / 2) for s in (cells.unsure_place, cells.unsure_type))
        place, kind = unsure
        assert case.target.revenue is not None
        luck = rng.standard_normal(draws)
        sharing = recruits.sharing if recruits.crowding is not None else None
        at = _on_nodes(np.ones(draws) if recruits.crowding is None else recruits.crowding[2])
        goal, seed = case.target.revenue, case.portfolio.settings.seed
        return cls(cells, case.present, each, recruits.mean, recruits.spread, place, kind, sharing, at, luck, goal, seed)

    def by_cell(self, units: Array) -> tuple[NDArray[np.int64], Array, Array]:
        """Cells with recruits; draws (D, cells) of what these add, net of what they take from those there before; and of what they take."""
        used, first, rest = self._signing(units)
        if not len(used):
            return used, np.zeros((len(self.present), 0)), np.zeros((len(self.present), 0))
        order = np.argsort(first, kind="stable")
        begins = np.searchsorted(first[order], np.arange(len(used)))
        columns = np.concatenate([self.each[:, order], np.zeros((len(self.present), 1), dtype=np.float32)], axis=1)
        sold = np.add.reduceat(columns, begins, axis=1, dtype=np.float64)
        sold[:, np.bincount(first, minlength=len(used)) == 0] = 0.0
        if rest.any():
            luck = np.random.default_rng([self.seed, _CELLS]).standard_normal(sold.shape)
            sold += np.maximum(rest * self.mean[:, None] + np.sqrt(rest) * self.spread[:, None] * luck, 0.0)
        place, kind = self.cells.place[used], self.cells.kind[used]
        sold = sold * self.cells.factor[used] * self.place[:, place] * self.kind[:, kind]
        if self.sharing is None:
            return used, sold, np.zeros_like(sold)
        kept, lost, worth = self._shared(units, self.sharing)
        part = self.cells.worth[used] * units[used] / np.where(worth[place] > 0, worth[place], 1.0)
        taken = self.sharing.takes[:, None] * lost[:, place] * part
        return used, sold * kept[:, place] - taken, taken

    def _signing(self, units: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Cells with recruits; the cell (its place among these) of each recruit simulated one by one, all cells signing evenly; and how
        many of each there are beyond."""
        used = np.flatnonzero(units > 0)
        count = units[used].astype(np.int64)
        if not len(used):
            return used, np.zeros(0, dtype=np.int64), count
        who = np.repeat(np.arange(len(used)), count)
        begun = np.repeat(np.cumsum(count) - count, count)
        turn = (np.arange(len(who)) - begun + 0.5) / np.repeat(count, count)
        order = who[np.lexsort((who, turn))]
        simulated = self.each.shape[1]
        return used, order[:simulated], np.bincount(order[simulated:], minlength=len(used)).astype(np.int64)

    def _shared(self, units: Array, sharing: Sharing) -> tuple[Array, Array, Array]:
        """By place: the part of their sales that recruits keep (D, T), the part of present partners' sales they take (D, T), and worth."""
        cells = self.cells
        worth = sums(cells.place, cells.worth * units, len(cells.territory))
        ratio = np.maximum(worth - cells.markets.free, 0.0) / (cells.unit * np.maximum(cells.present, 1))
        crowd = np.log1p(ratio[:, None] * sharing.there[None, :])
        each = np.exp((_NODES - 1)[:, None, None] * crowd[None, :, :])
        mine = cells.present * cells.unit
        share = mine / max(float(mine.sum()), 1e-9)
        kept: Array = self.at @ (each @ sharing.sold)
        lost: Array = (self.at @ (1 - each @ sharing.lasting)) * share
        return kept, lost, worth

    def total(self, units: Array) -> Array:
        """Draws (D,) of the revenue with these recruits; those beyond the simulated ones by the central limit theorem."""
        used, first, rest = self._signing(units)
        if not len(used):
            return self.present
        cells = self.cells
        place, kind, factor = cells.place[used], cells.kind[used], cells.factor[used]
        weight, taken = self.place, 0.0 * self.present
        if self.sharing is not None:
            kept, lost, _ = self._shared(units, self.sharing)
            weight, taken = self.place * kept, self.sharing.takes * lost[:, np.unique(place)].sum(axis=1)
        alone = self.each[:, : len(first)] * factor[first].astype(np.float32)
        added: Array = np.einsum("ij,ij,ij->i", alone, weight[:, place[first]], self.kind[:, kind[first]])
        if rest.any():
            size = (len(cells.types), len(cells.territory))
            often, twice = np.zeros(size), np.zeros(size)
            often[kind, place], twice[kind, place] = rest * factor, rest * factor**2
            usual = ((self.kind @ often) * weight).sum(axis=1) * self.mean
            apart = np.sqrt(((self.kind**2 @ twice) * weight**2).sum(axis=1)) * self.spread
            added = added + np.maximum(usual + apart * self.luck, 0.0)
        made: Array = self.present + added - taken
        return made

    def chance(self, units: Array) -> float:
        """Chance of the goal."""
        return float(np.mean(self.total(units) >= self.goal))

    def short(self, units: Array, confidence: float) -> float:
        """How much revenue is lacking for the goal with the confidence asked; negative where there is more than that."""
        return self.goal - float(np.quantile(self.total(units), 1 - confidence, method="higher"))


def _on_nodes(elasticity: Array) -> Array:
    """Weights (D, nodes) that lay each elasticity between its two neighbours on `_NODES`."""
    place = np.clip((elasticity - _NODES[0]) / (_NODES[1] - _NODES[0]), 0, len(_NODES) - 1)
    low = np.minimum(place.astype(np.int64), len(_NODES) - 2)
    made = np.zeros((len(elasticity), len(_NODES)))
    made[np.arange(len(low)), low] = low + 1 - place
    made[np.arange(len(low)), low + 1] = place - low
    return made
