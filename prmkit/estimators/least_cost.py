"""How many units of which kind where, at least cost for a gain that is asked: whole numbers by HiGHS, within any linear limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from prmkit.estimators.rounding import rounded
from prmkit.estimators.shared_market import Pieces

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_FEW = 150
_GAP, _NODES = 1e-4, 500


@dataclass(frozen=True)
class Limit:
    """least <= rows x <= most, x being the units of each kind and then the worth in each piece; rows (r, K + S)."""

    name: str
    rows: sparse.csr_array
    least: Array
    most: Array


@dataclass(frozen=True)
class Options:
    """K kinds of unit that may be placed. cost, worth (K,): of one; place (K,): where it goes; most (K,): whole, inf for no end.

    pieces: what the worth at a place gains, concave. limits: what holds besides.
    """

    cost: Array
    worth: Array
    place: Whole
    most: Array
    pieces: Pieces
    limits: tuple[Limit, ...] = ()

    @property
    def kinds(self) -> int:
        """How many kinds there are."""
        return len(self.cost)

    @property
    def size(self) -> int:
        """How many variables there are."""
        return self.kinds + len(self.pieces.length)

    def without(self, *names: str) -> Options:
        """The same without limits of these names, nor the ends of single kinds that follow from them."""
        most = np.full(self.kinds, np.inf) if names else self.most
        return replace(self, most=most, limits=tuple(limit for limit in self.limits if limit.name not in names))

    def moved(self, name: str, by: float) -> Options:
        """The same with the limit `name` wider by so much."""
        wider = (replace(one, least=one.least - by, most=one.most + by) if one.name == name else one for one in self.limits)
        return replace(self, limits=tuple(wider))


@dataclass(frozen=True)
class _Eased:
    """Limits that may be broken: each row by itself (one slack a row of the one limit), or all by one proportion of what they allow."""

    names: tuple[str, ...]
    slack: int
    together: bool


@dataclass(frozen=True)
class Placed:
    """Units of each kind (K,), whole unless relaxed; worth in each piece (S,); their cost and gain; gap: how far at most from the best
    (a share of it); excess: what each row of an eased limit had to give."""

    units: Array
    worth: Array
    cost: float
    gain: float
    gap: float
    excess: Array = field(default_factory=lambda: np.zeros(0))


def on_units(options: Options, name: str, weights: Array, most: float = np.inf, least: float = -np.inf) -> Limit:
    """A limit on one weighted sum of units; weights (K,)."""
    row = np.concatenate([weights, np.zeros(options.size - options.kinds)])[None, :]
    return Limit(name, sparse.csr_array(row), np.array([least]), np.array([most]))


def by_group(options: Options, name: str, group: Whole, most: Array | float = np.inf, least: Array | float = -np.inf) -> Limit:
    """Limits on the number of units in each group; group (K,): 0 to g - 1, -1 for none."""
    count = int(group.max(initial=-1)) + 1
    inside = np.flatnonzero(group >= 0)
    rows = sparse.csr_array((np.ones(len(inside)), (group[inside], inside)), shape=(count, options.size))
    return Limit(name, rows, np.broadcast_to(np.asarray(least, dtype=float), count).copy(), np.broadcast_to(most, count).astype(float))


def on_gain(options: Options, name: str, places: Whole, most: Array | float = np.inf, least: Array | float = -np.inf) -> Limit:
    """Limits on the gain at each of `places`."""
    row = {int(place): number for number, place in enumerate(places)}
    at = np.array([row.get(int(place), -1) for place in options.pieces.place])
    inside = np.flatnonzero(at >= 0)
    column = options.kinds + inside
    rows = sparse.csr_array((options.pieces.slope[inside], (at[inside], column)), shape=(len(places), options.size))
    return Limit(
        name, rows, np.broadcast_to(np.asarray(least, dtype=float), len(places)).copy(), np.broadcast_to(most, len(places)).astype(float)
    )


def at_most_gained(options: Options, name: str, places: Whole, most: Array) -> Limit:
    """Limits on what all units at each of `places` gain, `most` (p,): as limits on their worth, so that no unit's gain is left unsaid."""
    pieces, whole = options.pieces, np.zeros(len(places))
    for number, (place, gain) in enumerate(zip(places, most, strict=True)):
        own = pieces.place == place
        lengths, slopes = pieces.length[own], pieces.slope[own]
        gained = np.concatenate([[0.0], np.cumsum(lengths * slopes)])
        whole[number] = np.interp(gain, gained, np.concatenate([[0.0], np.cumsum(lengths)])) if gain < gained[-1] else np.inf
    row = {int(place): number for number, place in enumerate(places)}
    at = np.array([row.get(int(place), -1) for place in options.place])
    inside = np.flatnonzero(at >= 0)
    rows = sparse.csr_array((options.worth[inside], (at[inside], inside)), shape=(len(places), options.size))
    return Limit(name, rows, np.full(len(places), -np.inf), whole)


