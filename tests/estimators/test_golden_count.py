"""The worked case of the field and the closed forms, by hand, through the thin plan's sum, and as the limit of the simulation."""

from __future__ import annotations

import numpy as np
import pytest

from prmkit.estimators.assumed_count import INPUTS, Sum, count_range
from prmkit.estimators.attrition import monthly, steady_state
from prmkit.estimators.capacity import Recruits, Sharing, count_for, mean_count, total_cv
from prmkit.estimators.channel import Assumed, Channel, assume, fit_channel
from prmkit.estimators.predictive import Window
from prmkit.estimators.recruitment import (
    Pace,
    draw_lottery,
    expected_months,
    pool_mean,
    sharing,
    signing_times,
    simulate_recruits,
    worth_by_signing,
)
from prmkit.estimators.starters import hold

YEAR = Window(0, 12)
GAP = 5_010_400.0
GOLDEN = {"yield": 90_000.0, "attrition": 0.12, "growth": 0.05, "ramp_months": 9.0, "activation": 0.35}


def steady_channel(monthly_revenue: float = 7_500.0, **assumed: float) -> Channel:
    """200 units that began one after the other and sell the same every month; parameters set, ties cut."""
    revenue = np.zeros((200, 36))
    for unit in range(200):
        revenue[unit, unit % 20 :] = monthly_revenue
    told = {"ramp_months": 0.0, "activation": 1.0, "attrition": 0.0} | assumed
    channel = assume(fit_channel(revenue, seed=1, resamples=10), Assumed(**told))
    return type(channel)(**{**channel.__dict__, "tie": np.ones_like(channel.tie)})


class TestTheSumByHand:
    def test_golden_case(self) -> None:
        made = Sum(10_000_000, 60, recruits_stop=False)
        assert made.count(GOLDEN)[0] == pytest.approx(648.2, abs=0.05)
        assert made.count({**GOLDEN, "activation": 1.0})[0] == pytest.approx(226.9, abs=0.05)
        assert made.fraction({name: np.array([value]) for name, value in GOLDEN.items()})[0] == pytest.approx(0.2454, abs=5e-5)

    def test_recruits_that_stop_ask_for_more(self) -> None:
        ages = np.arange(12)
        alive = (1 - monthly(0.12)) ** ages
        fraction = (np.minimum(1, (ages + 0.5) / 9) * alive * (12 - ages) / 12).sum() / 12
        assert Sum(10_000_000, 60).count(GOLDEN)[0] == pytest.approx(GAP / (90_000 * 1.05 * fraction * 0.35))

    def test_no_gap_needs_nobody_and_nothing_brought_is_never_enough(self) -> None:
        assert Sum(1.0, 60).count(GOLDEN)[0] == 0
        assert Sum(10_000_000, 60).count({**GOLDEN, "activation": 0.0})[0] == np.inf

    def test_what_is_known_for_sure_is_learnt_last(self) -> None:
        rng = np.random.default_rng(1)
        draws = {name: np.full(2_000, value) for name, value in GOLDEN.items()}
        draws["activation"] = rng.uniform(0.2, 0.5, 2_000)
        draws["yield"] = rng.normal(90_000, 900, 2_000)
        made = count_range(Sum(10_000_000, 60, recruits_stop=False), draws)
        assert [row[0] for row in made.inputs[:2]] == ["activation", "yield"]
        assert set(INPUTS) == {row[0] for row in made.inputs}
        assert made.low < 648.2 < made.high
        _, low, high, few, many = made.inputs[0]
        assert (low, high) == (pytest.approx(0.23, abs=0.01), pytest.approx(0.47, abs=0.01))
        assert few == pytest.approx(226.9 / low, rel=0.01)
        assert many == pytest.approx(226.9 / high, rel=0.01)


