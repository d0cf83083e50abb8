"""How unevenly an amount is spread over its holders: top shares, HHI, Gini, effective number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]

ENOUGH_HOLDERS = 200
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Spread:
    """One measure of concentration, the ends of its 90% interval, and the bias the bootstrap showed.

    `low`, `high` and `bias` are nan where no interval of this kind keeps its word: below ENOUGH_HOLDERS,
    and for HHI and the effective number always, since they rest on the few largest (measured in the method card).
    """

    value: float
    low: float
    high: float
    bias: float


def top_share(values: Array, fraction: float) -> float:
    """What the largest `fraction` of the holders have of the whole; their number is rounded up.

    `values`: amounts of one unit, none negative. nan for no holder or a total of nothing.
    """
    total = values.sum()
    if not len(values) or total <= 0:
        return float("nan")
    return float(np.sort(values)[::-1][: _head_count(fraction, len(values))].sum() / total)


def hhi(values: Array) -> float:
    """The Herfindahl-Hirschman index, sum of squared shares: 1/n for n equal holders, 1 for a single one."""
    total = values.sum()
    return float(((values / total) ** 2).sum()) if total > 0 else float("nan")


def effective_number(values: Array) -> float:
    """1 / HHI: as many equal holders would be as concentrated."""
    return 1.0 / hhi(values)


def gini(values: Array) -> float:
    """The Gini coefficient of a complete list: 0 when all have the same, (n - 1)/n when one has all.

    For lognormal amounts it tends to 2 Phi(sigma / sqrt 2) - 1.
    """
    n, total = len(values), values.sum()
    if not n or total <= 0:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ np.sort(values) / (n * total))


def concentration(values: Array, *, seed: int, draws: int = 300) -> Mapping[str, Spread]:
    """top_10_share, top_20_share, hhi, gini and effective_partners of non-negative `values`.

    The interval answers: how different could this be, had chance sent us other holders of the same
    kind? It is a studentised bootstrap over the holders on the logit scale, with the linearised
    variance of each measure (Langel and Tille, JRSS A 2013;176:521-540).
    Raises ValueError for a negative amount: what to do with one is a question for the field.
    """
    if (values < 0).any():
        raise ValueError("amounts must not be negative")
    values = np.sort(values)[::-1].astype(np.float64)
    point = {
        "top_10_share": top_share(values, 0.1),
        "top_20_share": top_share(values, 0.2),
        "hhi": hhi(values),
        "gini": gini(values),
        "effective_partners": effective_number(values),
    }
    made = {name: Spread(value, np.nan, np.nan, np.nan) for name, value in point.items()}
    if len(values) < ENOUGH_HOLDERS or not np.isfinite(point["hhi"]):
        return made
    once = _measure(values, np.ones((1, len(values))))
    drawn = _drawn(values, draws, seed)
    return made | {name: _spread(point[name], once[name], drawn[name]) for name in once}


def _spread(value: float, once: tuple[Array, Array], drawn: tuple[Array, Array]) -> Spread:
    estimate, variance = float(once[0][0]), float(once[1][0])
    if variance <= 1e-18:
        return Spread(value, value, value, 0.0)
    usable = drawn[1] > 1e-18
    distance = (logit(drawn[0][usable]) - logit(estimate)) / _logit_error(drawn[0][usable], drawn[1][usable])
    far, near = np.quantile(distance, [(1 + LEVEL) / 2, (1 - LEVEL) / 2])
    low, high = expit(logit(estimate) - np.array([far, near]) * _logit_error(estimate, variance))
    return Spread(value, float(low), float(high), float(drawn[0].mean() - estimate))


def _logit_error(share: Any, variance: Any) -> Any:
    return np.sqrt(variance) / (share * (1 - share))


def _drawn(falling: Array, draws: int, seed: int) -> dict[str, tuple[Array, Array]]:
    rng, n = np.random.default_rng(seed), len(falling)
    size = max(1, _CELLS // n)
    parts = [
        _measure(falling, rng.multinomial(n, np.full(n, 1 / n), min(size, draws - start)).astype(np.float64))
        for start in range(0, draws, size)
    ]
    return {
        name: (np.concatenate([part[name][0] for part in parts]), np.concatenate([part[name][1] for part in parts])) for name in parts[0]
    }


def _measure(falling: Array, weights: Array) -> dict[str, tuple[Array, Array]]:
    """Each measure and its variance for weighted copies (rows) of amounts sorted from the largest down."""
    n = len(falling)
    mass = weights / n
    heads, amounts = np.cumsum(mass, axis=1), np.cumsum(mass * falling, axis=1)
    mean = amounts[:, -1:]
    made = {name: _top(falling, mass, heads, amounts, _head_count(part, n) / n) for name, part in _TOPS.items()}

    level = (mass * (2 * amounts - mass * falling)).sum(axis=1, keepdims=True) / mean - 1
    apart = falling * (1 - 2 * heads) - mean + 2 * amounts
    influence = apart / mean - level - level * falling / mean
    made["gini"] = level[:, 0], (mass * influence**2).sum(axis=1) / n
    return made


_TOPS = {"top_10_share": 0.1, "top_20_share": 0.2}


def _top(falling: Array, mass: Array, heads: Array, amounts: Array, part: float) -> tuple[Array, Array]:
    rows, n = np.arange(len(mass)), len(falling)
    at = np.minimum((heads < part - 1e-12).sum(axis=1), n - 1)
    border = falling[at]
    taken = amounts[rows, at] - (heads[rows, at] - part) * border
    mean = amounts[:, -1]
    share = taken / mean
    above = np.maximum(falling - border[:, None], 0) + part * border[:, None]
    influence = (above - share[:, None] * falling) / mean[:, None]
    return share, (mass * influence**2).sum(axis=1) / n


def _head_count(fraction: float, n: int) -> int:
    return ceil(round(fraction * n, 9))
