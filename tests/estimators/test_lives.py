"""Selling lives, worked out by hand on panels that fit in the head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prmkit.estimators.attrition import fit_attrition, hazard_shock, life_table, monthly, steady_state, still_selling, yearly
from prmkit.estimators.lives import lives, mean_gap, selling_months, silence_meant, usual_gap


def panel(*months: list[int], length: int = 24) -> np.ndarray:
    """Revenue of 10 in the months named, one row a unit."""
    revenue = np.zeros((len(months), length))
    for row, sold in enumerate(months):
        revenue[row, sold] = 10.0
    return revenue


def test_gaps_are_counted_within_a_unit() -> None:
    sales = selling_months(panel([0, 3, 4], [2], []))
    assert sales.unit.tolist() == [0, 0, 0, 1]
    assert sales.month.tolist() == [0, 3, 4, 2]
    assert sales.gap.tolist() == [3, 1, 0, 0]


def test_a_return_with_no_revenue_above_zero_is_no_sale() -> None:
    revenue = panel([0, 3])
    revenue[0, 5] = -4.0
    assert selling_months(revenue).month.tolist() == [0, 3]


def test_the_usual_gap_is_the_units_own_median_once_it_has_three() -> None:
    sales = selling_months(panel([0, 3, 6, 9], [0, 1, 2, 3, 4, 9], [0, 12]))
    usual, pooled = usual_gap(sales, 3)
    assert pooled == 3.0
    assert usual.tolist() == [3.0, 1.0, 3.0]


def test_six_silent_months_are_no_event_for_a_slow_buyer() -> None:
    assert silence_meant(np.array([1.0, 4.0, 4.5, 12.0])).tolist() == [6, 6, 9, 24]


def test_the_mean_gap_leaves_out_the_long_silences() -> None:
    sales = selling_months(panel([0, 2, 4, 6, 20]))
    assert mean_gap(sales, np.array([6])).tolist() == [2.0]


def test_a_life_of_four_quarterly_sales_lasts_twelve_months() -> None:
    made = lives(panel([6, 9, 12, 15], [6, 9, 12, 15, 18, 21]))
    assert np.flatnonzero(made.alive[0]).tolist() == list(range(6, 18))
    assert np.flatnonzero(made.alive[1]).tolist() == list(range(6, 24))
    assert made.lapsed.tolist() == [True, False]
    assert made.silence.tolist() == [8, 2]


def test_active_is_six_months_to_the_day() -> None:
    made = lives(panel([9, 12, 15, 18], [8, 11, 14, 17]))
    assert made.silence.tolist() == [5, 6]
    assert made.lapsed.tolist() == [False, True]


def test_units_that_sold_from_the_first_months_on_may_be_older() -> None:
    made = lives(panel([0, 2, 4], [5, 7, 9]))
    assert made.dated.tolist() == [False, True]
    assert made.age[:, 5].tolist() == [12 + 5, 0]


def test_age_counts_from_signing_where_half_are_known() -> None:
    revenue = panel([6, 9], [8, 9], [10, 11])
    assert lives(revenue, np.array([2.0, -7.0, np.nan])).clock == "signing"
    assert lives(revenue, np.array([2.0, -7.0, np.nan])).start.tolist() == [2, -7, 10]
    assert lives(revenue, np.array([2.0, np.nan, np.nan])).clock == "first_sale"


def test_lapses_and_months_of_life_by_hand() -> None:
    """One unit of four quarterly sales from month 6 that lapses, another that goes on to the end."""
    table = life_table(lives(panel([6, 9, 12, 15], [6, 9, 12, 15, 18, 21])))
    assert table.lapses.sum(axis=1).tolist() == [1.0, 0.0]
    assert table.lapses[0].tolist() == [0, 0, 1, 0, 0]  # the life ends with month 11 of age
    assert table.months[0].tolist() == [3, 3, 6, 0, 0]
    assert table.months[1].tolist() == [3, 3, 6, 0, 0]  # sales up to month 17: later ones are not yet decided


def test_a_return_counts_the_months_it_took() -> None:
    table = life_table(replace(lives(panel([2, 3, 4, 14], [2, 3, 4, 5], length=30)), meant=np.array([6, 6])))
    assert table.silent[0].tolist() == [4 + 6, 3]  # months 11 to 14; then 21 to 26 and 27 to 29 after it lapsed again
    assert table.returns[0].tolist() == [1.0, 0.0]
    assert table.silent[1].tolist() == [6.0, 12.0]
    assert table.returns[1].tolist() == [0.0, 0.0]


def test_the_hazard_is_found_in_a_geometric_world() -> None:
    rng = np.random.default_rng(1)
    n, hazard = 4000, 0.03
    start, life = rng.integers(1, 30, n), rng.geometric(hazard, n)
    month = np.arange(48)
    revenue = 10.0 * ((month >= start[:, None]) & (month < (start + life)[:, None]))
    made = lives(revenue)
    fitted = fit_attrition(life_table(made), np.zeros(n, dtype=np.int64), np.ones((1, n)))
    assert fitted.pooled[0] == pytest.approx(hazard, rel=0.03)
    assert fitted.hazard[0] == pytest.approx([hazard] * 5, rel=0.12)
    assert hazard_shock(made, fitted, np.zeros(n, dtype=np.int64)) < 0.2
    alive = start + life > 48
    assert still_selling(made).sum() == pytest.approx(alive.sum(), rel=0.02)


def test_large_units_that_stay_longer_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    n = 3000
    large = np.arange(n) % 2
    start, life = rng.integers(1, 20, n), rng.geometric(np.where(large == 1, 0.01, 0.04))
    month = np.arange(40)
    revenue = 10.0 * ((month >= start[:, None]) & (month < (start + life)[:, None]))
    fitted = fit_attrition(life_table(lives(revenue)), large, np.ones((1, n)), classes=2)
    rate = fitted.of(0, np.array([0, 1]), np.array([[30], [30]]))[:, 0]
    assert rate == pytest.approx([0.04, 0.01], rel=0.25)


def test_years_and_months() -> None:
    assert yearly(np.array([monthly(0.3)])) == pytest.approx([0.3])
    assert steady_state(5, 0.02) == 250
    with pytest.raises(ValueError, match="share a year"):
        monthly(-0.1)
    with pytest.raises(ValueError, match="steady state"):
        steady_state(5, 0)


def test_geometric_attrition_settles_at_signings_over_hazard() -> None:
    rng = np.random.default_rng(3)
    active, seen = 0, []
    for month in range(4000):
        active += rng.poisson(5) - rng.binomial(active, 0.02)
        if month > 500:
            seen.append(active)
    assert np.mean(seen) == pytest.approx(steady_state(5, 0.02), rel=0.03)
