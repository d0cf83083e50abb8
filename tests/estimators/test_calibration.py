"""Scores of forecasts against scikit-learn, scipy and statsmodels, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from prmkit.estimators.calibration import auc, brier, captured, proportion, rank_correlation


def test_auc_and_brier_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    p = np.round(rng.random(200), 1)
    event = rng.random(200) < p
    assert auc(p, event) == pytest.approx(roc_auc_score(event, p))
    assert brier(p, event) == pytest.approx(brier_score_loss(event, p))


def test_scores_that_cannot_be_given() -> None:
    assert auc(np.array([0.1, 0.9]), np.array([True, True])) is None
    assert brier(np.array([]), np.array([])) is None
    assert rank_correlation(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])) is None
    assert rank_correlation(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None
    assert captured(np.array([1.0]), np.array([0.0])) is None


def test_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(1)
    x, y = np.round(rng.random(50), 1), rng.random(50)
    assert rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)


def test_captured_share_by_hand() -> None:
    score, value = np.array([9, 8, 7, 6, 5, 4, 3, 2, 1, 0.0]), np.array([50, 0, 30, 0, 20, 0, 0, 0, 0, 0.0])
    assert captured(score, value) == 0.5
    assert captured(score, value, 0.3) == 0.8


def test_captured_share_gives_ties_their_part_whatever_the_order() -> None:
    score, value = np.zeros(10), np.array([100.0, *np.zeros(9)])
    assert captured(score, value) == pytest.approx(0.1)
    assert captured(score, value[::-1]) == pytest.approx(0.1)
    tied = np.array([5.0, 5, 5, 1, 1, 1, 1, 1, 1, 1])
    assert captured(tied, value, 0.2) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("events", "n"), [(3, 20), (17, 20), (40, 400)])
def test_interval_of_a_rate_is_jeffreys(events: int, n: int) -> None:
    made = proportion(events, n)
    assert (made.low, made.high) == pytest.approx(proportion_confint(events, n, alpha=0.1, method="jeffreys"))
    assert made.rate == (events + 0.5) / (n + 1)


def test_interval_reaches_the_end_where_nothing_or_all_happened() -> None:
    assert proportion(0, 9).low == 0.0
    assert proportion(9, 9).high == 1.0
    with pytest.raises(ValueError, match="cases"):
        proportion(0, 0)
