"""BG/NBD: the published CDNOW case, recovery of known parameters, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special

from prmkit.estimators.dormancy import Dormancy, fit_dormancy, log_likelihood

# Fader, Hardie and Lee, Marketing Science 24 (2005) 275: estimates on 2,357 CDNOW customers, weeks
CDNOW = Dormancy(r=0.243, alpha=4.414, a=0.793, b=2.426, log_likelihood=-9582.4, n=2357, converged=True)


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


def test_cdnow_customer_of_the_paper() -> None:
    x, last, age = one(2.0, 30.43, 38.86)
    assert CDNOW.alive(x, last, age)[0] == pytest.approx(0.7266, abs=5e-5)
    assert CDNOW.orders(39, x, last, age)[0] == pytest.approx(1.226, abs=5e-4)


def test_a_buyer_of_one_order_counts_as_alive() -> None:
    x, last, age = one(0.0, 0.0, 38.86)
    assert CDNOW.alive(x, last, age)[0] == 1.0


def test_likelihood_is_the_integral_over_rates_and_drop_chances() -> None:
    r, alpha, a, b, x, last, age = 1.3, 2.0, 0.9, 2.5, 3.0, 4.0, 6.0

    def inner(p: float, lam: float) -> float:
        rate = alpha**r * lam ** (r - 1) * np.exp(-alpha * lam) / special.gamma(r)
        drop = p ** (a - 1) * (1 - p) ** (b - 1) / special.beta(a, b)
        alive = (1 - p) ** x * lam**x * np.exp(-lam * age)
        gone = p * (1 - p) ** (x - 1) * lam**x * np.exp(-lam * last)
        return rate * drop * (alive + gone)

    total, _ = integrate.dblquad(inner, 0, 30, 0, 1)
    assert log_likelihood(np.array([r, alpha, a, b]), *one(x, last, age)) == pytest.approx(np.log(total), abs=1e-4)


def test_modified_model_lets_a_buyer_leave_after_its_first_order() -> None:
    """Batislam, Denizel and Filiztekin (2007): with no repeat the odds of being gone are a / b ((alpha + T) / alpha)^r."""
    model = Dormancy(r=0.5, alpha=4.0, a=0.8, b=2.4, log_likelihood=0.0, n=1, converged=True, after_first=True)
    odds = 0.8 / 2.4 * ((4 + 38.86) / 4) ** 0.5
    assert model.alive(*one(0.0, 0.0, 38.86))[0] == pytest.approx(1 / (1 + odds))
    r, alpha, a, b = 0.5, 4.0, 0.8, 2.4
    by_hand = np.log((b / (a + b)) * (alpha / (alpha + 38.86)) ** r + a / (a + b))
    assert log_likelihood(np.array([r, alpha, a, b]), *one(0.0, 0.0, 38.86), after_first=True) == pytest.approx(by_hand)


def simulated(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    age = rng.uniform(15, 30, n)
    rate, drop = rng.gamma(1.2, 1 / 2.0, n), rng.beta(0.9, 3.0, n)
    repeats, last, alive = np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    clock = np.zeros(n)
    live = alive.copy()
    while live.any():
        clock = np.where(live, clock + rng.exponential(1 / rate), clock)
        live &= clock <= age
        repeats[live] += 1
        last[live] = clock[live]
        leaves = live & (rng.random(n) < drop)
        alive &= ~leaves
        live &= ~leaves
    return repeats, last, age, alive


def test_known_parameters_are_found_and_the_probability_is_calibrated() -> None:
    repeats, last, age, alive = simulated(1)
    fit = fit_dormancy(repeats, last, age)
    assert fit.converged
    assert fit.r == pytest.approx(1.2, rel=0.15)
    assert fit.r / fit.alpha == pytest.approx(0.6, rel=0.1)
    assert fit.a / (fit.a + fit.b) == pytest.approx(0.9 / 3.9, rel=0.12)
    p = fit.alive(repeats, last, age)
    assert p.mean() == pytest.approx(alive.mean(), abs=0.02)
    for low, high in ((0.1, 0.4), (0.4, 0.7), (0.7, 0.95)):
        inside = (p > low) & (p <= high)
        assert alive[inside].mean() == pytest.approx(p[inside].mean(), abs=0.07)


def test_buyers_that_are_all_alike_are_a_maximum_too() -> None:
    rng = np.random.default_rng(4)
    age = np.full(400, 20.0)
    gaps = rng.exponential(2.0, (400, 60)).cumsum(axis=1)
    drop = rng.geometric(0.1, 400)
    seen = (gaps <= 20) & (np.arange(60) < drop[:, None] - 1)
    repeats, last = seen.sum(axis=1).astype(float), np.where(seen, gaps, 0).max(axis=1)
    fit = fit_dormancy(repeats, last, age)
    assert fit.converged
    assert fit.r / fit.alpha == pytest.approx(0.5, rel=0.15)
    assert fit.a / (fit.a + fit.b) == pytest.approx(0.1, abs=0.03)


def test_weights_stand_for_repeated_cases_and_time_has_no_unit() -> None:
    repeats, last, age, _ = simulated(2, 300)
    doubled = fit_dormancy(np.tile(repeats, 2), np.tile(last, 2), np.tile(age, 2))
    weighted = fit_dormancy(repeats, last, age, weight=np.full(300, 2.0))
    days = fit_dormancy(repeats, 30 * last, 30 * age)
    assert weighted.log_likelihood == pytest.approx(doubled.log_likelihood, abs=1e-3)
    assert days.alive(repeats, 30 * last, 30 * age) == pytest.approx(doubled.alive(repeats, last, age), abs=1e-3)


def test_no_repeat_order_and_impossible_dates_are_refused() -> None:
    with pytest.raises(ValueError, match="ordered twice"):
        fit_dormancy(np.zeros(5), np.zeros(5), np.full(5, 3.0))
    with pytest.raises(ValueError, match="after the end"):
        fit_dormancy(*one(1.0, 5.0, 3.0))
