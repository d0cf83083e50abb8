"""The effect of a dated action: bias, coverage, false alarms and refusals in programmes with known truth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from prmkit.estimators.imputation_did import DatedEffect, imputation_did
from tests.estimators.programmes import World, world

WORLDS = range(1000, 1150)


def estimate(made: World, seed: int = 1) -> DatedEffect:
    return imputation_did(made.sold, made.on, seed=seed, draws=200)


@cache
def zero_heavy() -> list[tuple[World, DatedEffect]]:
    return [(made, estimate(made, seed)) for seed in WORLDS for made in [world(seed)]]


def log_estimate(made: World) -> float:
    """The same imputation on log(1 + sales), as a spreadsheet would do it, read as a proportional change."""
    logs, first = np.log1p(made.sold * 100), np.where(made.on.any(axis=1), made.on.argmax(axis=1), made.on.shape[1])
    free = np.arange(made.on.shape[1]) < first[:, None]
    case, month = np.zeros(len(logs)), np.zeros(logs.shape[1])
    for _ in range(300):
        case = np.where(free, logs - month, 0).sum(axis=1) / free.sum(axis=1)
        month = np.where(free, logs - case[:, None], 0).sum(axis=0) / free.sum(axis=0)
    return float(np.expm1((logs - case[:, None] - month)[made.on].mean()))


def test_the_effect_is_found_without_bias_where_months_are_silent() -> None:
    errors = [found.effect.value - made.effect for made, found in zero_heavy() if found.effect]
    assert len(errors) >= 0.9 * len(WORLDS)
    assert abs(np.mean(errors)) <= 2.5 * np.std(errors, ddof=1) / np.sqrt(len(errors))
    assert abs(np.mean(errors)) < 0.02


def test_the_logarithm_of_one_plus_sales_is_wrong_there() -> None:
    made = [world(seed, silent=0.5) for seed in range(40)]
    logs = [log_estimate(one) - one.effect for one in made]
    poisson = [found.effect.value - one.effect for one in made for found in [estimate(one)] if found.effect]
    assert abs(np.mean(logs)) > 0.08
    assert abs(np.mean(poisson)) <= 2.5 * np.std(poisson, ddof=1) / np.sqrt(len(poisson))
    assert abs(np.mean(logs)) > 2 * abs(np.mean(poisson))


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    held = [found.effect.low <= made.effect <= found.effect.high for made, found in zero_heavy() if found.effect]
    assert 0.845 <= np.mean(held) <= 0.955  # 0.9 and two7


def test_no_lift_is_claimed_where_there_is_none() -> None:
    found = [estimate(world(seed, effect=0.0), seed) for seed in WORLDS]
    claims = [one.effect.low > 0 for one in found if one.effect]
    assert np.mean(claims) <= 0.05 + 2 * 0.02


def test_a_surge_beforehand_is_noticed_and_left_out() -> None:
    made = [world(seed, partners=400, surge=0.5, silent=0.1) for seed in range(16)]
    found = [estimate(one, seed) for seed, one in enumerate(made)]
    assert all(one.donut == 3 or not one.identifiable for one in found)
    errors = [one.effect.value - truth.effect for one, truth in zip(found, made, strict=True) if one.effect]
    assert len(errors) >= 10
    assert abs(np.mean(errors)) < 0.04


def test_rising_long_before_is_refused() -> None:
    made = world(1, partners=400, silent=0.0, effect=0.0)
    first = np.where(made.on.any(axis=1), made.on.argmax(axis=1), 36)
    ahead = np.arange(36) - first[:, None]
    rising = np.where((first < 36)[:, None] & (ahead > -9), 1.12 ** np.minimum(ahead + 9, 20), 1.0)
    found = imputation_did(made.sold * rising, made.on, seed=1, draws=100)
    assert not found.identifiable
    assert found.effect is None
    assert "already moving" in found.reason
    assert found.pretrend_p is not None
    assert found.pretrend_p < 0.10


def test_what_is_given_back_afterwards() -> None:
    shares = []
    for seed in range(30):
        made = world(seed, partners=300, effect=0.4, silent=0.0, lasts=4, back=-0.2)
        found = estimate(made, seed)
        if found.given_back:
            shares.append(found.given_back.value)
    # three months at -0.2 over four at +0.4, demand about level: 0.6 / 1.6
    assert len(shares) >= 20
    assert np.mean(shares) == pytest.approx(0.375, abs=0.05)


def test_baseline_is_the_untreated_expectation_of_the_window() -> None:
    made = world(3, silent=0.0)
    window = np.arange(36) >= 24
    found = imputation_did(made.sold, made.on, window=window, seed=1, draws=100)
    assert found.effect is not None
    inside = (made.on & window).any(axis=1)
    assert np.array_equal(found.baseline > 0, inside)
    seen = made.sold[made.on & window].sum()
    assert found.baseline.sum() == pytest.approx(seen / (1 + found.effect.value), rel=0.1)
    assert found.baseline_draws.shape == (160, 100)
    assert found.smallest_seen == pytest.approx(np.expm1(2.5 * found.effect.error))


@pytest.mark.parametrize(
    ("takes", "first", "words"),
    [
        (14, 12, "Only 14 took part"),
        (40, 4, "had sales in 6 months or more before"),
        (60, 12, "nobody left to compare"),
    ],
)
def test_refusals_name_what_is_missing(takes: int, first: int, words: str) -> None:
    sold = np.random.default_rng(0).gamma(2, 1, (60, 24))
    on = np.zeros_like(sold, dtype=bool)
    on[:takes, first:] = True
    found = imputation_did(sold, on, seed=1, draws=50)
    assert not found.identifiable
    assert found.effect is None
    assert words in found.reason


def test_same_seed_same_answer() -> None:
    made = world(2)
    first, second = estimate(made), estimate(made)
    assert first.effect is not None
    assert second.effect is not None
    assert (first.effect.low, first.effect.high) == (second.effect.low, second.effect.high)
