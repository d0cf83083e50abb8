"""Ramp, yields, growth, activation and recruits: each against a value worked out by hand or a known truth."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.activation import activation, share_selling
from prmkit.estimators.capacity import even_fraction, mean_count
from prmkit.estimators.channel import Assumed, assume, fit_channel
from prmkit.estimators.growth import PRIOR_SHOCK, PRIOR_SPREAD, UNDATED_SPREAD, UNSEEN_SPREAD, combine, like_for_like
from prmkit.estimators.lives import lives
from prmkit.estimators.predictive import Window
from prmkit.estimators.ramp import fit_ramp, linear
from prmkit.estimators.ratio import ratio_of_sums
from prmkit.estimators.recruitment import expected_months, pool_mean, revenue_by_age, signing_times, simulate_recruits
from prmkit.estimators.yields import fit_yields, half_year_noise

YEAR = Window(0, 12)


def steady(n: int, months: int, seed: int, noise: float = 0.0, ramp: float = 0.0, growth: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Units that begin at a random month (the first few before the data) and sell every month: revenue and true level."""
    rng = np.random.default_rng(seed)
    start = rng.integers(-12, months - 18, n)
    level = 100 * np.exp(rng.normal(0, 0.8, n))
    age = np.arange(months) - start[:, None]
    luck = np.exp(rng.normal(-(noise**2) / 2, noise, age.shape))
    return (age >= 0) * level[:, None] * linear(ramp, np.maximum(age, 0)) * luck * np.exp(growth * np.arange(months) / 12), level


def test_the_linear_ramp_is_the_published_one() -> None:
    assert linear(9, np.arange(12))[[0, 4, 8, 9]] == pytest.approx([0.5 / 9, 0.5, 8.5 / 9, 1.0])
    assert linear(0, np.arange(3)).tolist() == [1, 1, 1]


def test_a_ramp_of_nine_months_is_found() -> None:
    revenue, _ = steady(600, 48, 1, noise=0.5, ramp=9)
    made = fit_ramp(lives(revenue), revenue, np.ones((1, 600)))
    assert made.estimated
    assert made.curve[0][:12] == pytest.approx(linear(9, np.arange(12)), abs=0.06)
    assert made.curve[0][12] == 1
    assert made.months()[0] == pytest.approx(8, abs=1)


def test_too_few_starters_give_no_ramp_and_say_so() -> None:
    revenue, _ = steady(9, 48, 1, ramp=9)
    made = fit_ramp(lives(revenue), revenue, np.ones((2, 9)))
    assert not made.estimated
    assert (made.curve == 1).all()


def test_noise_and_levels_are_found() -> None:
    revenue, level = steady(6000, 48, 2, noise=0.6)
    made = lives(revenue)
    noise, pairs = half_year_noise(made, revenue)
    assert pairs > 5000
    assert noise == pytest.approx(np.log1p(np.expm1(0.36) / 6), rel=0.15)
    found = fit_yields(made, revenue, np.ones(13))
    assert found.spread == pytest.approx(0.64, rel=0.15)
    assert found.level.sum() == pytest.approx(level.sum(), rel=0.03)
    raw = revenue[:, -12:].mean(axis=1)
    assert np.log(found.level / level).std() < np.log(raw / level).std()


def test_a_fresh_quarterly_buyer_is_not_taken_for_three() -> None:
    """First sale in the last month of the history, 300 every third month: its level is about 100 a month, not 300."""
    revenue = np.zeros((40, 30))
    for unit in range(40):
        revenue[unit, unit % 20 + 4 :: 3] = 300
    revenue[39] = 0
    revenue[39, 29] = 300
    found = fit_yields(lives(revenue), revenue, np.ones(13))
    assert 75 < found.level[39] < 110  # as often as the others, since nothing is known but that it came
    assert np.median(found.level) == pytest.approx(100, rel=0.05)


def test_growth_by_hand() -> None:
    """Two years of 10% and 6% with errors of 2%: excess variance is nil, the shock sinks, the older year counts for less."""
    made = combine([0.10, 0.06], [0.02, 0.02])
    excess = np.var([0.10, 0.06], ddof=1) - 0.0004
    free = (0.0036 / (0.0036 + 0.0004)) ** 2
    shock2 = (2 * PRIOR_SHOCK**2 + free * excess) / (2 + free)
    sure = 1 / np.array([0.0004 + shock2, 0.0004 + 3 * shock2])
    average, variance = (sure @ [0.10, 0.06]) / sure.sum(), 1 / sure.sum()
    kept = PRIOR_SPREAD**2 / (PRIOR_SPREAD**2 + variance)
    assert made.mean == pytest.approx(kept * average)
    assert made.error == pytest.approx(np.hypot(np.sqrt(kept * variance), 0.3 * (1 - kept) * average))
    assert made.shock == pytest.approx(np.sqrt(shock2))
    assert made.freedom == pytest.approx(5 + free)
    assert made.predictive == pytest.approx(np.hypot(made.error, made.shock))