class TestTheSimulationConverges:
    def test_golden_case_signed_at_once_and_evenly(self) -> None:
        channel = steady_channel(ramp_months=9, activation=0.35)
        for pace, signed in ((Pace(0, 1), 254.5), (None, 648.2)):
            months = expected_months(channel, YEAR, pace=pace)
            one = float((months * pool_mean(channel) * 0.35).mean())
            assert mean_count(0.0, one, GAP) == pytest.approx(signed, rel=2e-3)
            made = simulate_recruits(channel, YEAR, 700, 1, 20, pace=pace)
            found = count_for(np.zeros(200), made, GAP, 0.5, 2_000)
            assert found == pytest.approx(signed, rel=0.03)

    def test_no_ramp_no_attrition_no_tail_is_gap_over_mean(self) -> None:
        """All signed now and selling at once: for any confidence the whole number above gap / mean."""
        channel = steady_channel()
        channel.yields.unsure[:] = 0
        channel = type(channel)(
            **{
                **channel.__dict__,
                "yields": type(channel.yields)(channel.yields.level, channel.yields.unsure, 0.0, 0.05, channel.yields.exposure),
            }
        )
        made = simulate_recruits(channel, YEAR, 80, 1, 5, pace=Pace(0, 1))
        each = 12 * float(channel.yields.level[channel.pool].mean())
        for confidence in (0.5, 0.8, 0.95):
            assert count_for(np.zeros(50), made, GAP, confidence, 500) == int(np.ceil(GAP / each))

    def test_geometric_attrition_settles_at_signings_over_hazard(self) -> None:
        """One signed every month for 25 years at 5% lost a month: 20 selling in the last year, as s / h says."""
        channel = steady_channel(1.0, attrition=1 - 0.95**12)
        long = Window(288, 300)
        there = sharing(channel, long, np.zeros(100)).there * 300
        assert there[-1] + 0.5 == pytest.approx(steady_state(1.0, 0.05), rel=0.01)
        assert float(expected_months(channel, long).mean()) * 300 / 12 == pytest.approx(steady_state(1.0, 0.05), rel=0.02)

    def test_the_tail_pools_as_the_log_normal_says(self) -> None:
        """Totals of n recruits whose yields are log-normal spread by sqrt((exp(s2) - 1) / n)."""
        sigma = 1.0
        channel = steady_channel()
        rng = np.random.default_rng(2)
        level = np.exp(sigma * rng.standard_normal(len(channel.yields.level)))
        yields = type(channel.yields)(level, np.zeros(len(level)), 0.0, sigma**2, channel.yields.exposure)
        even = np.ones_like(channel.weights)
        channel = type(channel)(**{**channel.__dict__, "yields": yields, "weights": even})
        made = simulate_recruits(channel, YEAR, 60, 1, 400, pace=Pace(0, 1))
        own = level[channel.pool].std() / level[channel.pool].mean()
        for count in (10, 60):
            total = made.revenue(count)
            assert total.std() / total.mean() == pytest.approx(own / np.sqrt(count), rel=0.05)
        assert total_cv(sigma, 10) == pytest.approx(np.sqrt((np.e - 1) / 10))


class TestPace:
    def test_signing_times_stay_inside_and_spread_evenly(self) -> None:
        months = signing_times(600, 12.0, 6.0)
        assert np.bincount(months.astype(int), minlength=12)[:6].sum() == 0
        assert np.ptp(np.bincount(months.astype(int))[6:]) <= 2
        assert Pace(6, 12).shares(12) == pytest.approx([0] * 6 + [1 / 6] * 6)
        assert Pace(0, 2.5).shares(4) == pytest.approx([0.4, 0.4, 0.2, 0])

    def test_what_a_recruit_brings_by_month_of_signing(self) -> None:
        """Ramp of nine months, all else certain: 12 phi(s) of a month's yield for month s, 0.625 of a year in the first."""
        channel = steady_channel(ramp_months=9, activation=0.35)
        worth = worth_by_signing(channel, YEAR).mean(axis=0)
        full = float(pool_mean(channel).mean()) * 0.35
        fraction = [np.minimum(1, (np.arange(12 - month) + 0.5) / 9).sum() for month in range(12)]
        assert worth == pytest.approx(full * np.array(fraction))
        assert worth[0] / (12 * full) == pytest.approx(0.625)

    def test_a_window_that_begins_later_leaves_out_what_comes_before(self) -> None:
        channel = steady_channel()
        worth = worth_by_signing(channel, Window(6, 18)).mean(axis=0) / float(pool_mean(channel).mean())
        assert worth == pytest.approx([12] * 7 + [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])

    def test_a_lottery_drawn_before_gives_the_same_recruits(self) -> None:
        channel = steady_channel()
        drawn = draw_lottery(channel, 30, 5, 4)
        again = simulate_recruits(channel, YEAR, 30, 5, 4, lottery=drawn)
        assert (simulate_recruits(channel, YEAR, 30, 5, 4).cumulative == again.cumulative).all()


