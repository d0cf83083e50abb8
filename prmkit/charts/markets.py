"""Territories as markets: as wide as the market is large, filled as far as it is sold, with a line at what can be reached."""

from __future__ import annotations

import pandas as pd

from prmkit.charts.canvas import SMALL, Canvas
from prmkit.charts.fit import text_width
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, finite, said, tick_step
from prmkit.publish.style import WIDE

_MOST = 40
_GAP = 2.0


def markets(rows: pd.DataFrame, *, alt: str, unit: str, locale: str = "en_GB") -> Picture:
    """Area is money: the filled part is what is sold, the shaded part above it what could realistically be sold too.

    rows: label, size (a year's market), value (share sold), better (share that can be reached, may be missing), largest first; the first
    40 are drawn.
    """
    shown = rows.head(_MOST)
    total = float(shown["size"].sum())
    parts = [finite(value) for column in ("value", "better") for value in shown[column]]
    top = max([1e-9, *(part for part in parts if part is not None)])

    def paint(width: float) -> Canvas:
        canvas = Canvas(width, 320 if width >= WIDE else 300)
        up = Scale(0, top * 1.08, canvas.height - (64 if width >= WIDE else 84), 34)
        left, room = 48.0, width - 48.0
        canvas.text(0, 12, "Share of the market sold", colour="muted", room=width)
        step = tick_step(up.low, up.high, 4)
        for tick in up.ticks(4):
            canvas.line([(left, up(tick)), (width, up(tick))], "context" if tick == 0 else "rule")
            canvas.text(left - 6, up(tick) + 4.5, said(tick, "fraction", locale, step), colour="muted", anchor="end")
        x = left
        for row in rows_of(shown):
            wide = max(room * float(row.size) / total - _GAP, 1.0)
            sold, better = max(float(row.value), 0.0), finite(row.better)
            if better is not None and better > sold:
                canvas.box(x, up(better), wide, up(sold) - up(better), "band")
            if better is not None:
                canvas.line([(x, up(better)), (x + wide, up(better))], "ink", 1.5)
            canvas.box(x, up(sold), wide, up(0) - up(sold), "accent")
            if wide >= 34:
                canvas.text(x + wide / 2, up(0) + 18, row.label, room=wide, anchor="middle")
            x += wide + _GAP
        _legend(canvas, left, unit)
        return canvas

    return draw(paint, alt)


def _legend(canvas: Canvas, left: float, unit: str) -> None:
    wide = canvas.width >= WIDE
    y, x = canvas.height - (8 if wide else 28), 0.0
    canvas.text(left, y - 20, f"Width: the market, {unit} a year", colour="muted", room=canvas.width - left)
    for fill, words in (("accent", "sold"), ("band", "could be sold too"), ("", "what the better quarter sells")):
        if fill:
            canvas.box(x, y - 10, 12, 12, fill)
        else:
            x, y = (x, y) if wide else (0.0, y + 20)
            canvas.line([(x, y - 4), (x + 12, y - 4)], "ink", 1.5)
        canvas.text(x + 18, y, words)
        x += 34 + text_width(words, SMALL)
