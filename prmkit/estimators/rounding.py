"""Whole units beside relaxed ones, where there are too many kinds to look for the best whole numbers outright."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

if TYPE_CHECKING:
    from prmkit.estimators.least_cost import Options

Array = NDArray[np.float64]

_HAIR = 1e-6
_MOST_ADDED = 5000


class Rounding:
    """Units being made whole: what each limit holds so far, and what each place gains."""

    def __init__(self, options: Options, relaxed: Array) -> None:
        self._options = options
        self.units = np.floor(relaxed + _HAIR)
        kinds, limits = options.kinds, options.limits
        every = sparse.csc_array(sparse.vstack([limit.rows for limit in limits])) if limits else sparse.csc_array((0, options.size))
        self._rows = sparse.csc_array(every[:, :kinds])
        self._most = np.concatenate([limit.most for limit in limits]) if limits else np.zeros(0)
        self._least = np.concatenate([limit.least for limit in limits]) if limits else np.zeros(0)
        of_gain = sparse.coo_array(every[:, kinds:])
        self._by_place: dict[int, list[int]] = {}
        for row, piece in zip(of_gain.row, of_gain.col, strict=True):
            rows = self._by_place.setdefault(int(options.pieces.place[piece]), [])
            rows += [int(row)] if int(row) not in rows else []
        ends = np.flatnonzero(np.diff(options.pieces.place)) + 1
        first, last = np.concatenate([[0], ends]), np.concatenate([ends, [len(options.pieces.place)]])
        parts = {int(options.pieces.place[a]): slice(a, b) for a, b in zip(first, last, strict=True)}
        pieces = options.pieces
        self._ends = {place: np.concatenate([[0.0], np.cumsum(pieces.length[at])]) for place, at in parts.items()}
        self._at = {place: np.concatenate([[0.0], np.cumsum(pieces.length[at] * pieces.slope[at])]) for place, at in parts.items()}
        self._worth = np.bincount(options.place, options.worth * self.units, int(options.place.max()) + 1).astype(np.float64)
        self._held = np.asarray(self._rows @ self.units, dtype=np.float64)
        self._gain = np.array([self._gained(place, worth) for place, worth in enumerate(self._worth)])
        for place, rows in self._by_place.items():
            self._held[rows] = self._gain[place]

    def _gained(self, place: int, worth: float) -> float:
        return float(np.interp(worth, self._ends[place], self._at[place])) if place in self._ends else 0.0

    @property
    def gain(self) -> float:
        """What all places gain."""
        return float(self._gain.sum())

    def lacking(self, gain: float) -> bool:
        """Whether the gain, or anything that has to be there at least, is not reached yet."""
        return self.gain < gain * (1 - _HAIR) or bool(self._short().any())

    def _short(self) -> NDArray[np.bool_]:
        made: NDArray[np.bool_] = self._held < self._least - _HAIR * (1 + np.abs(self._least))
        return made

    def add(self, cell: int) -> bool:
        """Put one more unit of a kind, if all limits allow it."""
        at = slice(self._rows.indptr[cell], self._rows.indptr[cell + 1])
        rows, by = self._rows.indices[at], self._rows.data[at]
        place = int(self._options.place[cell])
        worth = float(self._worth[place] + self._options.worth[cell])
        gain = self._gained(place, worth)
        own = self._by_place.get(place, [])
        room = (self._held[rows] + by <= self._most[rows] * (1 + _HAIR) + _HAIR).all() and (
            gain <= self._most[own] * (1 + _HAIR) + _HAIR
        ).all()
        if not room or self.units[cell] + 1 > self._options.most[cell] + _HAIR:
            return False
        self.units[cell] += 1
        self._held[rows] += by
        self._worth[place], self._gain[place] = worth, gain
        self._held[own] = gain
        return True

    def wanted(self) -> Iterator[int]:
        """Kinds that help a row that lacks something, the cheapest first."""
        for row in np.flatnonzero(self._short()):
            places = [place for place, rows in self._by_place.items() if row in rows]
            kinds = np.flatnonzero(np.isin(self._options.place, places)) if places else sparse.csr_array(self._rows)[[row], :].indices
            rate = self._options.cost[kinds] / np.maximum(self._options.worth[kinds], 1e-12) if places else self._options.cost[kinds]
            yield from (int(kind) for kind in kinds[np.argsort(rate, kind="stable")])


def rounded(options: Options, relaxed: Array, gain: float) -> Array | None:
    """Whole units (K,) near relaxed ones that gain `gain` within all limits; None where none were found. gain: inf for as much as there
    is room for.

    Everything is rounded down; then the largest parts lost are put back, then what helps a limit that lacks something, then what brings
    most for its cost, one by one as limits allow, until the gain is there.
    """
    made = Rounding(options, relaxed)
    part = relaxed - made.units
    lost = np.flatnonzero(part > _HAIR)
    rate = options.worth / np.maximum(options.cost, 1e-12)
    best = np.argsort(-rate, kind="stable")
    used = best[relaxed[best] > _HAIR]
    for cell in lost[np.argsort(-part[lost], kind="stable")]:
        if not made.lacking(gain):
            break
        made.add(int(cell))
    for cell in list(made.wanted()):
        if not made.lacking(-np.inf):
            break
        made.add(cell)
    left = _MOST_ADDED
    for cell in (*used, *best):
        while left > 0 and made.lacking(gain) and made.add(int(cell)):
            left -= 1
    enough = not made.lacking(gain if np.isfinite(gain) else -np.inf)
    return made.units if enough else None
