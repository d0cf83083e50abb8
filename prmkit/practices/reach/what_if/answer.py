"""What a set of inputs comes to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

CONFIDENCES = (0.5, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Range:
    """An expected value with its 90% interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Answer:
    """The plan under one set of inputs.

    moved: inputs that are not the plan's own, by key. by: last day of the goal's 12 months; goal: None without one. counts: recruits for an
    even chance, 80 and 90%; asked: for the confidence asked; None where no number looked at (`most`) is enough, or there is no goal.
    candidates: prospects to approach for `asked`. chance_now: of the goal with today's partners alone; recruits: how many are looked at,
    chance: of the goal with them. baseline, revenue: of the 12 months without and with those recruits. cost: of signing and keeping them in
    their first year; margin_left: gross margin on what they add, less cost; None where a part is not known. capacity: how many can be
    taken on by the end of signing. seen: for a moved input, whether this programme has shown as much; None where it cannot be compared.
    curve: count, chance.
    """

    moved: dict[str, float]
    by: pd.Timestamp
    goal: float | None
    confidence: float
    counts: dict[float, int | None]
    asked: int | None
    most: int
    candidates: float | None
    chance_now: float | None
    recruits: int
    chance: float | None
    baseline: Range
    revenue: Range
    cost: float | None
    margin_left: float | None
    capacity: int | None
    seen: dict[str, bool | None]
    curve: pd.DataFrame

    @property
    def over_capacity(self) -> bool:
        """Whether more recruits are asked for than can be taken on."""
        return self.capacity is not None and self.asked is not None and self.asked > self.capacity
