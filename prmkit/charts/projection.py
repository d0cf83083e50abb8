"""From degrees to px: flat maps of a part of the globe, split where places lie oceans apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from prmkit.charts.scale import tick_step

Array = NDArray[np.float64]

KM_A_DEGREE = 111.195
_APART_KM, _WHOLE_KM = 800.0, 3_500.0
_LEAST_KM = 4.0


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to px, true in all directions at the middle of the map (equirectangular, narrowed by the cosine of its latitude).

    west: longitude from which others are counted eastwards, so that a map may cross the date line.
    """

    north: float
    west: float
    cosine: float
    px_a_degree: float
    left: float
    top: float

    @classmethod
    def fitted(cls, latitude: Array, longitude: Array, width: float, height: float, left: float = 0.0, top: float = 0.0) -> Projection:
        """All places inside `width` x `height` px, with a margin of a twelfth; at least four km across. Raises ValueError without one."""
        if not len(latitude):
            raise ValueError("a map needs at least one place")
        west = seam(longitude)
        east = (longitude - west) % 360
        middle = (float(latitude.min()) + float(latitude.max())) / 2
        cosine = max(math.cos(math.radians(middle)), 0.05)
        tall = max(float(np.ptp(latitude)), _LEAST_KM / KM_A_DEGREE)
        wide = max(float(np.ptp(east)) * cosine, _LEAST_KM / KM_A_DEGREE)
        scale = min(width / wide, height / tall) * 10 / 12
        across = (float(east.min()) + float(east.max())) / 2 * cosine
        return cls(middle + height / 2 / scale, west, cosine, scale, left + width / 2 - across * scale, top)

    def __call__(self, latitude: Array, longitude: Array) -> tuple[Array, Array]:
        """x, y in px."""
        x = self.left + ((longitude - self.west) % 360) * self.cosine * self.px_a_degree
        return x, self.top + (self.north - latitude) * self.px_a_degree

    @property
    def px_a_km(self) -> float:
        """How many px a km is, at the middle of the map."""
        return self.px_a_degree / KM_A_DEGREE

    def parallels(self, height: float, most: int = 4) -> list[float]:
        """Round latitudes inside `height` px."""
        return _round_between(self.north - height / self.px_a_degree, self.north, most)

    def meridians(self, start: float, width: float, most: int = 4) -> list[float]:
        """Round longitudes, -180 to 180, between `start` and `start` + `width` px."""
        degree = self.cosine * self.px_a_degree
        first = self.west + (start - self.left) / degree
        return [(value + 180) % 360 - 180 for value in _round_between(first, first + width / degree, most)]

    def bar(self, most: float) -> tuple[float, float]:
        """A scale bar of at most `most` px: round km and px."""
        reach = most / self.px_a_km
        power = 10.0 ** math.floor(math.log10(reach))
        km = next(part * power for part in (5, 2, 1) if part * power <= reach)
        return km, km * self.px_a_km


def seam(longitude: Array) -> float:
    """The longitude in the middle of the widest gap: where a map is best cut open."""
    ordered = np.unique(np.asarray(longitude, dtype=float) % 360)
    gaps = np.diff(np.append(ordered, ordered[0] + 360))
    widest = int(np.argmax(gaps))
    return float(ordered[widest] + gaps[widest] / 2) % 360


def regions(latitude: Array, longitude: Array) -> NDArray[np.int64]:
    """A code for each place: one region where all lie within 3,500 km, else groups with 800 km and more between them; largest first."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    radius = KM_A_DEGREE * 180 / np.pi
    if not len(points) or float(np.linalg.norm(np.ptp(points, axis=0))) * radius <= _WHOLE_KM:
        return np.zeros(len(points), dtype=np.int64)
    coarse, which = np.unique(np.round(points * radius / (_APART_KM / 8)), axis=0, return_inverse=True)
    near = cKDTree(coarse).sparse_distance_matrix(cKDTree(coarse), 8.0, output_type="coo_matrix")
    near.data[:] = 1.0
    _, label = connected_components(near, directed=False)
    own = label[np.asarray(which).ravel()]
    order = np.argsort(-np.bincount(own), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    made: NDArray[np.int64] = rank[own]
    return made


def hexagons(x: Array, y: Array, width: float) -> tuple[Array, Array, NDArray[np.int64]]:
    """Middles of the hexagons (points up) of a width that hold px points, and the hexagon of each: the nearest of two shifted lattices."""
    high = width * math.sqrt(3)
    grids = []
    for shift in (0.0, 0.5):
        column, row = np.round(x / width - shift) + shift, np.round(y / high - shift) + shift
        grids.append((column, row, (column * width - x) ** 2 + (row * high - y) ** 2))
    first = grids[0][2] <= grids[1][2]
    column, row = (np.where(first, grids[0][part], grids[1][part]) for part in (0, 1))
    middles, which = np.unique(np.column_stack([column, row]), axis=0, return_inverse=True)
    return middles[:, 0] * width, middles[:, 1] * high, np.asarray(which, dtype=np.int64).ravel()


def _round_between(low: float, high: float, most: int) -> list[float]:
    step = tick_step(low, high, most)
    return [rank * step for rank in range(math.ceil(low / step), math.floor(high / step) + 1)]
