"""The forecast on channels whose future is known: it covers as often as it says, and the count reaches the goal as often as asked.

With n worlds a share of .90 has a Monte Carlo error of .3 / sqrt(n); the bands below are three of them wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from prmkit.estimators.activation import share_selling
from prmkit.estimators.beat import fit_beat
from prmkit.estimators.capacity import count_for
from prmkit.estimators.channel import Assumed, Channel, assume, fit_channel, too_thin
from prmkit.estimators.growth import Growth
from prmkit.estimators.predictive import Window, attrition_effect, growth_factors, outlook
from prmkit.estimators.recruitment import simulate_recruits
from tests.estimators.channels import World, world

YEAR = Window(0, 12)


@dataclass(frozen=True)
class Trial:
    """Where the truth fell in the forecast, what it was over the expected, and whether the two counts reached the goal."""

    quantile: float
    ratio: float
    hit: bool
    naive_hit: bool


def fitted(made: World) -> Channel:
    selling = int((made.revenue.sum(axis=1) > 0).sum())
    return fit_channel(made.revenue, activation=share_selling(selling, len(made.revenue)), seed=made.seed, resamples=30)


@cache
def trial(seed: int) -> Trial:
    made = world(seed)
    channel = fitted(made)
    (now,) = outlook(channel, [YEAR], seed, 8)
    draws = now.total()
    last, active = made.revenue[:, -12:].sum(), (made.revenue[:, -6:].sum(axis=1) > 0).sum()
    goal = 1.3 * float(draws.mean())
    recruits = simulate_recruits(channel, YEAR, 300, seed, 8, now.trend)
    count = count_for(draws, recruits, goal, 0.8, 20_000)
    assert count is not None
    naive = round((goal - draws.mean()) / (last / active))
    return Trial(
        float((draws < made.future).mean()),
        made.future / draws.mean(),
        made.future + made.recruits(count, 0) >= goal,
        made.future + made.recruits(naive, 0) >= goal,
    )


def summary(seeds: range) -> tuple[float, float, float, float]:
    trials = [trial(seed) for seed in seeds]
    cover = np.mean([0.05 < one.quantile < 0.95 for one in trials])
    return (
        float(cover),
        float(np.median([one.ratio for one in trials])),
        float(np.mean([one.hit for one in trials])),
        float(np.mean([one.naive_hit for one in trials])),
    )


def test_sixty_worlds_cover_and_hit() -> None:
    cover, ratio, hit, naive = summary(range(60))
    assert 0.78 <= cover <= 0.995
    assert 0.94 <= ratio <= 1.06
    assert 0.66 <= hit <= 0.94
    assert naive <= 0.23


@pytest.mark.slow
def test_three_hundred_worlds_cover_and_hit() -> None:
    cover, ratio, hit, naive = summary(range(300))
    assert 0.80 <= cover <= 0.95  # growth lasts in these channels, and is only half believed
    assert 0.97 <= ratio <= 1.03
    assert 0.75 <= hit <= 0.88
    assert naive <= 0.17


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    made = world(3)
    one, again = (outlook(fitted(made), [YEAR], 3, 2)[0].total() for _ in range(2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, outlook(fitted(made), [YEAR], 4, 2)[0].total())


def test_two_windows_at_once_are_the_same_as_one() -> None:
    channel = fitted(world(5))
    together = outlook(channel, [YEAR, Window(0, 12)], 5, 2)
    assert np.array_equal(together[0].coming, together[1].coming)


def test_a_window_that_began_takes_in_what_was_sold() -> None:
    made = world(7)
    channel = fitted(made)
    begun, whole = Window(-3, 9), Window(0, 12)
    assert begun.weights().tolist() == [1.0] * 9
    assert begun.past(36).tolist() == [0.0] * 33 + [1.0] * 3
    outlooks = outlook(channel, [begun, whole], 7, 2)
    assert outlooks[0].past.sum() == pytest.approx(made.revenue[:, -3:].sum())
    assert outlooks[0].total().std() < outlooks[1].total().std()


def test_half_months_count_by_half() -> None:
    assert Window(1.5, 3.25).weights().tolist() == [0.0, 0.5, 1.0, 0.25]
    assert Window(-0.5, 1).past(3).tolist() == [0.0, 0.0, 0.5]


def test_growth_compounds_and_its_mean_is_kept() -> None:
    steady = Growth(np.log(1.1), 0.0, 0.0, (), (), 0, np.inf)
    assert growth_factors(steady, 2.0, 4, 1) == pytest.approx([1.21] * 4)
    shaken = growth_factors(Growth(0.0, 0.0, 0.2, (), (), 0, np.inf), 1.0, 200_000, 1)
    assert shaken.mean() == pytest.approx(1.0, abs=0.002)
    assert np.log(shaken).std() == pytest.approx(0.2, abs=0.002)
    unsure = np.log(growth_factors(Growth(0.0, 0.0, 0.2, (), (), 0, 4.0), 1.0, 200_000, 1))
    ends = np.quantile(unsure, [0.05, 0.95])
    assert ends[1] - ends[0] == pytest.approx(2 * 0.2 * 2.132, rel=0.01)  # Student's t with four degrees of freedom


def test_units_that_left_for_good_bring_nothing() -> None:
    made = world(9)
    gone = np.arange(len(made.revenue)) < 40
    channel = fit_channel(made.revenue, gone=gone, seed=9, resamples=10)
    (now,) = outlook(channel, [YEAR], 9, 2)
    assert now.coming[gone].sum() == 0
    assert now.coming[~gone].sum() > 0


def test_without_attrition_more_is_sold_and_with_more_less() -> None:
    channel, every = fitted(world(11)), np.arange(len(world(11).revenue))
    assert attrition_effect(channel, every, YEAR, 1.0, 1) == 1.0
    assert attrition_effect(channel, every, YEAR, 0.0, 1) > 1.02
    assert attrition_effect(channel, every, YEAR, 2.0, 1) < 0.98


def test_own_numbers_take_the_place_of_estimates() -> None:
    told = assume(fitted(world(13)), Assumed(ramp_months=9, activation=0.35, attrition=0.12))
    assert told.attrition.of(0, np.array([0, 2]), np.array([[0], [30]])) == pytest.approx(1 - 0.88 ** (1 / 12))
    assert told.ramp.curve[0, :3] == pytest.approx([0.5 / 9, 1.5 / 9, 2.5 / 9])
    assert set(told.activated) == {0.35}
    with pytest.raises(ValueError, match="attrition"):
        assume(told, Assumed(attrition=1.2))


def test_signed_units_still_waiting_count_with_what_is_left_of_activation() -> None:
    rng = np.random.default_rng(1)
    sold = np.zeros((60, 36))
    signed = np.repeat(np.arange(0, 30), 2).astype(float)
    for unit, start in enumerate(signed.astype(int)):
        sold[unit, start + 1 :] = 100 * rng.lognormal(0, 0.2, 35 - start)
    waiting = np.zeros((20, 36))
    revenue = np.concatenate([sold, waiting])
    dates = np.concatenate([signed, np.full(20, 34.0)])
    known = share_selling(60, 80)
    known = type(known)(known.sold, known.signed, np.full(13, 0.5))
    channel = fit_channel(revenue, dates, known, seed=2, resamples=20)
    assert channel.lives.clock == "signing"
    path = outlook(channel, [YEAR], 2, 5)[0].path[60:].sum(axis=1)
    assert 0.2 * 1200 < path.mean() < 0.5 * 1200  # half of them will sell, and who waits sells less than the others


def test_who_waits_long_counts_for_little() -> None:
    beat = fit_beat(np.zeros(50, dtype=int), np.full(50, 29), np.full(50, 15), 30)
    sells, slow = beat.waiting(0.75, np.array([0.0, 3.0, 12.0]))
    assert sells[0] == pytest.approx(0.75)
    assert sells[0] > sells[1] > sells[2]
    assert sells[2] < 0.05
    assert slow[0] == pytest.approx(1.0)
    assert slow[2] < slow[1] < 1


@pytest.mark.parametrize(
    ("shape", "reason"),
    [((30, 11), "11 months of sales are too few"), ((19, 24), "19 partners with sales are too few")],
)
def test_thin_panels_are_refused(shape: tuple[int, int], reason: str) -> None:
    said = too_thin(np.ones(shape))
    assert said is not None
    assert said.startswith(reason)
    with pytest.raises(ValueError, match=reason):
        fit_channel(np.ones(shape), seed=1)
