"""Shares over worlds: the exact binomial interval for independent units, a wider one where units of a world hang together."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.prove.proportion import clopper_pearson, proportion


@pytest.mark.parametrize(("hits", "units"), [(0, 12), (3, 40), (180, 200), (200, 200)])
def test_one_unit_a_world_is_the_exact_binomial_interval(hits: int, units: int) -> None:
    seen = proportion([1] * hits + [0] * (units - hits), [1] * units)
    expected = stats.binomtest(hits, units).proportion_ci(0.99, "exact")
    assert (seen.low, seen.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert (seen.share, seen.effective) == pytest.approx((hits / units, units))


def test_the_design_effect_by_hand() -> None:
    # c = 24/30 = 0.8; deviations 10-8, 8-8, 6-8 -> between = 3/2 * 8 / 900; independent: 0.16 / 29
    seen = proportion([10, 8, 6], [10, 10, 10])
    effect = (1.5 * 8 / 900) / (0.16 / 29)
    ratio = stats.t.ppf(0.995, 29) / stats.t.ppf(0.995, 2)
    assert effect == pytest.approx(2.416666666)
    assert seen.effective == pytest.approx(30 / effect * ratio**2)
    assert (seen.low, seen.high) == clopper_pearson(0.8 * seen.effective, seen.effective)


def test_worlds_more_alike_than_chance_gain_nothing() -> None:
    seen = proportion([9] * 50, [10] * 50)
    assert seen.effective < 500
    assert seen.effective == pytest.approx(500 * (stats.t.ppf(0.995, 499) / stats.t.ppf(0.995, 49)) ** 2)


def test_all_hit_is_worth_no_more_than_the_worlds() -> None:
    seen = proportion([50, 70, 0], [50, 70, 0])
    assert (seen.hits, seen.units, seen.share, seen.effective, seen.high) == (120, 120, 1.0, 2.0, 1.0)
    assert seen.low == pytest.approx(0.005**0.5)


def test_nothing_seen_is_nan() -> None:
    for seen in (proportion([], []), proportion([0, 0], [0, 0])):
        assert seen.units == 0
        assert np.isnan([seen.share, seen.low, seen.high, seen.effective]).all()


def test_the_interval_holds_the_true_share_where_units_hang_together() -> None:
    draw = np.random.default_rng(5)
    worlds, units, held, held_if_independent = 40, 50, 0, 0
    for _ in range(300):
        shared = draw.beta(0.9 * 8, 0.1 * 8, worlds)
        hits = draw.binomial(units, shared)
        seen = proportion(hits, [units] * worlds)
        held += seen.low <= 0.9 <= seen.high
        low, high = clopper_pearson(float(hits.sum()), worlds * units)
        held_if_independent += low <= 0.9 <= high
    assert held >= 288
    assert held_if_independent < 250
