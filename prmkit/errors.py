"""What can go wrong, said so that a person can act: what, where, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


class PrmkitError(Exception):
    """One clear error for a person: what is wrong, where it is, and what to do.

    Parameters
    ----------
    what: one sentence, without a traceback's vocabulary.
    where: file, row and column, as far as known; empty when there is none.
    do: the next step; empty when `what` already says it.
    exit_code: 2 for bad input or usage (nothing was written), 1 for work done in part.
    """

    def __init__(self, what: str, *, where: str = "", do: str = "", exit_code: int = 2) -> None:
        self.what, self.where, self.do, self.exit_code = what, where, do, exit_code
        super().__init__("\n".join(part for part in (what, where, do) if part))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the data, with the place and the remedy.

    `row` counts as a spreadsheet does (the header is row 1) and is 0 when the fault is
    about a whole file. `count` is how many rows share it; the first of them is named.
    An `error` stops an assessment; a `warning` does not, and is shown with the results.
    """

    code: str
    severity: Severity
    table: str
    file: str
    row: int
    column: str
    value: str
    why: str
    do: str
    count: int = 1


class DataFaults(PrmkitError):
    """The data cannot be used as they are; `faults` lists everything found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        errors = [fault for fault in self.faults if fault.severity == "error"]
        first = errors[0] if errors else self.faults[0]
        place = f"{first.file}, row {first.row}, column {first.column}" if first.row else first.file
        many = f" ({len(errors)} faults in all)" if len(errors) > 1 else ""
        super().__init__(f"{first.why}{many}", where=place, do=first.do)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """A sentence for a wrong name that offers the nearest known one and lists the rest."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"There is no {kind} '{name}'.{hint} Known: {', '.join(names)}."
