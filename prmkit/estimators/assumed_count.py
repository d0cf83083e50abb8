"""The count from a few inputs that are seen or assumed rather than estimated: a range, and which input to learn first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.attrition import monthly
from prmkit.estimators.ramp import linear

Array = NDArray[np.float64]

INPUTS = ("yield", "attrition", "growth", "ramp_months", "activation")
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum that is done by hand: partners active, the goal, and inputs as numbers or as draws (D,) of the same length.

    attrition: share of active units lost in a year; growth: like for like, a year; ramp_months; activation: share of those signed
    that sell. recruits_stop: whether recruits, too, are lost at that rate.
    """

    goal: float
    active: float
    recruits_stop: bool = True

    def count(self, inputs: Mapping[str, Array | float]) -> Array:
        """Units to sign evenly over the year, draws (D,): gap over what one brings, 0 without a gap, infinite where one brings nothing."""
        made = {name: np.atleast_1d(np.asarray(inputs[name], dtype=float)) for name in INPUTS}
        base = self.active * made["yield"] * (1 - made["attrition"]) * (1 + made["growth"])
        gap = np.maximum(self.goal - base, 0.0)
        one = made["yield"] * (1 + made["growth"]) ** (1.0 if self.recruits_stop else 0.0) * self.fraction(made) * made["activation"]
        count: Array = np.divide(gap, one, out=np.where(gap > 0, np.inf, 0.0), where=one > 0)
        return count

    def fraction(self, inputs: Mapping[str, Array]) -> Array:
        """Share of a mature year that a selling recruit brings, signing spread evenly (D,)."""
        age = np.arange(_YEAR)
        ramp = np.stack([linear(float(months), age) for months in inputs["ramp_months"]])
        stay = np.array([1 - monthly(float(np.clip(share, 0, 1))) for share in inputs["attrition"]]) if self.recruits_stop else np.ones(1)
        alive = stay[:, None] ** age[None, :]
        # signed in month s, a unit is there for the ages 0 to 11 - s: age k is lived through by 12 - k of the 12 months' signings
        made: Array = (ramp * alive * ((_YEAR - age) / _YEAR)[None, :]).sum(axis=1) / _YEAR
        return made


@dataclass(frozen=True, slots=True)
class Range:
    """Count at 10, 50 and 90%, and for each input, the one to learn first leading: its own 10 and 90%, and the counts there."""

    low: float
    middle: float
    high: float
    inputs: tuple[tuple[str, float, float, float, float], ...]


def count_range(sum_: Sum, draws: Mapping[str, Array]) -> Range:
    """The range of the count under draws (D,) of every input, and what each input alone does with the others at their medians."""
    low, middle, high = np.quantile(sum_.count(draws), [0.1, 0.5, 0.9])
    usual = {name: float(np.median(draws[name])) for name in INPUTS}
    rows = []
    for name in INPUTS:
        ends = np.quantile(draws[name], [0.1, 0.9])
        counts = [float(sum_.count({**usual, name: float(end)})[0]) for end in ends]
        rows.append((name, float(ends[0]), float(ends[1]), counts[0], counts[1]))
    rows.sort(key=lambda row: -abs(row[4] - row[3]))
    return Range(float(low), float(middle), float(high), tuple(rows))
