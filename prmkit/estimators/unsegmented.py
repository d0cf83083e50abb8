"""Data sets that resemble given ones in everything but this: there are no groups in them.

Each keeps the values of every column as they are (skew, heavy tails, repeated values) and which cells are missing, keeps how columns go
together (normal scores correlation), and how far rows are extreme in many columns at once (a t copula; Demarta and McNeil 2005).
What a search for groups finds in them is what it finds where there are none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_TAILS = np.array([0.0, 0.05, 0.1, 0.17, 0.25, 0.33])
"""One over the degrees of freedom of the t copula."""
_TRIES = 3


def unsegmented(x: Array, count: int, rng: np.random.Generator) -> Array:
    """`count` data sets (count, n, d) like x (n, d) without groups; nan where x has none. Needs n > 2 and a value in each column."""
    n, d = x.shape
    seen = np.isfinite(x)
    scores = normal_scores(x)
    mixing = np.linalg.cholesky(_correlation(scores))
    tail = _tail(scores, mixing, rng)
    made = np.full((count, n, d), np.nan)
    for one in made:
        drawn = _draw(mixing, n, tail, rng)
        for column in range(d):
            rows = seen[:, column]
            one[rows, column] = np.sort(x[rows, column])[np.argsort(np.argsort(drawn[rows, column]))]
    return made


def normal_scores(x: Array) -> Array:
    """Each column by its ranks as normal quantiles, (n, d); equal values share the mean of theirs, nan stays."""
    from scipy.stats import norm, rankdata

    made = np.full(x.shape, np.nan)
    for column in range(x.shape[1]):
        rows = np.isfinite(x[:, column])
        made[rows, column] = norm.ppf((rankdata(x[rows, column]) - 0.5) / max(rows.sum(), 1))
    return made


def _draw(mixing: Array, n: int, tail: float, rng: np.random.Generator) -> Array:
    drawn: Array = rng.standard_normal((n, len(mixing))) @ mixing.T
    return drawn * np.sqrt(1 / tail / rng.chisquare(1 / tail, n))[:, None] if tail > 0.01 else drawn


def _correlation(scores: Array) -> Array:
    """Correlation of the pairs that are there, (d, d), made positive definite."""
    raw = _moments(scores)
    values, vectors = np.linalg.eigh(raw)
    made = (vectors * np.maximum(values, 1e-3)) @ vectors.T
    spread = np.sqrt(np.diag(made))
    scaled: Array = made / np.outer(spread, spread)
    return scaled


def _moments(values: Array) -> Array:
    seen = np.isfinite(values)
    centred = np.where(seen, values - np.nanmean(values, axis=0), 0.0)
    pairs = np.maximum(seen.T.astype(float) @ seen, 1.0)
    made = (centred.T @ centred) / pairs
    spread = np.sqrt(np.maximum(np.diag(made), 1e-12))
    scaled: Array = made / np.outer(spread, spread)
    return scaled


def _together(scores: Array) -> float:
    """How far being extreme in one column goes with being extreme in another, beyond their correlation."""
    if scores.shape[1] < 2:
        return 0.0
    upper = np.triu_indices(scores.shape[1], 1)
    return float((_moments(scores**2) - _moments(scores) ** 2)[upper].mean())


def _tail(scores: Array, mixing: Array, rng: np.random.Generator) -> float:
    """One over the degrees of freedom at which rows are extreme in several columns as often as here."""
    seen = np.isfinite(scores)
    found = [
        np.mean([_together(normal_scores(np.where(seen, _draw(mixing, len(scores), tail, rng), np.nan))) for _ in range(_TRIES)])
        for tail in _TAILS
    ]
    return float(np.interp(_together(scores), np.maximum.accumulate(found), _TAILS))
