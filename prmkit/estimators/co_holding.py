"""Which things go together in the same hands, beyond what the breadth of the hands and the spread of the things would bring about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_STEPS = 100
_SETTLED = 1e-8
_SHAPES = (1e-2, 1e4)


@dataclass(frozen=True)
class CoHolding:
    """Pairs of k things: how many holders have both, how many were to be expected, and the lift that is left once luck is taken out.

    seen, expected: (k, k), nan on the diagonal. log_lift: (k, k) posterior mean of the log of the ratio, 0 on the diagonal.
    shape: of the gamma prior of the ratio, whose mean is 1; large where pairs hardly differ.
    """

    seen: Array
    expected: Array
    log_lift: Array
    shape: float


def co_holding(held: Mask) -> CoHolding:
    """Learn the lifts from `held` (n, k), who has which.

    Expected are the pairs that would be seen were each holding independent given the holder's breadth and the thing's spread: chances
    expit(holder + thing) that keep both margins (the model of Rasch 1960), scaled so that a holder of r things has r (r - 1) / 2 pairs, as
    it must. Ratios of pairs are gamma with mean 1 between pairs, and a
    count is Poisson around its ratio times what is expected; the shape of the gamma maximises the likelihood of all counts
    (DuMouchel, The American Statistician 1999;53:177-190, with one gamma in the place of two).
    """
    count = held.astype(np.float64).T @ held.astype(np.float64)
    both = _pairs(_margins(held))
    upper = np.triu_indices(held.shape[1], 1)
    shape = _shape(count[upper], both[upper])
    lift = special.digamma(count + shape) - np.log(both + shape)
    # the mean of a log lies below the log of the mean: without any pair there is nothing to say
    lift = lift - (special.digamma(both + shape) - np.log(both + shape))
    np.fill_diagonal(lift, 0.0)
    seen, expected = count.copy(), both.copy()
    np.fill_diagonal(seen, np.nan)
    np.fill_diagonal(expected, np.nan)
    return CoHolding(seen, expected, lift, shape)


def affinity(log_lift: Array, held: Mask) -> Array:
    """How well each thing (n, k) goes with what a holder has: mean log lift over its other things, 0 where it has none."""
    others = held.sum(axis=1)[:, None] - held
    made: Array = (held.astype(np.float64) @ log_lift) / np.maximum(others, 1)
    return made


def _margins(held: Mask) -> Array:
    """Chances (n, k) that keep how many things each holder has and how many holders each thing has. Equal rows are worked out once."""
    n, k = held.shape
    breadth, spread = held.sum(axis=1), held.sum(axis=0).astype(np.float64)
    widths, of, often = np.unique(breadth, return_inverse=True, return_counts=True)
    thing = special.logit((spread + 0.5) / (n + 1.0))
    holder = np.zeros(len(widths))
    inner = (widths > 0) & (widths < k)
    for _ in range(_STEPS):
        p = special.expit(holder[:, None] + thing)
        step = np.where(inner, (widths - p.sum(axis=1)) / np.maximum((p * (1 - p)).sum(axis=1), 1e-9), 0.0)
        holder = holder + np.clip(step, -1.0, 1.0)
        p = _fixed(special.expit(holder[:, None] + thing), widths, k)
        left = spread - often @ p
        moved = left / np.maximum(often @ (p * (1 - p)), 1e-9)
        thing = thing + np.clip(moved, -1.0, 1.0) * ((spread > 0) & (spread < n))
        if np.abs(left).max(initial=0.0) < _SETTLED * n and np.abs(step).max(initial=0.0) < _SETTLED:
            break
    made: Array = _fixed(special.expit(holder[:, None] + thing), widths, k)[of]
    return made


def _pairs(chance: Array) -> Array:
    """Expected pairs (k, k): products of chances, scaled holder by holder, since who holds r things holds r (r - 1) / 2 pairs."""
    breadth = chance.sum(axis=1)
    plain = (breadth**2 - (chance**2).sum(axis=1)) / 2
    scale = np.divide(breadth * (breadth - 1) / 2, plain, out=np.zeros(len(plain)), where=plain > 1e-9)
    made: Array = (chance * np.maximum(scale, 0.0)[:, None]).T @ chance
    return made


def _fixed(p: Array, widths: NDArray[np.int64], k: int) -> Array:
    """Holders of nothing hold nothing, holders of all hold all."""
    made: Array = np.where((widths == 0)[:, None], 0.0, np.where((widths == k)[:, None], 1.0, p))
    return made


def _shape(count: Array, expected: Array) -> float:
    """The gamma shape that makes the counts likeliest: negative binomial with mean `expected`."""
    use = expected > 0
    y, mean = count[use], expected[use]
    if len(y) < 3:
        return _SHAPES[1]

    def objective(log_shape: float) -> float:
        a = np.exp(log_shape)
        return -float(np.sum(special.gammaln(y + a) - special.gammaln(a) + a * np.log(a / (a + mean)) + y * np.log(mean / (a + mean))))

    found = optimize.minimize_scalar(objective, bounds=tuple(np.log(_SHAPES)), method="bounded")
    return float(np.exp(found.x))
