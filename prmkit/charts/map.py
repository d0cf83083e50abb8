"""A map that needs no network: what is open by hexagons, partners by their sales, proposed sites by number, and a scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.charts.canvas import SMALL, Canvas
from prmkit.charts.fit import fit, text_width
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.projection import KM_A_DEGREE, Projection, hexagons, regions
from prmkit.charts.scale import said
from prmkit.publish.style import WIDE

Array = NDArray[np.float64]

_SHADES = (0.14, 0.3, 0.5, 0.75)
_MOST_PANELS = 4
_MOST_DOTS = 1_500
_LEAST_HEX, _DOTS_HEX = 8.0, 7.0
_LARGEST = 9.0
_SITE = 10.0
_MOST_NAMES = 12


@dataclass(frozen=True)
class _Ground:
    """What is drawn in one panel."""

    cells: pd.DataFrame
    partners: pd.DataFrame
    sites: pd.DataFrame


def place_map(
    cells: pd.DataFrame,
    partners: pd.DataFrame,
    sites: pd.DataFrame,
    *,
    alt: str,
    unit: str = "",
    locale: str = "en_GB",
    shaded: str = "open",
) -> Picture:
    """Where things are, without tiles or outlines: a scale bar and degrees tell where one is.

    cells: latitude, longitude, width_km, value (shaded darker the larger). partners: latitude, longitude, value (sales; area of the
    dot), territory (its name is written at the middle of its partners). sites: rank, latitude, longitude, label (listed beside).
    Places oceans apart are drawn beside each other, at most four regions; more than 1,500 partners are drawn by hexagons.
    """
    panels, left_out = _panels(cells, partners, sites)
    largest = float(max(partners["value"].max(), 0)) if len(partners) else 0.0
    steps = _steps(cells["value"])

    def paint(width: float) -> Canvas:
        canvas = Canvas(width, 0.0)
        beside = width >= WIDE and len(panels) > 1
        each, bottom = (width - 16) / 2 if beside else width, 0.0
        for row in range(0, len(panels), 2 if beside else 1):
            shown = panels[row : row + (2 if beside else 1)]
            height = max(_height(panel, each) for panel in shown)
            for column, panel in enumerate(shown):
                _panel(canvas, panel, (column * (each + 16), bottom, each, height), steps, largest)
            bottom += height + 26
        bottom = _legend(canvas, bottom, steps, (unit, shaded), locale, partners=len(partners) > 0, sites=len(sites) > 0)
        if left_out:
            canvas.text(0, bottom, f"{left_out} places elsewhere are not drawn.", colour="muted", room=width)
            bottom += 22
        canvas.height = _listed(canvas, sites, bottom + 8, 2 if width >= WIDE else 1)
        return canvas

    return draw(paint, alt)


def _panels(cells: pd.DataFrame, partners: pd.DataFrame, sites: pd.DataFrame) -> tuple[list[_Ground], int]:
    parts = [frame.dropna(subset=["latitude", "longitude"]) for frame in (cells, partners, sites)]
    if not sum(map(len, parts)):
        raise ValueError("a map needs at least one place")
    lat, lon = (np.concatenate([part[name].to_numpy(dtype=float) for part in parts]) for name in ("latitude", "longitude"))
    code = _first_those_with_sites(regions(lat, lon), parts)
    ends = np.cumsum([len(part) for part in parts])
    codes = np.split(code, ends[:-1])
    shown = [
        _Ground(*(part[own == number] for part, own in zip(parts, codes, strict=True)))
        for number in range(min(int(code.max()) + 1, _MOST_PANELS))
    ]
    return shown, int((code >= _MOST_PANELS).sum())


def _first_those_with_sites(code: NDArray[np.int64], parts: list[pd.DataFrame]) -> NDArray[np.int64]:
    """Regions renumbered: those that hold the first proposed places before the others, which stay as they are."""
    own = code[len(parts[0]) + len(parts[1]) :]
    best = np.full(int(code.max()) + 1, np.inf)
    np.minimum.at(best, own, parts[2]["rank"].to_numpy(dtype=float))
    order = np.lexsort((np.arange(len(best)), best))
    made = np.empty(len(order), dtype=np.int64)
    made[order] = np.arange(len(order))
    return made[code]


def _places(panel: _Ground) -> tuple[Array, Array]:
    """Everything of a panel, and the corners of its cells."""
    frames = (panel.cells, panel.partners, panel.sites)
    lat, lon = (np.concatenate([frame[name].to_numpy(dtype=float) for frame in frames]) for name in ("latitude", "longitude"))
    shown = panel.cells[panel.cells["value"] > 0]
    half = shown["width_km"].fillna(0.0).to_numpy(dtype=float) / 2 / KM_A_DEGREE
    north, east = shown["latitude"].to_numpy(dtype=float), shown["longitude"].to_numpy(dtype=float)
    wide = half / np.maximum(np.cos(np.radians(north)), 0.05)
    return np.concatenate([lat, north - half, north + half]), np.concatenate([lon, east - wide, east + wide])


def _height(panel: _Ground, width: float) -> float:
    """As tall as the places ask for, between half the width and nine tenths of it."""
    lat, lon = _places(panel)
    tall = Projection.fitted(lat, lon, 100.0, 1e6)
    x, y = tall(lat, lon)
    return width * min(max(float(np.ptp(y)) / max(float(np.ptp(x)), 1.0), 0.5), 0.9)


def _panel(canvas: Canvas, panel: _Ground, box: tuple[float, float, float, float], steps: Array, largest: float) -> None:
    left, top, width, height = box
    view = Projection.fitted(*_places(panel), width, height, left, top)
    canvas.box(left, top, width, height, "paper")
    _graticule(canvas, view, box)
    _shade(canvas, panel.cells, view, steps)
    _dots(canvas, panel.partners, view, largest)
    for row in reversed(rows_of(panel.sites)):
        x, y = (float(part[0]) for part in view(np.array([row.latitude]), np.array([row.longitude])))
        canvas.dot(x, y, "accent-2", _SITE)
        canvas.text(x, y + 4.5, row.rank, colour="white", anchor="middle", bold=True)
    _names(canvas, panel.partners, view, box)
    km, length = view.bar(width / 4)
    end = left + width - 8
    canvas.line([(end - length, top + height - 12), (end - length, top + height - 8), (end, top + height - 8), (end, top + height - 12)])
    canvas.text(end, top + height - 16, f"{km:,.0f} km" if km >= 1 else f"{km:g} km", anchor="end")


def _graticule(canvas: Canvas, view: Projection, box: tuple[float, float, float, float]) -> None:
    left, top, width, height = box
    for degree in view.parallels(height):
        y = top + (view.north - degree) * view.px_a_degree
        canvas.line([(left, y), (left + width, y)], "rule")
        canvas.text(left + 4, y - 3, _degrees(degree, "N", "S"), colour="muted")
    for degree in view.meridians(left, width):
        x = float(view(np.zeros(1), np.array([degree]))[0][0])
        canvas.line([(x, top), (x, top + height)], "rule")
        canvas.text(x, top + height + 14, _degrees(degree, "E", "W"), colour="muted", anchor="middle")


def _shade(canvas: Canvas, cells: pd.DataFrame, view: Projection, steps: Array) -> None:
    """Hexagons as wide as the cells, at least eight px, in four shades."""
    rows = cells[cells["value"] > 0]
    if rows.empty:
        return
    width = max(float(rows["width_km"].median()) * view.px_a_km, _LEAST_HEX) if rows["width_km"].notna().any() else _LEAST_HEX
    x, y = view(rows["latitude"].to_numpy(dtype=float), rows["longitude"].to_numpy(dtype=float))
    across, down, which = hexagons(x, y, width)
    for middle, depth, value in zip(across, down, np.bincount(which, rows["value"].to_numpy(dtype=float)), strict=True):
        shade = _SHADES[min(int(np.searchsorted(steps, value, side="left")), len(_SHADES) - 1)]
        canvas.area(_hexagon(middle, depth, width * 0.98), "accent", shade=shade)


def _hexagon(x: float, y: float, width: float) -> list[tuple[float, float]]:
    radius = width / math.sqrt(3)
    return [(x + radius * math.sin(turn * math.pi / 3), y - radius * math.cos(turn * math.pi / 3)) for turn in range(6)]


def _dots(canvas: Canvas, partners: pd.DataFrame, view: Projection, largest: float) -> None:
    """A dot a partner, its area by sales; a dot a hexagon where they are very many."""
    if partners.empty:
        return
    x, y = view(partners["latitude"].to_numpy(dtype=float), partners["longitude"].to_numpy(dtype=float))
    value = np.maximum(partners["value"].fillna(0.0).to_numpy(dtype=float), 0.0)
    if len(partners) > _MOST_DOTS:
        x, y, which = hexagons(x, y, _DOTS_HEX)
        value = np.bincount(which, value)
        largest = float(value.max())
    radius = np.maximum(_LARGEST * np.sqrt(value / largest) if largest > 0 else np.zeros(len(value)), 1.5)
    for place in np.argsort(-radius, kind="stable"):
        canvas.dot(float(x[place]), float(y[place]), "ink", float(radius[place]))


def _names(canvas: Canvas, partners: pd.DataFrame, view: Projection, box: tuple[float, float, float, float]) -> None:
    """Territories' names above their partners, the largest first, those left out that would cover one already written."""
    if "territory" not in partners or partners["territory"].isna().all():
        return
    grouped = partners.groupby("territory")
    middle = pd.DataFrame(
        {"latitude": grouped["latitude"].quantile(0.95), "longitude": grouped["longitude"].median(), "size": grouped.size()}
    )
    middle = middle.sort_values("size", ascending=False, kind="stable").head(_MOST_NAMES)
    written: list[tuple[float, float, float]] = []
    for row in rows_of(middle):
        x, y = (float(part[0]) for part in view(np.array([row.latitude]), np.array([row.longitude])))
        name = fit(row.Index, 110.0, SMALL)
        half = text_width(name, SMALL) / 2
        x = min(max(x, box[0] + half + 2), box[0] + box[2] - half - 2)
        y = max(y, box[1] + 30)
        if all(abs(y - 16 - other) > 16 or x + half < start or x - half > end for start, end, other in written):
            canvas.text(x, y - 16, name, colour="muted", anchor="middle", bold=True)
            written.append((x - half, x + half, y - 16))


