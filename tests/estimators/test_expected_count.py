"""Expected counts against another package's regression, and the promise of their range."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.estimators.expected_count import _poisson, expected_count, own_rate


def test_group_means_are_reproduced_and_the_range_is_that_of_the_distribution() -> None:
    group = np.repeat([0.0, 1.0], 200)
    rng = np.random.default_rng(1)
    counts = rng.poisson(np.where(group == 1, 6.0, 2.0)).astype(float)
    design = np.column_stack([np.ones(400), group])
    found = expected_count(counts, design, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert found is not None
    assert found.expected == pytest.approx([counts[:200].mean(), counts[200:].mean()], rel=1e-6)
    if found.dispersion <= 1:
        assert found.high == pytest.approx(stats.poisson.ppf(0.95, found.expected))
    assert found.inside >= 0.9


def test_range_of_scattered_counts_is_wider_and_holds_nine_in_ten_new_cases() -> None:
    rng = np.random.default_rng(2)
    design = np.ones((500, 1))
    counts = rng.negative_binomial(2, 2 / 12, 500).astype(float)
    found = expected_count(counts, design, design[:1])
    assert found is not None
    assert found.dispersion == pytest.approx(6.0, rel=0.2)
    new = rng.negative_binomial(2, 2 / 12, 4000)
    assert 0.87 <= ((new >= found.low[0]) & (new <= found.high[0])).mean() <= 0.96
    assert found.high[0] > stats.poisson.ppf(0.95, found.expected[0])


def test_too_thin_to_learn_from() -> None:
    assert expected_count(np.ones(19), np.column_stack([np.ones(19), np.arange(19)]), np.ones((1, 2))) is None
    assert expected_count(np.zeros(40), np.ones((40, 1)), np.ones((1, 1))) is None
    twice = np.ones((40, 2))
    assert expected_count(np.arange(40.0), twice, twice) is None


def test_coefficients_and_doubt_are_those_of_another_package() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(300), rng.normal(size=(300, 2)), rng.random(300) < 0.2])
    counts = rng.poisson(np.exp(design @ [1.0, 0.4, -0.3, 0.6])).astype(float)
    found = expected_count(counts, design, design[:50])
    other = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    assert found is not None
    assert found.expected == pytest.approx(other.predict(design[:50]), rel=1e-8)
    coefficients, covariance = _poisson(counts, design) or (None, None)
    assert coefficients == pytest.approx(other.params, rel=1e-7)
    assert covariance == pytest.approx(other.normalized_cov_params, rel=1e-5)


def test_the_scatter_that_the_counts_bear_out_is_chosen() -> None:
    """NB2 counts of two sizes: the range of the small ones is that of their own scatter, not of one common to all."""
    rng = np.random.default_rng(4)
    group = np.repeat([0.0, 1.0], 800)
    mean = np.where(group == 1, 40.0, 2.0)
    counts = rng.negative_binomial(4, 4 / (4 + mean)).astype(float)
    design = np.column_stack([np.ones(1600), group])
    found = expected_count(counts, design, np.array([[1.0, 0.0], [1.0, 1.0]]))
    assert found is not None
    assert found.shape == pytest.approx([4.0, 4.0], rel=0.15)
    assert found.low == pytest.approx(stats.nbinom.ppf(0.05, 4, 4 / (4 + np.array([2.0, 40.0]))), abs=1)
    assert found.high == pytest.approx(stats.nbinom.ppf(0.95, 4, 4 / (4 + np.array([2.0, 40.0]))), abs=4)


def test_counts_more_regular_than_chance_get_a_narrower_range() -> None:
    counts = np.tile([3.0, 4.0, 4.0, 5.0], 50)
    found = expected_count(counts, np.ones((200, 1)), np.ones((1, 1)))
    assert found is not None
    assert (found.low[0], found.high[0]) == (3, 5)
    assert found.dispersion == pytest.approx(0.5 / 4 * 200 / 199)
    assert np.isinf(found.shape).all()


def test_own_rate_is_the_gamma_posterior() -> None:
    found = own_rate(np.array([3.0, 0.0]), np.array([10.0, 10.0]), np.array([2.0, np.inf]), 0.75)
    assert found.mean[0] == pytest.approx((2 + 3) / (2 + 10))
    assert found.chance_below[0] == pytest.approx(stats.gamma.cdf(0.75, 5, scale=1 / 12))
    assert found.high[0] == pytest.approx(stats.gamma.ppf(0.95, 5, scale=1 / 12))
    assert (found.mean[1], found.low[1], found.high[1], found.chance_below[1]) == (1, 1, 1, 0)
