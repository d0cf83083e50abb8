"""One input of the plan, and what is asked of it: checked, with one clear sentence for each value that cannot be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prmkit.errors import PrmkitError

Unit = Literal["money", "share", "months", "partners", "a month", "number"]
Group = Literal["the goal", "your partners", "signing", "money"]


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    estimate: what the plan takes, None where it is not known or not counted; low, high: its 90% range, None where it is a choice. least,
    most: how far it may be moved. Shares are fractions; money is in the engagement's currency.
    """

    key: str
    label: str
    group: Group
    unit: Unit
    estimate: float | None
    least: float
    most: float
    low: float | None = None
    high: float | None = None
    about: str = ""

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.unit == "partners"


class WrongInputs(PrmkitError):
    """Values that no answer can be given for; `faults` has one sentence for each input by key."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()), where=", ".join(faults), do="Give another value, or leave it out for the estimate.")
        self.faults = dict(faults)


def checked(known: Sequence[Input], asked: Mapping[str, Any]) -> dict[str, float]:
    """The inputs that are asked to be other than the plan takes, as numbers; WrongInputs names every fault at once.

    A value that is the estimate is no change, so that it gives the plan's own answer to the last digit.
    """
    by_key = {one.key: one for one in known}
    faults, moved = {}, {}
    for key, value in asked.items():
        one = by_key.get(key)
        if one is None:
            faults[key] = f"There is no input '{key}'. Known: {', '.join(by_key)}."
            continue
        number = _number(value)
        if number is None:
            faults[key] = f"{one.label}: '{value}' is not a number."
        elif not one.least <= number <= one.most:
            faults[key] = f"{one.label} runs from {said(one.least, one.unit)} to {said(one.most, one.unit)}, not {said(number, one.unit)}."
        elif one.whole and number != round(number):
            faults[key] = f"{one.label} is a whole number, not {number:g}."
        elif number != one.estimate:
            moved[key] = number
    if {"goal", "goal_growth"} <= set(moved):
        faults["goal_growth"] = "Give the goal in money or as growth, not both."
    if faults:
        raise WrongInputs(faults)
    return moved


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def said(value: float, unit: Unit) -> str:
    """A limit in plain figures."""
    return f"{100 * value:g}%" if unit == "share" else f"{value:,.15g}"
