"""What each lever saves in recruits and brings in revenue, one at a time, by a small step and as far as it can be moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.lever_mix import reaches
from prmkit.practices.reach.count.case import Case, draw_recruits
from prmkit.practices.reach.forecast.fit import LATER_MONTHS
from prmkit.practices.reach.moves.costs import UnitCosts, unit_costs
from prmkit.practices.reach.moves.reachable import Lever, reachable
from prmkit.practices.reach.moves.response import Pull, Response, response_of
from prmkit.practices.reach.moves.seen import ranges_seen
from prmkit.practices.reach.pricing import pricing

Array = NDArray[np.float64]

RECRUITS, GOAL = 0.10, -0.05
UNITS = {
    "activation": "share of those signed, added",
    "ramp": "proportion of the yield lost while ramping",
    "retention": "proportion of attrition",
    "yield": "proportion of revenue per partner",
    "new_family": "share of the partners that lack a family",
    "price_leak": "share of the unexplained discount, closed",
    "recruits": "partners signed on top",
    "later_date": "months",
    "lower_goal": "proportion of the goal",
}


@dataclass(frozen=True)
class Moves:
    """Everything about the levers of one case: the response to them, how far they go, and what they cost."""

    case: Case
    response: Response
    levers: dict[str, Lever]
    costs: UnitCosts

    @classmethod
    def of(cls, case: Case) -> Moves:
        """Worked out once for a case."""
        response = response_of(case)
        return cls(case, response, reachable(response), unit_costs(case.portfolio))

    @cached_property
    def asked(self) -> int | None:
        """Recruits that the plan asks for when nothing else is moved."""
        return self.case.count(self.case.target.confidence)

    @cached_property
    def later_recruits(self) -> Recruits:
        """Recruits of the goal three months later, signed evenly until then, trend included."""
        case = self.case
        aim = case.target.later(LATER_MONTHS)
        made = draw_recruits(case.portfolio, case.channel, case.later, aim, case.rows, case.factor, case.recruits.simulated)
        return made.scaled(case.later.trend)

    @cached_property
    def rate(self) -> float | None:
        """Gross margin on a unit of revenue, where it can price anything."""
        return pricing(self.case.portfolio).rate

    @property
    def usable(self) -> list[Lever]:
        """The levers that can be worked out."""
        return [one for one in self.levers.values() if not one.missing]

    @cached_property
    def most_signed(self) -> float:
        """Most partners that this client signed in any 12 months, by its share of partners, over the time to the goal's last day."""
        share = len(self.case.portfolio.partners) / max(len(self.case.portfolio.whole.partners), 1)
        return float(np.floor(self.case.portfolio.fitted(ranges_seen).signed_in_a_year * share * self.case.target.window.end / 12))

    def count(self, pull: Pull) -> int | None:
        """Fewest recruits that reach the goal as surely as asked with the other levers moved as in `pull`."""
        goal, confidence = self.case.target.revenue, self.case.target.confidence
        if goal is None:
            return None

        def enough(number: int) -> bool:
            return reaches(self.response.total(with_recruits(pull, number)), goal, confidence)

        if enough(0):
            return 0
        low, high = 0, 1
        while not enough(high):
            if high >= self.case.most:
                return None
            low, high = high, min(2 * high, self.case.most)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high


def moved(lever: str, change: float, recruits: int = 0) -> Pull:
    """One lever moved by `change`, beside so many recruits."""
    name = {"yield": "yields", "new_family": "families", "price_leak": "leak"}.get(lever, lever)
    return Pull(**{name: change}, recruits=recruits)


def with_recruits(pull: Pull, recruits: int) -> Pull:
    """The same levers with another number of recruits."""
    return Pull(pull.activation, pull.ramp, pull.retention, pull.yields, pull.families, pull.leak, recruits)


