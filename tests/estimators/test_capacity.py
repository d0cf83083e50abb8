"""Counts done by hand, identities of log-normal yields, and the count that draws ask for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmkit.estimators.capacity import (
    Recruits,
    base_revenue,
    chance,
    count_for,
    dilution,
    even_fraction,
    gini,
    mean_count,
    naive_count,
    recruiting,
    top_share,
    total_cv,
    year_fraction,
)

DRAWS = 400


def recruits(each: np.ndarray, count: int) -> Recruits:
    """Recruits that bring the same in every place of a draw: `each` (D,)."""
    cumulative = (each[:, None] * np.arange(1, count + 1)).astype(np.float32)
    return Recruits(cumulative, each, np.zeros(len(each)), np.zeros(len(each)), np.ones(len(each)))


class TestGoldenCase:
    """A target of 10 m, 60 active partners at 90 k, 12% churn, 5% growth, a ramp of nine months."""

    base = base_revenue(60, 90_000, 0.12, 0.05)
    gap = 10_000_000 - base

    def test_base_and_gap(self) -> None:
        assert self.base == pytest.approx(4_989_600)
        assert self.gap == pytest.approx(5_010_400)

    def test_the_spreadsheet_says_56(self) -> None:
        assert naive_count(self.gap, 90_000) == pytest.approx(55.7, abs=0.05)

    def test_all_signed_in_the_first_month(self) -> None:
        fraction = year_fraction(0, 9)
        made = recruiting(self.gap, 90_000, fraction, 0.35)
        assert fraction == pytest.approx(0.625)
        assert made.productive == pytest.approx(89.1, abs=0.05)
        assert made.signed == pytest.approx(254.5, abs=0.05)

    def test_signed_evenly(self) -> None:
        fraction = even_fraction(9)
        made = recruiting(self.gap, 90_000, fraction, 0.35, 0.10)
        assert fraction == pytest.approx(0.2454, abs=5e-5)
        assert made.productive == pytest.approx(226.9, abs=0.05)
        assert made.signed == pytest.approx(648.2, abs=0.05)
        assert made.candidates == pytest.approx(6_482, abs=0.5)


def test_without_a_ramp_an_even_year_is_half_a_month_more_than_half() -> None:
    assert year_fraction(0, 0) == 1
    assert year_fraction(11, 0) == pytest.approx(1 / 12)
    assert even_fraction(0) == pytest.approx(6.5 / 12)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 11"):
        year_fraction(12, 9)
    with pytest.raises(ValueError, match="shares above zero"):
        recruiting(1.0, 1.0, 0.5, 0.0)
    with pytest.raises(ValueError, match="average unit"):
        naive_count(1.0, 0.0)


def test_log_normal_identities_hold_in_a_large_sample() -> None:
    sigma, n = 1.2, 400_000
    yields = np.sort(np.exp(sigma * np.random.default_rng(1).standard_normal(n)))
    assert top_share(sigma, 0.1) == pytest.approx(yields[-n // 10 :].sum() / yields.sum(), abs=0.006)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    assert gini(sigma) == pytest.approx((ranks * yields).sum() / (n * yields.sum()), abs=0.004)
    teams = np.exp(sigma * np.random.default_rng(2).standard_normal((40_000, 25))).sum(axis=1)
    assert total_cv(sigma, 25) == pytest.approx(teams.std() / teams.mean(), rel=0.06)


def test_published_values_of_the_log_normal() -> None:
    assert top_share(1.0, 0.2) == pytest.approx(0.5628, abs=5e-4)
    assert gini(1.0) == pytest.approx(0.5205, abs=5e-4)
    assert total_cv(1.0, 1) == pytest.approx(1.3108, abs=5e-4)


@given(gap=st.floats(0, 1e6), each=st.floats(1.0, 1e5))
def test_no_ramp_no_attrition_no_tail_is_gap_over_mean(gap: float, each: float) -> None:
    present = np.zeros(DRAWS)
    made = count_for(present, recruits(np.full(DRAWS, each), 10), gap, 0.8, 10**7)
    assert made is not None
    assert made == pytest.approx(gap / each, abs=1.0 + 1e-6 * gap / each)
    assert mean_count(0.0, each, gap) == pytest.approx(gap / each)


def test_more_sureness_and_a_higher_goal_never_need_fewer() -> None:
    rng = np.random.default_rng(3)
    present, made = rng.normal(100, 20, DRAWS), recruits(rng.gamma(4, 1, DRAWS), 50)
    counts = [count_for(present, made, 200.0, confidence, 500) for confidence in (0.3, 0.5, 0.8, 0.9)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    goals = [count_for(present, made, goal, 0.8, 500) for goal in (50.0, 120.0, 180.0)]
    assert goals == sorted(goals)
    assert goals[0] == 0


def test_the_count_is_the_smallest_that_is_sure_enough() -> None:
    rng = np.random.default_rng(4)
    present, made = rng.normal(100, 20, DRAWS), recruits(rng.gamma(4, 1, DRAWS), 50)
    found = count_for(present, made, 180.0, 0.8, 500)
    assert found is not None
    assert chance(present, made, found, 180.0) >= 0.8 > chance(present, made, found - 1, 180.0)


def test_what_no_number_reaches_is_none() -> None:
    assert count_for(np.zeros(DRAWS), recruits(np.zeros(DRAWS), 10), 1.0, 0.5, 10_000) is None


def test_beyond_those_simulated_the_central_limit_serves() -> None:
    rng = np.random.default_rng(5)
    each = rng.lognormal(0, 1, (4000, 1200))
    whole = Recruits(np.cumsum(each, axis=1).astype(np.float32), *(np.zeros(4000),) * 3, np.ones(4000))
    mean, spread = np.exp(0.5), np.sqrt(np.expm1(1) * np.e)
    cut = Recruits(whole.cumulative[:, :300], np.full(4000, mean), np.full(4000, spread), rng.standard_normal(4000), np.ones(4000))
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(cut.revenue(1200), share) == pytest.approx(np.quantile(whole.revenue(1200), share), rel=0.01)


def test_scaling_scales_every_part() -> None:
    made = Recruits(np.ones((3, 2), dtype=np.float32).cumsum(axis=1), np.ones(3), np.ones(3), np.zeros(3), np.ones(3))
    twice = made.scaled(np.array([2.0, 2.0, 4.0]))
    assert twice.revenue(2).tolist() == [4.0, 4.0, 8.0]
    assert twice.revenue(5).tolist() == [10.0, 10.0, 20.0]


def test_crowding_takes_away_what_the_elasticity_says() -> None:
    assert dilution(np.array(100.0), 100.0, 0.5) == pytest.approx(np.sqrt(2) - 1)
    assert dilution(np.array(37.0), 100.0, 1.0) == pytest.approx(1.0)
    each = np.full(2, 10.0)
    made = Recruits(recruits(each, 50).cumulative, each, np.zeros(2), np.zeros(2), np.ones(2), (100.0, 0.5, np.array([0.5, 1.0])))
    assert made.revenue(50) == pytest.approx([500 * (np.sqrt(1.25) - 1) / 0.25, 500.0])
