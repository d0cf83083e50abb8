"""Covariances with missing answers against complete data, another package's regression, and full refits."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from prmkit.estimators.incomplete import moments
from tests.estimators.published import ATTITUDE


def holed(seed: int, n: int = 400, size: int = 5, missing: float = 0.15) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, size)) + rng.normal(size=(n, 1)) + np.arange(size)
    return np.where(rng.random(values.shape) < missing, np.nan, values)


def test_complete_answers_are_plain_moments() -> None:
    weights = np.arange(1.0, 31.0)
    found = moments(ATTITUDE, weights, weights[None])
    assert found.mean == pytest.approx(np.average(ATTITUDE, axis=0, weights=weights))
    assert found.covariance == pytest.approx(np.cov(ATTITUDE.T, aweights=weights, ddof=0))
    assert found.drawn[0] == pytest.approx(found.covariance)


def test_one_column_with_holes_is_the_regression_of_it() -> None:
    """With holes in one column only, maximum likelihood is known: the regression on the others, carried to everybody (Anderson 1957)."""
    values = ATTITUDE[:, :3].copy()
    values[20:, 0] = np.nan
    seen = sm.OLS(values[:20, 0], sm.add_constant(values[:20, 1:])).fit()
    found = moments(values, np.ones(30))
    assert found.converged
    assert found.mean[0] == pytest.approx(float(seen.predict(np.append(1.0, values[:, 1:].mean(axis=0))[None])[0]), abs=1e-3)
    others = np.cov(values[:, 1:].T, ddof=0)
    slope = seen.params[1:]
    assert found.covariance[0, 0] == pytest.approx(slope @ others @ slope + seen.ssr / 20, rel=1e-3)


def test_missing_by_what_was_answered_does_no_harm_where_leaving_rows_out_does() -> None:
    rng = np.random.default_rng(4)
    values = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 20_000)
    values[values[:, 0] < 0, 1] = np.nan
    found = moments(values, np.ones(len(values)))
    assert found.mean[1] == pytest.approx(0, abs=0.03)
    assert found.covariance[0, 1] == pytest.approx(0.7, abs=0.03)
    assert np.nanmean(values[:, 1]) > 0.5


def test_redrawn_weights_are_what_refitting_gives_to_first_order() -> None:
    values = holed(1)
    draws = np.random.default_rng(2).standard_exponential((25, len(values)))
    found = moments(values, np.ones(len(values)), draws)
    refitted = np.array([moments(values, one).covariance for one in draws])
    apart, spread = np.abs(refitted - found.drawn), refitted.std(axis=0)
    assert apart.mean() < 0.08 * spread.mean()
    assert refitted.std(axis=0) == pytest.approx(found.drawn.std(axis=0), rel=0.1)


def test_a_column_without_values_is_refused() -> None:
    with pytest.raises(ValueError, match="no value"):
        moments(np.column_stack([np.ones(5), np.full(5, np.nan)]), np.ones(5))
