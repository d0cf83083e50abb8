"""Elasticity of revenue to units: the golden best count, and the same numbers as statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from prmkit.estimators.saturation import (
    PRIOR_MEAN,
    PRIOR_SPREAD,
    Elasticity,
    best_count,
    estimable,
    fit_elasticity,
    marginal_yield,
    over_distributed,
)


def panel(places: int, periods: int, elasticity: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Revenue, units, place, period of a market where revenue = place x season x units ** elasticity x luck."""
    rng = np.random.default_rng(seed)
    place, period = np.repeat(np.arange(places), periods), np.tile(np.arange(periods), places)
    units = np.maximum(np.round(np.exp(rng.normal(3.5, 0.5, places))[place] * np.exp(rng.normal(0, 0.35, len(place)))), 1.0)
    luck = rng.gamma(20, 1 / 20, len(place))
    return (
        np.exp(rng.normal(9, 0.6, places))[place] * np.exp(rng.normal(0, 0.2, periods))[period] * units**elasticity * luck,
        units,
        place,
        period,
    )


def test_golden_best_count() -> None:
    best = best_count(1_000_000, 0.6, 0.3, 20_000)
    assert best == pytest.approx(243, abs=0.05)
    revenue = 1_000_000 * best**0.6
    assert revenue / best == pytest.approx(111_111, abs=1)
    assert marginal_yield(revenue, best, 0.6) == pytest.approx(66_667, abs=1)
    assert 0.3 * marginal_yield(revenue, best, 0.6) == pytest.approx(20_000)


def test_no_best_count_without_falling_returns() -> None:
    with pytest.raises(ValueError, match="no best number"):
        best_count(1_000_000, 1.0, 0.3, 20_000)


def test_the_same_as_poisson_regression_with_dummies() -> None:
    revenue, units, place, period = panel(20, 10, 0.7, 1)
    dummies = np.column_stack([np.log(units), np.eye(20)[place], np.eye(10)[period][:, 1:]])
    other = sm.GLM(revenue, dummies, family=sm.families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": place, "use_correction": False}
    )
    made = fit_elasticity(revenue, units, place, period)
    assert made.estimate == pytest.approx(other.params[0], rel=1e-6)
    assert other.bse[0] < made.error < 1.6 * other.bse[0]
    assert (made.places, made.periods, made.data_weight) == (20, 10, 1.0)


def test_the_interval_covers() -> None:
    """Over 200 markets the 90% interval holds the truth within three Monte Carlo errors (.064) of .90."""
    inside = [made.low <= 0.8 <= made.high for made in (fit_elasticity(*panel(18, 8, 0.8, seed)) for seed in range(200))]
    assert 0.836 <= np.mean(inside) <= 0.964


def test_few_places_are_combined_with_the_prior() -> None:
    revenue, units, place, period = panel(6, 12, 0.5, 3)
    made = fit_elasticity(revenue, units, place, period)
    data = (made.estimate - (1 - made.data_weight) * PRIOR_MEAN) / made.data_weight
    assert 0 < made.data_weight < 1
    assert made.error < PRIOR_SPREAD
    assert min(data, PRIOR_MEAN) < made.estimate < max(data, PRIOR_MEAN)


def test_what_cannot_be_told_is_refused() -> None:
    revenue, units, place, period = panel(3, 12, 0.5, 3)
    assert estimable(place, period, units) == "3 territories with enough partners: at least 4 are needed"
    with pytest.raises(ValueError, match="3 territories"):
        fit_elasticity(revenue, units, place, period)
    _, units, place, period = panel(6, 5, 0.5, 3)
    assert "quarters of history" in str(estimable(place, period, units))
    place, period = np.repeat(np.arange(6), 8), np.tile(np.arange(8), 6)
    assert "moved alike" in str(estimable(place, period, np.exp(place * 0.3 + period * 0.1)))


def test_over_distribution_is_the_chance_that_the_last_unit_costs_more_than_it_brings() -> None:
    made = Elasticity(0.6, 0.1, 0.6 - 0.164, 0.6 + 0.164, 20, 10, 1.0)
    assert over_distributed(1_000_000.0, 10.0, made, 0.3, 18_000.0) == pytest.approx(0.5)
    assert over_distributed(1_000_000.0, 10.0, made, 0.3, 9_000.0) == pytest.approx(stats.norm.cdf(-3))
    assert made.draws(50_000, np.random.default_rng(1)).mean() == pytest.approx(0.6, abs=0.002)


def test_the_error_is_near_that_of_leaving_out_a_place_at_a_time() -> None:
    revenue, units, place, period = panel(20, 10, 0.7, 1)
    without = [fit_elasticity(*(part[place != one] for part in (revenue, units, place, period))).estimate for one in range(20)]
    jackknife = np.sqrt(19 / 20 * np.sum((np.array(without) - np.mean(without)) ** 2))
    t = stats.t.ppf(0.95, 19) / stats.norm.ppf(0.95)
    assert fit_elasticity(revenue, units, place, period).error == pytest.approx(jackknife * t, rel=0.1)
