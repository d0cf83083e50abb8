"""The usual split of a whole into parts, among units of a kind: what the kind says, drawn to what wider kinds say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_Z = float(stats.norm.ppf(0.95))


@dataclass(frozen=True, slots=True)
class NestedShare:
    """Per unit (n, k): the share its kind gives to each part, the ends of its 90% interval, and how many others it was learnt from."""

    expected: Array
    low: Array
    high: Array
    others: Codes


def nested_share(shares: Array, known: NDArray[np.bool_], kinds: Sequence[Codes]) -> NestedShare:
    """Expected shares of every unit from the others of its kind; its own share is left out of them.

    shares: (n, k), each row of a known unit adding up to 1. known: (n,) units that have shares. kinds: codes (n,) of ever narrower kinds,
    widest first; all units together are the widest of all. A kind's mean is drawn to that of the kind around it by how much kinds differ
    beyond luck, part by part (normal compromise; variances by moments: DerSimonian and Laird 1986). Shares of a
    unit add up to 1 as long as its parts are drawn alike, and are scaled to do so.
    Raises ValueError without any known unit.
    """
    if not known.any():
        raise ValueError("no unit has shares to learn from")
    values = np.where(known[:, None], shares, 0.0)
    everyone = np.zeros(len(shares), dtype=np.int64)
    spread = shares[known].var(axis=0, ddof=1) if known.sum() > 1 else np.zeros(shares.shape[1])
    mean, others = _left_out(values, known, everyone)
    variance = spread / np.maximum(others, 1)[:, None]
    for kind in kinds:
        own, n = _left_out(values, known, kind)
        luck = spread / np.maximum(n, 1)[:, None]
        between = _between(shares, known, kind, spread)
        kept = np.divide(between, between + luck, out=np.zeros(luck.shape), where=(between + luck) > 0)
        kept = np.where((n > 0)[:, None], kept, 0.0)
        mean = (1 - kept) * mean + kept * own
        variance = np.where(kept > 0, kept * luck, variance + between)
        others = np.where(n > 0, n, others)
    total = mean.sum(axis=1, keepdims=True)
    mean = np.divide(mean, total, out=mean.copy(), where=total > 0)
    half = _Z * np.sqrt(variance)
    return NestedShare(mean, np.clip(mean - half, 0.0, 1.0), np.clip(mean + half, 0.0, 1.0), others)


def _left_out(values: Array, known: NDArray[np.bool_], kind: Codes) -> tuple[Array, Codes]:
    """Mean share of the others of a unit's kind (n, k), and how many they are (n,)."""
    groups = int(kind.max()) + 1
    sums = np.stack([np.bincount(kind, values[:, part], minlength=groups) for part in range(values.shape[1])], axis=1)
    n = np.bincount(kind, known, minlength=groups)[kind] - known
    made: Array = (sums[kind] - values) / np.maximum(n, 1)[:, None]
    return made, n.astype(np.int64)


def _between(shares: Array, known: NDArray[np.bool_], kind: Codes, spread: Array) -> Array:
    """Variance between kinds (k,) beyond luck."""
    codes = np.unique(kind[known], return_inverse=True)[1]
    n = np.bincount(codes).astype(np.float64)
    if len(n) < 2:
        return np.zeros(shares.shape[1])
    mean = np.stack([np.bincount(codes, shares[known][:, part]) for part in range(shares.shape[1])], axis=1) / n[:, None]
    middle = n @ mean / n.sum()
    excess = n @ (mean - middle) ** 2 - (len(n) - 1) * spread
    made: Array = np.maximum(excess / (n.sum() - np.sum(n**2) / n.sum()), 0.0)
    return made
