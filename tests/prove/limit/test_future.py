"""The coming year: as sure as it says, and a plan worth what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from prmkit.prove.limit import future
from prmkit.prove.limit.luck import order_sums
from prmkit.prove.limit.recruits import POOL, draw_recruits
from prmkit.prove.limit.year import year_ahead
from prmkit.simulate.history import make_state
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.revenue import realised_revenue
from prmkit.simulate.state import State
from prmkit.simulate.worlds import REFERENCE, WORLDS


@pytest.fixture(scope="module")
def state() -> State:
    return make_state(REFERENCE, 31, 250, 24)


def goal(state: State, times: float) -> float:
    return times * float(realised_revenue(state)[:, state.months - 12 : state.months].sum())


@pytest.mark.parametrize("name", ["reference", "thin"])
def test_the_year_that_came_lies_anywhere_among_the_draws(name: str) -> None:
    rank = []
    for seed in range(40):
        made = make_state(WORLDS.get(name), 300 + seed, 120, 18)
        came = realised_revenue(made)[:, made.months :].sum()
        rank.append(float((future.present(made, 199) < came).mean()))
    assert stats.kstest(rank, "uniform").pvalue > 0.001


def test_who_knows_all_is_surer_and_right_too() -> None:
    rank, width = [], []
    for seed in range(20):
        made = make_state(REFERENCE, 300 + seed, 120, 18)
        came = realised_revenue(made)[:, made.months :].sum()
        drawn = [year_ahead(made, 149, known=known).revenue.sum(axis=(1, 2)) for known in (True, False)]
        rank.append(float((drawn[0] < came).mean()))
        width.append([float(np.std(np.log(each))) for each in drawn])
    assert stats.kstest(rank, "uniform").pvalue > 0.001
    assert np.mean(width, axis=0)[0] < 0.8 * np.mean(width, axis=0)[1]


def test_luck_of_orders_has_the_mean_of_the_world() -> None:
    for name in ("reference", "heavy_tail", "wrong_model"):
        world = WORLDS.get(name)
        sums = order_sums(world, np.full((400, 500), 0.7), np.full((400, 500), 2.0), np.random.default_rng(1))
        error = sums.std() / np.sqrt(sums.size)
        assert abs(sums.mean() - 0.7 * np.exp(2.0) * mean_lift(world)) < 4 * error


def test_recruits_bring_what_their_population_brings() -> None:
    world = replace(
        REFERENCE, hazard=1e-9, failure=0.0, encroachment=0.0, elasticity=1.0, place_shock=0.0, shock=0.0, growth=0.0, season=0.0
    )
    made = make_state(world, 5, 2_000, 24)
    # a twelfth signs in each month, and ramps up over six: month by month of age 0 ... 11
    ramp = np.minimum((np.arange(12) + 0.5) / 6, 1)
    months = np.mean([ramp[:age].sum() for age in range(1, 13)])
    shares = np.array([0.5, 0.27, 0.23])
    # heavier prior means: a place with more partners is met more often
    place = made.network.place_factor[made.network.territory].mean()
    value = np.exp(np.array(world.log_sizes) + world.size_spread**2 / 2) * mean_lift(world)
    selling = world.activation * (made.network.kind < 3).mean()
    expected = 300 * months * selling * place * float((shares * np.array(world.rates) * value).sum())
    found = future.recruits(made, 300, draws=400)
    assert abs(found.mean() - expected) < 4 * found.std() / np.sqrt(len(found))


def test_territories_are_shared(state: State) -> None:
    crowded = make_state(replace(REFERENCE, elasticity=0.5), 31, 250, 24)
    alone = make_state(replace(REFERENCE, elasticity=1.0), 31, 250, 24)
    assert future.recruits(crowded, 100).mean() < 0.7 * future.recruits(alone, 100).mean()


def test_more_recruits_than_are_drawn_one_by_one_go_on_evenly(state: State) -> None:
    made = draw_recruits(state, year_ahead(state, 100))
    each = [made.total(count).mean() - made.total(0).mean() for count in (POOL // 2, POOL, 2 * POOL)]
    # territories fill up, so that the later ones bring a little less
    assert 0.75 < (each[2] - each[1]) / (2 * (each[1] - each[0])) < 1.02


def test_the_number_named_is_the_smallest_that_gives_the_chance(state: State) -> None:
    asked = goal(state, 1.15)
    needed = future.count_for(state, asked, 0.8, known=True)
    assert needed is not None
    assert needed > 1
    assert future.true_chance(state, needed, asked) >= 0.8
    assert future.true_chance(state, needed - 1, asked) < 0.8
    assert future.count_for(state, goal(state, 0.2), 0.8) == 0
    assert future.count_for(state, goal(state, 10_000), 0.8) is None


def test_a_plan_is_truly_worth_what_the_limit_says_on_average() -> None:
    said, true = [], []
    for seed in range(25):
        made = make_state(REFERENCE, 700 + seed, 80, 18)
        asked = goal(made, 1.2)
        drawn = future.present(made, 100) + future.recruits(made, 15, 100)
        said.append(float((drawn >= asked).mean()))
        true.append(future.true_chance(made, 15, asked, draws=100))
    apart = np.subtract(true, said)
    assert abs(apart.mean()) < 3.3 * apart.std(ddof=1) / np.sqrt(len(apart))


def test_the_same_seed_gives_the_same_year(state: State) -> None:
    assert (future.present(state, 50, seed=3) == future.present(state, 50, seed=3)).all()
    assert (future.present(state, 50, seed=3) != future.present(state, 50, seed=4)).any()
