"""Logistic regression with a mild pull to zero, and its interval by re-weighting whole groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_TOLERANCE = 1e-9
_STEPS = 60


@dataclass(frozen=True)
class Logistic:
    """Coefficients (p,), their information matrix (p, p), and whether Newton's steps settled."""

    coefficients: Array
    information: Array
    converged: bool

    def linear(self, design: Array) -> Array:
        """Log odds (n,) of the rows of `design`."""
        odds: Array = design @ self.coefficients
        return odds

    def probability(self, design: Array) -> Array:
        """Probability (n,) of the rows of `design`."""
        chance: Array = special.expit(self.linear(design))
        return chance


def fit_logistic(design: Array, event: Array, penalty: Array | float = 0.0, weight: Array | None = None) -> Logistic:
    """Maximise the log-likelihood less half the sum of penalty x coefficient squared, by damped Newton steps.

    design: (n, p) with its own column of ones. event: (n,) 0 or 1. penalty: one or (p,), the prior
    precision of each coefficient (0 leaves it free). weight: (n,) case weights.
    `converged` is False when the steps did not settle, for example under complete separation without penalty.
    """
    y = np.asarray(event, dtype=float)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    ridge = np.broadcast_to(np.asarray(penalty, dtype=float), design.shape[1])
    beta = np.zeros(design.shape[1])
    value = _objective(design, y, w, ridge, beta)
    information = np.eye(design.shape[1])
    for _ in range(_STEPS):
        p = special.expit(design @ beta)
        gradient = design.T @ (w * (y - p)) - ridge * beta
        information = (design * (w * p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        size = 1.0
        while _objective(design, y, w, ridge, beta + size * step) < value - 1e-12 * abs(value) and size > 1e-6:
            size /= 2
        beta = beta + size * step
        value, before = _objective(design, y, w, ridge, beta), value
        if abs(float(gradient @ step)) < _TOLERANCE * (1 + abs(before)):
            return Logistic(beta, information, converged=bool(np.max(np.abs(beta)) < 30))
    return Logistic(beta, information, converged=False)


def group_draws(fit: Logistic, design: Array, event: Array, group: NDArray[np.int64], rng: np.random.Generator, draws: int = 200) -> Array:
    """Draws (draws, p) of the coefficients under exponential weights on whole groups (Bayesian bootstrap, Rubin 1981).

    group: (n,) codes 0 ... G - 1, such as partners, whose rows are not independent. Each draw is one Newton
    step from the fit under its weights, which is what the refit would give to second order.
    """
    p = fit.probability(design)
    groups = int(group.max()) + 1
    scores = _by_group(design * (np.asarray(event, dtype=float) - p)[:, None], group, groups)
    width = design.shape[1]
    upper = np.triu_indices(width)
    curvature = _by_group(design[:, upper[0]] * design[:, upper[1]] * (p * (1 - p))[:, None], group, groups)
    weight = rng.standard_exponential((draws, groups))
    weight /= weight.mean(axis=1, keepdims=True)
    moved, bent = weight @ scores, weight @ curvature
    ridge = fit.information - _symmetric(curvature.sum(axis=0), width)
    pull = ridge @ fit.coefficients
    steps = [np.linalg.lstsq(_symmetric(bent[d], width) + ridge, moved[d] - pull, rcond=None)[0] for d in range(draws)]
    drawn: Array = fit.coefficients + np.array(steps)
    return drawn


def _by_group(rows: Array, group: NDArray[np.int64], groups: int) -> Array:
    return np.stack([np.bincount(group, rows[:, column], minlength=groups) for column in range(rows.shape[1])], axis=1)


def _symmetric(upper: Array, width: int) -> Array:
    matrix = np.zeros((width, width))
    matrix[np.triu_indices(width)] = upper
    return matrix + np.triu(matrix, 1).T


def _objective(design: Array, y: Array, w: Array, ridge: Array, beta: Array) -> float:
    linear = design @ beta
    return float(np.sum(w * (y * linear - np.logaddexp(0, linear))) - 0.5 * np.sum(ridge * beta**2))