def _listed(canvas: Canvas, sites: pd.DataFrame, top: float, columns: int) -> float:
    """The proposed places by name, down the columns; the y below them."""
    deep = math.ceil(len(sites) / columns)
    room = canvas.width / columns
    for number, row in enumerate(rows_of(sites)):
        x, y = room * (number // deep), top + 22 * (number % deep)
        canvas.dot(x + 9, y, "accent-2", 9)
        canvas.text(x + 9, y + 4.5, row.rank, colour="white", anchor="middle", bold=True)
        canvas.text(x + 24, y + 4.5, row.label, room=room - 28)
    return top + 22 * deep


def _legend(canvas: Canvas, top: float, steps: Array, what: tuple[str, str], locale: str, *, partners: bool, sites: bool) -> float:
    """What the marks mean; the y below it."""
    y = top + 16
    if len(steps):
        unit, shaded = what
        canvas.text(0, y, shaded, colour="muted", room=canvas.width)
        x, y = 0.0, y + 20
        for number, shade in enumerate(_SHADES[: len(steps)]):
            words = f"to {said(steps[number], unit, locale)}"
            if x + 30 + text_width(words, SMALL) > canvas.width:
                x, y = 0.0, y + 20
            canvas.area(_hexagon(x + 8, y - 4, 15), "accent", shade=shade)
            canvas.text(x + 20, y, words)
            x += 36 + text_width(words, SMALL)
        y += 22
    x = 0.0
    for there, words, colour, radius in (
        (partners, "partners, the larger the more they sell", "ink", 5.0),
        (sites, "proposed places, in order", "accent-2", 7.0),
    ):
        if not there:
            continue
        if x and x + 20 + text_width(words, SMALL) > canvas.width:
            x, y = 0.0, y + 20
        canvas.dot(x + 8, y - 4, colour, radius)
        canvas.text(x + 20, y, words)
        x += 36 + text_width(words, SMALL)
    return y + 20


def _steps(values: Any) -> Array:
    """Ends of the shades: quarters of the range that most cells lie in, the last one the largest value."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known) & (known > 0)]
    if not len(known):
        return np.zeros(0)
    made: Array = np.unique(np.quantile(known, [0.5, 0.8, 0.95, 1.0]))
    return made


def _degrees(value: float, plus: str, minus: str) -> str:
    return f"{abs(round(value, 3)):g}°{'' if value == 0 else plus if value > 0 else minus}"
