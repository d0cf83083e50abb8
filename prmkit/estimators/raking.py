"""Weights that make those who answered look like all who could have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]

CAP = 4.0
"""No answer stands for more than so many times, or less than one so-many-th of, an average one."""
FEWEST = 5
_STEPS, _CLOSE = 100, 1e-6


@dataclass(frozen=True, slots=True)
class Raked:
    """weights (n,) with a mean of one; capped: how many of them lie at the cap; converged: whether all margins are met within the cap."""

    weights: Array
    capped: int
    converged: bool


def rake(answered: NDArray[Any], everyone: NDArray[Any]) -> Raked:
    """Iterative proportional fitting (Deming and Stephan 1940), trimmed.

    answered (n, m) and everyone (N, m): the group of each unit by each of m ways of grouping. Groups with fewer than FEWEST answers are
    taken together with each other, so that no single answer carries a group of its own.
    """
    n = len(answered)
    weights = np.ones(n)
    margins = [_margin(answered[:, column], everyone[:, column]) for column in range(answered.shape[1])] if n else []
    for _ in range(_STEPS):
        before = weights
        for group, wanted in margins:
            sums = np.bincount(group, weights, minlength=len(wanted))
            weights = weights * np.where(sums > 0, wanted / np.where(sums > 0, sums, 1.0), 1.0)[group] if len(wanted) > 1 else weights
            weights = np.clip(weights * (n / weights.sum()), 1 / CAP, CAP)
        if np.abs(weights - before).max(initial=0.0) < _CLOSE:
            break
    weights = weights * (n / weights.sum()) if n else weights
    met = all(np.abs(np.bincount(group, weights, minlength=len(wanted)) - wanted).max() < 0.01 * n for group, wanted in margins)
    return Raked(weights, int(((weights >= 0.999 * CAP) | (weights <= 1.001 / CAP)).sum()), met)


def rate(answered: Array, asked: Array) -> tuple[Array, Array, Array]:
    """Share that answered and the ends of its 90% interval (Jeffreys); nan where nobody was asked."""
    some = asked > 0
    one = np.where(some, asked, 1.0)
    low = np.where(answered > 0, stats.beta.ppf((1 - LEVEL) / 2, answered + 0.5, one - answered + 0.5), 0.0)
    high = np.where(answered < one, stats.beta.ppf((1 + LEVEL) / 2, answered + 0.5, one - answered + 0.5), 1.0)
    return tuple(np.where(some, values, np.nan) for values in (answered / one, low, high))  # type: ignore[return-value]


def _margin(answered: NDArray[Any], everyone: NDArray[Any]) -> tuple[NDArray[np.intp], Array]:
    """The group of each answer, thin ones taken together, and how many answers each group should count."""
    names, group = np.unique(answered, return_inverse=True)
    counts = np.bincount(group)
    thick = names[counts >= FEWEST]
    place = {name: position for position, name in enumerate(thick)}
    rest = len(thick)
    mine = np.array([place.get(name, rest) for name in names], dtype=np.intp)[group.ravel()]
    listed, number = np.unique(everyone, return_counts=True)
    wanted = np.zeros(rest + 1)
    np.add.at(wanted, [place.get(name, rest) for name in listed], number)
    if not (mine == rest).any():
        wanted[rest] = 0.0
    return mine, wanted / wanted.sum() * len(answered)
