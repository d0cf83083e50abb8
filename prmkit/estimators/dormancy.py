"""Is a buyer without a contract still there? The BG/NBD model of repeat orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dormancy:
    """Fitted BG/NBD: orders come at a gamma(r, alpha) rate, each is the last with a beta(a, b) chance.

    `converged` is False when the search found no maximum inside; its numbers must then not be shown.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int
    converged: bool

    def alive(self, repeats: Array, last: Array, age: Array) -> Array:
        """Probability that a buyer is still active.

        repeats: orders after the first. last: time of the last order since the first (0 without
        repeats). age: time from the first order to now. Same unit of time as fitted in.
        """
        x = np.asarray(repeats, dtype=float)
        log_odds = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        log_odds = log_odds + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + last))
        gone = np.where(x > 0, special.expit(log_odds), 0.0)
        alive: Array = 1 - gone
        return alive

    def orders(self, ahead: float, repeats: Array, last: Array, age: Array) -> Array:
        """Expected orders in the next `ahead` units of time (Fader, Hardie and Lee 2005, equation 10)."""
        x = np.asarray(repeats, dtype=float)
        z = ahead / (self.alpha + age + ahead)
        series = special.hyp2f1(self.r + x, self.b + x, self.a + self.b + x - 1, z)
        shrunk = ((self.alpha + age) / (self.alpha + age + ahead)) ** (self.r + x)
        free = (self.a + self.b + x - 1) / (self.a - 1) * (1 - shrunk * series)
        expected: Array = free * self.alive(x, last, age)
        return expected


def log_likelihood(parameters: Array, repeats: Array, last: Array, age: Array, weight: Array | float = 1.0) -> float:
    """Log-likelihood of (r, alpha, a, b); buyers that ordered only once count as alive so far."""
    r, alpha, a, b = parameters
    x = np.asarray(repeats, dtype=float)
    orders = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha)
    drops = special.gammaln(a + b) + special.gammaln(b + x) - special.gammaln(b) - special.gammaln(a + b + x)
    stays = -(r + x) * np.log(alpha + age)
    leaves = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
    leaves = np.where(x > 0, leaves, -np.inf)
    return float(np.sum(weight * (orders + drops + np.logaddexp(stays, leaves))))


def fit_dormancy(repeats: Array, last: Array, age: Array, weight: Array | None = None) -> Dormancy:
    """Maximum likelihood of the BG/NBD, from two starts, L-BFGS then Nelder-Mead.

    repeats, last, age: (n,) as in `Dormancy.alive`; weight: (n,) how often each case occurs.
    Raises ValueError without any repeat order.
    """
    x, tx, t = (np.asarray(part, dtype=float) for part in (repeats, last, age))
    if not (x > 0).any():
        raise ValueError("no buyer ordered twice: there is no rhythm to learn")
    if (tx > t).any():
        raise ValueError("a last order cannot lie after the end of observation")
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float)
    unit = float(np.max(t)) / 10 or 1.0
    best = None
    for start in (np.log([0.5, 1.0, 0.5, 2.0]), np.log([2.0, 2.0, 1.0, 8.0])):
        found = optimize.minimize(_objective, start, args=(x, tx / unit, t / unit, w), method="L-BFGS-B", bounds=[(-7, 7)] * 4)
        found = optimize.minimize(
            _objective,
            found.x,
            args=(x, tx / unit, t / unit, w),
            method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
        )
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    r, alpha, a, b = (float(value) for value in np.exp(best.x) * np.array([1.0, unit, 1.0, 1.0]))
    inside = bool(best.success and np.all(np.abs(best.x) < 6.9))
    total = log_likelihood(np.array([r, alpha, a, b]), x, tx, t, w)
    return Dormancy(r, alpha, a, b, log_likelihood=total, n=int(w.sum()), converged=inside)


def _objective(logs: Array, x: Array, tx: Array, t: Array, weight: Array) -> float:
    penalty = 1e3 * float(np.sum(np.maximum(np.abs(logs) - 7, 0) ** 2))
    return -log_likelihood(np.exp(np.clip(logs, -7, 7)), x, tx, t, weight) / float(weight.sum()) + penalty
