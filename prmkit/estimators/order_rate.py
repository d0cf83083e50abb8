"""How often each buyer orders once luck is taken out: a gamma-Poisson model with a regression prior.

Some buyers with no order at all are not unlucky but gone; a share of absent buyers is part of the
model (Lambert 1992), so that silence is not taken for a slow month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from prmkit.estimators.shrinkage import prior_sizes

Array = NDArray[np.float64]

_GRID = 12
_ZOOMS = 4
_NARROWEST, _WIDEST = 0.02, 4.0
_PRIOR_ABSENT = (1.0, 9.0)
_STEPS = 50
_ROUNDS = 40
_PRIOR_SIZES = (0.05, 0.25, 1.2)
_SETTLED = 2e-3  # log-likelihood units: a fiftieth of what would move a posterior weight by a tenth


@dataclass(frozen=True)
class OrderRate:
    """The posterior of counts_i ~ Poisson(exposure_i lambda_i), lambda_i ~ Gamma(a, a / exp(x_i b)), or lambda_i = 0 if absent.

    counts, exposure (n,); design (n, p); draws of the spread 1 / sqrt(a) (d,), which is the coefficient
    of variation between like buyers, of b (d, p) and of the share of absent buyers (d,).
    """

    counts: Array
    exposure: Array
    design: Array
    spread: Array
    coefficients: Array
    absent: Array

    def draw(self, rows: slice, rng: np.random.Generator) -> Array:
        """Draws (rows, d) of lambda, in orders per unit of exposure; hyper-parameters differ from draw to draw."""
        counts, exposure = self.counts[rows][:, None], self.exposure[rows][:, None]
        shape = 1 / self.spread**2
        scale = shape / np.exp(self.design[rows] @ self.coefficients.T)
        gamma = rng.standard_gamma(shape + counts) / (scale + exposure)
        silent = shape * (np.log(scale) - np.log(scale + exposure))
        gone = self.absent / (self.absent + (1 - self.absent) * np.exp(silent))
        drawn: Array = np.where((counts == 0) & (rng.random(gamma.shape) < gone), 0.0, gamma)
        return drawn


def gamma_poisson(counts: Array, exposure: Array, shape: float, mean: Array | float) -> Array:
    """Posterior mean rate (a + y) / (a / mu + e) of a Gamma(a, mean mu) prior and y events in exposure e."""
    rate: Array = (shape + np.asarray(counts)) / (shape / np.asarray(mean) + np.asarray(exposure))
    return rate


def fit_order_rate(
    counts: Array, exposure: Array, design: Array, blocks: NDArray[np.int64], rng: np.random.Generator, draws: int = 400
) -> OrderRate:
    """Fit by the (zero-inflated) negative binomial likelihood: a grid over the spread, Laplace's approximation for the rest.

    counts: (n,) orders. exposure: (n,) time they were counted over, above zero. design: (n, p), first
    column ones, the others about standardised. blocks: (p,) codes of columns whose effects are of one
    kind, N(0, psi2) each with the block's psi at its most likely; block 0 is free. The spread has a flat
    prior, the share of absent buyers a beta(1, 9). Raises ValueError without any order.
    """
    if counts.sum() <= 0:
        raise ValueError("no orders: there is no rate to learn")
    if (exposure <= 0).any():
        raise ValueError("every buyer needs a time over which its orders were counted")
    grid = np.linspace(_NARROWEST, _WIDEST, _GRID)
    start = np.zeros(design.shape[1])
    start[0] = np.log(counts.sum() / exposure.sum())
    ridge = _ridges(blocks, prior_sizes(int(blocks.max()), _PRIOR_SIZES))
    for zoom in range(_ZOOMS):
        fits = _along(grid, counts, exposure, design, start, ridge[0])
        logs = np.array([fit.log_marginal for fit in fits])
        near = np.flatnonzero(logs > logs.max() - 12)
        low, high = grid[max(near[0] - 1, 0)], grid[min(near[-1] + 1, _GRID - 1)]
        used, grid = grid, np.linspace(low, high, _GRID)
        best = int(np.argmax(logs))
        start = fits[best].mode
        if not zoom:
            ridge = _likeliest(ridge, 1 / used[best] ** 2, counts, exposure, design, fits[best])
        if len(near) >= _GRID // 2:
            break
    weight = np.exp(logs - logs.max())
    picks = rng.choice(_GRID, size=draws, p=weight / weight.sum())
    coefficients, absent = np.empty((draws, design.shape[1])), np.empty(draws)
    for pick in np.unique(picks):
        chosen = np.flatnonzero(picks == pick)
        fit = fits[pick]
        root = np.linalg.cholesky((fit.covariance + fit.covariance.T) / 2)
        coefficients[chosen] = fit.mode + rng.standard_normal((len(chosen), len(fit.mode))) @ root.T
        gone = fit.absent * len(counts)
        absent[chosen] = rng.beta(_PRIOR_ABSENT[0] + gone, _PRIOR_ABSENT[1] + len(counts) - gone, size=len(chosen))
    return OrderRate(counts, exposure, design, spread=used[picks], coefficients=coefficients, absent=absent)


def _ridges(blocks: NDArray[np.int64], priors: Array) -> Array:
    """Prior precisions (k, p) of the coefficients, the widest prior first."""
    ridges: Array = 1 / priors[::-1][:, blocks] ** 2
    return ridges


def _likeliest(ridges: Array, shape: float, counts: Array, exposure: Array, design: Array, at: _Mode) -> Array:
    """The row of prior precisions with the highest marginal likelihood at one shape."""
    logs = [_zero_inflated(shape, counts, exposure, design, at.mode, at.absent, ridge).log_marginal for ridge in ridges]
    best = int(np.argmax(logs))
    return ridges[best : best + 1]


@dataclass(frozen=True, slots=True)
class _Mode:
    mode: Array
    covariance: Array
    absent: float
    log_marginal: float


def _along(grid: Array, counts: Array, exposure: Array, design: Array, start: Array, ridge: Array) -> list[_Mode]:
    fits: list[_Mode] = []
    absent = 0.05
    for spread in grid:
        fit = _zero_inflated(1 / spread**2, counts, exposure, design, start, absent, ridge)
        fits.append(fit)
        start, absent = fit.mode, fit.absent
    return fits


def _zero_inflated(shape: float, counts: Array, exposure: Array, design: Array, beta: Array, absent: float, ridge: Array) -> _Mode:
    """Coefficients and share of absent buyers for one shape, by EM over who is absent."""
    zero = counts == 0
    constant = special.gammaln(counts + shape) - special.gammaln(shape) - special.gammaln(counts + 1) + shape * np.log(shape)
    before = -np.inf
    for _ in range(_ROUNDS):
        silent = np.where(zero, _log_silent(shape, exposure, design, beta), 0.0)
        gone = np.where(zero, absent / (absent + (1 - absent) * np.exp(silent)), 0.0)
        absent = (gone.sum() + _PRIOR_ABSENT[0] - 1 + 1e-9) / (len(counts) + sum(_PRIOR_ABSENT) - 2)
        beta, information = _newton(shape, counts, exposure, design, beta, ridge, 1 - gone)
        terms = constant + _log_terms(shape, counts, exposure, design, beta)
        mixed = np.where(zero, np.logaddexp(np.log(absent), np.log1p(-absent) + terms), np.log1p(-absent) + terms)
        value = float(mixed.sum() - 0.5 * np.sum(ridge * beta**2)) + (_PRIOR_ABSENT[1] - 1) * float(np.log1p(-absent))
        if value - before < _SETTLED:
            break
        before = value
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    _, log_det = np.linalg.slogdet(covariance)
    return _Mode(beta, covariance, float(absent), value + 0.5 * float(log_det + np.sum(np.log(ridge))))


def _newton(shape: float, counts: Array, exposure: Array, design: Array, beta: Array, ridge: Array, weight: Array) -> tuple[Array, Array]:
    def objective(at: Array) -> float:
        return float(np.sum(weight * _log_terms(shape, counts, exposure, design, at)) - 0.5 * np.sum(ridge * at**2))

    value = objective(beta)
    information = np.diag(ridge)
    for _ in range(_STEPS):
        mean = exposure * np.exp(design @ beta)
        gradient = design.T @ (weight * shape * (counts - mean) / (shape + mean)) - ridge * beta
        bend = weight * shape * mean * (shape + counts) / (shape + mean) ** 2
        information = (design * bend[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(information, gradient)
        size = min(1.0, 3.0 / max(float(np.max(np.abs(step))), 1e-12))
        while objective(beta + size * step) < value - 1e-10 * abs(value) and size > 1e-6:
            size /= 2
        beta = beta + size * step
        value = objective(beta)
        if abs(float(gradient @ step)) < _SETTLED:
            break
    return beta, information


def _log_silent(shape: float, exposure: Array, design: Array, beta: Array) -> Array:
    silent: Array = -shape * np.log1p(exposure * np.exp(design @ beta) / shape)
    return silent


def _log_terms(shape: float, counts: Array, exposure: Array, design: Array, beta: Array) -> Array:
    """Negative binomial log-likelihood of each count, less the part without coefficients."""
    log_mean = np.minimum(np.log(exposure) + design @ beta, 50.0)
    mean = np.exp(log_mean)
    terms: Array = counts * log_mean - (counts + shape) * np.log(shape + mean)
    return terms
