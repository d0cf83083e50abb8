"""Gravity: golden shares, the logit against another package, and recovery of known exponents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.discrete.conditional_models import ConditionalLogit

from prmkit.estimators.huff import Choices, fit_choices, huff

INF = float("inf")


def test_the_golden_case_to_the_digit() -> None:
    assert huff(np.array([4.0, 1.0]), np.array([[2.0, 1.0]])).tolist() == [[0.5, 0.5]]


def test_shares_by_hand() -> None:
    share = huff(np.array([3.0, 2.0, 5.0]), np.array([[1.0, 2.0, INF]]), a=1.0, b=1.0)
    assert share[0] == pytest.approx([3 / 4, 1 / 4, 0.0])
    assert huff(np.array([1.0, 9.0]), np.array([[7.0, 7.0]]), a=0.5)[0] == pytest.approx([1 / 4, 3 / 4])


def test_a_customer_next_door_and_one_with_nobody() -> None:
    assert huff(np.array([1.0, 100.0, 1.0]), np.array([[0.0, 5.0, 0.0]]))[0].tolist() == [0.5, 0.0, 0.5]
    assert huff(np.array([1.0, 3.0]), np.array([[0.0, 0.5]]), least=1.0)[0] == pytest.approx([0.25, 0.75])
    assert huff(np.array([0.0, 0.0]), np.array([[1.0, 2.0]]))[0].tolist() == [0.0, 0.0]
    assert huff(np.array([0.0, 2.0]), np.array([[0.0, 2.0]]))[0].tolist() == [0.0, 1.0]


def test_sizes_and_distances_below_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        huff(np.array([-1.0]), np.array([[1.0]]))
    with pytest.raises(ValueError, match="cannot be negative"):
        huff(np.array([1.0]), np.array([[-1.0]]))


@given(
    st.lists(st.tuples(st.floats(0.01, 1e6), st.floats(0.01, 1e5)), min_size=1, max_size=8),
    st.floats(0.0, 3.0),
    st.floats(0.0, 4.0),
    st.floats(0.1, 50.0),
)
def test_shares_add_up_and_do_not_hang_on_units(places: list[tuple[float, float]], a: float, b: float, unit: float) -> None:
    size, distance = np.array([one[0] for one in places]), np.array([[one[1] for one in places]])
    share = huff(size, distance, a, b)
    assert share.sum() == pytest.approx(1.0)
    assert huff(size * unit, distance / unit, a, b) == pytest.approx(share, abs=1e-9)


def world(cases: int, places: int, seed: int, a: float = 0.7, b: float = 1.6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    site, home, size = rng.random((places, 2)) * 100, rng.random((cases, 2)) * 100, rng.lognormal(0, 0.8, places)
    apart = np.sqrt(((home[:, None] - site) ** 2).sum(axis=-1))
    chance = huff(size, apart, a, b, 1.0)
    chosen = np.array([rng.choice(places, p=row) for row in chance])
    return np.stack([np.broadcast_to(np.log(size), apart.shape), -np.log(np.maximum(apart, 1.0))], axis=2), chosen


def test_the_same_as_conditional_logit_of_statsmodels() -> None:
    traits, chosen = world(400, 12, 3)
    found = fit_choices(Choices(traits, np.zeros(traits.shape[:2]), chosen))
    taken = np.zeros(traits.shape[:2])
    taken[np.arange(400), chosen] = 1
    theirs = ConditionalLogit(taken.ravel(), traits.reshape(-1, 2), groups=np.repeat(np.arange(400), 12)).fit(disp=0)
    assert found is not None
    assert found.coefficients == pytest.approx(theirs.params, abs=5e-4)  # theirs stops a little before the top
    assert 0 <= found.log_likelihood - theirs.llf < 1e-3
    assert found.errors == pytest.approx(theirs.bse, rel=0.15)  # theirs trust the model, ours do not


def test_intervals_hold_the_true_exponents_nine_times_in_ten() -> None:
    held = np.zeros(2)
    for seed in range(40):
        traits, chosen = world(300, 10, 100 + seed)
        found = fit_choices(Choices(traits, np.zeros(traits.shape[:2]), chosen))
        assert found is not None
        low, high = found.ends()
        held += (low <= [0.7, 1.6]) & (high >= [0.7, 1.6])
    assert (held >= 32).all()  # 36 expected; 31 or fewer comes once in a hundred


def test_drawn_alternatives_that_stand_for_many_give_the_same_answer() -> None:
    """Near ones all, of the others a tenth, each counted tenfold (McFadden 1978)."""
    traits, chosen = world(1500, 60, 5)
    whole = fit_choices(Choices(traits, np.zeros(traits.shape[:2]), chosen))
    rng = np.random.default_rng(1)
    near = np.argsort(-traits[:, :, 1], axis=1)[:, :20]
    picked, offset = np.empty((1500, 24), dtype=np.int64), np.zeros((1500, 24))
    for row in range(1500):
        rest = np.setdiff1d(np.arange(60), near[row])
        others = rng.choice(rest, 4, replace=False)
        if chosen[row] not in near[row] and chosen[row] not in others:
            others[0] = chosen[row]
        picked[row], offset[row, 20:] = np.concatenate([near[row], others]), np.log(10)
    thin = np.take_along_axis(traits, picked[:, :, None], axis=1)
    found = fit_choices(Choices(thin, offset, (picked == chosen[:, None]).argmax(axis=1)))
    assert whole is not None
    assert found is not None
    assert found.coefficients == pytest.approx(whole.coefficients, abs=0.06)


def test_nothing_is_said_where_the_data_single_out_no_weight() -> None:
    traits, chosen = world(50, 5, 7)
    alike = traits.copy()
    alike[:, :, 0] = 1.0
    assert fit_choices(Choices(alike, np.zeros(traits.shape[:2]), chosen)) is None
    nearest = traits[:, :, 1].argmax(axis=1)
    assert fit_choices(Choices(traits[:, :, 1:], np.zeros(traits.shape[:2]), nearest)) is None  # the nearest every time: no maximum
