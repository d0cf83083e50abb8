"""What a chart function returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from prmkit.charts.canvas import Canvas
from prmkit.publish.style import NARROW, WIDE
from prmkit.publish.words import plain


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as SVG text, complete in itself: no script, no font file, no outside reference, no ids.

    svg: drawn for a page or print. narrow: the same for a phone; empty where one drawing serves both.
    alt: the finding in words; it is the accessible name of both drawings. title: a short name, may be empty.
    """

    svg: str
    alt: str
    title: str = ""
    narrow: str = ""

    def html(self) -> Markup:
        """Both drawings; the style sheet shows the one that fits."""
        if not self.narrow:
            return Markup('<div class="picture small">{}</div>').format(Markup(self.svg))
        return Markup('<div class="picture"><div class="wide">{}</div><div class="narrow">{}</div></div>').format(
            Markup(self.svg), Markup(self.narrow)
        )

    def _repr_html_(self) -> str:
        return str(self.html())


def draw(paint: Callable[[float], Canvas], alt: str, title: str = "") -> Picture:
    """A Picture of what `paint(width)` draws, once for a page and once for a phone."""
    said = plain(alt)
    if not said:
        raise ValueError("a picture needs an alternative text that says its finding")
    return Picture(svg=paint(WIDE).svg(said), alt=said, title=plain(title), narrow=paint(NARROW).svg(said))
