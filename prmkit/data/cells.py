"""Typed cells of workbooks and warehouses as text, so that nothing typed can be read another way than it was meant."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from typing import Any

from prmkit.data.tables import Kind

# A number that a program wrote carries this ending, so that 1.234 is never taken for a thousand.
WRITTEN = "e0"
_DIGITS_OF_A_DOUBLE = 15
_ZEROS = re.compile(r'(?:"([^"]*)")?(0+(?:-0+)*)(?:"([^"]*)")?(?:;.*)?')
_LARGEST_WHOLE = 2**53


def number_text(value: int | float | Decimal, kind: Kind) -> str:
    """A number as text: exact for whole numbers and decimals, 15 digits for floating ones; ids without `.0`."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        if value.is_integer() and abs(value) < _LARGEST_WHOLE:
            return str(int(value))
        value = Decimal(format(value, f".{_DIGITS_OF_A_DOUBLE}g"))
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text + WRITTEN if "." in text and kind in {"number", "integer"} else text


def padded(value: int | float, number_format: str) -> str:
    """A whole number as its number format of zeros shows it: 7 with `000` is 007."""
    pattern = _ZEROS.fullmatch(number_format or "")
    if not pattern or not math.isfinite(value) or value < 0 or value != int(value):
        return number_text(value, "string")
    before, zeros, after = pattern.group(1) or "", pattern.group(2), pattern.group(3) or ""
    groups = [len(group) for group in zeros.split("-")]
    digits = str(int(value)).zfill(sum(groups))
    parts = []
    for width in reversed(groups[1:]):
        parts.append(digits[-width:])
        digits = digits[:-width]
    return before + "-".join([digits, *reversed(parts)]) + after


def cell_text(value: Any, kind: Kind) -> str | None:
    """Any typed value as text for a column of `kind`; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return number_text(value, kind)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if kind == "date" or value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
