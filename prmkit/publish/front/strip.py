"""Dot-and-interval strips that share one scale, one beside each finding."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from prmkit.charts.canvas import Canvas
from prmkit.charts.scale import Scale, domain, finite, said, tick_step
from prmkit.practices.result import Amount
from prmkit.publish import words

WIDTH, HEIGHT = 360, 24
_MARGIN = 24
_REACH = 2.5  # a range that goes beyond this many times the largest amount is cut, with an arrow


class Strips:
    """Strips for `amounts` on one scale from zero; `axis()` is drawn once above or below them."""

    def __init__(self, amounts: Sequence[Amount], currency: str, locale: str) -> None:
        self.currency, self.locale = currency, locale
        middles = [finite(amount.amount) for amount in amounts]
        limit = _REACH * max((abs(value) for value in middles if value is not None), default=1.0)
        ends = [finite(end) for amount in amounts for end in (amount.low, amount.high)]
        low, high = domain([*middles, *(None if end is None else min(max(end, -limit), limit) for end in ends)])
        self.scale = Scale(low, high, _MARGIN, WIDTH - _MARGIN)

    def strip(self, amount: Amount) -> Markup:
        """One amount: its range as a bar with firm ends, its expectation as a dot."""
        canvas, y = Canvas(WIDTH, HEIGHT), HEIGHT / 2
        for tick in self.scale.ticks(4):
            canvas.line([(self.scale(tick), 0), (self.scale(tick), HEIGHT)], "context" if tick == 0 else "rule")
        low, high, middle = finite(amount.low), finite(amount.high), finite(amount.amount)
        if low is not None and high is not None:
            canvas.box(self.scale(low), y - 5, self.scale(high) - self.scale(low), 10)
            self._end(canvas, low, -1)
            self._end(canvas, high, 1)
        if middle is not None:
            canvas.dot(self.scale(middle), y, "accent")
        return Markup(canvas.svg(f"Worth {words.interval(amount, self.locale)}"))

    def _end(self, canvas: Canvas, value: float, way: int) -> None:
        x, y = self.scale(value), HEIGHT / 2
        beyond = [(x + way, y - 5), (x + way * 6, y), (x + way, y + 5)]
        canvas.line([(x, y - 5), (x, y + 5)] if self.scale.holds(value) else beyond, "accent", 1.5)

    def axis(self) -> Markup:
        """Round amounts along the scale."""
        canvas = Canvas(WIDTH, 18)
        step = tick_step(self.scale.low, self.scale.high, 4)
        for tick in self.scale.ticks(4):
            canvas.text(self.scale(tick), 13, said(tick, self.currency, self.locale, step), colour="muted", anchor="middle")
        return Markup(canvas.svg(f"Scale of worth, {self.currency} a year"))
