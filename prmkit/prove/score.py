"""What is said in one made-up programme and what is true of it: what an answer is judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from prmkit.prove.case import Case

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimates:
    """One answer in one world, with an entry for each of n units (partners, courses, territories, or the single whole).

    truth, tool, naive, limit: (n,) what is true, and what the tool, the spreadsheet rule and the best attainable rule (told the world's
    hyper-parameters) say; nan where they say nothing. low, high and limit_low, limit_high: (n,) ends of 90% intervals, nan without.
    should: (n,) whether the data can carry an answer. scale: what errors and widths are divided by, so that worlds can be pooled.
    Raises ValueError where arrays differ in length, a truth is not finite, or the scale is not above zero.
    """

    truth: Array
    tool: Array
    low: Array
    high: Array
    naive: Array
    limit: Array
    limit_low: Array
    limit_high: Array
    should: Mask
    scale: float = 1.0

    def __post_init__(self) -> None:
        shape = np.shape(self.truth)
        columns = (self.tool, self.low, self.high, self.naive, self.limit, self.limit_low, self.limit_high, self.should)
        if len(shape) != 1 or any(np.shape(column) != shape for column in columns):
            raise ValueError(f"estimates need columns of one length: truth has {shape}, the others {[np.shape(c) for c in columns]}")
        if not np.isfinite(self.truth).all():
            raise ValueError("the truth of a made-up programme is always known; it holds nan or infinity here")
        if not (np.isfinite(self.scale) and self.scale > 0):
            raise ValueError(f"the scale of estimates is a number above zero, not {self.scale}")

    @classmethod
    def of(
        cls,
        truth: ArrayLike,
        tool: ArrayLike,
        low: ArrayLike | None = None,
        high: ArrayLike | None = None,
        *,
        naive: ArrayLike | None = None,
        limit: ArrayLike | None = None,
        limit_low: ArrayLike | None = None,
        limit_high: ArrayLike | None = None,
        should: ArrayLike | None = None,
        scale: float = 1.0,
    ) -> Estimates:
        """From arrays; a column that is not given is nan throughout, and `should` is True throughout. One number serves every unit."""
        true = np.atleast_1d(_numbers(truth))

        def column(values: ArrayLike | None) -> Array:
            return np.full(true.shape, np.nan) if values is None else np.broadcast_to(_numbers(values), true.shape).copy()

        carried = np.broadcast_to(np.asarray(True if should is None else should, dtype=bool), true.shape).copy()
        ends = (column(low), column(high), column(naive), column(limit), column(limit_low), column(limit_high))
        return cls(true, column(tool), *ends, carried, float(scale))

    @classmethod
    def single(
        cls,
        truth: float,
        tool: Any,
        low: Any = None,
        high: Any = None,
        *,
        naive: Any = None,
        limit: Any = None,
        limit_low: Any = None,
        limit_high: Any = None,
        should: bool = True,
        scale: float = 1.0,
    ) -> Estimates:
        """For an answer about one thing; None and missing values are nan."""
        told = {"naive": naive, "limit": limit, "limit_low": limit_low, "limit_high": limit_high}
        columns = {name: _number(value) for name, value in told.items()}
        return cls.of(_number(truth), _number(tool), _number(low), _number(high), should=should, scale=scale, **columns)


def _numbers(values: ArrayLike) -> Array:
    made: Array = np.asarray(values, dtype=np.float64)
    return made


def _number(value: Any) -> float:
    return float("nan") if value is None or value is pd.NA else float(value)


@dataclass(frozen=True, slots=True)
class Stakes:
    """What a decision is truly worth in one world when taken in each of three ways; higher is better (money, or minus a Brier score)."""

    tool: float
    naive: float
    limit: float


@dataclass(frozen=True, slots=True)
class Claims:
    """Statements of one world that can be false: how many were made and how many were false, by the tool and by the spreadsheet rule.

    stated: the tool's own expected share of false ones, nan if it gives none. looked, naive_looked: how many things a claim could have
    been made of; 0 where that was not counted.
    """

    made: int
    false: int
    stated: float
    naive_made: int
    naive_false: int
    looked: int = 0
    naive_looked: int = 0

    def __post_init__(self) -> None:
        for made, false, looked in ((self.made, self.false, self.looked), (self.naive_made, self.naive_false, self.naive_looked)):
            if not 0 <= false <= made or (looked and made > looked):
                raise ValueError(f"{false} false of {made} claims about {looked} things cannot be")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one answer in one world, by each of the ways in which it can be judged."""

    estimates: Estimates | None = None
    stakes: Stakes | None = None
    claims: Claims | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that a practice says, and how it is held against the truth.

    name: practice and subject, as "prune.fair_contribution". question: one line. unit: what an entry of the estimates is. naive_rule,
    limit_rule: in words. judge: what came of it in a world; None where the question does not arise there.
    most_bias: the tool's bias at most, as a share of the spreadsheet's. most_null: false claims at most, as a share of what was looked
    at, where nothing is true that could be claimed. least_regret: the share of what can be won over the spreadsheet, at least.
    To judge another estimator in the tool's place: `replace(answer, judge=...)`.
    """

    name: str
    practice: str
    question: str
    unit: str
    naive_rule: str
    limit_rule: str
    judge: Callable[[Case], Outcome | None]
    most_bias: float = 0.5
    most_null: float = 0.07
    least_regret: float = 0.0
