"""How many events cases like this one have: a Poisson regression with a range for a single case, and a case's own rate beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]

PER_COLUMN = 10
_STEPS, _TOLERANCE, _FAR = 50, 1e-12, 30.0
_ALIKE = 1e6
"""Shape from which the rates of cases of one kind are taken to be the same."""


@dataclass(frozen=True, slots=True)
class ExpectedCount:
    """Expected counts and the range nine in ten single cases of the kind fall into.

    `expected`, `low` and `high` are those of the cases asked about. shape: of the gamma in which the rates of cases of one kind
    differ around the expected one; inf where counts scatter no more than chance. dispersion: Pearson's, of the cases fitted. inside:
    share of the fitted cases that lie in their own range.
    """

    expected: Array
    low: Array
    high: Array
    shape: Array
    dispersion: float
    inside: float


def expected_count(counts: Array, design: Array, asked: Array) -> ExpectedCount | None:
    """Fit counts on a design with an intercept and say what the `asked` rows should have.

    counts: (n,), whole numbers; design: (n, k); asked: (m, k). The mean is a Poisson regression, right whatever the scatter; the
    scatter is negative binomial, with a variance that rises either with the mean or with its square, whichever the counts bear out (NB1
    and NB2 of Cameron and Trivedi 1986), and the range carries the doubt about the mean too. Counts more regular than chance get a
    normal range of their own variance, at whole numbers. None with fewer than ten cases a column, a design that is not of full
    rank, or no convergence.
    """
    if len(counts) < PER_COLUMN * design.shape[1] or not counts.any() or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fit = _poisson(counts, design)
    if fit is None:
        return None
    coefficients, covariance = fit
    with np.errstate(over="ignore"):
        fitted, expected = np.exp(design @ coefficients), np.exp(asked @ coefficients)
    if not np.isfinite(expected).all():
        return None
    dispersion = float(((counts - fitted) ** 2 / fitted).sum() / (len(counts) - design.shape[1]))
    spread = _spread(counts, fitted) if dispersion > 1.0 + 1e-9 else _Spread(np.inf, rises=False)
    doubt = max(dispersion, 1.0) * covariance
    regular = min(dispersion, 1.0)
    bottom, top = _range(fitted, spread.shape(fitted), _doubt(design, doubt), regular)
    low, high = _range(expected, spread.shape(expected), _doubt(asked, doubt), regular)
    inside = float(((counts >= bottom) & (counts <= top)).mean())
    return ExpectedCount(expected, low, high, spread.shape(expected), dispersion, inside)


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A case's own rate as a multiple of the expected one, given its count: mean, ends of the 90% interval, and `chance_below`."""

    mean: Array
    low: Array
    high: Array
    chance_below: Array


def own_rate(counts: Array, expected: Array, shape: Array, below: float) -> OwnRate:
    """What a case's count says of its own rate: gamma around the expected one, Poisson given it (Greenwood and Yule 1920).

    All (n,). The posterior of rate over expected is gamma with shape + count and shape + expected; chance_below: that it is under
    `below`. Where the shape is inf rates do not differ: 1, exactly.
    """
    alike = ~(shape < _ALIKE)
    own = np.where(alike, 1.0, shape) + counts
    scale = 1 / (np.where(alike, 1.0, shape) + expected)
    low, high = (special.gammaincinv(own, at) * scale for at in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    under = special.gammainc(own, below / scale)
    told = (own * scale, low, high)
    mean, low, high = (np.where(alike, 1.0, values) for values in told)
    return OwnRate(mean, low, high, np.where(alike, float(below > 1), under))


@dataclass(frozen=True, slots=True)
class _Spread:
    """Gamma shape of rates: one for all, or rising in proportion to the mean (`rises`)."""

    at_one: float
    rises: bool

    def shape(self, expected: Array) -> Array:
        made: Array = self.at_one * (expected if self.rises else np.ones_like(expected))
        return made


def _poisson(counts: Array, design: Array) -> tuple[Array, Array] | None:
    """Coefficients (k,) of a Poisson regression and their covariance (k, k) by Newton's steps; None where they do not settle."""
    start = (counts + counts.mean()) / 2
    weighted = design * start[:, None]
    beta = np.linalg.solve(weighted.T @ design, weighted.T @ (np.log(start) + (counts - start) / start))
    value = _poisson_fit(counts, design @ beta)
    for _ in range(_STEPS):
        mean = np.exp(design @ beta)
        gradient, information = design.T @ (counts - mean), (design * mean[:, None]).T @ design
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        size = 1.0
        while not _poisson_fit(counts, design @ (beta + size * step)) >= value - 1e-12 * abs(value) and size > 1e-8:
            size /= 2
        beta = beta + size * step
        value = _poisson_fit(counts, design @ beta)
        if abs(float(gradient @ step)) < _TOLERANCE * (1 + abs(value)):
            covariance: Array = np.linalg.pinv(information, hermitian=True).astype(np.float64)
            return (np.asarray(beta, dtype=np.float64), covariance) if np.abs(beta).max() < _FAR else None
    return None


def _poisson_fit(counts: Array, linear: Array) -> float:
    with np.errstate(over="ignore"):
        return float(np.sum(counts * linear - np.exp(linear)))


def _spread(counts: Array, fitted: Array) -> _Spread:
    """The likelier of the two ways in which negative binomial counts scatter, at its best shape."""
    found = []
    for rises in (False, True):
        base = fitted if rises else np.ones_like(fitted)

        def misfit(log_shape: float, base: Array = base) -> float:
            return -_log_likelihood(counts, fitted, np.exp(log_shape) * base)

        best = optimize.minimize_scalar(misfit, bounds=(-6.0, 14.0), method="bounded")
        found.append((float(best.fun), _Spread(float(np.exp(best.x)), rises)))
    return min(found, key=lambda pair: pair[0])[1]


def _log_likelihood(counts: Array, mean: Array, shape: Array) -> float:
    return float(
        np.sum(
            special.gammaln(counts + shape)
            - special.gammaln(shape)
            - shape * np.log1p(mean / shape)
            + counts * (np.log(mean) - np.log(mean + shape))
        )
    )


def _doubt(design: Array, covariance: Array) -> Array:
    """Relative variance of the expected count of each row."""
    made: Array = np.einsum("ij,jk,ik->i", design, covariance, design)
    return made


def _range(expected: Array, shape: Array, doubt: Array, regular: float) -> tuple[Array, Array]:
    """Ends of the 90% range: differences between cases and the doubt about their mean add up. regular: Pearson's dispersion, at most 1."""
    ends = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    if regular < 1:
        width = np.sqrt(regular * expected + doubt * expected**2)
        bottom, top = (np.ceil(expected + stats.norm.ppf(end) * width - 0.5) for end in ends)
        return np.maximum(bottom, 0.0), np.maximum(top, 0.0)
    size = 1 / np.maximum(1 / np.minimum(shape, 1e12) + doubt, 1e-9)
    chance = size / (size + expected)
    return stats.nbinom.ppf(ends[0], size, chance), stats.nbinom.ppf(ends[1], size, chance)
