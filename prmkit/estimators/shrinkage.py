"""Drawing thin averages towards what is usual, by how much luck is in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_GRID = 40
_ZOOMS = 4
_NEGLIGIBLE = 12.0


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Estimates drawn towards a prior: `mean`, `variance` and `weight`, the share B given to the prior (0 to 1)."""

    mean: Array
    variance: Array
    weight: Array


def shrink(values: Array, sampling_variance: Array | float, prior_mean: Array | float, prior_variance: float) -> Shrunk:
    """The normal compromise theta = B mu + (1 - B) y with B = s2 / (s2 + tau2) (Lindley and Smith 1972).

    values: (n,) averages seen. sampling_variance: s2 of each, inf where nothing was seen.
    prior_mean: mu, one or (n,). prior_variance: tau2 between units, above or equal to zero.
    Raises ValueError for a negative variance.
    """
    s2 = np.broadcast_to(np.asarray(sampling_variance, dtype=float), np.shape(values))
    if prior_variance < 0 or (s2 < 0).any():
        raise ValueError("variances cannot be negative")
    precision = _precision(s2, prior_variance)
    kept = np.where(np.isfinite(s2), prior_variance * precision, 0.0)
    kept = np.where((s2 == 0) & np.isfinite(s2), 1.0, kept)
    seen = np.where(np.isfinite(s2), values, 0.0)
    mean = (1 - kept) * prior_mean + kept * seen
    return Shrunk(mean=mean, variance=(1 - kept) * prior_variance, weight=1 - kept)


def james_stein(values: Array, sampling_variance: float) -> Shrunk:
    """Shrink k averages of equal variance to their own mean by 1 - (k - 3) s2 / sum (y - ybar)^2 (Efron and Morris 1975).

    The kept share 1 - B is floored at zero (positive part). Raises ValueError for fewer than four values.
    """
    if len(values) < 4:
        raise ValueError("shrinking to the common mean needs at least four averages")
    centre = float(np.mean(values))
    spread = float(np.sum((values - centre) ** 2))
    kept = max(0.0, 1 - (len(values) - 3) * sampling_variance / spread) if spread > 0 else 0.0
    mean = centre + kept * (values - centre)
    return Shrunk(mean=mean, variance=np.full(len(values), kept * sampling_variance), weight=np.full(len(values), 1 - kept))


@dataclass(frozen=True)
class Hierarchy:
    """The posterior of a normal two-level model: theta_i ~ N(x_i g, tau2), y_i ~ N(theta_i, s2_i).

    values (n,), sampling_variance (n,) with inf where unseen, design (n, p); `spread` (d,) and
    `coefficients` (d, p) are draws of tau and g from their joint posterior.
    """

    values: Array
    sampling_variance: Array
    design: Array
    spread: Array
    coefficients: Array

    def draw(self, rows: slice, rng: np.random.Generator) -> Array:
        """Draws (rows, d) of theta; hyper-parameters differ from draw to draw."""
        s2 = self.sampling_variance[rows][:, None]
        centre = self.design[rows] @ self.coefficients.T
        tau2 = self.spread**2
        seen = np.isfinite(s2)
        with np.errstate(invalid="ignore", divide="ignore"):
            kept = np.where(seen, tau2 / np.where(seen, s2 + tau2, 1.0), 0.0)
        kept = np.where((s2 == 0) & seen, 1.0, kept)
        y = np.where(seen, np.where(seen[:, 0], self.values[rows], 0.0)[:, None], 0.0)
        mean = (1 - kept) * centre + kept * y
        drawn: Array = mean + np.sqrt((1 - kept) * tau2) * rng.standard_normal(mean.shape)
        return drawn


