"""Scores over worlds against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from prmkit.prove.pooled import error, pool, regret
from prmkit.prove.score import Claims, Stakes
from prmkit.prove.tally import Errors, Ranges, Tally

NAN = float("nan")


def test_bias_and_its_interval_by_hand() -> None:
    found = error([Errors(2, 1.0, 2.0), Errors(2, 3.0, 6.0), Errors()])
    # b = 4/4; variance 2/1 * ((1 - 2)^2 + (3 - 2)^2) / 4^2 = 1/4
    assert (found.count, found.worlds, found.bias) == (4, 2, 1.0)
    assert found.rmse == pytest.approx(np.sqrt(2.0))
    assert (found.low, found.high) == pytest.approx((1 - 0.5 * 63.65674116, 1 + 0.5 * 63.65674116))


def test_bias_of_worlds_of_one_unit_is_the_ordinary_t_interval() -> None:
    drawn = np.random.default_rng(1).normal(0.3, 2.0, 25)
    found = error([Errors(1, float(x), float(x) ** 2) for x in drawn])
    expected = stats.ttest_1samp(drawn, 0).confidence_interval(0.99)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_one_world_gives_a_bias_but_no_interval_and_none_gives_nothing() -> None:
    assert repr(error([Errors(4, 2.0, 4.0)])) == "Error(count=4, worlds=1, bias=0.5, low=nan, high=nan, rmse=1.0)"
    assert repr(error([])) == "Error(count=0, worlds=0, bias=nan, low=nan, high=nan, rmse=nan)"


def test_regret_share_by_hand() -> None:
    found = regret([Stakes(5.0, 0.0, 10.0), Stakes(9.0, 5.0, 15.0)])
    assert found is not None
    assert found.share == (5 + 4) / (10 + 10)
    # of two worlds, resamples hold the one, the other, or both: shares 0.5, 0.4, 0.45
    assert (found.low, found.high, found.most) == pytest.approx((0.4, 0.5, 0.5))


def test_regret_share_is_not_said_where_the_limit_does_not_win() -> None:
    assert repr(regret([Stakes(5.0, 4.0, 3.0), Stakes(1.0, 0.0, 1.0)])) == "Regret(share=nan, low=nan, high=nan, most=nan)"
    # won in total, but by one world of three alone: no interval
    found = regret([Stakes(5.0, 0.0, 10.0), Stakes(0.0, 0.0, -4.0), Stakes(0.0, 0.0, -4.0)])
    assert found is not None
    assert found.share == 2.5
    assert np.isnan([found.low, found.high, found.most]).all()
    assert regret([]) is None


def test_regret_interval_is_the_same_every_time_and_holds_the_share() -> None:
    draw = np.random.default_rng(3)
    stakes = [
        Stakes(float(0.7 * gain + noise), 0.0, float(gain))
        for gain, noise in zip(draw.gamma(2, 1, 60), draw.normal(0, 0.3, 60), strict=True)
    ]
    first, second = regret(stakes), regret(stakes)
    assert first is not None
    assert first == second
    assert 0.6 < first.low < first.share < first.high < first.most < 0.8


def test_all_scores_of_two_worlds_by_hand() -> None:
    one = Tally(
        units=4, rightly=1, wrongly=1, overreached=1,
        tool=Errors(2, 1.0, 1.0), naive=Errors(2, 4.0, 8.0), limit=Errors(2, 0.5, 0.25),
        ranges=Ranges(2, 1, 2.5, 12.5), limit_ranges=Ranges(3, 3, 9.0, 9.0), both=(2.5, 4.0),
        stakes=Stakes(5.0, 0.0, 10.0), claims=Claims(10, 1, 0.05, 20, 8, looked=40),
    )  # fmt: skip
    two = Tally(
        units=2, tool=Errors(2, -1.0, 3.0), ranges=Ranges(2, 2, 3.5, 3.5), stakes=Stakes(9.0, 5.0, 15.0),
        claims=Claims(30, 5, 0.2, 20, 4, looked=40),
    )  # fmt: skip
    score = pool("prune.some", "thin", [one, two], [1.0, 3.0])
    assert (score.worlds, score.units, score.seconds) == (2, 6, 2.0)
    assert (score.tool.bias, score.tool.rmse) == (0.0, 1.0)
    assert (score.naive.bias, score.naive.rmse, score.limit.bias) == (2.0, 2.0, 0.25)
    assert (score.coverage.hits, score.coverage.units, score.limit_coverage.share) == (3, 4, 1.0)
    assert (score.width_ratio, score.interval_score, score.limit_score) == (0.625, 4.0, 3.0)
    assert (score.rightly, score.wrongly, score.overreached) == pytest.approx((1 / 6, 1 / 6, 1 / 6))
    assert score.claims is not None
    assert (score.claims.made.share, score.claims.naive.share, score.claims.looked.share) == (6 / 40, 12 / 40, 6 / 80)
    assert score.claims.stated == pytest.approx((10 * 0.05 + 30 * 0.2) / 40)
    assert score.claims.naive_looked.units == 0


def test_a_share_that_is_not_stated_weighs_nothing() -> None:
    claims = pool(
        "a", "w", [Tally(claims=Claims(5, 1, NAN, 0, 0)), Tally(claims=Claims(0, 0, 0.9, 0, 0)), Tally(claims=Claims(3, 0, 0.1, 0, 0))]
    ).claims
    assert claims is not None
    assert (claims.stated, claims.made.units) == (pytest.approx(0.1), 8)


def test_no_world_at_all_is_nan_not_zero() -> None:
    score = pool("a", "w", [])
    assert np.isnan([score.width_ratio, score.interval_score, score.rightly, score.seconds]).all()
    assert score.regret is None
    assert score.claims is None