class TestSharing:
    takes = np.full(3, 1_000.0)

    def recruits(self, elasticity: float, there: list[float]) -> Recruits:
        each = np.full(3, 10.0)
        flat = np.full(len(there), 1 / len(there))
        return Recruits(
            np.outer(each, np.arange(1, 201)).astype(np.float32),
            each,
            np.zeros(3),
            np.zeros(3),
            np.ones(3),
            (100.0, 1.0, np.full(3, elasticity)),
            Sharing(self.takes, np.array(there), flat, flat),
        )

    def test_all_there_throughout_is_the_power_law(self) -> None:
        """Recruits that yield what present units do: S = alpha N^beta, so n more add S ((1 + n/N)^beta - 1)."""
        for count in (1, 50, 200):
            assert self.recruits(0.6, [1.0]).revenue(count) == pytest.approx(1_000 * ((1 + count / 100) ** 0.6 - 1))

    def test_an_elasticity_of_one_takes_nothing(self) -> None:
        assert self.recruits(1.0, [0.3, 0.9]).revenue(40) == pytest.approx(400.0)
        assert self.recruits(0.5, [0.3, 0.9]).with_elasticity(1.0).revenue(40) == pytest.approx(400.0)

    def test_those_there_without_selling_yet_take_all_the_same(self) -> None:
        late = self.recruits(0.8, [1.0, 1.0])
        quiet = Recruits(late.cumulative * 0, np.zeros(3), np.zeros(3), np.zeros(3), np.ones(3), late.crowding, late.sharing)
        assert quiet.revenue(100) == pytest.approx(-1_000 * (1 - 2**-0.2))

    def test_elsewhere_they_take_from_others(self) -> None:
        there = self.recruits(0.6, [1.0]).among(200.0, np.full(3, 2_000.0))
        assert there.revenue(50) == pytest.approx(500 * 1.25**-0.4 - 2_000 * (1 - 1.25**-0.4))


class TestStarters:
    def starters(self, sold: float) -> Channel:
        """Units of the past at 100 a month; those signed in the last two years at `sold` times that."""
        rng = np.random.default_rng(3)
        revenue = np.zeros((400, 48))
        start = rng.integers(-30, 44, 400)
        for unit, begin in enumerate(start):
            revenue[unit, max(begin, 0) :] = (100.0 if begin < 0 else 100.0 * sold) * np.exp(rng.normal(0, 0.5, 48 - max(begin, 0)))
        return fit_channel(revenue, start.astype(float), seed=4, resamples=40)

    @pytest.mark.parametrize("sold", [0.5, 1.0, 2.0])
    def test_many_starters_decide_by_themselves(self, sold: float) -> None:
        channel = self.starters(sold)
        held = type(channel)(**{**channel.__dict__, "tie": hold(channel, 1)})
        year = float((worth_by_signing(held, YEAR)[:, 0]).mean())
        life = channel.lives
        own = np.flatnonzero((life.start >= 0) & (life.start <= life.months - 12))
        real = np.mean([life.revenue[unit, life.start[unit] : life.start[unit] + 12].sum() for unit in own])
        assert year == pytest.approx(real, rel=0.12)

    def test_a_handful_leaves_the_answer_to_the_parts(self) -> None:
        """Four starters that sold a tenth of the usual: too few to be believed over three hundred others."""
        revenue = np.full((300, 30), 100.0) * np.exp(np.random.default_rng(5).normal(0, 0.3, (300, 30)))
        start = np.full(300, -24.0)
        start[:4] = 10
        revenue[:4, :10] = 0
        revenue[:4, 10:] *= 0.1
        channel = fit_channel(revenue, start, seed=6, resamples=40)
        held = type(channel)(**{**channel.__dict__, "tie": hold(channel, 1)})
        assert float(worth_by_signing(held, YEAR)[:, 0].mean()) > 0.7 * 1_200
