"""Forecasts made again at earlier dates: nothing of what came later may be seen, and misses widen what comes next."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.growth import Growth
from prmkit.estimators.rolling import Panel, origins, roll, taught
from tests.estimators.channels import world


def panel(revenue: np.ndarray) -> Panel:
    return Panel(revenue, None, np.full(len(revenue), np.nan))


def test_origins_are_half_a_year_apart_and_a_year_ahead() -> None:
    assert origins(36, 500) == [(12, 12), (18, 12), (24, 12)]
    assert origins(36, 20_000) == [(12, 12), (18, 12), (24, 12)]
    assert origins(60, 20_000) == [(36, 12), (42, 12), (48, 12)]
    assert origins(24, 500) == [(12, 12)]
    assert origins(20, 500) == [(14, 6)]
    assert origins(17, 500) == []


def test_what_came_later_changes_no_earlier_forecast() -> None:
    revenue = world(3).revenue
    other = revenue.copy()
    other[:, 24:] *= 3.0
    one, again = roll(panel(revenue), 1), roll(panel(other), 1)
    assert [trial.months for trial in one] == [12, 18, 24]
    for before, after in zip(one, again, strict=True):
        assert np.array_equal(before.made.total(), after.made.total())
    assert again[2].seen.sum() == pytest.approx(3 * one[2].seen.sum())


def test_only_units_known_by_then_are_in_it() -> None:
    revenue = np.ones((40, 30))
    revenue[30:, :20] = 0.0
    trials = roll(panel(revenue), 1)
    assert [len(trial.units) for trial in trials] == [30, 30]
    signed = np.where(np.arange(40) < 35, 0.0, 25.0)
    listed = roll(Panel(revenue, signed, np.full(40, np.nan)), 1)
    assert [len(trial.units) for trial in listed] == [35, 35]


def test_the_year_before_and_what_came_are_sums_of_the_panel() -> None:
    revenue = world(5).revenue
    (trial,) = roll(panel(revenue[:, :24]), 1)
    known = (revenue[:, :12] > 0).any(axis=1)
    assert trial.last.sum() == pytest.approx(revenue[known, :12].sum())
    assert trial.seen.sum() == pytest.approx(revenue[known, 12:24].sum())
    assert trial.miss == pytest.approx(np.log(trial.seen.sum() / trial.made.total().mean()), abs=0.02)


def test_misses_widen_the_shock_by_hand() -> None:
    revenue = world(5).revenue
    (trial,) = roll(panel(revenue[:, :24]), 1)
    growth = Growth(0.0, 0.05, 0.06, (), (), 0, 4.0)
    found = taught(growth, [trial], 24)
    weight = 0.5 * 12 / 24
    square = max(trial.miss**2 - trial.luck, 0.0)
    assert found.shock**2 == pytest.approx((4 * 0.0036 + weight * square) / (4 + weight))
    assert found.freedom == 4 + weight
    assert taught(growth, [], 24) is growth
