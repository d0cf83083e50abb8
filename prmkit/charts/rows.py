"""Rows: dots with intervals, bars, and the five practices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prmkit.charts.canvas import SMALL, Canvas
from prmkit.charts.fit import wrap
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, counts, domain, finite, ranged, said, tick_step
from prmkit.publish.style import WIDE

MOST_ROWS = 10
_REACH = 2.5  # an interval that goes beyond this many times the largest value is cut, with an arrow


@dataclass(frozen=True, slots=True)
class Layout:
    """Where rows, their names and their values go on a sheet of one width."""

    width: float
    wide: bool
    left: float
    right: float
    pitch: float

    @classmethod
    def of(cls, width: float, *, values: float = 176, names: float = 232) -> Layout:
        """Names left and values right of the drawing on a page; above it on a phone."""
        if width >= WIDE:
            return cls(width, True, names, width - values - 16, 36)
        return cls(width, False, 8, width - 16, 52)

    def row(self, canvas: Canvas, rank: int, name: Any, value: str, *, bold: bool) -> float:
        """Write one row's name and value; the y of its marks."""
        top = rank * self.pitch
        if self.wide:
            y = top + self.pitch / 2
            lines = wrap(name, (self.left - 16) / (1.07 if bold else 1), SMALL, 2)
            for rank_of_line, line in enumerate(lines):
                canvas.text(0, y + 4.5 + 15 * (rank_of_line - (len(lines) - 1) / 2), line, bold=bold)
            canvas.text(self.width, y + 4.5, value, anchor="end", bold=bold)
            return y
        room = self.width - 8 * len(value) - 8
        canvas.text(0, top + 14, name, room=max(room, 96), bold=bold)
        canvas.text(self.width, top + 14, value, anchor="end", bold=bold)
        return top + 32

    def axis(self, canvas: Canvas, scale: Scale, rows: int, unit: str, title: str, locale: str, *, whole: bool = False) -> None:
        """Hairlines at round values (whole ones for counts), a firmer one at zero, and what they count."""
        bottom = rows * self.pitch + 4
        most = 5 if self.wide else 4
        ticks = scale.ticks(most, whole=whole)
        step = tick_step(scale.low, scale.high, most, whole=whole)
        for tick in ticks:
            x = scale(tick)
            self.upright(canvas, x, rows, "context" if tick == 0 else "rule")
            canvas.text(x, bottom + 16, said(tick, unit, locale, step), colour="muted", anchor="middle")
        if title:
            canvas.text(
                self.left if self.wide else 0, bottom + 36, title, colour="muted", room=self.width - (self.left if self.wide else 0)
            )
        canvas.height = bottom + (44 if title else 24)

    def upright(self, canvas: Canvas, x: float, rows: int, colour: str, width: float = 1.0, *, dashed: bool = False) -> None:
        """A line down all rows; on a phone it leaves the names free."""
        if self.wide:
            canvas.line([(x, 0), (x, rows * self.pitch + 4)], colour, width, dashed=dashed)
            return
        for rank in range(rows):
            canvas.line([(x, rank * self.pitch + 21), (x, rank * self.pitch + 43)], colour, width, dashed=dashed)


def dot_interval(
    rows: pd.DataFrame,
    *,
    alt: str,
    unit: str = "",
    axis: str = "",
    locale: str = "en_GB",
    accent: Collection[str] = (),
    reference: float | None = None,
    reference_name: str = "",
    zero: bool = True,
    names: float = 232,
) -> Picture:
    """Values with their 90% intervals, at most ten, in the order given.

    rows: label, value, low, high; null where not known; and if there are such columns `seen`, an open ring for what was
    observed, and `rule`, an upright stroke for what a simpler rule says. unit: ISO currency, "fraction" or a noun.
    axis: what the scale counts, such as "EUR a year". accent: labels drawn in the accent colour; the rest is ink.
    reference: a value all are compared with, drawn as a dashed line and named. names: px for the labels on a page.
    """
    shown = rows.head(MOST_ROWS)
    if shown.empty:
        return _nothing(alt)
    values = [finite(value) for value in shown["value"]]
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    ends = [finite(end) for column in ("low", "high") for end in shown[column]]
    limit = _REACH * largest if largest else float("inf")
    cut = [None if end is None else min(max(end, -limit), limit) for end in ends]
    observed = [None if value is None else min(max(value, -limit), limit) for value in map(finite, shown.get("seen", []))]
    ruled = [None if value is None else min(max(value, -limit), limit) for value in map(finite, shown.get("rule", []))]
    low, high = domain([*values, *cut, *observed, *ruled, reference], zero=zero)

    def paint(width: float) -> Canvas:
        canvas, place = Canvas(width), Layout.of(width, names=names)
        scale = Scale(low, high, place.left, place.right)
        place.axis(canvas, scale, len(shown), unit, axis, locale)
        if reference is not None:
            _reference(canvas, scale(reference), len(shown), place, reference_name)
        for rank, row in enumerate(rows_of(shown)):
            bold = str(row.label) in accent
            written = ranged(row.value, row.low, row.high, unit, locale)
            written = written if place.wide else written.split(", ")[0]
            y = place.row(canvas, rank, row.label, written, bold=bold)
            _interval(canvas, scale, y, finite(row.value), finite(row.low), finite(row.high), "accent" if bold else "ink")
            seen, rule = finite(getattr(row, "seen", None)), finite(getattr(row, "rule", None))
            if rule is not None:
                canvas.line([(scale(rule), y - 11), (scale(rule), y + 11)], "context", 3)
            if seen is not None:
                canvas.dot(scale(seen), y, "ink", 4.5, open_=True)
        return canvas

    return draw(paint, alt)


