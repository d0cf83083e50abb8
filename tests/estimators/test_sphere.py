"""Distances on the globe: known ones, the haversine of scikit-learn, cells and neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neighbors import BallTree

from prmkit.estimators.sphere import EARTH_KM, cells, kilometres, nearest, pairs, spots_of, within


def test_known_distances() -> None:
    assert kilometres(0.0, 0.0, 0.0, 180.0) == pytest.approx(np.pi * EARTH_KM)
    assert kilometres(90.0, 0.0, 0.0, 77.0) == pytest.approx(np.pi / 2 * EARTH_KM)
    assert kilometres(52.52, 13.405, 48.137, 11.575) == pytest.approx(504, abs=2)  # Berlin to Munich
    assert np.isnan(kilometres(np.nan, 0.0, 1.0, 1.0))


def test_neighbours_are_those_of_the_ball_tree() -> None:
    rng = np.random.default_rng(4)
    here, there = (np.column_stack([rng.uniform(-80, 80, n), rng.uniform(-180, 180, n)]) for n in (60, 200))
    apart, which = nearest(here[:, 0], here[:, 1], there[:, 0], there[:, 1], 5)
    theirs, index = BallTree(np.radians(there), metric="haversine").query(np.radians(here), k=5)
    assert which.tolist() == index.tolist()
    assert apart == pytest.approx(theirs * EARTH_KM, abs=1e-6)
    found = within(here[:, 0], here[:, 1], there[:, 0], there[:, 1], 2_000.0)
    wanted = BallTree(np.radians(there), metric="haversine").query_radius(np.radians(here), 2_000.0 / EARTH_KM)
    assert [sorted(one) for one in found] == [sorted(one.tolist()) for one in wanted]


def test_fewer_places_than_asked_for() -> None:
    apart, which = nearest(np.array([0.0]), np.array([0.0]), np.array([0.0, 1.0]), np.array([0.0, 0.0]), 9)
    assert which.tolist() == [[0, 1]]
    assert apart[0] == pytest.approx([0.0, EARTH_KM * np.pi / 180])


@given(st.lists(st.tuples(st.floats(-85, 85), st.floats(-179, 179)), min_size=1, max_size=40), st.floats(5, 500))
def test_those_of_one_cell_lie_close_together(places: list[tuple[float, float]], km: float) -> None:
    lat, lon = np.array([one[0] for one in places]), np.array([one[1] for one in places])
    code = cells(lat, lon, km)
    apart = kilometres(lat[:, None], lon[:, None], lat, lon)
    assert apart[code[:, None] == code].max() <= 2.2 * km
    assert sorted(set(code.tolist())) == list(range(code.max() + 1))


def test_pairs_and_places_by_hand() -> None:
    assert pairs(np.array([5, 5, 2, 5]), np.array([1, -7, 9, 1])).tolist() == [2, 1, 0, 2]
    assert spots_of(np.array([1.0, 1.0000001, 1.1]), np.array([2.0, 2.0, 2.0])).tolist() == [0, 0, 1]
    assert pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []
