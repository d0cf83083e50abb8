"""Is a buyer without a contract still there? The BG/NBD model of repeat orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Array = NDArray[np.float64]

_EDGE = 7.0


@dataclass(frozen=True, slots=True)
class Dormancy:
    """Fitted BG/NBD: orders come at a gamma(r, alpha) rate, each is the last with a beta(a, b) chance.

    `after_first`: whether a buyer may leave after its very first order (the modified model of Batislam,
    Denizel and Filiztekin 2007), or only after a repeat order (Fader, Hardie and Lee 2005).
    `converged` is False when the search found no maximum inside; its numbers must then not be shown.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int
    converged: bool
    after_first: bool = False

    def alive(self, repeats: Array, last: Array, age: Array) -> Array:
        """Probability that a buyer is still active.

        repeats: orders after the first. last: time of the last order since the first (0 without
        repeats). age: time from the first order to now. Same unit of time as fitted in.
        """
        x = np.asarray(repeats, dtype=float)
        chances = x + self.after_first
        log_odds = np.log(self.a) - np.log(self.b + np.maximum(chances, 1) - 1)
        log_odds = log_odds + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + last))
        gone = np.where(chances > 0, special.expit(log_odds), 0.0)
        alive: Array = 1 - gone
        return alive

    def orders(self, ahead: float, repeats: Array, last: Array, age: Array) -> Array:
        """Expected orders in the next `ahead` units of time (Fader, Hardie and Lee 2005, equation 10)."""
        x = np.asarray(repeats, dtype=float)
        chances = x + self.after_first
        z = ahead / (self.alpha + age + ahead)
        series = special.hyp2f1(self.r + x, self.b + chances, self.a + self.b + chances - 1, z)
        shrunk = ((self.alpha + age) / (self.alpha + age + ahead)) ** (self.r + x)
        free = (self.a + self.b + chances - 1) / (self.a - 1) * (1 - shrunk * series)
        expected: Array = free * self.alive(x, last, age)
        return expected


def log_likelihood(
    parameters: Array, repeats: Array, last: Array, age: Array, weight: Array | float = 1.0, *, after_first: bool = False
) -> float:
    """Log-likelihood of (r, alpha, a, b), arguments as in `fit_dormancy`."""
    r, alpha, a, b = parameters
    x = np.asarray(repeats, dtype=float)
    chances = x + after_first
    orders = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
    drops = special.gammaln(a + b) + special.gammaln(b + chances) - special.gammaln(b) - special.gammaln(a + b + chances)
    stays = -(r + x) * np.log(alpha + age)
    leaves = np.log(a) - np.log(b + np.maximum(chances, 1) - 1) - (r + x) * np.log(alpha + last)
    leaves = np.where(chances > 0, leaves, -np.inf)
    return float(np.sum(weight * (orders + drops + np.logaddexp(stays, leaves))))


def fit_dormancy(repeats: Array, last: Array, age: Array, weight: Array | None = None, *, after_first: bool = False) -> Dormancy:
    """Maximum likelihood of the BG/NBD, from two starts, L-BFGS then Nelder-Mead.

    repeats, last, age: (n,) as in `Dormancy.alive`; weight: (n,) how often each case occurs;
    after_first: whether buyers may leave after their first order. Raises ValueError without any repeat order.
    """
    x, tx, t = (np.asarray(part, dtype=float) for part in (repeats, last, age))
    if not (x > 0).any():
        raise ValueError("no buyer ordered twice: there is no rhythm to learn")
    if (tx > t).any():
        raise ValueError("a last order cannot lie after the end of observation")
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float)
    unit = float(np.max(t)) / 10 or 1.0

    def objective(point: Array) -> float:
        return -log_likelihood(_parameters(point), x, tx / unit, t / unit, w, after_first=after_first) / float(w.sum())

    found = [_search(objective, np.array(start)) for start in ((-0.7, -0.7, 1.0, -1.4), (0.7, 0.0, 2.2, -2.2))]
    best = min(found, key=lambda one: float(one.fun))
    r, alpha, a, b = (float(value) for value in _parameters(best.x) * np.array([1.0, unit, 1.0, 1.0]))
    # a search that ends where all buyers are alike has found its maximum; one where nothing is known has not
    inside = bool(best.success and best.x[0] > -_EDGE and best.x[2] > -_EDGE and np.all(np.abs(best.x[[1, 3]]) < _EDGE))
    total = log_likelihood(np.array([r, alpha, a, b]), x, tx, t, w, after_first=after_first)
    return Dormancy(r, alpha, a, b, log_likelihood=total, n=int(w.sum()), converged=inside, after_first=after_first)


def _search(objective: Any, start: Array) -> Any:
    bounds = [(-_EDGE, _EDGE)] * 4
    found = optimize.minimize(objective, start, method="L-BFGS-B", bounds=bounds)
    fine = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000}
    return optimize.minimize(objective, found.x, method="Nelder-Mead", bounds=bounds, options=fine)


def _parameters(point: Array) -> Array:
    """r, alpha, a, b from what is well determined: log r, log mean rate, log(a + b), logit of the mean drop chance."""
    r, rate, size, drop = np.exp(point[0]), np.exp(point[1]), np.exp(point[2]), special.expit(point[3])
    return np.array([r, r / rate, size * drop, size * (1 - drop)])
