"""Shares that pass a stage, by hand and against groups whose shares are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from prmkit.estimators.stages import drawn_shares, passed


def test_a_share_is_a_beta_under_jeffreys_prior() -> None:
    made = passed(3, 5)
    assert made.mean == pytest.approx(3.5 / 6)
    assert made.ends == pytest.approx(tuple(stats.beta.ppf([0.05, 0.95], 3.5, 2.5)))
    assert made.quantiles((0.5,))[0] == pytest.approx(stats.beta.median(3.5, 2.5))
    with pytest.raises(ValueError, match="5 of 4"):
        passed(5, 4)


def test_groups_that_are_alike_are_drawn_together_and_those_that_are_not_stay_apart() -> None:
    rng = np.random.default_rng(1)
    of = np.full(40, 50.0)
    alike = drawn_shares(rng.binomial(50, 0.3, 40).astype(float), of)
    assert np.std([one.mean for one in alike]) < 0.02
    true = rng.beta(2, 4, 40)
    apart = drawn_shares(rng.binomial(50, true).astype(float), of)
    assert np.corrcoef(true, [one.mean for one in apart])[0, 1] > 0.9
    inside = [low <= share <= high for share, (low, high) in zip(true, (one.ends for one in apart), strict=True)]
    assert np.mean(inside) > 0.8


def test_the_prior_never_counts_for_more_than_all_cases() -> None:
    made = drawn_shares(np.array([2.0, 3.0]), np.array([8.0, 12.0]))
    assert made[0].a + made[0].b == pytest.approx(20 + 8)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12))
def test_whatever_is_counted_shares_are_shares(counts: list[tuple[int, int]]) -> None:
    through, of = (np.array([pick(pair) for pair in counts], dtype=float) for pick in (min, max))
    made = drawn_shares(through, of)
    assert len(made) == len(counts)
    for one in made:
        low, high = one.ends
        assert 0 <= low <= one.mean <= high <= 1
