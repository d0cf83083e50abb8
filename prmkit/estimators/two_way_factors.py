"""How much more or less is usual in each row and in each column of a two-way table of units, luck allowed for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.shrinkage import shrink

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Factors:
    """factor (g,): of each group over the usual, 1 where few were seen; unsure (g,): standard deviation of its log; seen (g,): units."""

    factor: Array
    unsure: Array
    seen: Whole


@dataclass(frozen=True, slots=True)
class TwoWay:
    """value of a unit = usual x row factor x column factor x its own luck; the factors average to one over the units seen."""

    rows: Factors
    columns: Factors


def sums(code: Whole, values: Array | None, groups: int) -> Array:
    """Sums of values (ones if None) by code, (groups,); codes below zero belong to no group."""
    inside = code >= 0
    weights = None if values is None else values[inside]
    made: Array = np.bincount(code[inside], weights, groups).astype(np.float64)
    return made


def two_way_factors(value: Array, row: Whole, column: Whole, rows: int, columns: int, few: int = 8) -> TwoWay:
    """Factors from units of `value` (m,) above zero in groups row (m,) and column (m,), -1 for none.

    Sums of rows and columns are fitted in turn (iterative proportional fitting), so that a row full of units of a strong column is not
    thought strong; the logs are then drawn to zero by how much luck is in them. A group of fewer than `few` units stays at 1.
    """
    mean = float(value.mean()) if len(value) else 1.0
    alpha, beta = np.ones(rows + 1), np.ones(columns + 1)
    for _ in range(_ROUNDS):
        alpha = _fitted(value / mean, beta[column], row, rows, few)
        beta = _fitted(value / mean, alpha[row], column, columns, few)
    own = value / mean / np.where(alpha[row] * beta[column] > 0, alpha[row] * beta[column], 1.0)
    cv2 = float(own.var()) / max(float(own.mean()) ** 2, 1e-12) if len(own) else 0.0
    first, second = (_drawn(made[:-1], code, count, cv2, few) for made, code, count in ((alpha, row, rows), (beta, column, columns)))
    level = np.append(first.factor, 1.0)[row] * np.append(second.factor, 1.0)[column]
    scale = float(level.mean()) if len(level) else 1.0
    return TwoWay(Factors(first.factor / scale, first.unsure, first.seen), second)


def _fitted(value: Array, other: Array, code: Whole, groups: int, few: int) -> Array:
    total, usual, count = sums(code, value, groups), sums(code, other, groups), sums(code, None, groups)
    made = np.where((count >= few) & (usual > 0) & (total > 0), total / np.where(usual > 0, usual, 1.0), 1.0)
    return np.append(made, 1.0)


def _drawn(raw: Array, code: Whole, groups: int, cv2: float, few: int) -> Factors:
    count = sums(code, None, groups).astype(np.int64)
    seen = count >= few
    if seen.sum() < 2:
        return Factors(np.ones(groups), np.zeros(groups), count)
    luck = np.log1p(cv2 / count[seen])
    logs = np.log(raw[seen])
    centre = float((logs / luck).sum() / (1 / luck).sum()) if (luck > 0).all() else float(logs.mean())
    between = max(0.0, float(logs.var(ddof=1)) - float(luck.mean()))
    drawn = shrink(logs - centre, luck, 0.0, between)
    factor, unsure = np.ones(groups), np.full(groups, np.sqrt(between))
    factor[seen], unsure[seen] = np.exp(drawn.mean), np.sqrt(drawn.variance)
    return Factors(factor, unsure, count)


def relative_rate(events: Array, exposure: Array, prior: float = 10.0) -> Array:
    """Events per exposure of each group over that of all, drawn to 1 as if `prior` events had come at the common rate (gamma prior)."""
    total = float(exposure.sum())
    rate = float(events.sum()) / total if total > 0 else 0.0
    if rate <= 0:
        return np.ones(len(events))
    made: Array = (events + prior) / (rate * exposure + prior)
    return made


def lasting(hazard: Array | float, months: float) -> Array:
    """Share of the months to the end of a window that units signed evenly over it stay: (e^-x - 1 + x) / (x^2 / 2), x = hazard x months."""
    x = np.maximum(np.asarray(hazard, dtype=float) * months, 1e-4)
    made: Array = 2 * (np.expm1(-x) + x) / x**2
    return made
