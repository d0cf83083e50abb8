"""Untreated effects against a dummy-variable fit of another package and a published case."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from prmkit.estimators.bootstrap import bayesian_weights
from prmkit.estimators.imputation import untreated_effects
from prmkit.estimators.treated_cells import seen_over_expected

# Deaths from cholera in 1849 and 1854 by sub-district of London, Snow, On the Mode of Communication of Cholera, 1855, Table XII.
SOUTHWARK = [
    (283, 371), (157, 161), (192, 148), (249, 362), (259, 244), (226, 237), (352, 282), (111, 171), (97, 59), (8, 9), (235, 240), (92, 174),
]  # fmt: skip
BOTH_COMPANIES = [
    (256, 113), (267, 174), (312, 270), (257, 93), (318, 210), (446, 388), (143, 92), (193, 58), (243, 117), (215, 49), (544, 193),
    (187, 303), (153, 142), (81, 48), (114, 165), (176, 132),
]  # fmt: skip


def staggered(seed: int = 0, n: int = 30, months: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    start = np.where(np.arange(n) < 12, rng.integers(5, 11, n), months)
    sold = rng.poisson(rng.lognormal(0, 1, n)[:, None] * np.linspace(1, 2, months)).astype(float)
    return sold, np.arange(months) < start[:, None]


def dummies(sold: np.ndarray, untreated: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Fitted untreated cells of a Poisson regression on partner and month dummies."""
    n, months = sold.shape
    case, month = np.where(untreated)
    design = np.zeros((len(case), n + months - 1))
    design[np.arange(len(case)), case] = 1
    later = month > 0
    design[np.where(later)[0], n + month[later] - 1] = 1
    fit = sm.GLM(sold[case, month], design, family=sm.families.Poisson(), freq_weights=weights[case]).fit(tol=1e-12, maxiter=300)
    return np.asarray(fit.mu)


def test_equals_a_poisson_regression_with_dummies() -> None:
    sold, untreated = staggered()
    sold = sold[sold.sum(axis=1) > 0] + 0.0
    untreated = untreated[: len(sold)]
    found = untreated_effects(sold, untreated)
    assert found.converged
    expected = found.case @ found.month
    assert expected[untreated] == pytest.approx(dummies(sold, untreated, np.ones(len(sold))), abs=1e-6)


def test_each_draw_equals_a_weighted_regression_with_dummies() -> None:
    sold, untreated = staggered(seed=3, n=20)
    sold += 0.1
    weights = bayesian_weights(len(sold), 3, seed=2)
    found = untreated_effects(sold, untreated, weights)
    for draw in range(3):
        expected = np.outer(found.case[:, draw], found.month[draw])
        assert expected[untreated] == pytest.approx(dummies(sold, untreated, weights[draw]), rel=1e-5)


def test_reproduces_the_poisson_estimate_of_snows_cholera_comparison() -> None:
    """Coleman, Causality in the Time of Cholera (SSRN 3262234), counts by sub-district: -0.51088."""
    deaths = np.array(SOUTHWARK + BOTH_COMPANIES, dtype=float)
    assert deaths[:12].sum(axis=0).tolist() == [2261, 2458]
    assert deaths[12:].sum(axis=0).tolist() == [3905, 2547]
    cleaner = np.zeros_like(deaths, dtype=bool)
    cleaner[12:, 1] = True
    fit = untreated_effects(deaths, ~cleaner)
    change = seen_over_expected(deaths, cleaner, fit, fit, np.ones((1, len(deaths))))
    assert np.log1p(change.value) == pytest.approx(-0.51088, abs=5e-6)


def test_a_month_without_an_untreated_cell_is_not_known_and_a_silent_case_expects_nothing() -> None:
    sold = np.array([[2.0, 4.0, 9.0], [1.0, 2.0, 9.0], [0.0, 0.0, 9.0]])
    untreated = np.array([[True, True, False]] * 3)
    found = untreated_effects(sold, untreated)
    assert np.isnan(found.month[0, 2])
    assert found.case[2, 0] == 0
    assert found.case[0, 0] / found.case[1, 0] == pytest.approx(2)
    assert found.month[0, 1] / found.month[0, 0] == pytest.approx(2)


def test_returns_in_a_month_are_kept() -> None:
    sold = np.array([[10.0, -2.0, 4.0], [10.0, 8.0, 4.0]])
    found = untreated_effects(sold, np.ones((2, 3), dtype=bool))
    assert found.case @ found.month == pytest.approx(np.outer([12, 22], [20, 6, 8]) / 34)