def cheapest(options: Options, gain: float, *, whole: bool = True) -> Placed | None:
    """The units that gain at least `gain` in all at the least cost; None where no number within the limits does."""
    return _solve(options, _cost(options), gain, whole=whole)


def largest(options: Options, *, whole: bool = True) -> Placed | None:
    """The units that gain most, of those the cheapest but for a hair; None where the limits contradict each other."""
    goal = -_gain_row(options)
    price = _cost(options)
    hair = 1e-6 * max(float(np.abs(goal).max(initial=0.0)), 1e-9) / max(float(np.abs(price).max(initial=0.0)), 1e-9)
    return _solve(options, goal + hair * price, -np.inf, whole=whole)


def least_excess(options: Options, gain: float, name: str) -> Placed | None:
    """The units that gain `gain` with the least excess over the limit `name`, all others kept; None where that is not enough."""
    rows = sum(len(one.most) for one in options.limits if one.name == name)
    return _milp(options, np.zeros(options.size), gain, None, _Eased((name,), rows, together=False))


def least_widening(options: Options, gain: float, names: Sequence[str]) -> Placed | None:
    """The units that gain `gain` with all upper limits of these names widened by one proportion, the least that will do (excess[0], 0.5 for
    half as wide again); None where that is not enough. What one kind may have at most is lifted with them."""
    free = replace(options, most=np.full(options.kinds, np.inf))
    return _milp(free, np.zeros(options.size), gain, None, _Eased(tuple(names), 1, together=True))


def _cost(options: Options) -> Array:
    return np.concatenate([options.cost, np.zeros(options.size - options.kinds)])


def _gain_row(options: Options) -> Array:
    return np.concatenate([np.zeros(options.kinds), options.pieces.slope])


def _solve(options: Options, goal: Array, gain: float, *, whole: bool) -> Placed | None:
    """Of many kinds, whole numbers are made beside the relaxed answer, which bounds what could be better."""
    if whole and options.kinds <= _FEW:
        return _milp(options, goal, gain, (np.zeros(options.kinds), options.most))
    relaxed = _milp(options, goal, gain, None)
    if relaxed is None or not whole:
        return relaxed
    units = rounded(options, relaxed.units, gain if np.isfinite(gain) else np.inf)
    if units is None:
        return None
    worth = filled(options, units)
    best = float(goal[: options.kinds] @ relaxed.units) + float(goal[options.kinds :] @ relaxed.worth)
    made = float(goal[: options.kinds] @ units) + float(goal[options.kinds :] @ worth)
    gap = max((made - best) / max(abs(best), 1e-9), 0.0)
    return Placed(units, worth, float(options.cost @ units), float(options.pieces.slope @ worth), gap)


def filled(options: Options, units: Array) -> Array:
    """Worth in each piece (S,), each place's put into its steepest pieces first."""
    pieces = options.pieces
    worth = np.bincount(options.place, options.worth * units, int(options.place.max(initial=-1)) + 1)
    before = np.concatenate([[0.0], np.cumsum(pieces.length)[:-1]])
    first = np.concatenate([[True], np.diff(pieces.place) > 0])
    begin = before - np.maximum.accumulate(np.where(first, before, 0.0))
    made: Array = np.clip(worth[pieces.place] - begin, 0.0, pieces.length)
    return made


