"""Regression with many group effects taken out, errors that hang together by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_MOST, _RIDGE, _NOTHING = 4_000, 1e-10, 1e-5


@dataclass(frozen=True)
class Absorbed:
    """Slopes (k,), their covariance (k, k), and the degrees of freedom of their t: clusters less one.

    within: (k,) which part of each column's variance the group effects leave; at next to none a slope says nothing. A column that the
    effects and the columns before it explain has a slope of nan.
    """

    slope: Array
    covariance: Array
    freedom: int
    within: Array


def absorbed_regression(outcome: Array, columns: Array, factors: Sequence[Whole], cluster: Whole, *, jackknife: bool = False) -> Absorbed:
    """Least squares of outcome (n,) on columns (n, k) beside an effect of each level of each factor; nobody sees the effects themselves.

    The effects are taken out of every column first (Frisch and Waugh 1933, Econometrica 1:387-401); the rest is statsmodels' OLS with
    covariance by cluster (n,). Effects count as parameters, but for a factor of which every level lies in one cluster (as in Correia's
    reghdfe). jackknife: the covariance is that of leaving out one cluster at a time (CR3; MacKinnon, Nielsen and Webb 2023, Journal of
    Applied Econometrics 38:671-694), which is not too sure with few clusters; the group effects stay as they are. Raises ValueError
    where fewer rows than parameters are left, and where the effects cannot be taken out.
    """
    clusters = len(np.unique(cluster))
    if clusters < 2:
        raise ValueError("a regression by cluster needs two clusters or more")
    codes = [np.unique(one, return_inverse=True)[1] for one in factors]
    taken = _without(np.column_stack([outcome, columns]), codes)
    lost = max(1, _lost([code for code in codes if not _nested(code, cluster)]))
    n, k = len(outcome), columns.shape[1]
    if n <= k + lost:
        raise ValueError(f"{n} rows are too few for {k} columns and {lost} effects")
    before = columns.var(axis=0)
    within = np.divide(taken[:, 1:].var(axis=0), before, out=np.zeros(k), where=before > 0)
    use = _told_apart(taken[:, 1:], before)
    slope, covariance = np.full(k, np.nan), np.full((k, k), np.nan)
    if use.any():
        fit = sm.OLS(taken[:, 0], taken[:, 1:][:, use]).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
        free = int(use.sum())
        slope[use] = fit.params
        plain = _left_out(taken[:, 1:][:, use], np.asarray(fit.resid), cluster) if jackknife else np.asarray(fit.cov_params())
        covariance[np.ix_(use, use)] = plain * (n - free) / (n - free - lost)
    return Absorbed(slope, covariance, clusters - 1, within)


def _left_out(columns: Array, residual: Array, cluster: Whole) -> Array:
    """Covariance of the slopes from how each moves when a cluster is left out."""
    code = np.unique(cluster, return_inverse=True)[1]
    count, k = int(code.max()) + 1, columns.shape[1]
    groups = sparse.csr_matrix((np.ones(len(code)), (code, np.arange(len(code)))), shape=(count, len(code)))
    squares = (groups @ (columns[:, :, None] * columns[:, None, :]).reshape(len(code), k * k)).reshape(count, k, k)
    moves = np.linalg.pinv(squares.sum(axis=0) - squares) @ (groups @ (columns * residual[:, None]))[:, :, None]
    made: Array = (count - 1) / count * (moves[:, :, 0].T @ moves[:, :, 0])
    return made


def _told_apart(columns: Array, before: Array) -> NDArray[np.bool_]:
    """Columns (n, k) that neither the effects nor the columns before them explain."""
    length = np.sqrt((columns**2).sum(axis=0))
    left = length > _NOTHING * np.sqrt(np.maximum(before, 0.0) * len(columns)) + 1e-300
    scaled = np.where(left, columns / np.where(length > 0, length, 1.0), 0.0)
    made: NDArray[np.bool_] = left & (np.abs(np.asarray(np.linalg.qr(scaled, mode="r")).diagonal()) > _NOTHING)
    return made


def _without(values: Array, codes: Sequence[Whole]) -> Array:
    """Values (n, c) less what the effects explain: residuals of least squares on all their dummies at once.

    The factor with most levels goes by its means, the others by normal equations within it; effects that say the same twice share.
    """
    if not codes:
        made: Array = values - values.mean(axis=0)
        return made
    first, *rest = sorted(codes, key=lambda code: -int(code.max()))
    counts, rows = np.bincount(first), np.arange(len(first))
    groups = sparse.csr_matrix((1.0 / counts[first], (first, rows)), shape=(len(counts), len(first)))
    left: Array = values - np.asarray(groups @ values)[first]
    if not rest:
        return left
    dummies = sparse.hstack([sparse.csr_matrix((np.ones(len(rows)), (rows, code))) for code in rest], format="csr")
    if dummies.shape[1] > _MOST:
        raise ValueError(f"{dummies.shape[1]} groups beside the largest factor are too many to take out")
    means = groups @ dummies
    inner = (dummies.T @ dummies - means.T @ sparse.diags(counts.astype(float)) @ means).toarray()
    inner[np.diag_indices_from(inner)] += _RIDGE * np.maximum(inner.diagonal(), 1.0)
    effects = linalg.solve(inner, dummies.T @ left, assume_a="pos")
    away = dummies @ effects
    return np.asarray(left - away + (groups @ away)[first], dtype=np.float64)


def _nested(code: Whole, cluster: Whole) -> bool:
    """Whether every level lies in one cluster."""
    within = np.unique(cluster, return_inverse=True)[1]
    return len(np.unique(code * (int(within.max()) + 1) + within)) == len(np.unique(code))


def _lost(codes: Sequence[Whole]) -> int:
    """Parameters that the effects of the factors are: exact for two, at most a little too many for more."""
    if not codes:
        return 0
    first, *rest = sorted(codes, key=lambda code: -int(code.max()))
    lost = most = int(first.max()) + 1
    for code in rest:
        levels = int(code.max()) + 1
        graph = sparse.coo_matrix((np.ones(len(code)), (first, most + code)), shape=(most + levels, most + levels))
        lost += levels - int(csgraph.connected_components(graph, directed=False)[0])
    return lost