def hierarchy(
    values: Array, sampling_variance: Array, design: Array, blocks: NDArray[np.int64], rng: np.random.Generator, draws: int = 400
) -> Hierarchy:
    """Fit the two-level normal model with a flat prior on the spread tau (Gelman 2006), by a grid.

    values: (n,) averages; sampling_variance: (n,) theirs, inf where a unit has none (it still gets
    draws, from its prior). design: (n, p), first column ones, the others about standardised. blocks: (p,)
    codes of columns whose effects are of one kind: those of a block are N(0, psi2) with the block's own psi
    learnt too, so that a hundred needless columns add no noise; block 0 is left free.
    Raises ValueError with fewer than three seen units.
    """
    seen = np.isfinite(sampling_variance)
    if seen.sum() < 3:
        raise ValueError("a spread between units needs at least three of them")
    centre, scale = float(np.mean(values[seen])), float(np.std(values[seen]))
    if scale <= 1e-9 * abs(centre):
        alike = np.zeros((draws, design.shape[1]))
        alike[:, 0] = centre
        return Hierarchy(values, sampling_variance, design, spread=np.zeros(draws), coefficients=alike)
    y, s2, x = (values[seen] - centre) / scale, sampling_variance[seen] / scale**2, design[seen]
    grid = np.linspace(0, 1, _GRID) ** 2 * 2.5
    priors = prior_sizes(int(blocks.max()))
    for _ in range(_ZOOMS):
        logs = np.array([_fits(tau, y, s2, x, blocks, priors)[2] for tau in grid])
        best = logs.max(axis=1)
        near = np.flatnonzero(best > best.max() - _NEGLIGIBLE)
        low, high = grid[max(near[0] - 1, 0)], grid[min(near[-1] + 1, len(grid) - 1)]
        used = grid
        if len(near) >= _GRID // 2:
            break
        grid = np.linspace(low, high, _GRID)
    weight = np.exp(logs - logs.max()) * np.gradient(used)[:, None]
    picks = rng.choice(weight.size, size=draws, p=weight.ravel() / weight.sum())
    coefficients = np.empty((draws, x.shape[1]))
    for pick in np.unique(picks):
        chosen = np.flatnonzero(picks == pick)
        row, column = divmod(int(pick), len(priors))
        mean, covariance, _ = _fits(used[row], y, s2, x, blocks, priors[column : column + 1])
        root = np.linalg.cholesky(covariance[0])
        coefficients[chosen] = mean[0] + rng.standard_normal((len(chosen), x.shape[1])) @ root.T
    coefficients *= scale
    coefficients[:, 0] += centre
    return Hierarchy(values, sampling_variance, design, spread=used[picks // len(priors)] * scale, coefficients=coefficients)


def prior_sizes(blocks: int, sizes: tuple[float, ...] = (0.02, 0.06, 0.2, 0.6, 1.8)) -> Array:
    """Every combination (k, blocks + 1) of prior standard deviations of the blocks 1 ... `blocks`; block 0 gets 1,000."""
    axes = np.meshgrid(*([np.array(sizes)] * blocks), indexing="ij") if blocks else []
    columns = [axis.ravel() for axis in axes]
    return np.column_stack([np.full(len(sizes) ** blocks, 1e3), *columns])


def _precision(s2: Array, tau2: float) -> Array:
    total = s2 + tau2
    with np.errstate(divide="ignore"):
        precision: Array = np.where(total > 0, 1 / total, 0.0)
    return precision


def _fits(tau: float, y: Array, s2: Array, x: Array, blocks: NDArray[np.int64], priors: Array) -> tuple[Array, Array, Array]:
    """For one spread and each row of prior sizes: coefficients (k, p), their covariances (k, p, p), log marginal likelihoods (k,)."""
    total = s2 + tau**2 + 1e-12
    weighted = x / total[:, None]
    information, moment = weighted.T @ x, weighted.T @ y
    constant = -0.5 * float(np.sum(np.log(total) + y**2 / total))
    precision = 1 / priors[:, blocks] ** 2
    covariance = np.linalg.inv(information + precision[:, :, None] * np.eye(x.shape[1]))
    covariance = (covariance + covariance.transpose(0, 2, 1)) / 2
    mean = covariance @ moment
    log_det = np.linalg.slogdet(covariance)[1]
    return mean, covariance, constant + 0.5 * (mean @ moment + log_det + np.log(precision).sum(axis=1))
