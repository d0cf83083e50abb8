"""Points on the globe: how far apart, which are nearest, and which lie in one cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""


def kilometres(latitude: ArrayLike, longitude: ArrayLike, latitude2: ArrayLike, longitude2: ArrayLike) -> Array:
    """Great-circle distance by the haversine formula; degrees in, km out, broadcast; nan where a place is nan."""
    lat, lon, lat2, lon2 = (np.radians(np.asarray(part, dtype=float)) for part in (latitude, longitude, latitude2, longitude2))
    half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    made: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return made


def nearest(latitude: Array, longitude: Array, latitude2: Array, longitude2: Array, count: int) -> tuple[Array, Whole]:
    """The `count` second places nearest to each first one: km (n, k) and their numbers (n, k), nearest first; k <= count.

    Chords order places as arcs do, so that a tree in three dimensions serves.
    """
    tree = cKDTree(_unit(latitude2, longitude2))
    k = min(count, len(latitude2))
    chord, which = tree.query(_unit(latitude, longitude), k=np.arange(1, k + 1))
    return _arc(chord), which.astype(np.int64)


def within(latitude: Array, longitude: Array, latitude2: Array, longitude2: Array, km: float) -> list[list[int]]:
    """For each first place the numbers of the second places at most `km` away."""
    tree = cKDTree(_unit(latitude2, longitude2))
    chord = 2 * np.sin(min(km / EARTH_KM, np.pi) / 2)
    found: list[list[int]] = tree.query_ball_point(_unit(latitude, longitude), chord * (1 + 1e-12), return_sorted=True).tolist()
    return found


def cells(latitude: Array, longitude: Array, km: float) -> Whole:
    """A code for each place, alike for those in one cell about `km` wide and high; codes run from 0 in the order of south to north."""
    row = np.floor(latitude / np.degrees(km / EARTH_KM)).astype(np.int64)
    middle = (row + 0.5) * np.degrees(km / EARTH_KM)
    width = np.degrees(km / EARTH_KM) / np.maximum(np.cos(np.radians(middle)), 0.01)
    column = np.floor(longitude / width).astype(np.int64)
    return pairs(row, column)


def pairs(first: Whole, second: Whole) -> Whole:
    """A code for each pair of whole numbers, alike for equal pairs, in the order of the first and then the second."""
    spread = int(np.ptp(second)) + 1 if len(second) else 1
    key = (first - first.min(initial=0)) * spread + (second - second.min(initial=0))
    made: Whole = np.asarray(np.unique(key, return_inverse=True)[1], dtype=np.int64).ravel()
    return made


def spots_of(latitude: Array, longitude: Array) -> Whole:
    """A code for each place, alike for the same place to a hundred-thousandth of a degree, a metre."""
    return pairs(np.round(latitude * 1e5).astype(np.int64), np.round(longitude * 1e5).astype(np.int64))


def _unit(latitude: Array, longitude: Array) -> Array:
    lat, lon = np.radians(np.asarray(latitude, dtype=float)), np.radians(np.asarray(longitude, dtype=float))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _arc(chord: Array) -> Array:
    made: Array = 2 * EARTH_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0))
    return made
