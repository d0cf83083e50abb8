"""Text that others wrote, cut to the room there is."""

from __future__ import annotations

import unicodedata
from typing import Any

from prmkit.publish.words import plain

_NARROW = frozenset("ijlI.,:;'|!()[]{}ftr ")
_BROAD = frozenset("mwMW@%&")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """A generous estimate, in px, of how wide `text` is in any common sans."""
    return sum(map(_em, text)) * size * (1.07 if bold else 1.0)


def fit(text: Any, room: float, size: float, *, bold: bool = False) -> str:
    """`text` in one line, cut with an ellipsis where it is wider than `room` px."""
    line = plain(text)
    if text_width(line, size, bold=bold) <= room:
        return line
    used, end = _em("…"), 0
    for end, character in enumerate(line):  # noqa: B007  (where the loop stops is the answer)
        used += _em(character)
        if used * size * (1.07 if bold else 1.0) > room:
            break
    while end and unicodedata.combining(line[end]):
        end -= 1
    return line[:end].rstrip() + "…"


def wrap(text: Any, room: float, size: float, most: int) -> list[str]:
    """`text` in at most `most` lines of `room` px, broken at spaces; the last is cut where need be."""
    lines: list[str] = []
    rest = plain(text).split(" ")
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size) <= room:
            taken += 1
        lines.append(fit(" ".join(rest[:taken]), room, size))
        rest = rest[taken:]
    return [*lines, fit(" ".join(rest), room, size)] if rest else lines


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.9
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(character) in {"W", "F"} or ord(character) > 0xFFFF:
        return 1.05
    return 0.68 if character.isupper() else 0.57
