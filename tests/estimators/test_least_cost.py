"""Whole numbers at least cost: against trying them all, against closed forms, and what stands in the way named."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmkit.estimators.least_cost import (
    Options,
    by_group,
    cheapest,
    in_the_way,
    largest,
    least_excess,
    least_widening,
    on_gain,
    on_units,
)
from prmkit.estimators.shared_market import Markets, pieces


def options(
    cost: list[float], worth: list[float], place: list[int], most: float, elasticity: float = 1.0, present: float = 50.0
) -> Options:
    places = max(place) + 1
    market = Markets(np.full(places, present), np.full(places, 5.0), elasticity)
    far = np.full(places, most * sum(worth))
    return Options(np.array(cost), np.array(worth), np.array(place, dtype=np.int64), np.full(len(cost), most), pieces(market, far))


def filled(made: Options, units: tuple[int, ...]) -> float:
    """The gain of units by the pieces, the steepest first."""
    worth = np.bincount(made.place, made.worth * np.array(units), int(made.pieces.place.max()) + 1)
    gain = 0.0
    for length, slope, place in zip(made.pieces.length, made.pieces.slope, made.pieces.place, strict=True):
        part = min(float(length), float(worth[place]))
        worth[place] -= part
        gain += part * float(slope)
    return gain


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 1)), min_size=2, max_size=4),
    st.sampled_from([1.0, 0.6]),
    st.floats(0.1, 1.3),
    st.integers(2, 9),
)
def test_no_other_whole_numbers_are_cheaper(kinds: list[tuple[int, int, int]], elasticity: float, share: float, room: int) -> None:
    cost, worth, place = (list(column) for column in zip(*kinds, strict=True))
    bare = options([float(one) for one in cost], [float(one) for one in worth], [one if 0 in place else 0 for one in place], 3, elasticity)
    made = replace(bare, limits=(on_units(bare, "room", np.ones(bare.kinds), most=room),))
    every = [units for units in product(range(4), repeat=bare.kinds) if sum(units) <= room]
    gain = share * max(filled(bare, units) for units in every)
    enough = [sum(c * n for c, n in zip(cost, units, strict=True)) for units in every if filled(bare, units) >= gain - 1e-9]
    found = cheapest(made, gain)
    if not enough:
        assert found is None
        assert largest(made) is not None
        return
    assert found is not None
    assert found.cost == pytest.approx(min(enough))
    assert filled(bare, tuple(int(one) for one in found.units)) >= gain - 1e-6
    assert found.gap >= 0


def test_one_kind_without_sharing_is_the_gain_over_what_one_brings() -> None:
    found = cheapest(options([3.0], [7.0], [0], 100), 50.0)
    assert found is not None
    assert found.units.tolist() == [8.0]
    assert found.cost == 24.0


def test_where_returns_fall_the_next_unit_of_money_brings_as_much_everywhere() -> None:
    """Two places, 100 and 400 there, one price: 50 and 200 more, as slopes are alike where proportions are."""
    market = Markets(np.array([100.0, 400.0]), np.ones(2), 0.5)
    made = Options(np.ones(2), np.ones(2), np.array([0, 1]), np.full(2, np.inf), pieces(market, np.array([1000.0, 4000.0]), 400))
    gain = float(market.gain(np.array([50.0, 200.0])).sum())
    found = cheapest(made, gain, whole=False)
    assert found is not None
    assert found.units == pytest.approx([50.0, 200.0], rel=0.02)
    slope = market.slope(found.units)
    assert slope[0] == pytest.approx(slope[1], rel=0.01)
    assert found.cost == pytest.approx(250.0, rel=1e-3)


def limited() -> Options:
    """Two places, worth 10 and 5 a unit at a cost of 2 each; room for 10, 6 in the first, a budget of 100, 20 wanted from the second."""
    bare = options([2.0, 2.0], [10.0, 5.0], [0, 1], 1000)
    limits = (
        on_units(bare, "room", np.ones(2), most=10.0),
        by_group(bare, "first", np.array([0, -1]), most=6.0),
        on_units(bare, "budget", bare.cost, most=100.0),
        on_gain(bare, "second", np.array([1]), least=20.0),
    )
    return replace(bare, limits=limits)


def test_limits_hold() -> None:
    found = cheapest(limited(), 60.0)
    assert found is not None
    assert found.units.tolist() == [4.0, 4.0]
    most = largest(limited())
    assert most is not None
    assert most.gain == pytest.approx(80.0)
    assert cheapest(limited(), 80.1) is None


def test_what_stands_in_the_way_is_a_smallest_set() -> None:
    groups = [("room",), ("first",), ("budget",), ("second",)]
    assert in_the_way(limited(), 80.0, groups) == ()
    assert in_the_way(limited(), 90.0, groups) == (("room",),)
    assert in_the_way(limited(), 90.0, [("room", "first"), ("budget",)]) == (("room", "first"),)
    assert in_the_way(limited(), 400.0, groups) == (("room",), ("first",))
    assert in_the_way(limited(), 1e9, groups) == tuple(groups)


def test_how_far_a_limit_has_to_give() -> None:
    found = least_excess(limited(), 90.0, "room")
    assert found is not None
    assert found.excess.sum() == pytest.approx(2.0)
    assert least_excess(limited(), 90.0, "budget") is None
    wider = least_widening(limited(), 160.0, ("room", "first"))
    assert wider is not None
    assert wider.excess[0] == pytest.approx(1.0)


def test_a_wider_limit_saves_what_the_difference_costs() -> None:
    """Of 75 wanted, six in the first place bring 60 and three in the second 15; a seventh in the first would spare two in the second."""
    tight = limited().without("second")
    now, then = cheapest(tight, 75.0), cheapest(tight.moved("first", 1.0), 75.0)
    assert now is not None
    assert then is not None
    assert (now.cost, then.cost) == (18.0, 16.0)


def test_many_kinds_are_solved_beside_the_relaxed_answer() -> None:
    rng = np.random.default_rng(3)
    count = 40 * 6
    worth, place = rng.uniform(5, 15, count), np.repeat(np.arange(40), 6)
    market = Markets(rng.uniform(50, 200, 40), np.full(40, 10.0), 0.8)
    bare = Options(rng.uniform(1, 2, count), worth, place, np.full(count, np.inf), pieces(market, np.full(40, 2000.0)))
    made = replace(bare, limits=(on_units(bare, "room", np.ones(count), most=300.0), by_group(bare, "cover", place, least=1.0)))
    found, relaxed = cheapest(made, 1200.0), cheapest(made, 1200.0, whole=False)
    assert found is not None
    assert relaxed is not None
    assert (found.units == np.rint(found.units)).all()
    assert relaxed.cost <= found.cost <= relaxed.cost * 1.02
    assert found.gap == pytest.approx(found.cost / relaxed.cost - 1)
    assert np.bincount(place, found.units).min() >= 1
