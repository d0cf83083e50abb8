"""Selling months and leaving on units whose chances are known."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.beat import Beat, fit_beat
from prmkit.estimators.lives import even_gaps, lives, selling_months


def made(seed: int, chance: np.ndarray, leaves: float, months: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Months with a sale (n, months) of units that all begin with one in month 0, and who is still there at the end."""
    rng = np.random.default_rng(seed)
    stays = rng.geometric(leaves, len(chance)) if leaves else np.full(len(chance), 10**6)
    sells = (rng.random((len(chance), months)) < chance[:, None]) & (np.arange(months) < stays[:, None])
    sells[:, 0] = True
    return sells, stays >= months


def fitted(sells: np.ndarray) -> Beat:
    months = sells.shape[1]
    return fit_beat(np.argmax(sells, axis=1), months - 1 - np.argmax(sells[:, ::-1], axis=1), sells.sum(axis=1), months)


def test_the_chance_of_leaving_is_found_among_slow_units() -> None:
    """An order in five months each: nearly every gap rule calls most of them gone."""
    sells, there = made(1, np.random.default_rng(2).beta(2, 8, 3000), 0.02)
    found = fitted(sells)
    assert found.leaves == pytest.approx(0.02, rel=0.15)
    assert found.alive.sum() == pytest.approx(there.sum(), rel=0.04)
    assert found.share @ found.chances == pytest.approx(0.2, abs=0.02)


def test_chances_of_being_there_hold_as_often_as_they_say() -> None:
    sells, there = made(3, np.random.default_rng(4).beta(1.5, 3, 4000), 0.03)
    alive = fitted(sells).alive
    for low, high in ((0.05, 0.35), (0.35, 0.65), (0.65, 0.9), (0.9, 1.0)):
        some = (alive > low) & (alive <= high)
        assert there[some].mean() == pytest.approx(alive[some].mean(), abs=0.07)


def test_nobody_leaves_where_nobody_leaves() -> None:
    sells, _ = made(5, np.full(500, 0.3), 0.0)
    found = fitted(sells)
    assert found.leaves < 0.001
    assert found.alive.mean() > 0.99


def test_one_kind_of_unit_in_closed_form() -> None:
    """All sell with the same chance p: being there after s silent months is r^s / (r^s + q (1 - r^s) / (1 - r)), r = (1 - p)(1 - q)."""
    sells, _ = made(6, np.full(20_000, 0.5), 0.04)
    found = fitted(sells)
    silence = 29 - (29 - np.argmax(sells[:, ::-1], axis=1))
    r = 0.5 * 0.96
    for months in (2, 4, 6):
        still = r**months
        expected = still / (still + 0.04 * (1 - still) / (1 - r))
        some = (silence == months) & (sells.sum(axis=1) > 5)
        assert found.alive[some].mean() == pytest.approx(expected, abs=0.05)


def test_slow_units_are_given_longer() -> None:
    sells, _ = made(7, np.repeat([0.9, 0.15], 500), 0.02)
    months = fitted(sells).telling(6)
    assert np.median(months[:500]) == 6
    assert np.median(months[500:]) > 12


def test_without_a_sale_nothing_is_said() -> None:
    none = fit_beat(np.full(3, 12), np.full(3, -1), np.zeros(3, dtype=int), 12)
    assert none.alive.tolist() == [0, 0, 0]
    assert np.isnan(none.sells).all()
    assert none.leaves == 0.02


def test_a_rhythm_is_told_from_chance() -> None:
    revenue = np.zeros((3, 24))
    revenue[0, ::3] = 1
    revenue[1, [0, 1, 2, 9, 10, 20]] = 1
    revenue[2, [0, 3]] = 1
    assert even_gaps(selling_months(revenue), 3).tolist() == [True, False, False]
    assert lives(revenue).meant[0] == 6
