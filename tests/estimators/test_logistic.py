"""Logistic regression against statsmodels and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression

from prmkit.estimators.logistic import fit_logistic, group_draws


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(300), 5)
    x = rng.standard_normal((1500, 3)) + 0.8 * rng.standard_normal((300, 3))[group]
    odds = -1 + x @ np.array([0.8, -0.5, 0.0]) + 0.7 * rng.standard_normal(300)[group]
    y = (rng.random(1500) < 1 / (1 + np.exp(-odds))).astype(float)
    return np.column_stack([np.ones(1500), x]), y, group


def test_maximum_likelihood_is_that_of_statsmodels(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    design, y, _ = data
    fit = fit_logistic(design, y)
    other = sm.GLM(y, design, family=sm.families.Binomial()).fit()
    assert fit.converged
    assert fit.coefficients == pytest.approx(other.params, abs=1e-7)
    assert np.sqrt(np.diag(np.linalg.inv(fit.information))) == pytest.approx(other.bse, rel=1e-4)
    assert fit.probability(design) == pytest.approx(other.fittedvalues, abs=1e-7)


def test_ridge_is_that_of_scikit_learn(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    design, y, _ = data
    fit = fit_logistic(design, y, penalty=np.array([0.0, 4.0, 4.0, 4.0]))
    other = LogisticRegression(C=1 / 4.0, tol=1e-10, max_iter=1000).fit(design[:, 1:], y)
    assert fit.coefficients == pytest.approx([*other.intercept_, *other.coef_[0]], abs=1e-5)


def test_weights_stand_for_repeated_rows(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    design, y, _ = data
    twice = fit_logistic(np.vstack([design, design[:100]]), np.r_[y, y[:100]], 1.0)
    weight = np.ones(len(y))
    weight[:100] = 2
    assert fit_logistic(design, y, 1.0, weight).coefficients == pytest.approx(twice.coefficients, abs=1e-8)


def test_spread_of_group_draws_is_the_clustered_standard_error(data: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    design, y, group = data
    fit = fit_logistic(design, y)
    draws = group_draws(fit, design, y, group, np.random.default_rng(1), 1500)
    other = sm.GLM(y, design, family=sm.families.Binomial()).fit(cov_type="cluster", cov_kwds={"groups": group})
    assert draws.std(axis=0) == pytest.approx(other.bse, rel=0.08)
    assert draws.mean(axis=0) == pytest.approx(fit.coefficients, abs=0.02)


def test_separated_data_are_tamed_by_the_penalty_and_flagged_without() -> None:
    design = np.column_stack([np.ones(40), np.r_[np.full(20, -1.0), np.full(20, 1.0)]])
    y = np.r_[np.zeros(20), np.ones(20)]
    tame = fit_logistic(design, y, penalty=np.array([0.0, 1.0]))
    assert tame.converged
    assert 1 < tame.coefficients[1] < 4
    loose = fit_logistic(design, y)
    assert abs(loose.coefficients[1]) > abs(tame.coefficients[1]) + 3
