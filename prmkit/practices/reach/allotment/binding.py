"""Which limits hold an allocation back: what easing each saves, and where the goal is out of reach, what would bring it within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.least_cost import Options, cheapest, in_the_way, least_excess, least_widening
from prmkit.practices.phrases import Phrases
from prmkit.practices.reach.allotment.draws import Draws
from prmkit.practices.reach.allotment.limits import Bounds, Told
from prmkit.practices.reach.allotment.rounds import Solved

_ROUNDS = 3
_SINGLE = ("onboarding", "budget")
_TIGHT = 1e-6
_A_RECRUIT = 0.5
"""What is saved below half a recruit is nothing."""
_HANDS = ("onboarding", "territory", "type")
SHORT = {
    "onboarding": "more partners taken in a month",
    "budget": "a larger budget",
    "territory": "more partners taken in by single territories",
    "type": "more partners of one type",
    "white space": "more market in the territories",
    "barred": "partners in the territories where nobody may be added",
    "cover": "territories left without a partner",
    "territory goals": "territories that miss their own goal",
}
"""What easing each limit means, for the middle of a sentence."""


@dataclass(frozen=True)
class Limiting:
    """rows: of reach_allocation_limits. in_the_way: the limits that keep the goal out of reach, () where it is within; needed: limit ->
    the level that would do, by itself."""

    rows: pd.DataFrame
    in_the_way: tuple[str, ...]
    needed: dict[str, float]


def limiting(
    portfolio: Portfolio, bounds: Bounds, draws: Draws, solved: Solved, confidence: float, months: float, *, priced: bool
) -> Limiting:
    """Each limit: its level, what is used or needed of it, whether it binds, and what one more unit (or dropping it) saves."""
    say, options = Phrases.of(portfolio), bounds.options
    if solved.reached:
        relaxed = cheapest(options, solved.asked, whole=False)
        base = relaxed.cost if relaxed is not None else solved.cost
        rows = [_eased(say, bounds, one, solved, base, months, priced=priced) for one in bounds.told]
        return Limiting(_frame(rows), (), {})
    gain = _margin(draws, solved, confidence)
    hands = tuple(name for name in _HANDS if name in bounds.names)
    groups = [*([hands] if hands else []), *((name,) for name in bounds.names if name not in hands)]
    blocking = tuple(name for group in in_the_way(options, gain, groups) for name in group)
    needed = {one.name: level for one in bounds.told if (level := _needed(options, draws, one, gain, confidence)) is not None}
    rows = [_blocked(say, one, needed.get(one.name), within=one.name in blocking) for one in bounds.told]
    return Limiting(_frame(rows), blocking, needed)


def _margin(draws: Draws, solved: Solved, confidence: float) -> float:
    """The gain that would reach the goal with the confidence, were there room for it; spread as that of the most there is room for."""
    return solved.asked + max(draws.short(solved.units, confidence), 0.0)


def _needed(options: Options, draws: Draws, told: Told, gain: float, confidence: float) -> float | None:
    """The least level of one limit with which the goal is reached, all others kept; None where that is not enough. Corrected by the draws.

    With more partners taken in, territories and types take in more in the same proportion.
    """
    if told.name in ("cover", "territory goals"):
        return np.nan if cheapest(options.without(told.name), gain, whole=False) is not None else None
    found, hands = None, told.name == "onboarding"
    for _ in range(_ROUNDS):
        found = least_widening(options, gain, _HANDS) if hands else least_excess(options, gain, told.name)
        if found is None:
            return None
        lacking = draws.short(np.ceil(found.units - _TIGHT), confidence)
        if lacking <= 0:
            break
        gain += lacking
    assert found is not None
    over = float(found.excess.sum())
    if hands:
        return told.level * (1 + over)
    return told.level + over if told.name in _SINGLE else over


def _used(options: Options, name: str, units: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    (limit,) = (one for one in options.limits if one.name == name)
    return float(np.asarray(limit.rows[:, : options.kinds] @ units).sum())


def _eased(say: Phrases, bounds: Bounds, told: Told, solved: Solved, base: float, months: float, *, priced: bool) -> dict[str, object]:
    options = bounds.options
    step = {"onboarding": months, "budget": max(0.01 * told.level, 1.0)}.get(told.name)
    eased = options.moved(told.name, step) if step is not None else options.without(told.name)
    found = cheapest(eased, solved.asked, whole=False)
    saves = max(base - found.cost, 0.0) if found is not None else 0.0
    binding = saves > 1e-4 * max(base, 1e-9) and (priced or saves >= _A_RECRUIT)
    saves = saves if binding else 0.0
    used = _used(options, told.name, solved.units) if told.name in _SINGLE else np.nan
    used = used / months if told.name == "onboarding" else used
    worth = say.money(saves) if priced else say.counted(saves, "recruit")
    how = {"onboarding": "one more a month", "budget": "1% more of it"}.get(told.name, "without this limit the plan")
    words = f"{told.words[:1].upper()}{told.words[1:]}"
    if told.name == "onboarding":
        words = f"{words}: {_level(say, told, told.level)}, of which the plan uses {_level(say, told, used, bare=True)}"
    elif told.name == "budget":
        words = f"{words}: {say.money(told.level)}, of which the plan uses {say.money(used)}"
    end = f". It holds the plan back: {how} saves {worth}." if binding else ". It does not hold the plan back."
    if told.name == "budget" and not binding:
        end = "."
    return {"limit": told.name, "level": told.level, "needed": used, "binding": binding, "saves": saves, "words": words + end}


def _blocked(say: Phrases, told: Told, needed: float | None, *, within: bool) -> dict[str, object]:
    words = f"{told.words[:1].upper()}{told.words[1:]}"
    if told.name in _SINGLE:
        words += f": {_level(say, told, told.level)}"
    if needed is None:
        end = "It is one of several in the way: easing it alone is not enough" if within else "Easing it alone is not enough"
    elif told.name == "onboarding":
        end = f"With {_level(say, told, needed, up=True)} the goal can be reached"
    elif told.name == "budget":
        end = f"With {say.money(needed)} the goal can be reached"
    else:
        end = "Without it the goal can be reached"
    shown = needed if told.name in _SINGLE and needed is not None else np.nan
    return {
        "limit": told.name,
        "level": told.level,
        "needed": shown,
        "binding": needed is not None or within,
        "saves": np.nan,
        "words": f"{words}. {end}.",
    }


def _level(say: Phrases, told: Told, value: float, *, bare: bool = False, up: bool = False) -> str:
    """ "14 partners a month"; rounded up to a tenth where it has to be enough."""
    shown = np.ceil(value * 10 - 1e-6) / 10 if up else value
    number = say.count(shown) if shown >= 10 or float(shown).is_integer() else f"{shown:.1f}"
    if up and shown >= 10:
        number = say.count(np.ceil(value - 1e-6))
    return number if bare else f"{number} {told.unit}"


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["limit", "level", "needed", "binding", "saves", "words"])
