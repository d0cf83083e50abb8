"""A curve that rises along a count, with the points on it that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from prmkit.charts.canvas import Canvas
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, said, tick_step
from prmkit.publish.style import WIDE


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the curve with its name."""

    at: float
    value: float
    name: str


def curve(
    rows: pd.DataFrame,
    marks: Sequence[Mark],
    *,
    alt: str,
    across_title: str,
    up_title: str,
    locale: str = "en_GB",
    before: pd.DataFrame | None = None,
) -> Picture:
    """Shares against a count.

    rows: at, value (0 to 1), by `at`. before: the same for what it is compared with, drawn as context. marks: the first one is what
    the picture is about.
    """
    ends = [*rows["at"], *(before["at"] if before is not None else []), *(mark.at for mark in marks)]

    def paint(width: float) -> Canvas:
        canvas = Canvas(width, 300 if width >= WIDE else 248)
        across, up = Scale(0.0, max([1.0, *ends]), 48, width - 24), Scale(0.0, 1.0, canvas.height - 56, 28)
        _frame(canvas, across, up, across_title, up_title, locale)
        if before is not None:
            _line(canvas, before, across, up, "context", 1.5)
        _line(canvas, rows, across, up, "accent", 2.5)
        for rank, mark in enumerate(marks):
            x, y = across(mark.at), up(mark.value)
            canvas.dot(x, y, "accent" if rank == 0 else "ink")
            left = x > across.start + (80 if rank == 0 else 0.8 * (across.end - across.start))
            room = (x - across.start if left else across.end - x) - 8
            canvas.text(x + (-8 if left else 8), y + (22 if rank else -8), mark.name, anchor="end" if left else "start", room=room)
        return canvas

    return draw(paint, alt)


def _line(canvas: Canvas, rows: pd.DataFrame, across: Scale, up: Scale, colour: str, weight: float) -> None:
    known = rows.dropna()
    points = [(across(at), up(value)) for at, value in zip(known["at"], known["value"], strict=True)]
    if len(points) > 1:
        canvas.line(points, colour, weight)


def _frame(canvas: Canvas, across: Scale, up: Scale, across_title: str, up_title: str, locale: str) -> None:
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line([(across.start, up(tick)), (across.end, up(tick))], "context" if tick == 0 else "rule")
        canvas.text(across.start - 8, up(tick) + 4.5, said(tick, "fraction", locale, 0.25), colour="muted", anchor="end")
    most = 6 if canvas.width >= WIDE else 4
    step = tick_step(across.low, across.high, most, whole=True)
    for tick in across.ticks(most, whole=True):
        canvas.text(across(tick), up.start + 20, said(tick, "", locale, step), colour="muted", anchor="middle")
    canvas.text(0, 12, up_title, colour="muted", room=canvas.width)
    canvas.text(across.start, up.start + 40, across_title, colour="muted", room=canvas.width - across.start)
