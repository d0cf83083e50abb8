"""What the sales course and the marketing funds of a programme truly added."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from prmkit.simulate.actions import course_effect, fund_effect
from prmkit.simulate.arithmetic import exp
from prmkit.simulate.lives import events, leaving_hazard
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.state import NEVER, Array, Course, Mask, State, Whole

YEAR = 12
GIVEN_BACK = 3


def truth_of_course(state: State) -> dict[str, float]:
    """What the sales course added: effect, lift and pull_forward_share (nothing is pulled forward by training).

    effect: proportional change of revenue in the 12 months after the one of the course (as far as they are history), over the partners
    still there in the first of them, weighted by what each would have sold without it. Trained partners sell more and stay longer;
    both count. lift: revenue (EUR) added in the 12 months to the as-of date. 0 where nobody took part.
    """
    sold, caused = _revenue_at_factor_one(state), course_paths(state)
    without = state.lives.plain * fund_paths(state)
    untrained, trained = _staying(state, untaught(state.course)), _staying(state, state.course)
    kept = trained / untrained
    weight = sold[:, None] * without * untrained * _following(state)
    lifted = sold[:, None] * state.lives.alive * (state.lives.factor - without / kept)
    lately = lifted[:, max(state.months - YEAR, 0) : state.months]
    return {"effect": _mean(caused * kept - 1.0, weight), "lift": _sum(lately), "pull_forward_share": 0.0}


def truth_of_funding(state: State) -> dict[str, float]:
    """What marketing funds added: effect, lift and pull_forward_share.

    effect: proportional change of revenue while a campaign runs, weighted by what each partner would have sold without it. lift: revenue
    (EUR) so added in the 12 months to the as-of date. pull_forward_share: part of what all campaigns of the history added that is missing
    in the three months after each. 0 where nobody took part.
    """
    months, start = np.arange(state.months), state.funding.start[:, None]
    caused = fund_paths(state)[:, : state.months] - 1.0
    weight = (_revenue_at_factor_one(state)[:, None] * state.lives.alive * state.lives.plain * course_paths(state))[:, : state.months]
    running = (months >= start) & (months < start + state.funding.length)
    after = (months >= start + state.funding.length) & (months < start + state.funding.length + GIVEN_BACK)
    added, back = caused * weight * running, -caused * weight * after
    gained = _sum(added)
    share = _sum(back) / gained if gained > 0 else 0.0
    return {"effect": _mean(caused, weight * running), "lift": _sum(added[:, max(state.months - YEAR, 0) :]), "pull_forward_share": share}


def untaught(course: Course) -> Course:
    """The same courses without the sales course."""
    return replace(course, wave=np.full_like(course.wave, NEVER))


def course_paths(state: State, course: Course | None = None) -> Array:
    """Factors (n, span) of the sales course on the order rate; `course` in place of the state's own."""
    given = course or state.course
    return np.column_stack([course_effect(state.world, given, month) for month in range(state.calendar.span)])


def fund_paths(state: State) -> Array:
    """Factors (n, span) of the marketing funds on the order rate."""
    return np.column_stack([fund_effect(state.world, state.funding, month) for month in range(state.calendar.span)])


def _staying(state: State, course: Course) -> Array:
    """Chance (n, span) to be there in a month for who is there in the month after the course, given all that would meet it."""
    failures, acts = events(state.seed, state.network, state.calendar.span)
    chance = np.ones(failures.shape)
    for month in range(1, state.calendar.span):
        leaves = leaving_hazard(state.world, month - 1, failures, acts, course)
        chance[:, month] = chance[:, month - 1] * np.where(month - 1 > state.course.wave, 1.0 - leaves, 1.0)
    return chance


def _following(state: State) -> Mask:
    """The months (n, span) of history in the year after the course, of partners there in the first of them."""
    months, wave = np.arange(state.calendar.span), state.course.wave
    first: Whole = np.minimum(wave + 1, state.calendar.span - 1)
    there = (wave < NEVER) & state.lives.alive[np.arange(len(wave)), first]
    year = (months > wave[:, None]) & (months <= wave[:, None] + YEAR) & (months < state.months)
    made: Mask = year & there[:, None]
    return made


def _revenue_at_factor_one(state: State) -> Array:
    """Expected revenue (n,) of a month in which nothing moves the order rate, EUR."""
    return state.network.rate * exp(state.network.log_size) * mean_lift(state.world)


def _sum(cells: Array) -> float:
    """The sum of all cells, added up in order."""
    return float(np.cumsum(cells.ravel())[-1]) if cells.size else 0.0


def _mean(values: Array, weight: Array) -> float:
    total = _sum(weight)
    return _sum(values * weight) / total if total > 0 else 0.0
