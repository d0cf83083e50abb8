"""Lifts of pairs: margins against a logistic regression by statsmodels, the gamma posterior against numbers of its own."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from prmkit.estimators.co_holding import affinity, co_holding

RNG = np.random.default_rng(4)


def clusters(n: int, seed: int = 1) -> np.ndarray:
    """Half of the holders take from the first three things, half from the last three; all alike from the seventh."""
    rng = np.random.default_rng(seed)
    own = np.where(rng.uniform(size=(n, 1)) < 0.5, [[0.6] * 3 + [0.1] * 3 + [0.4]], [[0.1] * 3 + [0.6] * 3 + [0.4]])
    made: np.ndarray = rng.uniform(size=own.shape) < own
    return made


def test_expected_pairs_are_those_of_a_logistic_regression_on_holder_and_thing() -> None:
    held = RNG.uniform(size=(40, 5)) < [0.3, 0.5, 0.4, 0.6, 0.2]
    held = held[(held.sum(axis=1) > 0) & (held.sum(axis=1) < 5)]
    n, k = held.shape
    holder, thing = np.repeat(np.eye(n), k, axis=0), np.tile(np.eye(k)[:, 1:], (n, 1))
    fitted = sm.GLM(held.ravel().astype(float), np.hstack([holder, thing]), family=sm.families.Binomial()).fit()
    chance = np.asarray(fitted.fittedvalues).reshape(n, k)
    breadth = held.sum(axis=1)
    pairs = np.array([sum(row[i] * row[j] for i in range(k) for j in range(i)) for row in chance])
    both = (chance * (breadth * (breadth - 1) / 2 / pairs)[:, None]).T @ chance
    found = co_holding(held)
    upper = np.triu_indices(k, 1)
    assert found.expected[upper] == pytest.approx(both[upper], rel=1e-4)
    assert found.expected[upper].sum() == pytest.approx(found.seen[upper].sum(), rel=1e-6)
    assert found.seen[0, 1] == (held[:, 0] & held[:, 1]).sum()


def test_the_log_lift_is_the_mean_log_of_the_gamma_posterior() -> None:
    found = co_holding(clusters(500))
    a, y, mean = found.shape, found.seen[0, 1], found.expected[0, 1]
    posterior, prior = (stats.gamma(a + count, scale=1 / (a + mean)) for count in (y, mean))

    def mean_log(of: object) -> float:
        # against the quadrature of another package; the second subtracts what a pair just as expected would give
        return float(integrate.quad(lambda q: np.log(of.ppf(q)), 1e-9, 1 - 1e-9, limit=200)[0])  # type: ignore[attr-defined]

    assert found.log_lift[0, 1] == pytest.approx(mean_log(posterior) - mean_log(prior), abs=1e-4)


def test_what_goes_together_is_seen_and_what_does_not_is_not() -> None:
    lift = co_holding(clusters(2_000)).log_lift
    assert lift[0, 1] > 0.3
    assert lift[0, 4] < -0.3
    assert abs(lift[0, 6]) < 0.15
    assert np.allclose(lift, lift.T)
    assert np.all(np.diag(lift) == 0)


def test_without_structure_lifts_are_drawn_to_nothing() -> None:
    held = np.random.default_rng(7).uniform(size=(400, 8)) < 0.3
    found = co_holding(held)
    raw = np.log(found.seen / found.expected)[np.triu_indices(8, 1)]
    drawn = found.log_lift[np.triu_indices(8, 1)]
    assert drawn.std() < 0.35 * raw.std()
    assert np.abs(drawn).max() < 0.1


def test_breadth_alone_makes_no_lift() -> None:
    """Broad holders have everything: pairs abound, and none goes with another."""
    rng = np.random.default_rng(3)
    held = rng.uniform(size=(3_000, 6)) < np.where(rng.uniform(size=(3_000, 1)) < 0.3, 0.8, 0.1)
    found = co_holding(held)
    plain = np.log(found.seen[0, 1] * len(held) / (held[:, 0].sum() * held[:, 1].sum()))
    assert plain > 0.5
    assert np.abs(found.log_lift).max() < 0.1


@given(st.integers(2, 40), st.integers(2, 8), st.integers(0, 10_000))
def test_any_holdings_give_finite_symmetric_lifts_and_keep_the_spread(n: int, k: int, seed: int) -> None:
    held = np.random.default_rng(seed).uniform(size=(n, k)) < np.random.default_rng(seed + 1).uniform(size=k)
    found = co_holding(held)
    assert np.isfinite(found.log_lift).all()
    assert np.allclose(found.log_lift, found.log_lift.T)
    assert np.isfinite(affinity(found.log_lift, held)).all()


def test_affinity_is_the_mean_lift_over_the_other_things() -> None:
    lift = np.array([[0.0, 0.5, -0.2], [0.5, 0.0, 0.1], [-0.2, 0.1, 0.0]])
    held = np.array([[True, True, False], [False, False, True], [False, False, False]])
    found = affinity(lift, held)
    assert found[0] == pytest.approx([0.5, 0.5, (-0.2 + 0.1) / 2])
    assert found[1] == pytest.approx([-0.2, 0.1, 0.0])
    assert found[2] == pytest.approx([0.0, 0.0, 0.0])
