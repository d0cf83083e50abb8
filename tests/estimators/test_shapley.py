"""Divided explained variation against published figures, hand-worked cases and what has to hold of any division."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.estimators import shapley
from prmkit.estimators.shapley import divide
from tests.estimators.published import ATTITUDE, SWISS


def made(seed: int, drivers: int) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(drivers + 9, drivers + 1))
    return np.corrcoef((values + values[:, :1]).T)


def test_swiss_fertility_as_relaimpo_has_it() -> None:
    found = divide(np.corrcoef(SWISS.T))
    assert found.parts[0] == pytest.approx([0.0571, 0.1712, 0.2601, 0.1056, 0.1128], abs=5e-5)
    assert found.r_squared[0] == pytest.approx(0.7067, abs=5e-5)
    assert found.shares.sum() == pytest.approx(1)
    assert found.alone[0, 1] == pytest.approx(0.6459**2, abs=5e-4), "the correlation of examination with fertility is -0.6459"


def test_by_all_orders_of_regressions() -> None:
    values = ATTITUDE[:, [1, 3, 6, 0]]

    def fit(columns: tuple[int, ...]) -> float:
        design = np.column_stack([np.ones(len(values)), values[:, list(columns)]])
        left = values[:, -1] - design @ np.linalg.lstsq(design, values[:, -1], rcond=None)[0]
        return 1 - left.var() / values[:, -1].var()

    orders = list(permutations(range(3)))
    gains = [
        [fit(order[: order.index(one) + 1]) - (fit(order[: order.index(one)]) if order.index(one) else 0.0) for one in range(3)]
        for order in orders
    ]
    found = divide(np.cov(values.T))
    assert found.parts[0] == pytest.approx(np.mean(gains, axis=0))
    assert found.last[0] == pytest.approx([fit((0, 1, 2)) - fit(rest) for rest in ((1, 2), (0, 2), (0, 1))])


def test_two_drivers_by_hand() -> None:
    """r = .6 between them, .5 and .3 with the outcome: R2 = (.25 + .09 - 2 x .6 x .5 x .3) / .64 = .25; parts .205 and .045."""
    found = divide(np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]]))
    assert found.r_squared[0] == pytest.approx(0.25)
    assert found.parts[0] == pytest.approx([(0.25 + 0.16) / 2, (0.09 + 0.0) / 2])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_parts_add_up_and_do_not_depend_on_order_or_scale(seed: int, drivers: int) -> None:
    matrix = made(seed, drivers)
    found = divide(matrix)
    assert found.parts.sum() == pytest.approx(found.r_squared[0])
    assert (found.parts > -1e-9).all()
    turned = np.append(np.random.default_rng(seed).permutation(drivers), drivers)
    scale = np.arange(1.0, drivers + 2)
    assert divide(matrix[np.ix_(turned, turned)]).parts[0] == pytest.approx(found.parts[0][turned[:-1]])
    assert divide(matrix * np.outer(scale, scale)).parts == pytest.approx(found.parts)


def test_the_same_question_twice_shares_its_part() -> None:
    values = ATTITUDE[:, [1, 1, 3, 0]]
    twice, once = divide(np.corrcoef(values.T)), divide(np.corrcoef(values[:, 1:].T))
    assert twice.r_squared == pytest.approx(once.r_squared)
    assert twice.parts[0, 0] == pytest.approx(twice.parts[0, 1])
    assert twice.last[0, 0] == pytest.approx(0, abs=1e-9)


def test_sampled_orders_come_near_and_the_last_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = divide(np.corrcoef(SWISS.T))
    monkeypatch.setattr(shapley, "EXACT", 4)
    near = divide(np.corrcoef(SWISS.T))
    assert not near.exact
    assert near.parts[0] == pytest.approx(exact.parts[0], abs=0.012)
    assert near.parts.sum() == pytest.approx(exact.r_squared[0], abs=1e-6)
    assert near.last[0] == pytest.approx(exact.last[0], abs=1e-6)


def test_many_drivers_at_once_and_what_cannot_be_divided() -> None:
    found = divide(np.stack([made(seed, 20) for seed in range(3)]))
    assert found.parts.shape == (3, 20)
    with pytest.raises(ValueError, match="does not vary"):
        divide(np.diag([1.0, 0.0]))
    with pytest.raises(ValueError, match="at least one driver"):
        divide(np.eye(1))
