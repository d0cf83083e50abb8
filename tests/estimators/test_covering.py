"""Covering: against every choice there is, against known bounds, and the ways that fall short of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from prmkit.estimators.covering import best_cover, drawn_covers, exchanged, greedy_cover, ranked


def reach(rows: list[list[int]], width: int) -> sparse.csr_array:
    made = np.zeros((len(rows), width))
    for number, row in enumerate(rows):
        made[number, row] = 1
    return sparse.csr_array(made)


def every_choice(reaches: sparse.csr_array, weight: np.ndarray, count: int) -> float:
    flags = reaches.toarray() > 0
    sites = range(flags.shape[0])
    return max(float(weight[flags[list(pick)].any(axis=0)].sum()) for pick in combinations(sites, min(count, len(sites))))


# the classical trap: the largest site lies across the two that together cover all
TRAP = reach([[0, 1, 2, 3], [0, 1, 4], [2, 3, 5]], 6)


def test_one_after_the_other_falls_into_the_trap_and_both_together_do_not() -> None:
    weight = np.ones(6)
    greedy, best = greedy_cover(TRAP, weight, 2), best_cover(TRAP, weight, 2)
    assert (greedy.sites.tolist(), greedy.covered) == ([0, 1], 5.0)
    assert (sorted(best.sites), best.covered, best.exact) == ([1, 2], 6.0, True)
    assert best.added.tolist() == [3.0, 3.0]
    assert exchanged(TRAP, weight, greedy).covered == 6.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_best_of_every_choice(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    reaches = sparse.csr_array((rng.random((9, 14)) < 0.25).astype(float))
    weight = np.round(rng.lognormal(0, 1, 14), 3)
    found = best_cover(reaches, weight, count)
    assert found.covered == pytest.approx(every_choice(reaches, weight, count))
    assert found.exact
    assert (np.diff(found.added) <= 1e-9).all()
    assert greedy_cover(reaches, weight, count).covered >= (1 - 1 / np.e) * found.covered - 1e-9
    assert greedy_cover(reaches, weight, count).bound >= found.covered - 1e-9


def test_a_city_of_hundreds_is_solved_to_the_end_and_beats_one_after_the_other() -> None:
    rng = np.random.default_rng(1)
    place = rng.random((400, 2))
    site = place[rng.choice(400, 200, replace=False)]
    reaches = sparse.csr_array((np.sqrt(((site[:, None] - place) ** 2).sum(axis=-1)) <= 0.1).astype(float))
    weight = rng.lognormal(0, 1, 400)
    best, greedy = best_cover(reaches, weight, 10, seconds=10), greedy_cover(reaches, weight, 10)
    assert best.exact
    assert best.covered > 1.005 * greedy.covered
    assert len(set(best.sites.tolist())) == 10


def test_out_of_time_the_choice_stands_and_its_gap_is_told() -> None:
    rng = np.random.default_rng(3)
    place = rng.random((900, 2))
    reaches = sparse.csr_array((np.sqrt(((place[:, None] - place) ** 2).sum(axis=-1)) <= 0.12).astype(float))
    weight = rng.lognormal(0, 1, 900)
    found = best_cover(reaches, weight, 12, seconds=0.02)
    assert greedy_cover(reaches, weight, 12).covered <= found.covered < found.bound
    assert 0 < found.gap < 1


def test_more_sites_than_add_anything_are_not_named() -> None:
    found = best_cover(reach([[0], [0], [1]], 3), np.array([2.0, 1.0, 5.0]), 3)
    assert (sorted(found.sites), found.covered) == ([0, 2], 3.0)
    nothing = best_cover(reach([[0]], 1), np.array([0.0]), 2)
    assert (len(nothing.sites), nothing.covered, nothing.gap) == (0, 0.0, 0.0)


def test_what_is_drawn_again_is_chosen_again() -> None:
    weights = np.array([[1.0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 9, 1], [0, 0, 0, 0, 0, 0]])
    assert drawn_covers(TRAP, weights, 2).tolist() == [[0, 1], [1, 2], [-1, -1]]
    assert ranked(TRAP, np.ones(6), np.array([2, 1])).added.tolist() == [3.0, 3.0]


def test_weights_below_nothing_and_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        greedy_cover(TRAP, -np.ones(6), 1)
    with pytest.raises(ValueError, match="6 demands can be reached, 5 have a weight"):
        greedy_cover(TRAP, np.ones(5), 1)
