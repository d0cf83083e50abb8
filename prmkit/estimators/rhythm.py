"""Is a regular buyer still there? Its silence against its own gap between orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

Array = NDArray[np.float64]

REGULAR = 0.8
_BORROWED = 1.0
_MOST_IRREGULAR = 25.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Fitted own-gap rule: gaps are gamma around each buyer's usual gap, each order is the last with chance `drop`.

    shape: of the gamma (1 = as irregular as a Poisson stream, larger = more regular).
    pooled_gap: mean gap of all, in the unit of time fitted in.
    """

    shape: float
    drop: float
    pooled_gap: float
    log_likelihood: float
    gaps: int
    converged: bool

    def usual_gap(self, total_gap: Array, gaps: Array) -> Array:
        """A buyer's own mean gap, with one pooled gap thrown in so that one gap alone does not decide."""
        usual: Array = (np.asarray(total_gap, dtype=float) + _BORROWED * self.pooled_gap) / (np.asarray(gaps, dtype=float) + _BORROWED)
        return usual

    def alive(self, silence: Array, usual_gap: Array) -> Array:
        """Probability that a buyer silent for `silence` will order again: (1 - p) S / (p + (1 - p) S)."""
        survives = (1 - self.drop) * _survival(np.asarray(silence, dtype=float) / usual_gap, self.shape)
        alive: Array = survives / (self.drop + survives)
        return alive


def gap_cv(gap: Array, buyer: NDArray[np.int64]) -> float | None:
    """Coefficient of variation of the gaps around each buyer's own mean, corrected for how few gaps each has.

    gap: (m,) times between orders; buyer: (m,) whose. About 1 for orders that come at random (what
    BG/NBD assumes), below `REGULAR` for buyers with a beat of their own. With n gamma gaps of squared
    variation c, variance over squared mean is n c / (n + c) on average (Dirichlet moments); c solves that over
    all buyers with three gaps or more. None with fewer than ten such buyers.
    """
    if not len(gap):
        return None
    _, codes = np.unique(buyer, return_inverse=True)
    n = np.bincount(codes)
    mean = np.bincount(codes, gap) / n
    spread = np.bincount(codes, (gap - mean[codes]) ** 2) / np.maximum(n - 1, 1)
    use = (n >= 3) & (mean > 0)
    if use.sum() < 10:
        return None
    seen, many = float(np.mean(spread[use] / mean[use] ** 2)), n[use].astype(float)

    def excess(c: float) -> float:
        return float(np.mean(many * c / (many + c))) - seen

    if excess(_MOST_IRREGULAR) <= 0:
        return float(np.sqrt(_MOST_IRREGULAR))
    return float(np.sqrt(optimize.brentq(excess, 0.0, _MOST_IRREGULAR)))


def fit_rhythm(gap: Array, buyer: NDArray[np.int64], silence: Array) -> Rhythm:
    """Maximum likelihood of gamma shape and drop chance from closed gaps and the open one.

    gap: (m,) closed gaps; buyer: (m,) index into `silence`; silence: (n,) time since the last order of
    each buyer. Closed gaps say (1 - p) f(u), the open one p + (1 - p) S(v), with u and v in units of
    the buyer's usual gap. Raises ValueError without gaps.
    """
    if not len(gap):
        raise ValueError("no buyer ordered twice: there is no rhythm to learn")
    count = np.bincount(buyer, minlength=len(silence)).astype(float)
    total = np.bincount(buyer, gap, minlength=len(silence))
    pooled = float(np.mean(gap))
    usual = (total + _BORROWED * pooled) / (count + _BORROWED)
    closed, still = np.maximum(gap / usual[buyer], 1e-6), silence / usual

    def objective(logs: Array) -> float:
        drop, shape = float(special.expit(logs[0])), float(np.exp(logs[1]))
        seen = np.log1p(-drop) + stats.gamma.logpdf(closed, shape, scale=1 / shape)
        waiting = np.log(drop + (1 - drop) * _survival(still, shape))
        return -float(seen.sum() + waiting.sum()) / len(silence)

    found = optimize.minimize(objective, np.array([-2.5, 1.0]), method="L-BFGS-B", bounds=[(-9, 4), (-3, 6)])
    drop, shape = float(special.expit(found.x[0])), float(np.exp(found.x[1]))
    total_log = -float(found.fun) * len(silence)
    return Rhythm(shape, drop, pooled, total_log, gaps=len(gap), converged=bool(found.success))


def _survival(ratio: Array, shape: float) -> Array:
    survival: Array = special.gammaincc(shape, shape * ratio)
    return survival
