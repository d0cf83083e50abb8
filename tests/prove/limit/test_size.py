"""The usual order of a partner: exact where logs are normal, and right as often as it says where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from prmkit.prove.limit.size import GridSize, NormalSize, _grid, fit_size
from prmkit.simulate.history import make_state
from prmkit.simulate.worlds import REFERENCE, WORLDS
from tests.prove.limit.ranks import covers_nine_in_ten, even, ranks

PARTNER, LOGS = np.array([0, 0, 0, 2]), np.array([7.9, 8.4, 6.8, 9.3])
PRIOR = np.array([7.2, 7.2, 7.6])


def test_normal_logs_weigh_prior_and_orders_by_their_variances() -> None:
    state = make_state(REFERENCE, 5, 200, 24)
    found = fit_size(state)
    assert isinstance(found, NormalSize)
    partner = int(np.argmax(state.orders.counts[:, :24].sum(axis=1)))
    logs = np.log(state.orders.value[(state.orders.partner == partner) & (state.orders.month < 24)])
    weight = len(logs) / 0.9**2
    assert found.variance[partner] == pytest.approx(1 / (weight + 0.6**-2))
    mean = (state.network.mean_log_size[partner] / 0.6**2 + logs.mean() * weight) * found.variance[partner]
    assert found.mean[partner] == pytest.approx(mean)


def test_the_grid_agrees_with_the_exact_rule_where_both_apply() -> None:
    found = _grid(REFERENCE, PRIOR, PARTNER, LOGS)
    counts = np.bincount(PARTNER, minlength=3)
    precision = counts / REFERENCE.order_spread**2 + REFERENCE.size_spread**-2
    total = np.bincount(PARTNER, LOGS, minlength=3) / REFERENCE.order_spread**2
    assert found.variance == pytest.approx(1 / precision, rel=1e-4)
    assert found.mean == pytest.approx((PRIOR / REFERENCE.size_spread**2 + total) / precision, rel=1e-5)


def test_heavy_tails_against_an_integral() -> None:
    world = WORLDS.get("heavy_tail")
    scale = np.sqrt(0.5)

    def density(x: float) -> float:
        own = stats.t.pdf((LOGS[:3] - x) / world.order_spread / scale, 4)
        return float(np.prod(own) * stats.t.pdf((x - PRIOR[0]) / world.size_spread / scale, 4))

    total = integrate.quad(density, 0, 15, points=[7.9])[0]
    mean = integrate.quad(lambda x: x * density(x), 0, 15, points=[7.9])[0] / total
    assert _grid(world, PRIOR, PARTNER, LOGS).mean[0] == pytest.approx(mean, abs=0.002)


@pytest.mark.parametrize("name", ["reference", "heavy_tail", "wrong_model"])
def test_sizes_are_calibrated(name: str) -> None:
    state = make_state(WORLDS.get(name), 700, 5_000, 24)
    found = fit_size(state)
    assert isinstance(found, NormalSize if name == "reference" else GridSize)
    rank = ranks(state.network.log_size, found.draw(399, np.random.default_rng(1)))
    assert even(rank)
    assert covers_nine_in_ten(rank)


def test_equal_partners_have_the_size_of_all() -> None:
    state = make_state(WORLDS.get("null"), 3, 100, 24)
    assert (fit_size(state).draw(5, np.random.default_rng(1)) == 7.2).all()
