"""Everything wrong in engagement.yaml at once: line, key, value, why, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from rapidfuzz.distance import OSA

from prmkit.errors import Fault, PrmkitError

# what may stand where is disjoint, so that a hostile text takes no longer than its length
_SECRET = re.compile(r"://[^/\s@:]*:[^/\s@]*@|(password|passwd|pwd|secret|token|api_?key)\s*[=:]\s*\S", re.IGNORECASE)
MASKED = "(not shown: it may hold a password)"
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing wrong in the settings file.

    `key` is dotted from the top ("goal.by", "sources.sales[1].path"), empty for the file as a
    whole. `line` and `column` count from 1 and are 0 where the place is not known.
    """

    key: str
    line: int
    column: int
    value: str
    why: str
    do: str

    def as_fault(self, file: str) -> Fault:
        """The same as a line of the one table of faults: the row is the line, the column is the key."""
        return Fault("setting", "error", "engagement", file, self.line, self.key, self.value, self.why, self.do)

    def said(self) -> str:
        """Place, reason and remedy on one line."""
        return " ".join(part for part in (f"{self.place()}:" if self.place() else "", self.why, self.do) if part)

    def place(self) -> str:
        """Line, column and key as far as they are known: "line 12, column 3, goal.by"."""
        position = [f"line {self.line}", f"column {self.column}"] if self.line else []
        return ", ".join([*position, self.key] if self.key else position)


class EngagementFaults(PrmkitError):
    """The settings cannot be used; `settings` lists every fault by line, `faults` the same for the table of `prmkit check`."""

    def __init__(self, found: Iterable[SettingFault], file: Path) -> None:
        ordered: Sequence[SettingFault] = sorted(found, key=lambda fault: (fault.line, fault.column, fault.key))
        self.file = file
        self.settings = tuple(ordered)
        self.faults = tuple(fault.as_fault(file.name) for fault in ordered)
        first = ordered[0]
        if len(ordered) == 1:
            super().__init__(first.why, where=", ".join(part for part in (str(file), first.place()) if part), do=first.do)
        else:
            listed = "\n".join(fault.said() for fault in ordered)
            super().__init__(f"{file} has {len(ordered)} faults.", where=listed)


def shown(value: object) -> str:
    """A value as an error may repeat it: short, on one line, and never a password."""
    text = str(value)
    if may_hold_secret(text):
        return MASKED
    printable = "".join(character if character.isprintable() else " " for character in text[: _SHOWN + 1])
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"


def may_hold_secret(text: str) -> bool:
    """Whether a text looks like an address or a setting with a password in it."""
    return _SECRET.search(text) is not None


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names a person most likely meant, best first; several only when they are equally near.

    Nearness is the number of single-letter slips (insert, delete, replace, swap neighbours), with
    case, spaces and hyphens set aside; where that is far, the share of letters in common.
    """
    names = list(known)
    plain = re.sub(r"[\s-]", "_", name.strip()).casefold()
    slips = {other: OSA.distance(plain, other.casefold()) for other in names}
    least = min(slips.values(), default=0)
    if names and least <= max(1, len(plain) // 4):
        return tuple(other for other in names if slips[other] == least)
    begun = tuple(other for other in names if len(plain) >= 3 and other.casefold().startswith(plain))
    if begun:
        return begun
    alike = {other: SequenceMatcher(None, plain, other.casefold()).ratio() for other in names}
    best = max(alike.values(), default=0.0)
    return tuple(other for other in names if alike[other] == best) if best >= 0.6 else ()


def meant(name: str, known: Iterable[str]) -> str:
    """What to do about an unknown name: the nearest known one, and all of them."""
    names = list(known)
    near = nearest(name, names)
    hint = f"Did you mean {' or '.join(repr(other) for other in near)}? " if near else ""
    return f"{hint}Known: {', '.join(names)}."
