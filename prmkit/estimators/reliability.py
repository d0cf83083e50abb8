"""How far several questions measure one thing: Cronbach's alpha and McDonald's omega."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL
from prmkit.estimators.incomplete import moments

Array = NDArray[np.float64]

FEWEST = 8
_STEPS, _CLOSE, _FLOOR = 5000, 1e-9, 1e-6


@dataclass(frozen=True, slots=True)
class Reliability:
    """alpha with the ends of its 90% interval and omega, 1 for questions that measure one thing without error; n respondents.

    omega is nan where one common factor does not fit in (fewer than three questions, or no loading of one sign throughout).
    """

    alpha: float
    low: float
    high: float
    omega: float
    n: int


def reliability(items: Array, weights: Array | None = None, cases: float | None = None) -> Reliability | None:
    """alpha and omega of items (n, k), k at least 2, nan where missing; None below FEWEST rows or where an item never varies.

    cases: independent rows among the n, all where None. Alpha: Cronbach 1951, interval by Feldt 1965 (F with n - 1 and
    (n - 1)(k - 1) degrees of freedom). Omega: McDonald 1999, loadings of one factor by maximum likelihood (EM of Rubin and Thayer 1982).
    Missing answers are allowed for as in `incomplete.moments`.
    """
    some = np.isfinite(items).any(axis=1)
    items = items[some]
    known = np.isfinite(items)
    if len(items) < FEWEST or items.shape[1] < 2 or (known.sum(axis=0) < FEWEST).any():
        return None
    if not all(np.ptp(column[seen]) > 0 for column, seen in zip(items.T, known.T, strict=True)):
        return None
    covariance = moments(items, np.ones(len(items)) if weights is None else weights[some]).covariance
    value = alpha(covariance)
    n, count = float(len(items)) if cases is None else cases, items.shape[1]
    top, bottom = stats.f.ppf([(1 + LEVEL) / 2, (1 - LEVEL) / 2], n - 1, (n - 1) * (count - 1))
    return Reliability(value, float(1 - (1 - value) * top), float(1 - (1 - value) * bottom), omega(covariance), len(items))


def alpha(covariance: Array) -> float:
    """Cronbach's alpha of a covariance matrix (k, k): k / (k - 1) times the part of the total's variance that lies between items."""
    count = len(covariance)
    return float(count / (count - 1) * (1 - np.trace(covariance) / covariance.sum()))


def omega(covariance: Array) -> float:
    """McDonald's omega of a covariance matrix (k, k): the common part of the variance of the sum of items; nan where one factor does
    not fit in."""
    found = one_factor(covariance)
    if found is None or not ((found[0] > 0).all() or (found[0] < 0).all()):
        return float("nan")
    common = float(found[0].sum() ** 2)
    return common / (common + float(found[1].sum()))


def one_factor(covariance: Array) -> tuple[Array, Array] | None:
    """Loadings (k,) and unique variances (k,) of one common factor by maximum likelihood; None below three items or without settling."""
    count = len(covariance)
    if count < 3:
        return None
    scale = np.sqrt(np.diag(covariance))
    matrix = covariance / np.outer(scale, scale)
    roots, vectors = np.linalg.eigh(matrix)
    loading = vectors[:, -1] * np.sign(vectors[:, -1].sum() or 1.0) * np.sqrt(max(roots[-1] - 1, 0.1))
    unique = np.clip(1 - loading**2, 0.05, 1.0)
    for _ in range(_STEPS):
        slope = (loading / unique) / (1 + (loading**2 / unique).sum())
        spread = matrix @ slope
        left = 1 - slope @ loading + slope @ spread
        new = spread / left
        rest = np.maximum(1 - new * spread, _FLOOR)
        settled = max(np.abs(new - loading).max(), np.abs(rest - unique).max()) < _CLOSE
        loading, unique = new, rest
        if settled:
            return loading * scale, unique * scale**2
    return None
