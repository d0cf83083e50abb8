"""Kinds of unit as a mixture of normal distributions with independent columns; a missing cell is left out of the sums, not filled in.

Expectation-maximisation (Dempster, Laird and Rubin 1977) for diagonal covariances. Under missing at random the likelihood of a row is that
of its observed cells (Little and Rubin 2002, chapter 8), which is what is maximised here. Many fits run side by side as one batch: starts,
bootstrap weights, or different data sets of one shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FLOOR = 0.05
"""Added to every variance, for columns of variance 1: keeps a group from shrinking onto one repeated value."""
_FEW = 1e-3


@dataclass(frozen=True)
class Mixture:
    """A fit of k groups to d columns.

    shares: (k,) parts of the whole, adding to 1. means, variances: (k, d). log_likelihood: of the rows fitted. rows: how many.
    """

    shares: Array
    means: Array
    variances: Array
    log_likelihood: float
    rows: int

    @property
    def parameters(self) -> int:
        """How many numbers were fitted."""
        return 2 * self.means.size + len(self.shares) - 1

    @property
    def bic(self) -> float:
        """Bayesian information criterion (Schwarz 1978): lower is better."""
        return float(-2 * self.log_likelihood + self.parameters * np.log(max(self.rows, 1)))

    def chances(self, x: Array) -> Array:
        """Chance (n, k) that each row belongs to each group; the shares where nothing is observed."""
        logs = _logs(sums(x), self.shares[None], self.means[None], self.variances[None])[0]
        logs = np.exp(logs - logs.max(axis=0))
        made: Array = (logs / logs.sum(axis=0)).T
        return made


def fit_mixture(x: Array, k: int, rng: np.random.Generator, starts: int = 8) -> Mixture:
    """The likeliest of several starts of k groups for rows (n, d), nan where a cell is missing.

    Raises ValueError for fewer rows than groups, or a column without a value.
    """
    if k < 1 or len(x) < k:
        raise ValueError(f"{k} groups cannot be made of {len(x)} rows")
    if not np.isfinite(x).any(axis=0).all():
        raise ValueError("a column has no value at all")
    log_likelihood, _, (shares, means, variances) = fits(sums(x), k, rng, starts=starts)
    order = np.argsort(-shares[0], kind="stable")
    return Mixture(shares[0][order], means[0][order], variances[0][order], float(log_likelihood[0]), len(x))


def sums(x: Array) -> Array:
    """What a fit needs of rows (..., n, d): squares, values and whether observed, (..., n, 3 d); missing cells count for nothing."""
    seen = np.isfinite(x)
    value = np.where(seen, x, 0.0)
    return np.concatenate([value * value, value, seen.astype(float)], axis=-1)


def fits(
    data: Array, k: int, rng: np.random.Generator, *, batch: int = 1, starts: int = 8, weights: Array | None = None
) -> tuple[Array, Array, tuple[Array, Array, Array]]:
    """Fit k groups `batch` times: to one data set (n, 3 d) under `weights` (batch, n), or to each of many (batch, n, 3 d).

    Returns log likelihoods (batch,), chances (batch, k, n) and shares (batch, k), means, variances (batch, k, d).
    """
    best: Array | None = None
    chosen: Array = np.empty(0)
    for _ in range(starts if k > 1 else 1):
        reached, chances, _ = _climb(data, _start(data, k, batch, rng), weights, 12)
        if best is None:
            best, chosen = reached, chances
        else:
            better = reached > best
            best, chosen = np.where(better, reached, best), np.where(better[:, None, None], chances, chosen)
    return _climb(data, chosen, weights, 80)


def _start(data: Array, k: int, batch: int, rng: np.random.Generator) -> Array:
    """Hard memberships (batch, k, n) around k rows drawn far from each other (Arthur and Vassilvitskii 2007)."""
    n, d = data.shape[-2], data.shape[-1] // 3
    turned = np.swapaxes(data, -1, -2)
    distances: list[Array] = []
    drawn = rng.integers(0, n, batch)
    for _ in range(k):
        row = data[drawn] if data.ndim == 2 else data[np.arange(batch), drawn]
        value, seen = row[:, d : 2 * d], row[:, 2 * d :]
        terms = np.concatenate([seen, -2 * value, value * value], axis=-1)
        apart, both = _per_row(terms, turned), _per_row(seen, turned[..., 2 * d :, :])
        distances.append(np.maximum(apart, 0.0) / np.maximum(both, 1.0))
        running = np.cumsum(np.min(distances, axis=0), axis=1) + 1e-9
        drawn = np.minimum((running < rng.random(batch)[:, None] * running[:, -1:]).sum(axis=1), n - 1)
    nearest = np.stack(distances, axis=1).argmin(axis=1)
    made: Array = (np.arange(k)[None, :, None] == nearest[:, None, :]).astype(float)
    return made


def _per_row(terms: Array, turned: Array) -> Array:
    made: Array = terms @ turned if turned.ndim == 2 else (terms[:, None, :] @ turned)[:, 0]
    return made


def _climb(data: Array, chances: Array, weights: Array | None, most: int) -> tuple[Array, Array, tuple[Array, Array, Array]]:
    """Alternate both steps until no fit of the batch gains, `most` times at most."""
    last: Array | None = None
    for _ in range(most):
        counted = chances if weights is None else chances * weights[:, None, :]
        shares, means, variances = _groups(data, counted)
        logs = _logs(data, shares, means, variances)
        top = logs.max(axis=1, keepdims=True)
        np.exp(np.subtract(logs, top, out=logs), out=logs)
        total = logs.sum(axis=1, keepdims=True)
        chances = logs / total
        row = (np.log(total) + top)[:, 0]
        reached: Array = (row if weights is None else row * weights).sum(axis=1)
        if last is not None and (reached - last < 1e-3 + 1e-6 * np.abs(reached)).all():
            break
        last = reached
    return reached, chances, (shares, means, variances)


def _groups(data: Array, counted: Array) -> tuple[Array, Array, Array]:
    """Shares (batch, k), means and variances (batch, k, d) of rows counted (batch, k, n) times."""
    d = data.shape[-1] // 3
    batch, k, n = counted.shape
    total = (counted.reshape(batch * k, n) @ data).reshape(batch, k, -1) if data.ndim == 2 else counted @ data
    seen = total[..., 2 * d :] + _FEW
    means = total[..., d : 2 * d] / seen
    variances = np.maximum(total[..., :d] / seen - means * means, 0.0) + FLOOR
    size = counted.sum(axis=-1) + _FEW
    return size / size.sum(axis=-1, keepdims=True), means, variances


def _logs(data: Array, shares: Array, means: Array, variances: Array) -> Array:
    """Log density of every row in every group with its share, (batch, k, n)."""
    terms = [-0.5 / variances, means / variances, -0.5 * (means * means / variances + np.log(2 * np.pi * variances))]
    weights, turned = np.concatenate(terms, axis=-1), np.swapaxes(data, -1, -2)
    batch, k, width = weights.shape
    logs = (weights.reshape(batch * k, width) @ turned).reshape(batch, k, -1) if data.ndim == 2 else weights @ turned
    made: Array = logs + np.log(shares)[..., None]
    return made
