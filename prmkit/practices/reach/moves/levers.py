"""What each lever saves in recruits and brings in revenue, one at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel, scale_attrition
from prmkit.estimators.predictive import attrition_effect
from prmkit.practices.reach.count.case import Case, draw_recruits
from prmkit.practices.reach.forecast.fit import LATER_MONTHS
from prmkit.practices.reach.moves.seen import Seen, ranges_seen

Array = NDArray[np.float64]

ACTIVATION, RAMP, RETENTION, YIELD, RECRUITS, GOAL = 0.10, -0.25, -0.20, 0.05, 0.10, -0.05
UNITS = {
    "activation": "share of those signed, added",
    "ramp": "proportion of the yield lost while ramping",
    "retention": "proportion of attrition",
    "yield": "proportion of revenue per partner",
    "recruits": "partners signed on top",
    "later_date": "months",
    "lower_goal": "proportion of the goal",
}
_RAMP_WORTH = 0.1


@dataclass(frozen=True)
class Pulled:
    """A lever pulled: present partners and recruits (trend on both) as they would then be, and how far it was moved."""

    lever: str
    change: float
    present: Array
    recruits: Recruits
    seen: bool | None = None


def levers(case: Case) -> tuple[pd.DataFrame, dict[str, str]]:
    """reach_levers, and for each lever left out the reason.

    revenue is what the lever adds in the goal's 12 months with the number of recruits the plan asks for
    (last year's without a goal); recruits_saved keeps goal and confidence.
    """
    asked = case.count(case.target.confidence)
    signed = asked if asked is not None else signed_last_year(case)
    seen = case.portfolio.fitted(ranges_seen)
    pulled, missing = _pulled(case, seen, signed)
    rows = [_row(case, one, asked, signed) for one in pulled]
    more = max(round(RECRUITS * signed), 1)
    added = case.grown().revenue(signed + more) - case.grown().revenue(signed)
    rows.append(
        _money("recruits", float(more), added) | {"cost": _cost(case, more), "within_range_seen": signed + more <= seen.signed_in_a_year}
    )
    if asked is not None and case.target.revenue is not None:
        rows += [_later(case, asked), _lower(case, asked)]
    made = pd.DataFrame(rows)
    return made.assign(unit=made["lever"].map(UNITS)), missing


def signed_last_year(case: Case) -> int:
    """Partners signed in the last 12 months; where signing dates are not known, those that first sold over the share that activates."""
    life, activation = case.channel.lives, float(case.channel.activated.mean())
    start = life.start[case.rows]
    started = int((life.dated[case.rows] & (start >= life.months - 12) & (start < life.months)).sum())
    return round(started / activation) if life.clock == "first_sale" and activation > 0 else started


def _pulled(case: Case, seen: Seen, signed: int) -> tuple[list[Pulled], dict[str, str]]:
    channel, present, missing = case.channel, case.present, {}
    recruits, made = case.grown(), []
    now = float(channel.activated.mean())
    up = min(ACTIVATION, 1 - now)
    if up > 0:
        share = np.minimum(channel.activated + up, 1.0)
        made.append(
            Pulled("activation", up, present, _again(case, replace(channel, activated=share), signed), seen.activation_up_to(now + up))
        )
    else:
        missing["activation"] = "every partner on the list sells already"
    lost = (1 - channel.ramp.curve[:, :12]).sum(axis=1).mean()
    if channel.ramp.estimated and lost > _RAMP_WORTH:
        curve = 1 - (1 - channel.ramp.curve) * (1 + RAMP)
        made.append(Pulled("ramp", RAMP, present, _again(case, replace(channel, ramp=replace(channel.ramp, curve=curve)), signed)))
    else:
        missing["ramp"] = "no ramp is to be seen after the first sale, or too few partners were followed from their start"
    kept = scale_attrition(channel, 1 + RETENTION)
    effect = attrition_effect(channel, case.rows, case.target.window, 1 + RETENTION, case.portfolio.settings.seed)
    made.append(Pulled("retention", RETENTION, _coming(case, effect), _again(case, kept, signed), seen.attrition_down_to(1 + RETENTION)))
    made.append(Pulled("yield", YIELD, _coming(case, 1 + YIELD), recruits.scaled(1 + YIELD), seen.growth_up_to(YIELD)))
    return made, missing


def _again(case: Case, channel: Channel, signed: int) -> Recruits:
    enough = max(case.recruits.simulated, min(signed, 1))
    made = draw_recruits(case.portfolio, channel, case.now, case.target, case.rows, case.factor, enough)
    return case.grown(made)


def _coming(case: Case, factor: float) -> Array:
    made: Array = case.past + (case.present - case.past) * factor
    return made


def _row(case: Case, one: Pulled, asked: int | None, signed: int) -> dict[str, object]:
    before = case.present + case.grown().revenue(signed)
    row = _money(one.lever, one.change, one.present + one.recruits.revenue(signed) - before)
    row["within_range_seen"] = one.seen
    if asked is not None:
        then = case.count(case.target.confidence, present=one.present, recruits=one.recruits)
        row["recruits_saved"] = None if then is None else asked - then
    return row


def _later(case: Case, asked: int) -> dict[str, object]:
    aim = case.target.later(LATER_MONTHS)
    present = case.later.total(case.rows)
    made = draw_recruits(case.portfolio, case.channel, case.later, aim, case.rows, case.factor, case.recruits.simulated)
    then = case.count(case.target.confidence, present=present, recruits=made.scaled(case.later.trend))
    return {"lever": "later_date", "change": float(LATER_MONTHS), "recruits_saved": None if then is None else asked - then}


def _lower(case: Case, asked: int) -> dict[str, object]:
    assert case.target.revenue is not None
    then = case.count(case.target.confidence, goal=case.target.revenue * (1 + GOAL))
    return {"lever": "lower_goal", "change": GOAL, "recruits_saved": None if then is None else asked - then}


def _money(lever: str, change: float, added: Array) -> dict[str, object]:
    low, high = interval(added)
    return {"lever": lever, "change": change, "revenue": float(added.mean()), "revenue_low": low, "revenue_high": high}


def _cost(case: Case, count: int) -> float | None:
    money = case.portfolio.settings.economics
    known = [each for each in (money.recruit_cost, money.partner_cost) if each is not None]
    return count * sum(known) if known else None
