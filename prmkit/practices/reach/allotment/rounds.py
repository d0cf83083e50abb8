"""The goal with a given chance as a revenue to plan for: solved, simulated, and moved until the chance is what was asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.least_cost import Options, Placed, cheapest, filled, largest
from prmkit.practices.reach.allotment.draws import Draws

Array = NDArray[np.float64]

_ROUNDS = 8
_CLOSE = 0.004
_MANY = 400


@dataclass(frozen=True)
class Solved:
    """units (c,) and their chance of the goal. asked: the gain that the sum was solved for, the safety margin in it; reached: whether the
    chance is the one asked for; rounds: how often it was solved; gap: how far at most from the least cost, a share."""

    units: Array
    chance: float
    asked: float
    reached: bool
    rounds: int
    gap: float
    cost: float


def solve(options: Options, draws: Draws, confidence: float) -> Solved | None:
    """The cheapest units with which the goal is reached with `confidence`; the most that can be had where no number is enough.

    None where the limits contradict each other. The margin over the expected revenue is first guessed from the spread of
    today's partners, then corrected by what the draws lack; the cheapest answer that holds is kept.
    """
    low, high, best = 0.0, np.inf, None
    gain = max(draws.goal - float(np.quantile(draws.present, 1 - confidence)), 0.0)
    for used in range(1, _ROUNDS + 1):
        found = cheapest(options, gain)
        if found is None:
            best = best or _most(options, draws, confidence, used)
            if best is None or not best.reached:
                return best
            high = gain
            gain = (low + high) / 2
        else:
            lacking = draws.short(found.units, confidence)
            low, high = (low, min(high, gain)) if lacking <= 0 else (max(low, gain), high)
            if lacking <= 0:
                made = _made(found, draws, gain, used, reached=True)
                best = made if best is None or made.cost <= best.cost else best
            if lacking <= 0 and (gain <= 0 or -lacking < _CLOSE * gain):
                break
            aim = gain + lacking * (1.0 if lacking < 0 else 1.05)
            halfway = (low + high) / 2 if np.isfinite(high) else 2 * gain + lacking
            gain = max(aim if low < aim < high else halfway, 0.0)
        if high - low < _CLOSE * high:
            break
    return best or _most(options, draws, confidence, _ROUNDS)


def _most(options: Options, draws: Draws, confidence: float, used: int) -> Solved | None:
    found = largest(options)
    if found is None:
        return None
    return _made(found, draws, found.gain, used, reached=draws.short(found.units, confidence) <= 0)


def _made(found: Placed, draws: Draws, gain: float, rounds: int, *, reached: bool) -> Solved:
    return Solved(found.units, draws.chance(found.units), gain, reached, rounds, found.gap, found.cost)


def trimmed(options: Options, draws: Draws, solved: Solved, confidence: float, tries: int = 15) -> Solved:
    """The same without recruits that the chance does not need; whole numbers and chords may leave one or two too many, which
    is looked for up to 400 recruits."""
    if not solved.reached or solved.units.sum() > _MANY:
        return solved
    units, cost = solved.units.copy(), solved.cost
    order = np.argsort(-(options.cost / np.maximum(options.worth, 1e-12)), kind="stable")
    left = tries
    for cell in order[units[order] > 0]:
        while left > 0 and units[cell] > 0:
            left -= 1
            fewer = units.copy()
            fewer[cell] -= 1
            if not kept(options, fewer) or draws.short(fewer, confidence) > 0:
                break
            units, cost = fewer, cost - float(options.cost[cell])
    return Solved(units, draws.chance(units), solved.asked, True, solved.rounds, solved.gap, cost)


def kept(options: Options, units: Array) -> bool:
    """Whether units keep every limit, each place's worth put into its steepest pieces first."""
    whole = np.concatenate([units, filled(options, units)])
    for limit in options.limits:
        value = limit.rows @ whole
        if (value < limit.least - 1e-6 * (1 + np.abs(limit.least))).any() or (value > limit.most + 1e-6 * (1 + np.abs(limit.most))).any():
            return False
    return True


def spread_plainly(draws: Draws, shares: Array, confidence: float, most: int) -> Array | None:
    """The spreadsheet rule: recruits spread by `shares` (c,) whatever a recruit brings where, as many as the same chance takes."""

    def rounded(count: int) -> Array:
        exact = shares * count
        whole = np.floor(exact)
        rest = np.argsort(-(exact - whole), kind="stable")[: round(float(count - whole.sum()))]
        whole[rest] += 1
        made: Array = whole
        return made

    if shares.sum() <= 0:
        return None
    low, high = 0, 1
    while draws.short(rounded(high), confidence) > 0:
        low, high = high, 2 * high
        if high > most:
            return None
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        low, high = (low, middle) if draws.short(rounded(middle), confidence) <= 0 else (middle, high)
    return rounded(high)
