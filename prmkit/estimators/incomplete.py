"""Means and covariances of answers of which some are missing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEPS, _CLOSE = 200, 1e-7
_RIDGE = 1e-9
_PROBED = 300
_NUDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Moments:
    """mean (p,) and covariance (p, p) of the values and, of redrawn weights, covariances (draws, p, p); converged: whether EM settled."""

    mean: Array
    covariance: Array
    converged: bool
    drawn: Array


def moments(values: Array, weights: Array, draws: Array | None = None) -> Moments:
    """Normal maximum likelihood of values (n, p) with nan where missing, each row weighted (n,), by EM.

    draws: (draws, n) further weights of the rows, such as those of a bootstrap: `drawn` is the covariance for each, by one step of EM
    from the fit and its convergence rate (I - J)^-1, which is right to first order (supplemented EM: Meng and Rubin, JASA
    1991;86:899-909); J is learnt on at most 300 rows. A draw that this takes beyond what a covariance can be keeps the one step.
    Unbiased where what is missing depends only on what was answered (Little and Rubin 2002, ch. 11).
    Covariances divide by the sum of the weights. Raises ValueError where a column has no value at all.
    """
    seen = np.isfinite(values)
    if not seen.any(axis=0).all():
        raise ValueError("a column holds no value")
    pattern, which = np.unique(seen, axis=0, return_inverse=True)
    filled = np.where(seen, values, 0.0)
    mean = (weights[:, None] * filled).sum(axis=0) / np.maximum((weights[:, None] * seen).sum(axis=0), _RIDGE)
    centred = np.where(seen, values - mean, 0.0)
    covariance = np.diag(np.maximum((weights[:, None] * centred**2).sum(axis=0) / (weights[:, None] * seen).sum(axis=0), _RIDGE))
    rows, total = _Rows(filled, seen, pattern, which.ravel()), weights.sum()
    converged = bool(seen.all())
    for _ in range(_STEPS):
        first, second = rows.expected(mean, covariance)
        new_mean = weights @ first / total
        new = (weights @ second / total).reshape(covariance.shape) - np.outer(new_mean, new_mean)
        scale = np.sqrt(np.diag(new))
        apart = np.abs((new - covariance) / np.outer(scale, scale)).max() if (scale > 0).all() else np.abs(new - covariance).max()
        mean, covariance = new_mean, new
        if seen.all() or apart < _CLOSE:
            converged = True
            break
    drawn = np.zeros((0, *covariance.shape)) if draws is None else _redrawn(rows, weights, draws, mean, covariance)
    return Moments(mean, covariance, converged, drawn)


@dataclass(frozen=True)
class _Rows:
    """Values with zeros where missing (n, p), which are seen, the patterns of what is seen, and each row's pattern."""

    values: Array
    seen: NDArray[np.bool_]
    pattern: NDArray[np.bool_]
    which: NDArray[np.intp]

    def expected(self, mean: Array, covariance: Array) -> tuple[Array, Array]:
        """Expected values (n, p) and products (n, p * p) of every row, given what is seen of it."""
        some = self.pattern.astype(float)
        size = covariance.shape[0]
        inner = covariance * some[:, :, None] * some[:, None, :]
        inner[:, np.arange(size), np.arange(size)] += 1 - some + _RIDGE * np.diag(covariance)
        slopes = (covariance * some[:, None, :]) @ np.linalg.inv(inner) * some[:, None, :]
        left = covariance - slopes @ covariance
        hidden = ~self.pattern
        left = np.where(hidden[:, :, None] & hidden[:, None, :], left, 0.0)
        deviation = np.where(self.seen, self.values - mean, 0.0)
        guess = np.empty_like(self.values)
        order = np.argsort(self.which, kind="stable")
        ends = np.searchsorted(self.which[order], np.arange(len(self.pattern) + 1))
        for place, (start, end) in enumerate(pairwise(ends)):
            mine = order[start:end]
            guess[mine] = mean + deviation[mine] @ slopes[place].T
        guess = np.where(self.seen, self.values, guess)
        products = guess[:, :, None] * guess[:, None, :] + left[self.which]
        return guess, products.reshape(len(guess), -1)

    def some(self, chosen: NDArray[np.intp]) -> _Rows:
        pattern, which = np.unique(self.seen[chosen], axis=0, return_inverse=True)
        return _Rows(self.values[chosen], self.seen[chosen], pattern, which.ravel())


def _redrawn(rows: _Rows, weights: Array, draws: Array, mean: Array, covariance: Array) -> Array:
    """Covariances of redrawn weights to first order around the fit."""
    size = len(mean)
    first, second = rows.expected(mean, covariance)
    share = draws / draws.sum(axis=1, keepdims=True)
    upper = np.triu_indices(size)
    at = upper[0] * size + upper[1]
    moved = np.concatenate([share @ first, share @ second[:, at]], axis=1)
    if rows.seen.all():
        return _covariances(moved, size)
    chosen = np.linspace(0, len(weights) - 1, min(len(weights), _PROBED)).astype(np.intp)
    few, part = rows.some(chosen), weights[chosen] / weights[chosen].sum()
    centre = np.concatenate([mean, (covariance + np.outer(mean, mean))[upper]])
    scale = np.concatenate([np.sqrt(np.diag(covariance)), np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))[upper]])
    base = _mapped(few, part, mean, covariance, at)
    rate = np.empty((len(centre), len(centre)))
    for place in range(len(centre)):
        nudged = centre.copy()
        nudged[place] += _NUDGE * scale[place]
        rate[:, place] = (_mapped(few, part, nudged[:size], _covariances(nudged[None], size)[0], at) - base) / (_NUDGE * scale[place])
    settled = _covariances(centre + np.linalg.solve(np.eye(len(centre)) - rate, (moved - centre).T).T, size)
    broken = np.linalg.eigvalsh(settled / np.outer(scale[:size], scale[:size])).min(axis=1) <= _RIDGE
    return np.where(broken[:, None, None], _covariances(moved, size), settled)


def _mapped(rows: _Rows, part: Array, mean: Array, covariance: Array, at: NDArray[np.intp]) -> Array:
    first, second = rows.expected(mean, covariance)
    return np.concatenate([part @ first, part @ second[:, at]])


def _covariances(raw: Array, size: int) -> Array:
    """First and second raw moments (d, p + p (p + 1) / 2) as covariances (d, p, p)."""
    upper = np.triu_indices(size)
    mean = raw[:, :size]
    made = np.zeros((len(raw), size, size))
    made[:, upper[0], upper[1]] = raw[:, size:]
    made[:, upper[1], upper[0]] = raw[:, size:]
    return made - mean[:, :, None] * mean[:, None, :]
