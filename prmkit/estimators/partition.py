"""How two ways of sorting the same units into groups agree, how apart neighbouring groups lie, and what differs between groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.mixture import Mixture, fit_mixture

Array = NDArray[Any]

_Z = 1.645


def adjusted_rand(one: Array, other: Array) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985) of two labellings (n,): 1 the same groups, 0 no more alike than by chance."""
    counts = _counts(one, other)
    pairs = _pairs(counts).sum()
    rows, columns = _pairs(counts.sum(axis=1)).sum(), _pairs(counts.sum(axis=0)).sum()
    expected, most = rows * columns / max(_pairs(counts.sum()), 1.0), (rows + columns) / 2
    return float((pairs - expected) / (most - expected)) if most > expected else 1.0


def best_overlap(labels: Array, other: Array, k: int) -> Array:
    """For each of the k groups of `labels` the overlap (Jaccard) with the group of `other` most like it, (k,); Hennig 2007."""
    counts = np.zeros((k, int(other.max()) + 1))
    np.add.at(counts, (labels, other), 1)
    union = counts.sum(axis=1)[:, None] + counts.sum(axis=0)[None] - counts
    made: Array = (counts / np.maximum(union, 1)).max(axis=1)
    return made


def _counts(one: Array, other: Array) -> Array:
    counts = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(counts, (one, other), 1)
    return counts


def _pairs(counts: Array) -> Array:
    made: Array = counts * (counts - 1) / 2
    return made


def between(x: Array, k: int, rng: np.random.Generator, rounds: int = 5) -> float:
    """How many units lie half way between neighbouring groups, for each at the thinner of the two centres; x (n, d), nan where missing.

    Groups are fitted to one half of the units and looked at in the other. Along any line a distribution with one peak holds at least as
    many half way between two places as at the thinner of them: slices of one crowd come out at 1 or more, separate groups below.
    """
    seen: list[tuple[int, int]] = []
    for _ in range(rounds):
        order = rng.permutation(len(x))
        first, second = order[: len(x) // 2], order[len(x) // 2 :]
        for learn, look in ((first, second), (second, first)):
            seen += _half_way(x[look], fit_mixture(x[learn], k, rng, starts=2))
    middle, centres = np.array(seen, dtype=float).sum(axis=0)
    return float(middle / centres) if centres else float("inf")


def _half_way(x: Array, found: Mixture) -> list[tuple[int, int]]:
    """For every pair of neighbours: units half way, and units at the thinner centre."""
    labels = found.chances(x).argmax(axis=1)
    made = []
    for one, other in _neighbours(found):
        weight = found.shares[[one, other]] / found.shares[[one, other]].sum()
        spread = weight @ found.variances[[one, other]]
        step = found.means[other] - found.means[one]
        rows = x[(labels == one) | (labels == other)]
        side = labels[(labels == one) | (labels == other)] == other
        if not side.any() or side.all():
            continue
        there = np.isfinite(rows)
        place = np.where(there, rows - found.means[one], 0.0) @ (step / spread) / np.maximum(there @ (step * step / spread), 1e-9)
        start, end = np.median(place[~side]), np.median(place[side])
        place = (place - start) / max(end - start, 1e-9)
        low, middle, high = (int(((place > at - 1 / 6) & (place <= at + 1 / 6)).sum()) for at in (0.0, 0.5, 1.0))
        made.append((middle, min(low, high)))
    return made or [(0, 0)]


def _neighbours(found: Mixture) -> set[tuple[int, int]]:
    """Each group with the one nearest to it."""
    apart = ((found.means[:, None] - found.means[None]) ** 2 / (found.variances[:, None] + found.variances[None])).sum(axis=-1)
    np.fill_diagonal(apart, np.inf)
    nearest = apart.argmin(axis=1)
    return {(min(one, int(other)), max(one, int(other))) for one, other in enumerate(nearest)}


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference with its 90% interval; nan where it cannot be told."""

    value: float
    low: float
    high: float


def outcome_gap(labels: Array, k: int, outcome: Array, rng: np.random.Generator, fewest: int = 5) -> Gap:
    """Mean outcome (n,) of the group that did best less that of the one that did worst; nan outcomes are left out.

    Which groups these are is told by one half of the units and the difference is taken in the other, both ways round, so that it is 0
    on average where the groups do not differ. The interval is that of one half: where nothing differs both halves err alike. nan without
    two groups of `fewest` units in each half.
    """
    known = np.flatnonzero(np.isfinite(outcome))
    order = rng.permutation(known)
    halves = [_means(labels[part], outcome[part], k) for part in (order[::2], order[1::2])]
    usable = np.all([count >= fewest for count, _, _ in halves], axis=0)
    if usable.sum() < 2:
        return Gap(float("nan"), float("nan"), float("nan"))
    values, errors = [], []
    for (_, told, _), (count, mean, variance) in (halves, halves[::-1]):
        best, worst = np.where(usable, told, -np.inf).argmax(), np.where(usable, told, np.inf).argmin()
        values.append(mean[best] - mean[worst])
        errors.append(variance[best] / count[best] + variance[worst] / count[worst])
    value, error = float(np.mean(values)), float(np.sqrt(np.mean(errors)))
    return Gap(value, value - _Z * error, value + _Z * error)


def _means(labels: Array, outcome: Array, k: int) -> tuple[Array, Array, Array]:
    count = np.bincount(labels, minlength=k).astype(float)
    mean = np.bincount(labels, outcome, minlength=k) / np.maximum(count, 1)
    variance = np.bincount(labels, (outcome - mean[labels]) ** 2, minlength=k) / np.maximum(count - 1, 1)
    return count, mean, variance
