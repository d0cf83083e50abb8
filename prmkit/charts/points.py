"""Many partners at once: a funnel instead of a league table, a whale curve, and quantile dots."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from prmkit.charts.canvas import SMALL, Canvas
from prmkit.charts.fit import fit, text_width
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture, draw
from prmkit.charts.scale import Scale, domain, finite, said, tick_step
from prmkit.publish import words
from prmkit.publish.style import WIDE

_PILES = 14
_MOST_POINTS = 240  # of a curve; more add bytes, not shape


def funnel(
    points: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    alt: str,
    unit: str = "",
    across_title: str = "",
    up_title: str = "",
    locale: str = "en_GB",
    across_unit: str = "",
) -> Picture:
    """Values against volume, with the range that luck alone explains.

    points: volume, value, outside (true: beyond the limits), label (named when outside, at most five).
    limits: volume, centre, low, high, sorted by volume.
    """
    low, high = domain([*points["value"], *limits["centre"]], zero=False)
    low, high = low - (high - low) * 0.08, high + (high - low) * 0.08
    left, right = domain([*points["volume"], *limits["volume"]])

    def paint(width: float) -> Canvas:
        wide = width >= WIDE
        canvas = Canvas(width, 380 if wide else 320)
        across, up = Scale(left, right, 56, width - 16), Scale(low, high, canvas.height - 56, 28)
        _frame(canvas, across, up, (unit, up_title), (across_unit, across_title), locale)
        edge = [(across(row.volume), up(row.low), up(row.high), up(row.centre)) for row in rows_of(limits)]
        canvas.area([(x, y) for x, y, _, _ in edge] + [(x, y) for x, _, y, _ in reversed(edge)])
        for which in (1, 2):
            canvas.line([(point[0], point[which]) for point in edge], "accent", 1)
        canvas.line([(point[0], point[3]) for point in edge], "ink", 1.5, dashed=True)
        outside = points["outside"].fillna(False).astype(bool)
        for part, colour, radius in ((points[~outside], "muted", 2.5), (points[outside], "accent-2", 3.5)):
            canvas.cloud([(across(x), up(y)) for x, y in zip(part["volume"], part["value"], strict=True)], colour, radius)
        _name(canvas, points[outside].head(8 if wide else 5), across, up)
        return canvas

    return draw(paint, alt)


def _name(canvas: Canvas, rows: pd.DataFrame, across: Scale, up: Scale) -> None:
    """Names beside marks, those left out that would cover one already written."""
    written: list[tuple[float, float, float]] = []
    for row in rows_of(rows):
        x, y = across(float(row.volume)), up(float(row.value))
        far = x > (across.start + across.end) / 2
        name = fit(row.label, min(180.0, (x - across.start if far else across.end - x) - 8), SMALL)
        left = x - 8 - text_width(name, SMALL) if far else x + 8
        right = left + text_width(name, SMALL)
        if all(abs(y - other) > 15 or right < start or left > end for start, end, other in written):
            canvas.text(x + (-8 if far else 8), y - 5, name, anchor="end" if far else "start")
            written.append((left, right, y))


def _frame(canvas: Canvas, across: Scale, up: Scale, upright: tuple[str, str], flat: tuple[str, str], locale: str) -> None:
    """Hairlines, tick labels and titles of both scales: each given as (unit, title)."""
    step = tick_step(up.low, up.high)
    for tick in up.ticks():
        canvas.line([(across.start, up(tick)), (across.end, up(tick))], "context" if tick == 0 else "rule")
        canvas.text(across.start - 8, up(tick) + 4.5, said(tick, upright[0], locale, step), colour="muted", anchor="end")
    most = 6 if canvas.width >= WIDE else 4
    step = tick_step(across.low, across.high, most, whole=not flat[0])
    for tick in across.ticks(most, whole=not flat[0]):
        anchor = "end" if across(tick) > canvas.width - 24 else "middle"
        canvas.text(across(tick), up.start + 20, said(tick, flat[0], locale, step), colour="muted", anchor=anchor)  # type: ignore[arg-type]
    canvas.text(0, 12, upright[1], colour="muted", room=canvas.width)
    canvas.text(across.start, up.start + 40, flat[1], colour="muted", room=canvas.width - across.start)


def whale(rows: pd.DataFrame, *, alt: str, unit: str, locale: str = "en_GB") -> Picture:
    """Contribution added up from the best partner to the worst: the peak, and what is given back after it.

    rows: rank (1 is the best), cumulative (money), sorted by rank.
    """
    total, values = len(rows), rows["cumulative"].astype(float)
    peak, final = float(values.max()), float(values.iloc[-1])
    at = int(rows["rank"].iloc[int(values.to_numpy().argmax())])
    thin = rows.iloc[sorted({*range(0, total, max(1, total // _MOST_POINTS)), int(values.to_numpy().argmax()), total - 1})]
    low, high = domain(values)

    def paint(width: float) -> Canvas:
        wide = width >= WIDE
        canvas = Canvas(width, 352 if wide else 304)
        across, up = Scale(0, max(total, 1), 56, width - (184 if wide else 16)), Scale(low, high, canvas.height - 56, 60)
        _frame(canvas, across, up, (unit, f"Contribution added up, {unit}"), ("", "Partners, from the best to the worst"), locale)
        curve = [(across(0), up(0))] + [(across(x), up(y)) for x, y in zip(thin["rank"], thin["cumulative"].astype(float), strict=True)]
        canvas.line(curve, "accent", 2.5)
        canvas.dot(across(at), up(peak), "accent")
        top = f"Peak {words.money(peak, unit, locale)} after {words.counted(at, 'partner', locale=locale)}"
        right = across(at) > width / 2
        canvas.text(across(at) if not right else across(at) + 4, up(peak) - 14, top, anchor="end" if right else "start", bold=True)
        if peak > final:
            canvas.line([(across.end, up(peak)), (across.end, up(final))], "accent-2", 2)
            canvas.line([(across(at), up(peak)), (across.end, up(peak))], "accent-2", 1, dashed=True)
            given, kept = f"{words.money(peak - final, unit, locale)} given back", f"{words.money(final, unit, locale)} is left"
            if wide:
                canvas.text(across.end + 10, (up(peak) + up(final)) / 2 + 4.5, given, colour="accent-2", bold=True)
                canvas.text(across.end + 10, max(up(final), (up(peak) + up(final)) / 2 + 18) + 6, kept)
            else:
                canvas.text(across.end, up(final) + 20, given, colour="accent-2", bold=True, anchor="end")
                canvas.text(across.end, up(final) + 36, kept, anchor="end")
        return canvas

    return draw(paint, alt)


def quantile_dots(
    values: Sequence[float],
    *,
    alt: str,
    unit: str = "",
    axis: str = "",
    locale: str = "en_GB",
    threshold: float | None = None,
    name: str = "",
) -> Picture:
    """A distribution as dots that are equally likely: so many in so many chances lie beyond the threshold.

    values: quantiles at equal steps of probability, twenty as a rule. Dots at or above `threshold` are accented.
    """
    known = sorted(number for number in map(finite, values) if number is not None)
    low, high = domain([*known, threshold], zero=False)

    beyond = sum(threshold is not None and value >= threshold for value in known)
    told = f"{beyond} in {len(known)} at or above {name}" if threshold is not None else ""

    def paint(width: float) -> Canvas:
        radius = 14 if width >= WIDE else 11
        scale = Scale(low, high, radius, radius * (2 * _PILES - 1))
        piles: dict[int, int] = {}
        places = [(int(scale(value) // (2 * radius)), _pile(piles, scale(value), radius), value) for value in known]
        floor = 36 + 2.0 * radius * max(piles.values(), default=0)
        canvas = Canvas(width, floor + 48)
        for column, level, value in places:
            colour = "accent" if threshold is None or value >= threshold else "context"
            canvas.dot((column + 0.5) * 2 * radius, floor - (2 * level - 1) * radius, colour, radius - 1.5)
        canvas.line([(0, floor), (2 * radius * _PILES, floor)], "context")
        step = tick_step(low, high, 4)
        for tick in scale.ticks(4):
            canvas.text(scale(tick), floor + 18, said(tick, unit, locale, step), colour="muted", anchor="middle")
        if threshold is not None:
            canvas.line([(scale(threshold), 22), (scale(threshold), floor)], "ink", 1.5, dashed=True)
            far = scale(threshold) > width / 2
            canvas.text(scale(threshold), 14, told, anchor="end" if far else "start", bold=True)
        canvas.text(0, floor + 40, axis, colour="muted", room=width)
        return canvas

    return draw(paint, alt)


def _pile(piles: dict[int, int], x: float, radius: float) -> int:
    """Put one more dot on the pile at x; how high it is now."""
    column = int(x // (2 * radius))
    piles[column] = piles.get(column, 0) + 1
    return piles[column]
