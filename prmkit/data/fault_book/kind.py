"""What one kind of fault is: severity, why and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from prmkit.errors import Severity


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault. `why` and `do` are templates: {column}, {value}, {table}, {rows} and what the fault brings along.

    apart: occurrences in different files are different faults.
    """

    severity: Severity
    why: str
    do: str
    apart: str = ""


def error(why: str, do: str, *, apart: bool = False) -> FaultKind:
    """A kind of fault that stops an assessment."""
    return FaultKind("error", why, do, "file" if apart else "")


def warning(why: str, do: str, *, apart: bool = False) -> FaultKind:
    """A kind of fault that is shown with the results."""
    return FaultKind("warning", why, do, "file" if apart else "")
