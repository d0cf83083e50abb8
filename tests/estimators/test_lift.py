"""Lifts over the like: hand-made cases, another package's integral, and what they promise in worlds whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from prmkit.estimators.lift import FEWEST, Evidence, false_share, lifts, of_counts, of_levels, of_shares, steps


def shares(rng: np.random.Generator, units: int, spread: float, cases: float = 12.0) -> tuple[Evidence, np.ndarray, np.ndarray]:
    """Evidence, true lifts, and the raw share of each unit."""
    apart = spread * rng.standard_normal(units)
    unit = np.repeat(np.arange(units), rng.poisson(cases, units) + 1)
    odds = 0.8 * rng.standard_normal(len(unit))
    chance = 1 / (1 + np.exp(-(odds + apart[unit])))
    event = (rng.random(len(unit)) < chance).astype(float)
    like = np.bincount(unit, 1 / (1 + np.exp(-odds)))
    return of_shares(event, odds, unit, units), np.bincount(unit, chance) / like - 1, np.bincount(unit, event) / np.bincount(unit)


def test_support_is_the_log_likelihood_of_the_cases() -> None:
    event, odds = np.array([1.0, 0.0, 1.0]), np.array([0.4, -1.0, 0.0])
    found = of_shares(event, odds, np.array([1, 1, 1]), 2)
    chance = 1 / (1 + np.exp(-(odds[:, None] + steps())))
    expected = stats.bernoulli.logpmf(event[:, None].astype(int), chance).sum(axis=0)
    assert found.support[1] == pytest.approx(expected, rel=1e-9)
    assert found.lift[1] == pytest.approx(chance.sum(axis=0) / (1 / (1 + np.exp(-odds))).sum() - 1, rel=1e-9)
    assert found.cases.tolist() == [0.0, 3.0]
    assert not found.support[0].any()


def test_levels_of_units_with_the_same_spread_follow_the_normal_compromise() -> None:
    """Many units with known spreads: theta = (1 - B) y with B = s2 / (s2 + tau2)."""
    rng, units, each = np.random.default_rng(4), 3_000, 4
    truth = 0.6 * rng.standard_normal(units)
    unit = np.repeat(np.arange(units), each)
    apart = truth[unit] + rng.standard_normal(units * each)
    found = lifts(of_levels(apart, unit, units, lambda distance: distance))
    mean = np.bincount(unit, apart) / each
    kept = 0.36 / (0.36 + 1 / each)
    assert found.spread == pytest.approx(0.6, abs=0.05)
    usual = np.abs(mean) < 1.5  # the farthest are drawn in less
    assert found.mean[usual] == pytest.approx(kept * mean[usual], abs=0.08)
    half = stats.norm.ppf(0.95) * np.sqrt(kept / each)
    assert np.median(found.high - found.low) == pytest.approx(2 * half, rel=0.05)
    assert ((truth >= found.low) & (truth <= found.high)).mean() == pytest.approx(0.9, abs=0.02)


def test_one_count_is_weighed_as_an_integral_says() -> None:
    rng = np.random.default_rng(5)
    expected = np.full(4_000, 6.0)
    counts = rng.poisson(expected * np.exp(0.5 * rng.standard_normal(4_000))).astype(float)
    found = lifts(of_counts(counts, expected))
    assert found.spread == pytest.approx(0.5, abs=0.05)

    def weight(apart: float, power: float) -> float:
        return float(np.expm1(apart) ** power * stats.poisson.pmf(14, 6 * np.exp(apart)) * stats.norm.pdf(apart, 0, found.spread))

    mean = integrate.quad(weight, -4, 4, args=(1.0,))[0] / integrate.quad(weight, -4, 4, args=(0.0,))[0]
    assert found.mean[counts == 14][0] == pytest.approx(mean, rel=0.03)


def test_where_all_are_alike_hardly_anything_is_shown() -> None:
    rng, shown, naive = np.random.default_rng(6), 0, 0
    for _ in range(20):
        evidence, _, raw = shares(rng, 200, 0.0)
        shown += int((lifts(evidence).low > 0).sum())
        naive += int((raw > raw.mean()).sum())
    assert shown <= 8  # of 4,000
    assert naive > 1_500


def test_true_lifts_are_found_with_few_false_ones_and_ranges_hold() -> None:
    rng, made, false, inside, total = np.random.default_rng(7), 0, 0, 0, 0
    stated = []
    for _ in range(20):
        evidence, truth, _ = shares(rng, 300, 0.6)
        found = lifts(evidence)
        shown = found.low > 0
        made, false = made + int(shown.sum()), false + int((shown & (truth <= 0)).sum())
        stated += found.chance_none[shown].tolist()
        inside, total = inside + int(((truth >= found.low) & (truth <= found.high)).sum()), total + 300
    assert made > 250
    assert false <= 0.07 * made
    assert np.mean(stated) < 0.05
    assert 0.86 <= inside / total <= 0.94


def test_a_unit_twice_as_good_as_its_like_is_found_and_one_like_it_is_not() -> None:
    unit = np.repeat(np.arange(40), 100)
    event = np.tile(np.r_[np.ones(30), np.zeros(70)], 40)
    event[:100] = np.r_[np.ones(60), np.zeros(40)]
    odds = np.full(len(unit), np.log(0.3 / 0.7))
    found = lifts(of_shares(event, odds, unit, 40))
    assert found.low[0] > 0.3
    assert found.chance_none[0] < 0.001
    assert (found.low[1:] < 0).all()
    assert (found.high[1:] < 0.4).all()


def test_too_few_units_or_no_spread_of_a_case() -> None:
    with pytest.raises(ValueError, match=f"{FEWEST} are needed"):
        lifts(of_counts(np.ones(FEWEST - 1), np.ones(FEWEST - 1)))
    with pytest.raises(ValueError, match="spread of a single case"):
        of_levels(np.ones(30), np.arange(30), 30, lambda distance: distance)


def test_units_without_cases_get_nothing_and_change_nothing() -> None:
    rng = np.random.default_rng(8)
    unit, odds = np.repeat(np.arange(30), 10), np.zeros(300)
    event = (rng.random(300) < 0.5).astype(float)
    one, other = lifts(of_shares(event, odds, unit, 30)), lifts(of_shares(event, odds, unit, 35))
    assert other.mean[:30] == pytest.approx(one.mean)
    assert np.isnan(other.mean[30:]).all()
    assert other.spread == pytest.approx(one.spread)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60), st.floats(0.01, 0.5))
def test_the_share_of_false_ones_is_held(rows: list[tuple[float, bool]], most: float) -> None:
    chance, shown = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=bool)
    kept, share = false_share(chance, shown, most)
    assert not (kept & ~shown).any()
    if kept.any():
        assert share == pytest.approx(chance[kept].mean())
        assert share <= most
        left = shown & ~kept
        if left.any():
            assert chance[left].min() >= chance[kept].max()
            assert np.r_[chance[kept], chance[left].min()].mean() > most
    else:
        assert np.isnan(share)
        assert not shown.any() or chance[shown].min() > most
