"""What goes in beside what comes out: two bars a row on one scale, the second with its range."""

from __future__ import annotations

import pandas as pd

from prmkit.charts.canvas import SMALL, Canvas
from prmkit.charts.fit import wrap
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.rows import MOST_ROWS
from prmkit.charts.scale import Scale, domain, finite, said, tick_step
from prmkit.publish.style import WIDE

_THICK = 11
_REACH = 1.6  # a range that goes beyond this many times the longest bar is cut


def balance(rows: pd.DataFrame, *, alt: str, unit: str, axis: str = "", locale: str = "en_GB", names: tuple[str, str]) -> Picture:
    """Rows in the order given, at most ten.

    rows: label, put_in, comes_out, low, high (range of what comes out; null where not known), told (a few words at the row's end).
    names: what the two bars are, for the key. unit: ISO currency, or a noun.
    """
    shown = rows.head(MOST_ROWS)
    longest = max((abs(number) for column in ("put_in", "comes_out") for number in map(finite, shown[column]) if number), default=0.0)
    limit = _REACH * longest
    ends = [None if end is None else min(max(end, -limit), limit) for column in ("low", "high") for end in map(finite, shown[column])]
    low, high = domain([*shown["put_in"], *shown["comes_out"], *ends])

    def paint(width: float) -> Canvas:
        canvas, wide = Canvas(width), width >= WIDE
        left, right, pitch, above = (190.0, width - 216, 48.0, 10.0) if wide else (16.0, width - 16, 78.0, 42.0)
        scale = Scale(low, high, left, right)
        top = _key(canvas, left, names)
        for rank, row in enumerate(rows_of(shown)):
            y = top + rank * pitch
            if wide:
                lines = wrap(row.label, (left - 16) / 1.07, SMALL, 2)
                for place, line in enumerate(lines):
                    canvas.text(0, y + 26 + 15 * (place - (len(lines) - 1) / 2), line, bold=True)
                canvas.text(width, y + 26, row.told, room=204, anchor="end")
            else:
                canvas.text(0, y + 14, row.label, room=width, bold=True)
                canvas.text(0, y + 32, row.told, room=width, colour="muted")
            _pair(canvas, scale, y + above, row, limit)
            if not wide:
                canvas.line([(scale(0), y + above - 3), (scale(0), y + above + 2 * _THICK + 5)], "context")
        bottom = top + len(shown) * pitch
        if wide:
            canvas.line([(scale(0), top), (scale(0), bottom)], "context")
        step = tick_step(low, high, 4)
        for tick in scale.ticks(4):
            canvas.text(scale(tick), bottom + 18, said(tick, unit, locale, step), colour="muted", anchor="middle")
        canvas.text(left, bottom + 38, axis, colour="muted", room=width - left)
        canvas.height = bottom + 46
        return canvas

    return draw(paint, alt)


def _pair(canvas: Canvas, scale: Scale, y: float, row: object, limit: float) -> None:
    put_in, comes_out, low, high = (finite(getattr(row, name)) for name in ("put_in", "comes_out", "low", "high"))
    if put_in is not None:
        canvas.box(scale(0), y, scale(put_in) - scale(0), _THICK, "context")
    y += _THICK + 2
    if comes_out is not None:
        canvas.box(scale(0), y, scale(comes_out) - scale(0), _THICK, "accent")
    if low is not None and high is not None:
        start, end = (scale(min(max(value, -limit), limit)) for value in (low, high))
        canvas.line([(start, y + _THICK / 2), (end, y + _THICK / 2)], "ink", 1.5)
        for x in (start, end):
            canvas.line([(x, y + 1), (x, y + _THICK - 1)], "ink", 1.5)


def _key(canvas: Canvas, left: float, names: tuple[str, str]) -> float:
    canvas.box(left, 4, 14, 10, "context")
    canvas.text(left + 20, 14, names[0], colour="muted")
    canvas.box(left + 110, 4, 14, 10, "accent")
    canvas.text(left + 130, 14, names[1], colour="muted")
    return 28.0
