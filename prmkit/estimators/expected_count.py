"""How many events cases like this one have: a Poisson regression with a range for a single case."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL

Array = NDArray[np.float64]

PER_COLUMN = 10


@dataclass(frozen=True, slots=True)
class ExpectedCount:
    """Expected counts and the range nine in ten single cases of the kind fall into.

    `expected`, `low` and `high` are those of the cases asked about. dispersion: Pearson's, of the cases
    fitted; above 1 the range is negative binomial, else Poisson (never narrower than chance).
    inside: share of the fitted cases that lie in their own range.
    """

    expected: Array
    low: Array
    high: Array
    dispersion: float
    inside: float


def expected_count(counts: Array, design: Array, asked: Array) -> ExpectedCount | None:
    """Fit counts on a design with an intercept and say what the `asked` rows should have.

    counts: (n,), whole numbers; design: (n, k); asked: (m, k). None with fewer than ten cases a
    column, a design that is not of full rank, or no convergence.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    if len(counts) < PER_COLUMN * design.shape[1] or not counts.any() or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    with warnings.catch_warnings():  # counts that the design tells exactly are welcome here
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fit = GLM(counts, design, family=Poisson()).fit(maxiter=100)
    fitted = np.asarray(fit.fittedvalues, dtype=np.float64)
    expected = np.asarray(fit.predict(asked), dtype=np.float64)
    if not fit.converged or not np.isfinite(expected).all():
        return None
    dispersion = float(((counts - fitted) ** 2 / fitted).sum() / (len(counts) - design.shape[1]))
    bottom, top = _range(fitted, dispersion)
    return ExpectedCount(expected, *_range(expected, dispersion), dispersion, float(((counts >= bottom) & (counts <= top)).mean()))


def _range(expected: Array, dispersion: float) -> tuple[Array, Array]:
    ends = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    if dispersion <= 1.0 + 1e-9:
        return stats.poisson.ppf(ends[0], expected), stats.poisson.ppf(ends[1], expected)
    chance = 1 / dispersion
    size = expected * chance / (1 - chance)
    return stats.nbinom.ppf(ends[0], size, chance), stats.nbinom.ppf(ends[1], size, chance)
