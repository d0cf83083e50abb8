"""Shares of groups, against statsmodels and Newcombe's published differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from prmkit.estimators.clustered_share import clustered_share, difference


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (1, 29), (12, 30), (81, 263), (15, 148), (10, 10)])
def test_one_person_a_group_is_wilsons_interval(hits: int, of: int) -> None:
    found = clustered_share(np.arange(of) < hits)
    low, high = proportion_confint(hits, of, alpha=0.1, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
    assert found.effective == pytest.approx(of)


def test_the_published_score_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81 of 263 is 0.2553 to 0.3662 at 95%."""
    found = clustered_share(np.arange(263) < 81, 0.95)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_the_published_differences() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10: 56/70 less 48/80, and 9/10 less 3/10."""
    for (one, of_one), (other, of_other), ends in (((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090))):
        apart = difference(clustered_share(np.arange(of_one) < one, 0.95), clustered_share(np.arange(of_other) < other, 0.95))
        assert apart[0] == pytest.approx(one / of_one - other / of_other)
        assert (round(apart[1], 4), round(apart[2], 4)) == ends


def test_people_of_one_group_that_agree_are_worth_one_and_those_that_differ_more() -> None:
    agree = clustered_share([1.0, 0.0, 1.0, 0.0])
    differ = clustered_share([0.5, 0.25, 0.75, 0.5])
    assert agree.effective == pytest.approx(4)
    assert differ.effective > 4
    assert differ.high - differ.low < agree.high - agree.low


def test_coverage_with_groups_that_hang_together() -> None:
    """Forty groups of one to three people with a common lean: 90% intervals hold the truth about nine times in ten."""
    rng, held, truth = np.random.default_rng(1), 0, 0.3
    for _ in range(600):
        lean = rng.beta(truth * 2, (1 - truth) * 2, 40)
        held += (found := clustered_share(rng.binomial(3, lean) / 3)).low <= truth <= found.high
    assert 0.86 <= held / 600 <= 0.94


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_ends_lie_around_the_share_and_within_0_and_1(fractions: list[float]) -> None:
    found = clustered_share(fractions)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@pytest.mark.parametrize("given_", [[], [1.2], [-0.1], [float("nan")]])
def test_what_is_no_share_is_refused(given_: list[float]) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        clustered_share(given_)
