"""The inputs of the plan as a channel manager names them: estimate, range, unit, and how far each may be moved."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.attrition import yearly
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.moved import MOST_RAMP, ramp_months
from prmkit.estimators.recruitment import pool_mean
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.funnel import signing_rate
from prmkit.practices.reach.count.onboarding import capacities
from prmkit.practices.reach.moves.levers import signed_last_year
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.what_if.asked import Group, Input, Unit
from prmkit.practices.reach.what_if.leaving import expected_to_leave

Draws = NDArray[np.float64]

MOST_MONTHS = 36.0
_MOST_MONEY = 1e15
_CAPACITY = {
    "told": "your own settings",
    "hours": "partner managers' hours",
    "most_seen": "the most signed in any three months on record; more was never tried",
}


def inputs(case: Case, recruits: int | None) -> tuple[Input, ...]:
    """Every input of a case, in the order they are asked. recruits: how many the plan asks for, None where it asks for none."""
    made = [*_goal(case), *_estimates(case), *_signing(case, recruits), *_money(case)]
    return tuple(made)


def _goal(case: Case) -> list[Input]:
    aim = case.target
    said = f"Revenue through partners in the 12 months to the goal's last day, {aim.by.date().isoformat()}."
    goal = Input("goal", "Goal", "the goal", "money", aim.revenue, 0.0, _MOST_MONEY, about=said)
    growth = None if aim.revenue is None or case.revenue <= 0 else aim.revenue / case.revenue - 1
    more = Input(
        "goal_growth",
        "Goal as growth",
        "the goal",
        "share",
        growth,
        -0.99,
        10.0,
        about="The goal over the last 12 months; moves with the goal in money.",
    )
    months = Input(
        "goal_months",
        "The goal's last day from now",
        "the goal",
        "months",
        aim.months,
        1.0,
        MOST_MONTHS,
        about=f"From {case.portfolio.as_of.date().isoformat()}, the last day of the data.",
    )
    sure = Input(
        "confidence",
        "How sure to be",
        "the goal",
        "share",
        aim.confidence,
        0.05,
        0.99,
        about="The chance of reaching the goal that you ask for.",
    )
    return [goal, *([more] if case.revenue > 0 else []), months, sure]


def _estimates(case: Case) -> list[Input]:
    channel, growth = case.channel, case.channel.growth
    made = [
        _estimated(
            "activation", "Activation", "your partners", "share", channel.activated, 0.0, 1.0, "Share of those signed that ever sell."
        ),
        _estimated(
            "ramp_months",
            "Ramp",
            "your partners",
            "months",
            ramp_months(channel.ramp.curve),
            0.0,
            MOST_RAMP,
            "Months until a new partner sells in full, counted as an even rise.",
        ),
        _estimated(
            "attrition",
            "Attrition a year",
            "your partners",
            "share",
            yearly(channel.attrition.pooled),
            0.0,
            0.9,
            "Share of selling partners that stop within a year; today's and new ones.",
        ),
    ]
    spread = growth.error * 1.6449
    made.append(
        Input(
            "growth",
            "Growth of partners that stay, a year",
            "your partners",
            "share",
            float(np.expm1(growth.mean)),
            -0.9,
            5.0,
            float(np.expm1(growth.mean - spread)),
            float(np.expm1(growth.mean + spread)),
            "How much more or less they sell than a year before; also on what recruits sell.",
        )
    )
    sells = 12 * pool_mean(channel) * case.factor
    made.append(
        _estimated(
            "recruit_yield",
            "Yield of a recruit that sells, a year",
            "your partners",
            "money",
            sells,
            0.0,
            _MOST_MONEY,
            "Once it has grown in full.",
        )
    )
    leaving = math.floor(expected_to_leave(case))
    made.append(
        Input(
            "kept",
            "Today's partners kept more",
            "your partners",
            "partners",
            0.0,
            0.0,
            float(leaving),
            about=f"Of the {leaving:,} that are expected to stop selling by the goal's last day.",
        )
    )
    return made


def _signing(case: Case, recruits: int | None) -> list[Input]:
    asked = recruits if recruits is not None else signed_last_year(case)
    begin = "the plan's own number" if recruits is not None else "as many as in the last 12 months"
    return [
        Input("recruits", "Recruits signed", "signing", "partners", float(asked), 0.0, float(case.most), about=f"To begin with {begin}."),
        Input(
            "signing_months",
            "Signed within the first",
            "signing",
            "months",
            case.target.months,
            1.0,
            MOST_MONTHS,
            about="Evenly over so many months: all up to the goal's last day, half of them, or 1 for all at once.",
        ),
        _onboarding(case),
        _conversion(case),
        _crowding(case),
    ]


def _onboarding(case: Case) -> Input:
    found, _ = capacities(case)
    month, low, high = (found[0].per_month, found[0].low, found[0].high) if found else (None, None, None)
    about = f"From {_CAPACITY[found[0].basis]}." if found else "Says when more are asked for than that."
    return Input(
        "onboarding", "New partners you can bring up a month", "signing", "a month", month, 0.01, 1e6, _finite(low), _finite(high), about
    )


def _conversion(case: Case) -> Input:
    found = case.portfolio.fitted(signing_rate)
    share, ends = (found.share, found.ends) if found is not None else (None, (None, None))
    low, high = ends if ends[0] != ends[1] else (None, None)
    return Input(
        "conversion", "Prospects that sign", "signing", "share", share, 0.001, 1.0, low, high, "Share of the prospects you approach."
    )


def _crowding(case: Case) -> Input:
    shared = case.recruits.crowding
    about = "1: a new partner finds customers of its own. 0.7: 1% more partners in a territory sell 0.7% more."
    if shared is None:
        return Input("elasticity", "Crowding", "signing", "number", 1.0, 0.05, 1.0, about=about)
    return _estimated("elasticity", "Crowding", "signing", "number", shared[2], 0.05, 1.0, about)


def _money(case: Case) -> list[Input]:
    money, found = case.portfolio.settings.economics, case.portfolio.fitted(signing_rate)
    signing = money.recruit_cost if money.recruit_cost is not None or found is None else _finite(found.cost)
    margin = pricing(case.portfolio).rate
    about = ("Once, for each recruit.", "The first year of each recruit.", "Of what recruits sell.")
    return [
        Input("recruit_cost", "Cost to sign one", "money", "money", signing, 0.0, _MOST_MONEY, about=about[0]),
        Input("partner_cost", "Cost of a partner a year", "money", "money", money.partner_cost, 0.0, _MOST_MONEY, about=about[1]),
        Input("margin", "Gross margin", "money", "share", margin, -1.0, 1.0, about=about[2]),
    ]


def _estimated(key: str, label: str, group: Group, unit: Unit, draws: Draws | None, least: float, most: float, about: str) -> Input:
    if draws is None:
        return Input(key, label, group, unit, None, least, most, about=about)
    if float(draws.min()) == float(draws.max()):
        return Input(key, label, group, unit, float(draws.mean()), least, most, about=about)
    low, high = interval(draws)
    return Input(key, label, group, unit, float(draws.mean()), least, most, low, high, about)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
