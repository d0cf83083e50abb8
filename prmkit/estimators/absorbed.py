"""Regression with many group effects taken out, errors that hang together by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDS, _CLOSE = 2_000, 1e-9


@dataclass(frozen=True)
class Absorbed:
    """Slopes (k,), their covariance (k, k), and the degrees of freedom of their t: clusters less one.

    within: (k,) which part of each column's variance the group effects leave; at next to none a slope says nothing.
    """

    slope: Array
    covariance: Array
    freedom: int
    within: Array


def absorbed_regression(outcome: Array, columns: Array, factors: Sequence[Whole], cluster: Whole) -> Absorbed:
    """Least squares of outcome (n,) on columns (n, k) beside an effect of each level of each factor; nobody sees the effects themselves.

    The effects are taken out by alternating projections (Guimaraes and Portugal 2010, Stata Journal 10:628-649); the rest is
    statsmodels' OLS with covariance by cluster (n,). Effects count as parameters, but for a factor of which every level lies in one
    cluster (as in Correia's reghdfe). Raises ValueError where no rows, or fewer rows than parameters, are left, and where the effects
    cannot be taken out.
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
    fit = sm.OLS(taken[:, 0], taken[:, 1:]).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    grown = (n - k) / (n - k - lost)
    return Absorbed(np.asarray(fit.params), np.asarray(fit.cov_params()) * grown, clusters - 1, within)


def _without(values: Array, codes: Sequence[Whole]) -> Array:
    """Values (n, c) less their means by each factor, until none is left."""
    made: Array = values - values.mean(axis=0)
    scale = np.maximum(made.std(axis=0), 1e-300)
    averages = [_averaging(code) for code in codes]
    for _ in range(_ROUNDS):
        moved = 0.0
        for code, average in zip(codes, averages, strict=True):
            means = average @ made
            moved = max(moved, float(np.abs(means / scale).max(initial=0.0)))
            made -= means[code]
        if moved < _CLOSE or len(codes) == 1:
            return made
    raise ValueError("the group effects could not be taken out")


def _averaging(code: Whole) -> sparse.csr_matrix:
    counts = np.bincount(code)
    return sparse.csr_matrix((1 / counts[code], (code, np.arange(len(code)))), shape=(len(counts), len(code)))


def _nested(code: Whole, cluster: Whole) -> bool:
    """Whether every level lies in one cluster."""
    pairs = np.unique(np.column_stack([code, np.unique(cluster, return_inverse=True)[1]]), axis=0)
    return len(pairs) == len(np.unique(code))


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
