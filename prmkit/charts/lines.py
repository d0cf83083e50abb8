"""Lines for time: one or several on a scale, side by side in panels, or as small as a word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from prmkit.charts.canvas import Canvas, Point
from prmkit.charts.fit import fit
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, domain, finite, said, tick_step
from prmkit.publish import words
from prmkit.publish.style import WIDE

_PITCH = 16  # least distance, in px, between two names at the ends of lines


def lines(
    rows: pd.DataFrame,
    *,
    alt: str,
    unit: str = "",
    axis: str = "",
    locale: str = "en_GB",
    accent: Collection[str] = (),
    zero: bool = True,
    reference: float | None = None,
    reference_name: str = "",
    yearly: bool = False,
) -> Picture:
    """Lines over time, each named at its end.

    rows: at (date), series, value, and if there are such columns low and high (drawn as a band) and forecast
    (true: dashed). accent: the series the picture is about; others are grey context, all ink when empty.
    yearly: every point is a year and is marked as one.
    """
    data = rows.sort_values(["series", "at"], kind="stable")
    reach = [*data["value"], *data.get("low", []), *data.get("high", []), reference]
    low, high = domain(reach, zero=zero)

    def paint(width: float) -> Canvas:
        wide = width >= WIDE
        canvas = Canvas(width, 320 if wide else 264)
        first, last = data["at"].min(), data["at"].max()
        days = max((last - first).days, 1)
        across = Scale(0, days, 56 if wide else 44, width - (136 if wide else 76))
        up = Scale(low, high, canvas.height - 32, 28)
        _grid(canvas, across, up, unit, axis, locale)
        (_years if yearly else _dates)(canvas, across, data["at"], locale)
        if reference is not None:
            canvas.line([(across.start, up(reference)), (across.end, up(reference))], "ink", 1.5, dashed=True)
            canvas.text(across.start + 4, up(reference) - 6, reference_name, room=across.end - across.start)
        names = []
        for series, part in data.groupby("series", sort=False):
            colour = "accent" if str(series) in accent else "context" if accent else "ink"
            end = _series(canvas, part, across, up, first, colour)
            if end is not None:
                names.append((end[1], str(series), "muted" if colour == "context" else colour))
        for y, (_, name, colour) in zip(_apart([name[0] for name in sorted(names)], up.start), sorted(names), strict=True):
            canvas.text(across.end + 8, y + 4.5, name, room=width - across.end - 8, colour=colour, bold=colour == "accent")
        return canvas

    return draw(paint, alt)


def _series(canvas: Canvas, part: pd.DataFrame, across: Scale, up: Scale, first: pd.Timestamp, colour: str) -> Point | None:
    """Draw one series: its band, then its line, dashed where it is a forecast; where it ends."""
    points: list[tuple[float, float, bool]] = []
    band: list[tuple[float, float, float]] = []
    for row in rows_of(part):
        x, value = across((row.at - first).days), finite(row.value)
        low, high = finite(getattr(row, "low", None)), finite(getattr(row, "high", None))
        if low is not None and high is not None:
            band.append((x, up(low), up(high)))
        if value is not None:
            points.append((x, up(value), bool(getattr(row, "forecast", False))))
    if band:
        canvas.area([(x, low) for x, low, _ in band] + [(x, high) for x, _, high in reversed(band)])
        for edge in (1, 2):
            canvas.line([(piece[0], piece[edge]) for piece in band], colour, 0.75)
    weight = 1.5 if colour == "context" else 2.5
    known = [(x, y) for x, y, forecast in points if not forecast]
    ahead = known[-1:] + [(x, y) for x, y, forecast in points if forecast]
    if len(known) > 1:
        canvas.line(known, colour, weight)
    if len(ahead) > 1:
        canvas.line(ahead, colour, weight, dashed=True)
    if len(points) == 1:
        canvas.dot(points[0][0], points[0][1], colour)
    return (points[-1][0], points[-1][1]) if points else None


def _grid(canvas: Canvas, across: Scale, up: Scale, unit: str, axis: str, locale: str) -> None:
    step = tick_step(up.low, up.high)
    for tick in up.ticks():
        canvas.line([(across.start, up(tick)), (across.end, up(tick))], "context" if tick == 0 else "rule")
        canvas.text(across.start - 8, up(tick) + 4.5, said(tick, unit, locale, step), colour="muted", anchor="end")
    canvas.text(0, 12, axis, colour="muted", room=canvas.width)


def _years(canvas: Canvas, across: Scale, at: pd.Series[Any], locale: str) -> None:
    """Every year, as many as there is room for."""
    days = sorted(at.drop_duplicates())
    every = -(-len(days) * 48 // int(across.end - across.start))
    for day in days[:: max(every, 1)]:
        canvas.text(across((day - days[0]).days), canvas.height - 10, day.year, colour="muted", anchor="middle")


def _dates(canvas: Canvas, across: Scale, at: pd.Series[Any], locale: str) -> None:
    """The first month, the last, and the Januaries between them where there is room."""
    first, last = at.min(), at.max()
    y = across_bottom = canvas.height - 10
    canvas.text(across.start, y, words.month(first, locale), colour="muted")
    if last > first:
        canvas.text(across.end, across_bottom, words.month(last, locale), colour="muted", anchor="end")
    for year in range(first.year + 1, last.year + 1):
        x = across((pd.Timestamp(year, 1, 1) - first).days)
        if across.start + 96 < x < across.end - 96:
            canvas.text(x, y, year, colour="muted", anchor="middle")


def _apart(wanted: Sequence[float], bottom: float) -> list[float]:
    """Names pushed apart where lines end close together, none below the drawing."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + _PITCH) if placed else y)
    spill = placed[-1] - bottom if placed else 0.0
    if spill > 0:
        placed[-1] -= spill
        for rank in range(len(placed) - 2, -1, -1):
            placed[rank] = min(placed[rank], placed[rank + 1] - _PITCH)
    return placed


