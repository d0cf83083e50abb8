"""Shrinkage: published cases, and intervals that hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from prmkit.estimators.shrinkage import hierarchy, james_stein, prior_sizes, shrink

# Efron and Morris, Scientific American 236 (1977): batting averages of 18 players after 45 at bats, and of the rest of the season
EARLY = np.array([400, 378, 356, 333, 311, 311, 289, 267, 244, 244, 222, 222, 222, 222, 222, 200, 178, 156]) / 1000
LATE = np.array([346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 285, 316, 200]) / 1000


def test_efron_and_morris_batting_averages() -> None:
    centre = EARLY.mean()
    shrunk = james_stein(EARLY, centre * (1 - centre) / 45)
    assert 1 - shrunk.weight[0] == pytest.approx(0.212, abs=0.0005)
    assert np.sum((EARLY - LATE) ** 2) == pytest.approx(0.0754, abs=0.00005)
    assert np.sum((shrunk.mean - LATE) ** 2) == pytest.approx(0.0213, abs=0.00005)


def test_james_stein_needs_four_and_never_overshoots() -> None:
    with pytest.raises(ValueError, match="four"):
        james_stein(np.array([1.0, 2.0, 3.0]), 1.0)
    assert james_stein(np.array([1.0, 2.0, 3.0, 4.0]), 1e6).mean == pytest.approx([2.5] * 4)


def test_shrink_by_hand() -> None:
    shrunk = shrink(np.array([20.0]), 75.0, 50.0, 25.0)
    assert shrunk.mean[0] == 42.5
    assert shrunk.weight[0] == 0.75
    assert shrunk.variance[0] == 0.75 * 25


def test_shrink_at_the_ends() -> None:
    unseen = shrink(np.array([np.nan, 7.0]), np.array([np.inf, 0.0]), 50.0, 25.0)
    assert unseen.mean == pytest.approx([50.0, 7.0])
    assert unseen.variance == pytest.approx([25.0, 0.0])
    assert shrink(np.array([7.0]), 2.0, 50.0, 0.0).mean[0] == 50.0
    with pytest.raises(ValueError, match="negative"):
        shrink(np.array([7.0]), -1.0, 50.0, 25.0)


def test_hierarchy_agrees_with_random_effects_meta_analysis() -> None:
    rng = np.random.default_rng(3)
    s2 = rng.uniform(0.2, 2.0, 400)
    y = 5 + rng.standard_normal(400) + np.sqrt(s2) * rng.standard_normal(400)
    fit = hierarchy(y, s2, np.ones((400, 1)), np.array([0]), rng, 2000)
    other = combine_effects(y, s2, method_re="iterated")
    assert fit.spread.mean() == pytest.approx(np.sqrt(other.tau2), abs=0.05)
    assert fit.coefficients[:, 0].mean() == pytest.approx(other.mean_effect_re, abs=0.02)
    assert fit.coefficients[:, 0].std() == pytest.approx(other.sd_eff_w_re, rel=0.1)


def test_hierarchy_does_not_depend_on_the_unit_of_measurement() -> None:
    rng = np.random.default_rng(4)
    y, s2 = 100 + 20 * rng.standard_normal(60), np.full(60, 50.0)
    design = np.column_stack([np.ones(60), rng.standard_normal(60)])
    small = hierarchy(y, s2, design, np.array([0, 1]), np.random.default_rng(1), 200)
    large = hierarchy(1e6 * y, 1e12 * s2, design, np.array([0, 1]), np.random.default_rng(1), 200)
    assert large.spread == pytest.approx(1e6 * small.spread)
    assert large.coefficients == pytest.approx(1e6 * small.coefficients)


def test_hierarchy_intervals_hold_the_truth_nine_times_in_ten() -> None:
    held = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(8), 30)
        effect = 0.5 * rng.standard_normal(8)
        truth = 2 + effect[group] + 0.6 * rng.standard_normal(240)
        s2 = rng.uniform(0.1, 3.0, 240)
        y = truth + np.sqrt(s2) * rng.standard_normal(240)
        s2[:20] = np.inf
        member = (group[:, None] == np.arange(8)).astype(float)
        design = np.column_stack([np.ones(240), member - member.mean(axis=0)])
        draws = hierarchy(y, s2, design, np.array([0] + [1] * 8), rng).draw(slice(0, 240), rng)
        low, high = np.quantile(draws, [0.05, 0.95], axis=1)
        held.append(np.mean((truth >= low) & (truth <= high)))
    assert 0.87 < np.mean(held) < 0.93


def test_needless_columns_do_not_move_units_that_are_alike() -> None:
    """Ten meaningless groups of twenty: group means alone would scatter by 0.22 around the common 0."""
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(10), 20)
    y = rng.standard_normal(200)
    member = (group[:, None] == np.arange(10)).astype(float)
    design = np.column_stack([np.ones(200), member - member.mean(axis=0)])
    fit = hierarchy(y, np.ones(200), design, np.array([0] + [1] * 10), rng)
    centres = (design @ fit.coefficients.T).mean(axis=1)
    assert np.std(centres) < 0.05


def test_hierarchy_of_equal_values_has_no_spread_and_of_two_units_is_refused() -> None:
    rng = np.random.default_rng(5)
    fit = hierarchy(np.full(9, 0.3), np.full(9, 0.01), np.ones((9, 1)), np.array([0]), rng, 50)
    assert fit.draw(slice(0, 9), rng) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="three"):
        hierarchy(np.array([1.0, 2.0, 3.0]), np.array([1.0, np.inf, 1.0]), np.ones((3, 1)), np.array([0]), rng)


def test_prior_sizes_are_every_combination() -> None:
    assert prior_sizes(2, (0.1, 1.0)).tolist() == [[1e3, 0.1, 0.1], [1e3, 0.1, 1.0], [1e3, 1.0, 0.1], [1e3, 1.0, 1.0]]
    assert prior_sizes(0).tolist() == [[1e3]]
