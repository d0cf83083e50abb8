"""Shares with Wilson's interval, quantiles with the binomial's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from prmkit.estimators.event_rate import event_rate, quantile


@pytest.mark.parametrize(("happened", "cases"), [(0, 12), (3, 40), (40, 40), (7, 9)])
def test_cases_that_stand_alone_have_wilsons_interval(happened: int, cases: int) -> None:
    found = event_rate([1] * happened + [0] * (cases - happened), np.arange(cases))
    low, high = proportion_confint(happened, cases, 0.1, "wilson")
    assert (found.value, found.low, found.high) == pytest.approx((happened / cases, low, high))
    assert found.effective == cases


def test_cases_that_hang_together_count_as_one() -> None:
    alone = event_rate([1] * 6 + [0] * 30, np.arange(36))
    fives = event_rate(np.repeat([1] * 6 + [0] * 30, 5), np.repeat(np.arange(36), 5))
    assert fives.value == alone.value
    assert fives.effective == pytest.approx(36 * 35 / 36)
    assert fives.high - fives.low == pytest.approx(alone.high - alone.low, rel=0.02)


def test_clusters_that_are_all_alike_tell_no_more_than_their_cases() -> None:
    assert event_rate([1, 0, 1, 0, 1, 0], [1, 1, 2, 2, 3, 3]).effective == 6


def test_none_of_many_cases_of_few_clusters_is_no_proof() -> None:
    assert event_rate([0] * 100, [1, 2] * 50).high > 0.5
    assert np.isnan(event_rate([], []).value)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_quantile_lies_between_the_two_values_as_often_as_said(share: float) -> None:
    n = 60
    values = np.arange(1.0, n + 1)
    middle, low, high = quantile(values, share)
    assert low <= middle <= high
    # of n draws, the quantile lies between the r-th and the s-th with the chance that r to s - 1 of them are below it
    chance = stats.binom.cdf(high - 1, n, share) - stats.binom.cdf(low - 1, n, share)
    narrower = stats.binom.cdf(high - 2, n, share) - stats.binom.cdf(low, n, share)
    assert narrower < 0.9 <= chance


def test_few_values_have_no_end() -> None:
    assert np.isnan(quantile([3.0, 4.0], 0.9)[2])
    assert np.isnan(quantile([], 0.5)).all()
