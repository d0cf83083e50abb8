"""Explained variation divided among correlated drivers: the average over all orders in which they could be entered."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXACT = 12
"""Up to so many drivers every subset is looked at; above, sampled orders."""
_ORDERS = 256
_CELLS = 40_000_000
_SINGULAR = 1e-9


@dataclass(frozen=True, slots=True)
class Division:
    """How explained variation divides, for each of the d matrices given.

    parts: (d, p) what each driver explains, adding up to r_squared (d,). alone: (d, p) what it explains by itself. last: (d, p) what
    it adds to all others. exact: False where orders were sampled.
    """

    parts: Array
    r_squared: Array
    alone: Array
    last: Array
    exact: bool

    @property
    def shares(self) -> Array:
        """(d, p) parts over what all explain together; nan where they explain nothing."""
        total = self.r_squared[:, None]
        made: Array = np.where(total > _SINGULAR, self.parts / np.where(total > _SINGULAR, total, 1.0), np.nan)
        return made


def divide(correlation: Array, *, seed: int = 1) -> Division:
    """Divide R squared of the last variable among the others: the LMG measure, which is the Shapley value of the game R squared.

    correlation: (d, p + 1, p + 1) or (p + 1, p + 1), correlations or covariances, positive semidefinite, the outcome last; p at least 1.
    A driver that others determine adds nothing after them. Exact by all subsets to EXACT drivers; above, an average over _ORDERS orders
    in pairs of one and its reverse, drawn from `seed`. Lindeman, Merenda and Gold 1980; Groemping, Journal of Statistical Software
    2006;17(1). Raises ValueError without a driver, or where the outcome does not vary.
    """
    matrices = correlation if correlation.ndim == 3 else correlation[None]
    drivers = matrices.shape[-1] - 1
    if drivers < 1:
        raise ValueError("explained variation is divided among at least one driver")
    spread = np.sqrt(np.diagonal(matrices, axis1=1, axis2=2))
    if (spread[:, -1] <= 0).any():
        raise ValueError("the outcome does not vary: there is nothing to explain")
    spread = np.where(spread > 0, spread, 1.0)
    scaled = matrices / spread[:, :, None] / spread[:, None, :]
    if drivers > EXACT:
        return _sampled(scaled, drivers, np.random.default_rng(seed))
    size = max(1, _CELLS // (2**drivers * 14))
    blocks = [_explained(scaled[start : start + size]) for start in range(0, len(scaled), size)]
    explained = np.concatenate(blocks, axis=1)
    single, every = 1 << np.arange(drivers), 2**drivers - 1
    return Division(
        parts=(_game(drivers) @ explained).T,
        r_squared=explained[every],
        alone=explained[single].T,
        last=(explained[every] - explained[every - single]).T,
        exact=True,
    )


def _explained(matrices: Array) -> Array:
    """R squared of every subset: (2^p, d), subset s holding driver j where bit j of s is set.

    The first driver that is left is swept out or dropped, level by level, so that all subsets share the work of their beginnings.
    """
    level = matrices[None]
    while level.shape[-1] > 1:
        rest, column, own = level[..., 1:, 1:], level[..., 1:, 0], level[..., 0, 0]
        usable = own > _SINGULAR
        scaled = np.where(usable[..., None], column / np.where(usable, own, 1.0)[..., None], 0.0)
        level = np.concatenate([rest, rest - scaled[..., :, None] * column[..., None, :]])
    made: Array = np.clip(1.0 - level[..., 0, 0], 0.0, 1.0)
    return made


def _game(drivers: int) -> Array:
    """(p, 2^p) what each subset's value counts in each driver's Shapley value."""
    subset = np.arange(2**drivers)
    member = (subset[None] >> np.arange(drivers)[:, None]) & 1 == 1
    size = member.sum(axis=0)
    weight = np.array([factorial(k) * factorial(drivers - 1 - k) / factorial(drivers) for k in range(drivers)])
    made: Array = np.where(member, weight[np.maximum(size - 1, 0)], -weight[np.minimum(size, drivers - 1)])
    return made


def _sampled(matrices: Array, drivers: int, rng: np.random.Generator) -> Division:
    orders = rng.permuted(np.tile(np.arange(drivers), (_ORDERS // 2, 1)), axis=1)
    orders = np.concatenate([orders, orders[:, ::-1]])
    within = matrices + _SINGULAR * np.eye(drivers + 1)
    parts = np.zeros((len(matrices), drivers))
    for order in orders:
        steps = np.linalg.cholesky(within[:, np.append(order, drivers)][:, :, np.append(order, drivers)])[:, -1, :-1] ** 2
        parts[:, order] += steps / len(orders)
    precision = np.linalg.inv(within)
    outcome, own = precision[:, -1, -1], np.diagonal(precision, axis1=1, axis2=2)[:, :-1]
    unexplained = 1.0 / outcome
    last = precision[:, -1, :-1] ** 2 / np.maximum(own * outcome[:, None] - precision[:, -1, :-1] ** 2, _SINGULAR) * unexplained[:, None]
    return Division(parts, parts.sum(axis=1), matrices[:, -1, :-1] ** 2, last, exact=False)
