"""Alpha and omega against published figures, another package, and cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.multivariate.factor import Factor

from prmkit.estimators.reliability import alpha, omega, one_factor, reliability
from tests.estimators.published import ATTITUDE


def test_alpha_of_attitudes_as_published() -> None:
    """R's psych::alpha(attitude): raw 0.843, standardised 0.839; the regression of rating explains 73.26% (Chatterjee and Price)."""
    design = np.column_stack([np.ones(30), ATTITUDE[:, 1:]])
    left = ATTITUDE[:, 0] - design @ np.linalg.lstsq(design, ATTITUDE[:, 0], rcond=None)[0]
    assert 1 - left.var() / ATTITUDE[:, 0].var() == pytest.approx(0.7326, abs=5e-5)
    found = reliability(ATTITUDE)
    assert found is not None
    assert found.alpha == pytest.approx(0.843, abs=5e-4)
    assert alpha(np.corrcoef(ATTITUDE.T)) == pytest.approx(0.839, abs=5e-4)
    assert alpha(np.cov(np.delete(ATTITUDE, 5, axis=1).T)) == pytest.approx(0.864, abs=5e-4), "without critical"
    assert found.low < found.alpha < found.high
    assert found.n == 30


def test_one_factor_is_that_of_statsmodels() -> None:
    found = one_factor(np.corrcoef(ATTITUDE.T))
    theirs = Factor(corr=np.corrcoef(ATTITUDE.T), n_factor=1, method="ml").fit()
    assert found is not None
    assert np.abs(found[0]) == pytest.approx(np.abs(theirs.loadings[:, 0]), abs=1e-4)
    assert found[1] == pytest.approx(theirs.uniqueness, abs=1e-4)


def test_three_items_by_hand() -> None:
    """r12 = .5, r13 = .4, r23 = .6: loadings sqrt(.5 x .4 / .6), sqrt(.5 x .6 / .4), sqrt(.4 x .6 / .5)."""
    found = one_factor(np.array([[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]]))
    assert found is not None
    assert found[0] == pytest.approx(np.sqrt([1 / 3, 3 / 4, 12 / 25]), abs=1e-5)


@pytest.mark.parametrize("items", [3, 6])
def test_items_that_measure_alike_have_one_alpha_and_omega(items: int) -> None:
    """k items that all correlate by r: both are k r / (1 + (k - 1) r), the formula of Spearman and Brown."""
    matrix = np.full((items, items), 0.4) + 0.6 * np.eye(items)
    expected = items * 0.4 / (1 + (items - 1) * 0.4)
    assert alpha(matrix) == pytest.approx(expected)
    assert omega(matrix) == pytest.approx(expected, abs=1e-4)


def test_the_interval_keeps_its_word() -> None:
    rng, inside = np.random.default_rng(5), 0
    truth = 4 * 0.5 / (1 + 3 * 0.5)
    for _ in range(200):
        found = reliability(rng.normal(size=(40, 4)) + rng.normal(size=(40, 1)))
        assert found is not None
        inside += found.low <= truth <= found.high
    assert 0.84 <= inside / 200 <= 0.96


def test_it_abstains() -> None:
    assert reliability(ATTITUDE[:7]) is None
    assert reliability(ATTITUDE[:, :1]) is None
    assert reliability(np.column_stack([ATTITUDE[:, 0], np.ones(30)])) is None
    assert np.isnan(omega(np.array([[1, 0.5], [0.5, 1]]))), "one factor of two items cannot be told"
    assert np.isnan(omega(np.array([[1, 0.5, -0.4], [0.5, 1, -0.6], [-0.4, -0.6, 1]]))), "an item that runs the other way"
