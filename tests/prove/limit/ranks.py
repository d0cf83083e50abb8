"""Where the truth lies among the draws of a posterior: evenly anywhere, if the posterior is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def ranks(truth: NDArray[np.float64], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the draws (n, d) below the truth (n,); among equal ones, which a chance of exactly zero makes, a random place."""
    near = 1e-9 * np.abs(truth[:, None])
    below, equal = draws < truth[:, None] - near, np.abs(draws - truth[:, None]) <= near
    u = np.random.default_rng(99).random(len(truth))
    return (below.sum(axis=1) + u * (equal.sum(axis=1) + 1)) / (draws.shape[1] + 1)


def covers_nine_in_ten(rank: NDArray[np.float64]) -> bool:
    """Whether chance (one in a thousand) explains how far the cover of the middle nine tenths is from 0.9."""
    inside = int(((rank > 0.05) & (rank < 0.95)).sum())
    return bool(stats.binomtest(inside, len(rank), 0.9).pvalue > 0.001)


def even(rank: NDArray[np.float64]) -> bool:
    """Whether chance (one in a thousand) explains how uneven the ranks are."""
    return bool(stats.chisquare(np.histogram(rank, bins=10, range=(0.0, 1.0))[0]).pvalue > 0.001)


def reliable(chance: NDArray[np.float64], came: NDArray[np.bool_]) -> bool:
    """Whether what came is explained by the chances stated, in each of ten bands of them (one in a thousand for all bands together)."""
    apart = 0.0
    bands = np.array_split(np.argsort(chance, kind="stable"), 10)
    for band in bands:
        variance = float((chance[band] * (1 - chance[band])).sum())
        apart += float(came[band].sum() - chance[band].sum()) ** 2 / max(variance, 1.0)
    return bool(stats.chi2.sf(apart, len(bands)) > 0.001)
