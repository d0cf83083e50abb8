"""A waterfall: from the first figure to the last, step by step."""

from __future__ import annotations

import pandas as pd

from prmkit.charts.canvas import Canvas
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.rows import Layout
from prmkit.charts.scale import Scale, counts, domain, said
from prmkit.publish.words import MINUS


def waterfall(rows: pd.DataFrame, *, alt: str, unit: str = "", axis: str = "", locale: str = "en_GB") -> Picture:
    """Steps from the top to the bottom: a total starts at zero, a change starts where the row above ends.

    rows: label, value, total (true for a figure that stands for itself, false for a change).
    The last total is the one the picture is about. A change says its sign.
    """
    places = _ends(rows)
    low, high = domain(end for pair in places for end in pair)

    def paint(width: float) -> Canvas:
        canvas, place = Canvas(width), Layout.of(width, values=72)
        scale = Scale(low, high, place.left, place.right)
        place.axis(canvas, scale, len(rows), unit, axis, locale, whole=counts(rows["value"], unit))
        before: tuple[float, float] | None = None
        last = max((rank for rank, total in enumerate(rows["total"]) if total), default=-1)
        for rank, ((start, end), row) in enumerate(zip(places, rows_of(rows), strict=True)):
            text = said(abs(row.value) if not row.total else row.value, unit, locale)
            sign = "" if row.total else "+" if row.value >= 0 else MINUS
            y = place.row(canvas, rank, row.label, sign + text, bold=rank == last)
            if before is not None:
                canvas.line([(before[0], before[1] + 9), (before[0], y - 9)], "context")
            fill = "accent" if rank == last else "context" if row.total else "band"
            canvas.box(scale(start), y - 9, scale(end) - scale(start), 18, fill, None if row.total else "ink")
            before = (scale(end), y)
        return canvas

    return draw(paint, alt)


def _ends(rows: pd.DataFrame) -> list[tuple[float, float]]:
    """Where each bar starts and ends."""
    ends: list[tuple[float, float]] = []
    level = 0.0
    for value, total in zip(rows["value"], rows["total"], strict=True):
        start = 0.0 if total else level
        level = start + float(value)
        ends.append((start, level))
    return ends
