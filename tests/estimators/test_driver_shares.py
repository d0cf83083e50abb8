"""Shares of correlated drivers in surveys whose truth is known, and when there is nothing to say."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr
from statsmodels.miscmodels.ordinal_model import OrderedModel

from prmkit.estimators.driver_shares import DriverShares, driver_shares, effective
from prmkit.estimators.opportunity import without_style
from prmkit.estimators.shapley import divide
from prmkit.prove.made_survey import MadeSurvey, made_survey
from tests.estimators.published import SWISS


def fitted(survey: MadeSurvey) -> DriverShares:
    level = without_style(survey.important, np.ones(len(survey.important)))[1]
    found = driver_shares(survey.outcome, survey.drivers, beside=level[:, None], cluster=survey.partner)
    assert found is not None
    return found


def test_the_target_of_the_proving_ground() -> None:
    """300 respondents, drivers that correlate by .6: order, top driver, ranges and the driver without weight."""
    surveys = [made_survey(seed) for seed in range(60)]
    found = [fitted(one) for one in surveys]
    pairs = list(zip(found, surveys, strict=True))
    assert np.mean([spearmanr(one.share, survey.truth).statistic for one, survey in pairs]) >= 0.85
    assert np.mean([one.share.argmax() == survey.truth.argmax() for one, survey in pairs]) >= 0.8
    assert 0.86 <= np.mean([(one.low <= survey.truth) & (survey.truth <= one.high) for one, survey in pairs]) <= 0.94
    none = [one.positive[survey.truth.argmin()] >= 1 - 0.05 / 5 for one, survey in pairs]
    assert np.mean(none) <= 0.05
    assert not any(one.thin for one in found)


def test_the_limit_is_the_true_order() -> None:
    survey = made_survey(1, 100_000)
    level = without_style(survey.important, np.ones(100_000))[1]
    found = driver_shares(survey.outcome, survey.drivers, beside=level[:, None], cluster=survey.partner, draws=5)
    assert found is not None
    assert spearmanr(found.share, survey.truth).statistic == pytest.approx(1)
    assert found.share == pytest.approx(survey.truth, abs=0.006)


def test_thin_surveys_are_drawn_towards_equal_shares_and_keep_their_word() -> None:
    surveys = [made_survey(seed, 30) for seed in range(60)]
    found = [fitted(one) for one in surveys]
    assert all(one.thin for one in found)
    assert (
        0.84
        <= np.mean([(one.low <= survey.truth) & (survey.truth <= one.high) for one, survey in zip(found, surveys, strict=True)])
        <= 0.95
    )
    assert np.mean([np.ptp(one.share) for one in found]) < np.ptp(surveys[0].truth)


def test_without_holes_weights_or_style_it_is_the_division_itself() -> None:
    found = driver_shares(np.tile(SWISS[:, -1], 3), np.tile(SWISS[:, :-1], (3, 1)))
    assert found is not None
    assert found.share == pytest.approx(np.array([0.0571, 0.1712, 0.2601, 0.1056, 0.1128]) / 0.7067, abs=2e-4)
    assert found.share.sum() == pytest.approx(1)


def test_answers_that_explain_nothing_tell_nothing() -> None:
    rng = np.random.default_rng(3)
    told = 0
    for seed in range(60):
        found = driver_shares(rng.normal(size=100), rng.normal(size=(100, 4)) + rng.normal(size=(100, 1)), seed=seed, draws=20)
        assert found is not None
        told += found.tells
    assert told <= 8


def test_it_abstains() -> None:
    rng = np.random.default_rng(1)
    outcome, drivers = rng.normal(size=20), rng.normal(size=(20, 3))
    assert driver_shares(outcome[:7], drivers[:7]) is None
    assert driver_shares(outcome, drivers, cluster=np.arange(20) // 3) is None, "seven partners are seven voices"
    assert driver_shares(np.ones(20), drivers) is None
    assert driver_shares(outcome, np.column_stack([drivers, np.ones(20)])) is None
    assert driver_shares(np.full(20, np.nan), drivers) is None
    assert effective(np.array([1.0, 1.0, 2.0]), np.array([0, 0, 1])) == pytest.approx(2.0)
    assert effective(np.array([3.0, 1.0]), np.array([0, 1])) == pytest.approx(1.6)


def test_people_of_one_partner_are_not_so_many_voices() -> None:
    survey = made_survey(5, 150)
    once = fitted(survey)
    twice = driver_shares(np.tile(survey.outcome, 3), np.tile(survey.drivers, (3, 1)), cluster=np.tile(survey.partner, 3))
    alone = driver_shares(np.tile(survey.outcome, 3), np.tile(survey.drivers, (3, 1)))
    assert twice is not None
    assert alone is not None
    assert twice.cases < alone.cases / 3
    assert (twice.high - twice.low).mean() > 1.4 * (alone.high - alone.low).mean()
    assert (twice.high - twice.low).mean() == pytest.approx((once.high - once.low).mean(), rel=0.4)


def test_a_linear_model_divides_few_levels_as_an_ordered_one_does() -> None:
    """Five skewed levels: shares of McFadden's R squared of ordered logit models over all subsets, against those of R squared."""
    rng = np.random.default_rng(11)
    drivers = rng.normal(size=(1200, 3)) + rng.normal(size=(1200, 1))
    levels = np.searchsorted([-3.0, -1.5, -0.2, 1.2], drivers @ np.array([0.8, 0.4, 0.0]) + 1.5 * rng.normal(size=1200) + 1.0)
    counts = np.bincount(levels) / len(levels)
    base = len(levels) * (counts[counts > 0] * np.log(counts[counts > 0])).sum()
    assert len(counts) == 5
    game = np.zeros(8)
    for subset in range(1, 8):
        chosen = [driver for driver in range(3) if subset >> driver & 1]
        game[subset] = 1 - OrderedModel(levels, drivers[:, chosen], distr="logit").fit(disp=0, method="bfgs").llf / base
    ordered = np.zeros(3)
    for order in permutations(range(3)):
        known = 0
        for driver in order:
            ordered[driver] += game[known | 1 << driver] - game[known]
            known |= 1 << driver
    linear = divide(np.corrcoef(np.column_stack([drivers, levels]).T)).shares[0]
    assert linear == pytest.approx(ordered / ordered.sum(), abs=0.03)
