"""From values to px: round ticks, and what stands beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from prmkit.practices.result import Amount
from prmkit.publish import words


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale from values `low`..`high` to px `start`..`end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """px of a value; one outside the scale lands on its edge."""
        inside = min(max(value, self.low), self.high)
        return self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Whether a value is on the scale."""
        return self.low <= value <= self.high

    def ticks(self, most: int = 5, *, whole: bool = False) -> list[float]:
        """At most `most` round values on the scale, whole ones only if asked."""
        step = tick_step(self.low, self.high, most, whole=whole)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return [rank * step for rank in range(first, last + 1)]


def tick_step(low: float, high: float, most: int = 5, *, whole: bool = False) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that makes at most `most` ticks; for counts a whole one."""
    rough = max((high - low) / max(most - 1, 1), 1.0 if whole else 0.0)
    power: float = 10.0 ** math.floor(math.log10(rough))
    parts = (1, 2, 5, 10) if whole else (1, 2, 2.5, 5, 10)
    return next(power * part for part in parts if power * part >= rough * (1 - 1e-9))


def counts(values: Iterable[object], unit: str) -> bool:
    """Whether values are counts, and their scale should show whole numbers only."""
    known = [number for number in map(finite, values) if number is not None]
    return unit != "fraction" and not is_currency(unit) and all(number == int(number) for number in known)


def domain(values: Iterable[float | None], *, zero: bool = True) -> tuple[float, float]:
    """Lowest and highest of the known values, zero with them unless told otherwise, widened where they are one."""
    known = [value for value in map(finite, values) if value is not None] + ([0.0] if zero else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        spread = abs(high) or 1.0
        return (low, low + spread) if low >= 0 and zero else (low - spread, high + spread)
    return low, high


def finite(value: object) -> float | None:
    """The value as a float, None when it is missing or endless."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def said(value: object, unit: str, locale: str, step: float | None = None) -> str:
    """A value as a label on a picture: the currency stands in the axis title, not on every mark."""
    number = finite(value)
    if number is None:
        return words.NOT_KNOWN
    unit_step = Decimal(repr(step)).normalize() if step else None
    if unit == "fraction":
        return words.share(number, locale, step=(unit_step * 100).normalize() if unit_step else None)
    if is_currency(unit):
        return words.money(number, "", locale, step=unit_step)
    return words.number(number, locale, step=unit_step)


def ranged(value: object, low: object, high: object, unit: str, locale: str) -> str:
    """A value and its range as a label: "410k, 250k to 590k"."""
    text = words.interval(Amount(finite(value), finite(low), finite(high), unit), locale)
    return text.removeprefix(f"{unit} ") if is_currency(unit) else text.replace(f" {unit}", "", 1) if unit not in {"", "fraction"} else text


def is_currency(unit: str) -> bool:
    """Whether a unit is an ISO 4217 code."""
    return len(unit) == 3 and unit.isascii() and unit.isupper()
