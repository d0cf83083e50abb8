"""Order rates by the conjugate rule: against closed forms and against integrals worked out step by step."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from prmkit.prove.limit.rate import AtRandom

SHAPE, MEAN = 1.3, 0.8
COUNT, EXPOSURE = 7.0, 12.5


def one(shape: float | None = SHAPE) -> AtRandom:
    return AtRandom(1.0, np.array([MEAN]), shape, np.array([COUNT]), np.array([[4.0, EXPOSURE, EXPOSURE]]))


def posterior(rate: float, exposure: float) -> float:
    return float(rate**COUNT * np.exp(-rate * exposure) * stats.gamma.pdf(rate, SHAPE, scale=MEAN / SHAPE))


def test_the_evidence_is_the_integral_over_the_prior() -> None:
    found = np.exp(one().log_evidence[0])
    for column, exposure in enumerate((4.0, EXPOSURE)):
        assert found[column] == pytest.approx(integrate.quad(posterior, 0, 30, args=(exposure,))[0], rel=1e-7)


def test_draws_have_the_moments_of_the_gamma_posterior() -> None:
    drawn = one().draw(np.full((1, 200_000), 1), np.random.default_rng(4))
    exact = stats.gamma(SHAPE + COUNT, scale=1 / (SHAPE / MEAN + EXPOSURE))
    assert drawn.mean() == pytest.approx(exact.mean(), rel=0.005)
    assert drawn.std() == pytest.approx(exact.std(), rel=0.01)
    assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx(exact.ppf([0.05, 0.95]), rel=0.01)


def test_silence_is_the_mean_of_its_chance_over_the_posterior() -> None:
    total = integrate.quad(posterior, 0, 30, args=(EXPOSURE,))[0]
    quiet = [integrate.quad(lambda r, more=more: posterior(r, EXPOSURE + more), 0, 30)[0] / total for more in (0.9, 2.0)]
    assert one().silence(np.array([[0.9, 1.1]]))[0] == pytest.approx(quiet, rel=1e-7)


def test_the_log_of_a_rate_has_the_moments_of_a_log_gamma() -> None:
    centre, variance = one().log_moments()
    drawn = np.log(one().draw(np.full((1, 400_000), 1), np.random.default_rng(5)))
    assert centre[0, 1] == pytest.approx(drawn.mean(), abs=0.003)
    assert variance[0, 1] == pytest.approx(drawn.var(), rel=0.01)


def test_a_rate_without_spread_is_its_mean() -> None:
    fixed = one(shape=None)
    assert fixed.log_evidence[0, 1] == pytest.approx(COUNT * np.log(MEAN) - MEAN * EXPOSURE)
    assert (fixed.draw(np.zeros((1, 3), dtype=np.int64), np.random.default_rng(1)) == MEAN).all()
    assert fixed.silence(np.array([[0.9, 1.1]]))[0] == pytest.approx(np.exp(-MEAN * np.array([0.9, 2.0])))