def small_multiples(
    rows: pd.DataFrame, *, alt: str, unit: str = "", axis: str = "", locale: str = "en_GB", accent: Collection[str] = ()
) -> Picture:
    """One panel a group, at most nine, all on one scale; each names its last value.

    rows: panel, at (date), value; panels in the order they first appear.
    """
    panels = list(dict.fromkeys(rows["panel"]))[:9]
    data = rows[rows["panel"].isin(panels)].sort_values("at", kind="stable")
    low, high = domain(data["value"])

    def paint(width: float) -> Canvas:
        across_count = 3 if width >= WIDE else 2
        gap, tall = 24, 120
        each = (width - gap * (across_count - 1)) / across_count
        canvas = Canvas(width, 24 + tall * -(-len(panels) // across_count))
        canvas.text(0, 12, axis, colour="muted", room=width)
        first = data["at"].min()
        days = max((data["at"].max() - first).days, 1)
        for rank, panel in enumerate(panels):
            left, top = (rank % across_count) * (each + gap), 24 + (rank // across_count) * tall
            part = data[data["panel"] == panel]
            across, up = Scale(0, days, left, left + each - 8), Scale(low, high, top + tall - 20, top + 36)
            colour = "accent" if str(panel) in accent or not accent else "context"
            _panel(canvas, part, across, up, first, (panel, top, each, colour, unit, locale))
        return canvas

    return draw(paint, alt)


def _panel(
    canvas: Canvas, part: pd.DataFrame, across: Scale, up: Scale, first: pd.Timestamp, named: tuple[Any, float, float, str, str, str]
) -> None:
    panel, top, each, colour, unit, locale = named
    points = [(across((at - first).days), up(value)) for at, value in zip(part["at"], part["value"], strict=True) if value == value]
    latest = said(part["value"].iloc[-1], unit, locale)
    canvas.text(across.start, top + 20, fit(panel, each - 8 * len(latest) - 12, 13), bold=colour == "accent")
    canvas.text(across.start + each - 8, top + 20, latest, anchor="end")
    canvas.line([(across.start, up(max(0.0, up.low))), (across.end, up(max(0.0, up.low)))], "rule")
    if len(points) > 1:
        canvas.line(points, colour, 2)
    if points:
        canvas.dot(*points[-1], colour, 3.5)


def sparkline(values: Sequence[float | None], *, alt: str, width: float = 120, height: float = 32, low: float | None = None) -> Picture:
    """A line as small as a word, its last value marked; `low` sets the foot of the scale (the least value if not given)."""
    known = [(rank, number) for rank, number in ((rank, finite(value)) for rank, value in enumerate(values)) if number is not None]
    canvas = Canvas(width, height)
    if known:
        foot, head = domain([*(number for _, number in known), low], zero=False)
        across, up = Scale(0, max(len(values) - 1, 1), 4, width - 6), Scale(foot, head, height - 5, 5)
        points = [(across(rank), up(number)) for rank, number in known]
        if len(points) > 1:
            canvas.line(points, "context", 1.5)
        canvas.dot(*points[-1], "accent", 3.5)
    said_ = alt.strip() or "No history"
    return Picture(svg=canvas.svg(said_), alt=said_)