def levers(moves: Moves) -> tuple[pd.DataFrame, dict[str, str]]:
    """reach_levers, and for each lever left out the reason.

    change: the small step; reachable: how far it can be moved by what was seen, and what that brings and saves. revenue is what the
    lever adds in the goal's 12 months beside the recruits the plan asks for (last year's without a goal); recruits_saved keeps goal
    and confidence. margin: on that revenue, a year, before cost: a lever pays while it costs less.
    """
    case, asked = moves.case, moves.asked
    signed = asked if asked is not None else signed_last_year(case)
    rows = [_row(moves, one, signed) for one in moves.usable]
    rows.append(_recruits(moves, signed))
    if asked is not None and case.target.revenue is not None:
        rows += [_later(moves, asked), _lower(case, asked)]
    made = pd.DataFrame(rows)
    return made.assign(unit=made["lever"].map(UNITS)), {one.name: one.missing for one in moves.levers.values() if one.missing}


def signed_last_year(case: Case) -> int:
    """Partners signed in the last 12 months; where signing dates are not known, those that first sold over the share that activates."""
    life, activation = case.channel.lives, float(case.channel.activated.mean())
    start = life.start[case.rows]
    started = int((life.dated[case.rows] & (start >= life.months - 12) & (start < life.months)).sum())
    return round(started / activation) if life.clock == "first_sale" and activation > 0 else started


def _row(moves: Moves, lever: Lever, signed: int) -> dict[str, object]:
    small, far = moved(lever.name, lever.step, signed), moved(lever.name, lever.reach, signed)
    base = moves.response.total(Pull(recruits=signed))
    row = _money(lever.name, lever.step, moves.response.total(small) - base)
    most = _money(lever.name, lever.reach, moves.response.total(far) - base)
    row |= {"cost": _cost(moves, lever.name, moved(lever.name, lever.step)), "within_range_seen": lever.within(lever.step)}
    row |= {"reachable": lever.reach, "reachable_seen": lever.within(lever.reach), "seen_in": lever.saw}
    row |= {f"reachable_{name}": most[name] for name in ("revenue", "revenue_low", "revenue_high")}
    row |= {"cost_missing": moves.costs.unknown(lever.name) or None, "margin": _margin(moves, small, signed)}
    if moves.asked is not None:
        row |= {"recruits_saved": _saved(moves, small), "reachable_saved": _saved(moves, far)}
    return row


def _saved(moves: Moves, pull: Pull) -> float | None:
    then = moves.count(pull)
    return None if then is None or moves.asked is None else float(moves.asked - then)


def _cost(moves: Moves, lever: str, pull: Pull) -> float | None:
    drawn = moves.costs.of(lever, pull, moves.response)
    return None if drawn is None else float(drawn.mean())


def _margin(moves: Moves, pull: Pull, signed: int) -> float | None:
    if moves.rate is None:
        return None
    return float((moves.response.margin(pull, moves.rate) - moves.response.margin(Pull(recruits=signed), moves.rate)).mean())


def _recruits(moves: Moves, signed: int) -> dict[str, object]:
    more = max(round(RECRUITS * signed), 1)
    case = moves.case
    row = _money("recruits", float(more), case.grown().revenue(signed + more) - case.grown().revenue(signed))
    return row | {
        "cost": _cost(moves, "recruits", Pull(recruits=more)),
        "cost_missing": moves.costs.unknown("recruits") or None,
        "within_range_seen": signed + more <= moves.most_signed,
        "margin": _margin(moves, Pull(recruits=signed + more), signed),
    }


def _later(moves: Moves, asked: int) -> dict[str, object]:
    case = moves.case
    then = case.count(case.target.confidence, present=case.later.total(case.rows), recruits=moves.later_recruits)
    return {"lever": "later_date", "change": float(LATER_MONTHS), "recruits_saved": None if then is None else asked - then}


def _lower(case: Case, asked: int) -> dict[str, object]:
    assert case.target.revenue is not None
    then = case.count(case.target.confidence, goal=case.target.revenue * (1 + GOAL))
    return {"lever": "lower_goal", "change": GOAL, "recruits_saved": None if then is None else asked - then}


def _money(lever: str, change: float, added: Array) -> dict[str, object]:
    low, high = interval(added)
    return {"lever": lever, "change": change, "revenue": float(added.mean()), "revenue_low": low, "revenue_high": high}