def _milp(options: Options, goal: Array, gain: float, between: tuple[Array, Array] | None, eased: _Eased | None = None) -> Placed | None:
    """One call of HiGHS. between: fewest and most whole units of each kind, None for a relaxed answer. eased: limits that may be broken,
    and then the sum of what they give is what is kept small."""
    kinds, size = options.kinds, options.size
    slack = 0 if eased is None else eased.slack
    money = float(np.median(options.worth)) or 1.0
    column = np.concatenate([np.ones(kinds), np.full(size - kinds, money), np.ones(slack)])
    held = [_rows(_worth_held(options), column, np.array([-np.inf]), np.array([0.0]))]
    if np.isfinite(gain):
        held.append(_rows(sparse.csr_array(_gain_row(options)[None, :]), column, np.array([gain]), np.array([np.inf])))
    for limit in options.limits:
        held += _limited(limit, column, eased)
    low, top = between or (np.zeros(kinds), options.most)
    price = np.concatenate([goal, np.zeros(slack)]) if eased is None else np.concatenate([np.zeros(size), np.ones(slack)])
    price = price * column
    found = milp(
        price / (float(np.abs(price).max(initial=0.0)) or 1.0),
        integrality=np.concatenate([np.full(kinds, int(between is not None)), np.zeros(size - kinds + slack)]),
        bounds=Bounds(
            np.concatenate([low, np.zeros(size - kinds + slack)]),
            np.concatenate([top, options.pieces.length / money, np.full(slack, np.inf)]),
        ),
        constraints=held,
        options={"mip_rel_gap": _GAP, "node_limit": _NODES},
    )
    if found.x is None:
        return None
    units = found.x[:kinds] if between is None else np.rint(found.x[:kinds]) + 0.0
    worth = found.x[kinds:size] * money
    gap = 0.0 if between is None else max(float(found.mip_gap or 0.0), 0.0)
    return Placed(units, worth, float(options.cost @ units), float(options.pieces.slope @ worth), gap, found.x[size:])


def _worth_held(options: Options) -> sparse.csr_array:
    """What is gained at a place rests on units placed there: pieces - worth x units <= 0."""
    places = max(int(options.place.max(initial=-1)), int(options.pieces.place.max(initial=-1))) + 1
    at = np.concatenate([options.place, options.pieces.place])
    weight = np.concatenate([-options.worth, np.ones(len(options.pieces.place))])
    return sparse.csr_array((weight, (at, np.arange(options.size))), shape=(places, options.size))


def _limited(limit: Limit, column: Array, eased: _Eased | None) -> list[LinearConstraint]:
    if eased is None or limit.name not in eased.names:
        return [_rows(limit.rows, column, limit.least, limit.most)]
    none = np.full(len(limit.most), np.inf)
    if eased.together:
        share = sparse.csr_array(np.where(np.isfinite(limit.most), limit.most, 0.0)[:, None])
        return [_rows(sparse.hstack([limit.rows, -share], format="csr"), column, limit.least, limit.most)]
    give = sparse.eye_array(len(limit.most), format="csr")
    down, up = (sparse.hstack([limit.rows, sign * give], format="csr") for sign in (-1, 1))
    return [_rows(down, column, -none, limit.most), _rows(up, column, limit.least, none)]


def _rows(rows: sparse.csr_array, column: Array, least: Array, most: Array) -> LinearConstraint:
    """Rows on the scaled columns (those not there are zero), each divided by its largest number: HiGHS is at ease with numbers near one."""
    scaled = sparse.csr_array(rows @ sparse.diags_array(column[: rows.shape[1]]))
    size = np.abs(scaled).max(axis=1).toarray().ravel() if scaled.shape[0] else np.zeros(0)
    size = np.where(size > 0, size, 1.0)
    scaled = sparse.csr_array(sparse.diags_array(1 / size) @ scaled)
    missing = len(column) - scaled.shape[1]
    wide = sparse.hstack([scaled, sparse.csr_array((scaled.shape[0], missing))], format="csr") if missing else scaled
    return LinearConstraint(wide, least / size, most / size)


def in_the_way(options: Options, gain: float, groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """A smallest set of groups of limits that together keep `gain` out of reach: with all of them dropped it is within, with any of them
    kept it is not. () where none does; all of them where even dropping all is not enough.

    By deletion: all are dropped, then taken back from the last to the first as long as the gain stays in reach.
    """

    def within(dropped: Sequence[tuple[str, ...]]) -> bool:
        return _milp(options.without(*(name for group in dropped for name in group)), _cost(options), gain, None) is not None

    if within(()):
        return ()
    dropped = list(groups)
    if not within(dropped):
        return tuple(groups)
    for group in reversed(groups):
        fewer = [one for one in dropped if one != group]
        if within(fewer):
            dropped = fewer
    return tuple(dropped)