def test_a_growth_that_half_years_agree_on_is_believed_and_a_noisy_one_is_not() -> None:
    steady_growth = combine([0.03] * 7, [0.005] * 7)
    noisy = combine([0.03] * 4, [0.10] * 4)
    assert steady_growth.mean == pytest.approx(0.03, rel=0.5)
    assert noisy.mean < 0.01
    assert steady_growth.shock < 0.7 * noisy.shock


def test_without_years_to_compare_growth_is_the_prior() -> None:
    made = like_for_like(lives(np.ones((50, 17))), np.ones((5, 50)))
    assert (made.mean, made.error, made.shock, made.seen) == (0.0, UNDATED_SPREAD, PRIOR_SHOCK, ())
    dated = like_for_like(lives(np.ones((50, 17)), np.zeros(50)), np.ones((5, 50)))
    assert (dated.mean, dated.error, dated.shock) == (0.0, UNSEEN_SPREAD, PRIOR_SHOCK)


def test_growth_is_found_among_units_that_stayed() -> None:
    revenue, _ = steady(800, 48, 3, noise=0.3, growth=0.12)
    weights = np.random.default_rng(1).exponential(1, (50, 800))
    made = like_for_like(lives(revenue), weights)
    assert made.seen[0] == pytest.approx(0.12, abs=0.02)
    assert 0.02 < made.mean < 0.12


def test_activation_counts_only_those_watched_for_a_year() -> None:
    wait = np.array([0.0, 3.0, 11.5, 14.0, np.nan, np.nan, 2.0])
    watched = np.array([20.0, 20.0, 20.0, 20.0, 20.0, 5.0, 6.0])
    made = activation(wait, watched)
    assert (made.sold, made.signed) == (3, 5)
    assert made.mean == pytest.approx(3.5 / 6)
    assert made.later[0] == pytest.approx(2 / 4)  # one sold at once; of the four left two sell in time
    assert made.later[3] == pytest.approx(1 / 3)
    assert made.later[12] == 0
    assert made.draws(20_000, np.random.default_rng(1)).mean() == pytest.approx(3.5 / 6, abs=0.01)


def test_more_sold_than_signed_is_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4 signed"):
        share_selling(5, 4)


def test_any_number_of_recruits_signs_evenly() -> None:
    for count in (24, 100, 1000):
        months = np.bincount(signing_times(count, 12).astype(int), minlength=12)
        assert months.sum() == count
        assert months.max() - months.min() <= 3


def test_the_simulation_reproduces_the_golden_case() -> None:
    """All partners sell 90 k a year, ramp nine months, activation 35%, nobody leaves: 648.2 signed, 226.9 productive."""
    revenue = np.zeros((200, 36))
    for unit in range(200):
        revenue[unit, unit % 20 :] = 7_500.0
    channel = assume(fit_channel(revenue, seed=1, resamples=10), Assumed(ramp_months=9, activation=0.35, attrition=0.0))
    channel = type(channel)(**{**channel.__dict__, "tie": np.ones_like(channel.tie)})
    gap = 5_010_400
    months = expected_months(channel, YEAR)
    assert months == pytest.approx(12 * even_fraction(9))
    one = float((months * pool_mean(channel) * channel.activated).mean())
    assert mean_count(0.0, one, gap) == pytest.approx(648.2, rel=2e-3)
    simulated = simulate_recruits(channel, YEAR, 600, 1, 20)
    assert mean_count(0.0, float(simulated.revenue(600).mean()) / 600, gap) == pytest.approx(648.2, rel=0.02)
    by_age = revenue_by_age(channel, 12)
    assert by_age == pytest.approx(7_500 * 0.35 * linear(9, np.arange(12)), rel=2e-3)


def test_recruits_are_held_to_what_past_starters_sold() -> None:
    """Starters here lapse after six months to the day, which no hazard by age band can say; the year's sum is right all the same."""
    revenue = np.zeros((240, 40))
    for unit in range(240):
        begin = 2 + unit % 24
        revenue[unit, begin : begin + 6] = 100.0
    channel = assume(fit_channel(revenue, seed=2, resamples=10), Assumed(activation=1.0))
    made = revenue_by_age(channel, 12)
    assert made.sum() == pytest.approx(600, rel=0.05)


def test_a_ratio_of_totals_and_its_interval() -> None:
    rng = np.random.default_rng(4)
    bottom = rng.lognormal(0, 1, 400)
    top = 0.3 * bottom + rng.normal(0, 0.1, 400)
    made = ratio_of_sums(top, bottom, 1)
    residual = top - made.value * bottom
    error = np.sqrt((residual**2).sum()) / bottom.sum()
    assert made.value == pytest.approx(top.sum() / bottom.sum())
    assert (made.high - made.low) / 2 == pytest.approx(1.645 * error, rel=0.1)
    assert np.isnan(ratio_of_sums(top[:4], bottom[:4], 1).low)
    with pytest.raises(ValueError, match="above zero"):
        ratio_of_sums(top, np.zeros(400), 1)
