"""Where things were and where they are: two stacks, and between them as much as went from each to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from prmkit.charts.canvas import Canvas
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.publish.style import WIDE

_GAP, _BAR, _STEPS, _TOP = 14.0, 12.0, 16, 28.0


def flows(
    rows: pd.DataFrame,
    order: Sequence[str],
    *,
    alt: str,
    heads: tuple[str, str],
    before: dict[str, str],
    after: dict[str, str],
    accent: Collection[tuple[str, str]] = (),
) -> Picture:
    """Two stacks of the same kinds joined by bands as wide as what they stand for.

    rows: start, end, value (above zero). order: kinds from the top down. heads: over the left and the right stack. before, after: what is
    written beside each kind, on one line or on several split by "\\n". accent: the bands (start, end) that the picture is about.
    """
    total = float(rows["value"].sum())

    def paint(width: float) -> Canvas:
        canvas, room = Canvas(width), (150.0 if width >= WIDE else 116.0)
        height = 300.0
        left, right = room, width - room
        starts, ends = (_tops(rows.groupby(side)["value"].sum(), order, total, height) for side in ("start", "end"))
        canvas.text(0, 14, heads[0], colour="muted")
        canvas.text(width, 14, heads[1], colour="muted", anchor="end")
        drawn = sorted(rows_of(rows), key=lambda row: (order.index(row.start), order.index(row.end)))
        out, into = {kind: top for kind, (top, _) in starts.items()}, {kind: top for kind, (top, _) in ends.items()}
        bands = []
        for row in drawn:
            thick = row.value / total * height
            bands.append((row, out[row.start], into[row.end], thick))
            out[row.start] += thick
            into[row.end] += thick
        for marked in (False, True):
            for row, y, to, thick in bands:
                if ((row.start, row.end) in accent) == marked:
                    _band(canvas, left + _BAR, right - _BAR, y, to, max(thick, 1.0), "accent-2" if marked else "band")
        _stack(canvas, starts, left, -8.0, before, order[0], room)
        _stack(canvas, ends, right - _BAR, _BAR + 8, after, order[0], room)
        canvas.height = max(top + tall for stack in (starts, ends) for top, tall in stack.values()) + 24
        return canvas

    return draw(paint, alt)


def _stack(
    canvas: Canvas, stack: dict[str, tuple[float, float]], x: float, aside: float, told: dict[str, str], first: str, room: float
) -> None:
    """One stack with its words to the left (`aside` below zero) or the right of it."""
    for kind, (top, tall) in stack.items():
        canvas.box(x, top, _BAR, max(tall, 1.5), "accent" if kind == first else "muted")
        lines = told.get(kind, kind).split("\n")
        for number, line in enumerate(lines):
            y = top + tall / 2 + 4.5 + 16 * (number - (len(lines) - 1) / 2)
            canvas.text(x + aside, y, line, anchor="end" if aside < 0 else "start", bold=number == 0, room=room - 8)


def _tops(sums: pd.Series, order: Sequence[str], total: float, height: float) -> dict[str, tuple[float, float]]:
    """Top and height of each kind there is; small ones get the room of their words."""
    made, at = {}, _TOP
    for kind in order:
        if kind in sums.index:
            tall = float(sums[kind]) / total * height
            room = max(tall, 40.0)
            made[kind] = (at + (room - tall) / 2, tall)
            at += room + _GAP
    return made


def _band(canvas: Canvas, left: float, right: float, start: float, end: float, thick: float, colour: str) -> None:
    """From one height to the other along an S."""
    steps = [number / _STEPS for number in range(_STEPS + 1)]
    edge = [(left + (right - left) * part, start + (end - start) * part * part * (3 - 2 * part)) for part in steps]
    canvas.area([*edge, *((x, y + thick) for x, y in reversed(edge))], colour)
