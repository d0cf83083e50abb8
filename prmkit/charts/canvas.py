"""The pen of every picture: shapes and text on a sheet measured in CSS px, y pointing down, written as SVG.

Text stays text, so it can be selected and found, is drawn in the reader's own fonts whatever the script, and is
never parsed as anything else. There is no state beside the canvas itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from markupsafe import escape

from prmkit.charts.fit import fit
from prmkit.publish.style import COLOURS, SANS, SIZES
from prmkit.publish.words import plain

SMALL, TEXT = SIZES[0], SIZES[1]
Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


class Canvas:
    """A sheet `width` px wide; `height` may be set when all is drawn."""

    def __init__(self, width: float, height: float = 0.0) -> None:
        self.width, self.height = width, height
        self._marks: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        words: Any,
        *,
        room: float | None = None,
        colour: str = "ink",
        size: float = SMALL,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """One line with its baseline at y, cut to `room` px when given."""
        line = plain(words) if room is None else fit(words, room, size, bold=bold)
        if line:
            weight = ' font-weight="600"' if bold else ""
            large = f' font-size="{size}"' if size != SMALL else ""
            where = f' text-anchor="{anchor}"' if anchor != "start" else ""
            self._add(f'<text x="{_n(x)}" y="{_n(y)}" fill="{COLOURS[colour]}"{large}{where}{weight}>{escape(line)}</text>')

    def line(self, points: Iterable[Point], colour: str = "ink", width: float = 1.0, *, dashed: bool = False) -> None:
        """An open line through the points."""
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._add(
            f'<path d="{_path(points)}" fill="none" stroke="{COLOURS[colour]}" stroke-width="{_n(width)}"{dash} stroke-linejoin="round"/>'
        )

    def area(self, points: Iterable[Point], colour: str = "band", shade: float = 1.0) -> None:
        """A filled shape without an edge; `shade` below 1 lets what is under it through."""
        clear = f' fill-opacity="{shade:g}"' if shade < 1 else ""
        self._add(f'<path d="{_path(points)}Z" fill="{COLOURS[colour]}"{clear}/>')

    def box(self, x: float, y: float, width: float, height: float, fill: str | None = "band", edge: str | None = None) -> None:
        """A rectangle; a width below zero reaches to the left."""
        left, wide = (x + width, -width) if width < 0 else (x, width)
        stroke = f' stroke="{COLOURS[edge]}" stroke-width="1.5"' if edge else ""
        inside = COLOURS[fill] if fill else "none"
        self._add(f'<rect x="{_n(left)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(height)}" fill="{inside}"{stroke}/>')

    def dot(self, x: float, y: float, colour: str = "ink", radius: float = 5.0, *, open_: bool = False) -> None:
        """A round mark, filled or open."""
        inside = COLOURS["white"] if open_ else COLOURS[colour]
        edge = COLOURS[colour] if open_ else COLOURS["white"]
        stroke = "2" if open_ else "1"
        self._add(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{inside}" stroke="{edge}" stroke-width="{stroke}"/>')

    def cloud(self, points: Sequence[Point], colour: str = "context", radius: float = 2.5) -> None:
        """Many round marks as one shape: small, whatever their number."""
        if points:
            path = "".join(f"M{_n(x)} {_n(y)}h0" for x, y in points)
            self._add(f'<path d="{path}" stroke="{COLOURS[colour]}" stroke-width="{_n(2 * radius)}" stroke-linecap="round" fill="none"/>')

    def svg(self, alt: str) -> str:
        """The drawing as one SVG element named by `alt`."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" role="img" aria-label="{escape(plain(alt))}" font-family="{SANS}" font-size="{SMALL}" '
            f'style="font-variant-numeric:tabular-nums">{"".join(self._marks)}</svg>'
        )

    def _add(self, mark: str) -> None:
        self._marks.append(mark)


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A coordinate to a tenth of a px, without idle zeros."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said
