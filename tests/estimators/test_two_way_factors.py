"""Factors of rows and columns that do not mistake one for the other, and shares drawn to the common one."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.two_way_factors import lasting, relative_rate, two_way_factors


def test_a_row_full_of_a_strong_column_is_not_strong() -> None:
    """Columns differ fourfold, rows not at all; the first row has nearly all of the strong column."""
    row = np.repeat([0, 1, 2], 100)
    column = np.concatenate([np.r_[np.ones(90), np.zeros(10)], np.r_[np.ones(10), np.zeros(90)], np.r_[np.ones(10), np.zeros(90)]]).astype(
        int
    )
    made = two_way_factors(np.where(column == 1, 4.0, 1.0), row, column, 3, 2)
    assert made.columns.factor[1] / made.columns.factor[0] == pytest.approx(4.0, rel=0.02)
    assert made.rows.factor / made.rows.factor[0] == pytest.approx(np.ones(3), rel=0.02)
    plain = [np.where(column[row == one] == 1, 4.0, 1.0).mean() for one in range(3)]
    assert plain[0] / plain[1] > 2.5


def test_luck_is_taken_out() -> None:
    """Twenty groups that are truly alike, ten times: the spread of plain means is luck, and hardly any of it is kept."""
    row, kept = np.repeat(np.arange(20), 15), []
    for seed in range(10):
        value = np.random.default_rng(seed).lognormal(0, 1.0, 300)
        made = two_way_factors(value, row, np.zeros(300, dtype=int), 20, 1)
        plain = np.array([value[row == one].mean() for one in range(20)])
        kept.append(np.log(made.rows.factor).std() / np.log(plain).std())
    assert np.mean(kept) < 0.3


def test_groups_of_fewer_than_eight_stay_at_one_and_are_unsure() -> None:
    row = np.repeat([0, 1, 2], [40, 40, 7])
    made = two_way_factors(np.repeat([1.0, 3.0, 50.0], [40, 40, 7]), row, np.zeros(87, dtype=int), 3, 1)
    assert made.rows.factor[2] == pytest.approx(made.rows.factor[:2].mean(), rel=0.5)
    assert made.rows.unsure[2] > made.rows.unsure[:2].max()
    assert made.rows.seen.tolist() == [40, 40, 7]


def test_nothing_seen_changes_nothing() -> None:
    made = two_way_factors(np.array([]), np.array([], dtype=int), np.array([], dtype=int), 2, 3)
    assert made.rows.factor.tolist() == [1.0, 1.0]
    assert made.columns.factor.tolist() == [1.0, 1.0, 1.0]


def test_rates_are_drawn_to_the_common_one_by_ten_events() -> None:
    """Events 30 and 10 of 100 each: the common rate is 0.2, so 20 were expected of each."""
    assert relative_rate(np.array([30.0, 10.0]), np.array([100.0, 100.0])) == pytest.approx([40 / 30, 20 / 30])
    assert relative_rate(np.zeros(2), np.ones(2)).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("hazard", "months"), [(0.01, 12.0), (0.05, 12.0), (0.2, 18.0)])
def test_how_long_units_signed_evenly_last(hazard: float, months: float) -> None:
    signed = (np.arange(200_000) + 0.5) / 200_000 * months
    stays = (1 - np.exp(-hazard * (months - signed))) / hazard
    assert lasting(hazard, months) == pytest.approx(stays.mean() / (months / 2), rel=1e-6)
