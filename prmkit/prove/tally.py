"""What one world adds to the scores of one answer: a few sums, small enough to keep in a ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from prmkit.prove.score import Array, Claims, Estimates, Mask, Outcome, Stakes

MISS = 2 / 0.1


@dataclass(frozen=True, slots=True)
class Errors:
    """count of estimates, sum of their errors (over the scale) and of the squares of these."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranges:
    """count of 90% intervals, how many cover the truth, sums of their widths and interval scores (both over the scale)."""

    count: int = 0
    covered: int = 0
    width: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """The sums of one world.

    units; rightly, wrongly: units abstained on without and with data that can carry an answer; overreached: answered without.
    tool, naive, limit: errors, all three on the units that the tool answered. ranges, limit_ranges: intervals. both: widths of
    the tool's and the limit's intervals where both gave one.
    """

    units: int = 0
    rightly: int = 0
    wrongly: int = 0
    overreached: int = 0
    tool: Errors = field(default_factory=Errors)
    naive: Errors = field(default_factory=Errors)
    limit: Errors = field(default_factory=Errors)
    ranges: Ranges = field(default_factory=Ranges)
    limit_ranges: Ranges = field(default_factory=Ranges)
    both: tuple[float, float] = (0.0, 0.0)
    stakes: Stakes | None = None
    claims: Claims | None = None

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Tally:
        """From what `dataclasses.asdict` made of it."""
        parts: dict[str, Any] = dict(kept)
        for name, kind in {"tool": Errors, "naive": Errors, "limit": Errors, "ranges": Ranges, "limit_ranges": Ranges}.items():
            parts[name] = kind(**kept[name])
        parts["both"] = tuple(kept["both"])
        parts["stakes"] = Stakes(**kept["stakes"]) if kept["stakes"] else None
        parts["claims"] = Claims(**kept["claims"]) if kept["claims"] else None
        return cls(**parts)


def tally(outcome: Outcome) -> Tally:
    """The sums of one outcome."""
    told = outcome.estimates
    if told is None:
        return Tally(stakes=outcome.stakes, claims=outcome.claims)
    answered = np.isfinite(told.tool)
    ranged, limited = _ranged(told.low, told.high), _ranged(told.limit_low, told.limit_high)
    shared = ranged & limited
    return Tally(
        units=len(told.truth),
        rightly=int((~answered & ~told.should).sum()),
        wrongly=int((~answered & told.should).sum()),
        overreached=int((answered & ~told.should).sum()),
        tool=_errors(told, told.tool, answered),
        naive=_errors(told, told.naive, answered),
        limit=_errors(told, told.limit, answered),
        ranges=_ranges(told, told.low, told.high, ranged),
        limit_ranges=_ranges(told, told.limit_low, told.limit_high, limited),
        both=(_width(told, told.low, told.high, shared), _width(told, told.limit_low, told.limit_high, shared)),
        stakes=outcome.stakes,
        claims=outcome.claims,
    )


def _ranged(low: Array, high: Array) -> Mask:
    made: Mask = ~(np.isnan(low) | np.isnan(high))
    return made


def _errors(told: Estimates, said: Array, answered: Mask) -> Errors:
    given = answered & np.isfinite(said)
    error = (said[given] - told.truth[given]) / told.scale
    return Errors(int(given.sum()), float(error.sum()), float((error**2).sum()))


def _ranges(told: Estimates, low: Array, high: Array, given: Mask) -> Ranges:
    """The interval score of Gneiting and Raftery 2007 (JASA 102:359-378): width + 2 / 0.1 times what the truth lies outside by."""
    truth, low, high = told.truth[given], low[given], high[given]
    covered = (low <= truth) & (truth <= high)
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    width = float((high - low).sum()) / told.scale
    return Ranges(len(truth), int(covered.sum()), width, width + MISS * float(outside.sum()) / told.scale)


def _width(told: Estimates, low: Array, high: Array, given: Mask) -> float:
    return float((high[given] - low[given]).sum()) / told.scale
