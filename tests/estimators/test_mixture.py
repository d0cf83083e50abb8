"""Mixtures of normal distributions: published results, another package, cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from prmkit.estimators.mixture import FLOOR, Mixture, fit_mixture, fits, sums

IRIS = load_iris().data
SCALE = 1_000.0
"""In these units the floor under variances is nothing; the likelihood changes by a known amount."""


def bic_in_centimetres(found: Mixture) -> float:
    return found.bic - 2 * IRIS.size * np.log(SCALE)


@pytest.mark.parametrize(("k", "published"), [(1, 1522.1202), (2, 857.5515), (3, 744.6382)])
def test_bic_of_fishers_irises_as_mclust_prints_it(k: int, published: float) -> None:
    """Model VVI (diagonal, variances differ by group) in the BIC table of mclust for iris; its sign is the other way round there.

    mclust starts once, from a hierarchy; many starts may climb a little higher.
    """
    found = bic_in_centimetres(fit_mixture(IRIS * SCALE, k, np.random.default_rng(0), starts=20))
    assert published - 1 < found < published + 0.01


def test_two_groups_of_irises_are_setosa_and_the_rest() -> None:
    """The published two-group solution (Fraley and Raftery 2002): 50 and 100 flowers, none misplaced."""
    labels = fit_mixture(IRIS * SCALE, 2, np.random.default_rng(0), starts=20).chances(IRIS * SCALE).argmax(axis=1)
    assert adjusted_rand_score(load_iris().target == 0, labels) == 1.0


def test_the_same_likelihood_as_another_package() -> None:
    x = (IRIS - IRIS.mean(axis=0)) / IRIS.std(axis=0)
    theirs = GaussianMixture(3, covariance_type="diag", reg_covar=FLOOR, n_init=10, tol=1e-8, max_iter=2_000, random_state=0).fit(x)
    ours = fit_mixture(x, 3, np.random.default_rng(0), starts=20)
    assert ours.log_likelihood == pytest.approx(theirs.score(x) * len(x), abs=1.0)
    assert ours.bic == pytest.approx(theirs.bic(x), abs=2.0)
    assert np.sort(ours.shares) == pytest.approx(np.sort(theirs.weights_), abs=0.03)


def test_a_missing_cell_is_left_out_of_the_sums() -> None:
    x = np.array([[1.0, 4.0], [3.0, np.nan], [np.nan, 8.0], [5.0, 6.0]])
    found = fit_mixture(x, 1, np.random.default_rng(0))
    assert found.means[0] == pytest.approx([3.0, 6.0], abs=3e-3)
    assert found.variances[0] == pytest.approx([8 / 3 + FLOOR, 8 / 3 + FLOOR], abs=0.02)
    by_hand = norm.logpdf([1, 3, 5], 3, np.sqrt(8 / 3 + FLOOR)).sum() + norm.logpdf([4, 8, 6], 6, np.sqrt(8 / 3 + FLOOR)).sum()
    assert found.log_likelihood == pytest.approx(by_hand, abs=0.01)
    assert found.parameters == 4


def test_missing_cells_hardly_change_the_groups() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 3, 600)
    x = rng.normal(0, 3, (3, 8))[truth] + rng.standard_normal((600, 8))
    holes = np.where(rng.random(x.shape) < 0.3, np.nan, x)
    assert adjusted_rand_score(truth, fit_mixture(holes, 3, rng).chances(holes).argmax(axis=1)) > 0.95


def test_chances_add_up_and_are_the_shares_where_nothing_is_known() -> None:
    found = fit_mixture(IRIS, 2, np.random.default_rng(0))
    chances = found.chances(np.vstack([IRIS, np.full(4, np.nan)]))
    assert chances.sum(axis=1) == pytest.approx(np.ones(151))
    assert chances[-1] == pytest.approx(found.shares)
    assert found.shares[0] >= found.shares[1]


def test_weights_count_rows_as_often_as_they_say() -> None:
    x = np.array([[0.0], [1.0], [10.0], [12.0], [13.0]])
    doubled = x[[0, 0, 1, 2, 3, 4, 4, 4]]
    weights = np.array([[2.0, 1.0, 1.0, 1.0, 3.0]])
    rng = np.random.default_rng(0)
    one = fits(sums(x), 2, rng, weights=weights, starts=10)[0][0]
    other = fits(sums(doubled), 2, rng, starts=10)[0][0]
    assert one == pytest.approx(other, abs=0.01)


def test_what_cannot_be_fitted_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="3 groups cannot be made of 2 rows"):
        fit_mixture(np.zeros((2, 2)), 3, rng)
    with pytest.raises(ValueError, match="no value at all"):
        fit_mixture(np.array([[1.0, np.nan], [2.0, np.nan]]), 1, rng)
