"""Settings of several levers that together reach a goal as surely as asked, found on one set of draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Total = Callable[[Array], Array]

STEPS = 20


def reaches(drawn: Array, goal: float, confidence: float) -> bool:
    """Whether so large a share of the draws comes to the goal."""
    return bool(np.mean(drawn >= goal) >= confidence)


def surely(drawn: Array, confidence: float) -> float:
    """The largest goal that these draws reach with `confidence`: the draw of that rank from above."""
    rank = max(int(np.ceil(confidence * len(drawn) - 1e-9)), 1)
    return float(np.partition(drawn, len(drawn) - rank)[len(drawn) - rank])


def least_stretch(total: Total, weight: Array, goal: float, confidence: float) -> Array | None:
    """The settings (L,), each from 0 to 1, that reach the goal with the least sum of weight x setting^2; None where all at 1 do not.

    total: draws of what settings bring, the same random numbers for all. weight (L,): how hard each lever is to move.
    Settings move by a twentieth, always the one with the most gain (of what is sure with `confidence`) for its added stretch:
    the exact answer on that grid where gains fall with every step, as they do where levers do not help each other much.
    """
    levers = len(weight)
    if reaches(total(np.zeros(levers)), goal, confidence):
        return np.zeros(levers)
    if not reaches(total(np.ones(levers)), goal, confidence):
        return None
    moved = np.zeros(levers, dtype=np.int64)
    now = surely(total(moved / STEPS), confidence)
    while now < goal:
        rates = np.full(levers, -np.inf)
        gains = np.zeros(levers)
        for at in np.flatnonzero(moved < STEPS):
            further = moved.copy()
            further[at] += 1
            gains[at] = surely(total(further / STEPS), confidence) - now
            rates[at] = gains[at] / (weight[at] * (2 * moved[at] + 1))
        best = int(np.argmax(rates))
        moved[best] += 1
        now += gains[best]
    return _trimmed(total, moved, goal, confidence)


def _trimmed(total: Total, moved: NDArray[np.int64], goal: float, confidence: float) -> Array:
    """The same without steps that are not needed, smallest settings first."""
    for at in np.argsort(moved, kind="stable"):
        while moved[at] > 0:
            less = moved.copy()
            less[at] -= 1
            if not reaches(total(less / STEPS), goal, confidence):
                break
            moved = less
    made: Array = moved / STEPS
    return made


def shares(total: Total, setting: Array) -> Array:
    """What each lever adds on average (L,), the sum being what all add together: the mean of moving it first and moving it last.

    Where levers help or hinder each other, the difference is spread in proportion.
    """
    nothing, everything = float(total(np.zeros(len(setting))).mean()), float(total(setting).mean())
    parts = np.zeros(len(setting))
    for at in np.flatnonzero(setting):
        alone, without = np.zeros(len(setting)), setting.copy()
        alone[at], without[at] = setting[at], 0.0
        parts[at] = (float(total(alone).mean()) - nothing + everything - float(total(without).mean())) / 2
    whole = parts.sum()
    scaled: Array = parts * (everything - nothing) / whole if abs(whole) > 1e-12 else parts
    return scaled