def _interval(
    canvas: Canvas, scale: Scale, y: float, value: float | None, low: float | None, high: float | None, colour: str, half: float = 5
) -> None:
    if low is not None and high is not None:
        start, end = scale(low), scale(high)
        canvas.box(start, y - half, end - start, 2 * half, "band")
        for edge, x, way in ((low, start, -1), (high, end, 1)):
            if scale.holds(edge):
                canvas.line([(x, y - half), (x, y + half)], colour, 1.5)
            else:
                canvas.line([(x + way * 1, y - half), (x + way * 6, y), (x + way * 1, y + half)], colour, 1.5)
    if value is not None:
        canvas.dot(scale(value), y, colour)


def _reference(canvas: Canvas, x: float, rows: int, place: Layout, name: str) -> None:
    place.upright(canvas, x, rows, "ink", 1.5, dashed=True)
    if name:
        near_end = x > (place.left + place.right) / 2
        canvas.text(x + (-6 if near_end else 6), rows * place.pitch + 1, name, anchor="end" if near_end else "start")


def bars(rows: pd.DataFrame, *, alt: str, unit: str = "", axis: str = "", locale: str = "en_GB", accent: Collection[str] = ()) -> Picture:
    """Bars from zero, at most ten, in the order given.

    rows: label, value, and if there are such columns `previous` (a lighter bar behind) and `target` (an upright mark).
    """
    shown = rows.head(MOST_ROWS)
    if shown.empty:
        return _nothing(alt)
    columns = [column for column in ("value", "previous", "target") if column in shown]
    low, high = domain(value for column in columns for value in shown[column])
    whole = counts((value for column in columns for value in shown[column]), unit)

    def paint(width: float) -> Canvas:
        canvas, place = Canvas(width), Layout.of(width, values=72)
        scale = Scale(low, high, place.left, place.right)
        place.axis(canvas, scale, len(shown), unit, axis, locale, whole=whole)
        for rank, row in enumerate(rows_of(shown)):
            bold = str(row.label) in accent
            y = place.row(canvas, rank, row.label, said(row.value, unit, locale), bold=bold)
            previous, target, value = (finite(getattr(row, name, None)) for name in ("previous", "target", "value"))
            if previous is not None:
                canvas.box(scale(0), y - 10, scale(previous) - scale(0), 20, "band", "context")
            if value is not None:
                thick = 6 if previous is not None else 9
                canvas.box(scale(0), y - thick, scale(value) - scale(0), 2 * thick, "accent" if bold or not accent else "context")
            if target is not None:
                canvas.line([(scale(target), y - 12), (scale(target), y + 12)], "ink", 2)
        return canvas

    return draw(paint, alt)


def practice_bars(rows: pd.DataFrame, *, alt: str, top: float = 5.0, locale: str = "en_GB") -> Picture:
    """The practices as bars: now (solid), last milestone (an open dot) and target (an upright mark), all on 0 to `top`.

    rows: label, now, last, target; null where there is none. A null `now` reads "not known".
    """
    shown = rows.head(MOST_ROWS)
    if shown.empty:
        return _nothing(alt)

    def paint(width: float) -> Canvas:
        canvas, place = Canvas(width), Layout.of(width, values=72)
        scale = Scale(0, top, place.left, place.right)
        for rank, row in enumerate(rows_of(shown)):
            now, last, target = (finite(value) for value in (row.now, row.last, row.target))
            y = place.row(canvas, rank, row.label, said(row.now, "", locale, 0.1), bold=False)
            canvas.box(scale(0), y - 7, scale(top) - scale(0), 14, "paper", "rule")
            if now is not None:
                canvas.box(scale(0), y - 7, scale(now) - scale(0), 14, "accent")
            if last is not None:
                canvas.dot(scale(last), y, "ink", 4.5, open_=True)
            if target is not None:
                canvas.line([(scale(target), y - 11), (scale(target), y + 11)], "ink", 2.5)
        _key(canvas, 0 if not place.wide else place.left, len(shown) * place.pitch + 18, shown)
        return canvas

    return draw(paint, alt)


def _key(canvas: Canvas, x: float, y: float, rows: pd.DataFrame) -> None:
    """Names of the marks, in words beside each: only of those that are there."""
    canvas.box(x, y - 10, 14, 10, "accent")
    canvas.text(x + 20, y, "now", colour="muted")
    x += 68
    if rows["last"].notna().any():
        canvas.dot(x, y - 5, "ink", 4.5, open_=True)
        canvas.text(x + 10, y, "last milestone", colour="muted")
        x += 120
    if rows["target"].notna().any():
        canvas.line([(x, y - 13), (x, y + 3)], "ink", 2.5)
        canvas.text(x + 10, y, "target", colour="muted")
    canvas.height = y + 12


def _nothing(alt: str) -> Picture:
    def paint(width: float) -> Canvas:
        canvas = Canvas(width, 32)
        canvas.text(0, SMALL + 6, "There are no rows to draw.", colour="muted")
        return canvas

    return draw(paint, alt or "There are no rows to draw.")
