"""Courses that people took: the sales course in its waves, the technical course, small ones that do nothing, and our own people's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import FAMILIES, Catalogue
from prmkit.simulate.records.columns import NO_DAY, frame, names, quarters
from prmkit.simulate.records.people import ROLES, SALES, TECHNICAL, People
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import NEVER, Array, Mask, State, Whole

COURSES = ("SALES-101", "TECH-201", "COMP-110", "PROD-310", "MKTG-120")
HOURS = (8.0, 16.0, 1.5, 3.0, 2.0)
VALID_MONTHS = 24
_PRICE = (350.0, 900.0, 0.0, 120.0, 90.0)
_CERTIFIES = 0.92
_FOLLOW, _DELAY = 0.5, 4.0
_RENEWED = 0.6
_SMALL = (2, 3, 4)
_TAKEN = 0.02
_PRICED = 0.6
_OWN_A_PLACE, _OWN_A_YEAR = 3, 3.0


@dataclass(frozen=True)
class _Taken:
    """Courses taken: person (index, -1 for our own), own (number of our own person, -1), course, month, day share."""

    person: Whole
    own: Whole
    course: Whole
    month: Whole
    day: Array


def trainings(state: State, presence: Presence, people: People, catalogue: Catalogue) -> pd.DataFrame:
    """The canonical table, in order of completion.

    The first person of a partner completes the sales course in the month of its wave, nobody before; likewise the technical course.
    Colleagues
    follow in later months. Small courses come by chance and change nothing. Certificates last 24 months; most of those who
    hold one renew it.
    """
    chance = Chance("prmkit", state.seed, "trainings")
    parts = [
        _course(state, chance, presence, people, 0, state.course.wave, SALES),
        _course(state, chance, presence, people, 1, state.course.technical, TECHNICAL),
        *(_small(state, chance, presence, people, course) for course in _SMALL),
        _own(state, chance),
    ]
    taken = _Taken(*(np.concatenate(columns) for columns in zip(*(vars(part).values() for part in parts), strict=True)))
    day = state.calendar.day(taken.month, taken.day)
    keep = _there(people, taken, day)
    order = np.flatnonzero(keep)[np.lexsort((taken.person[keep], taken.own[keep], taken.course[keep], day[keep]))]
    order = order[_first_of_the_day(taken, day, order)]
    return _table(state, chance, people, catalogue, _Taken(*(column[order] for column in vars(taken).values())), day[order])


def _course(state: State, chance: Chance, presence: Presence, people: People, course: int, month: Whole, role: int) -> _Taken:
    """The first one in `month` (n,), colleagues of the role later, renewals two years on."""
    mine = month[people.partner]
    lead = (people.rank == role) & (mine < NEVER)
    follows = (people.rank > 1) & (people.role == role) & (mine < NEVER) & chance.chosen(_FOLLOW, len(mine))
    wait = 1 + np.floor(_DELAY * chance.exponential(len(mine))).astype(np.int64)
    first = np.where(lead, mine, mine + wait)
    taken = lead | (follows & _still(state, presence, people.partner, first))
    again = first + VALID_MONTHS - chance.integers(0, 3, len(mine))
    renews = taken & chance.chosen(_RENEWED, len(mine)) & _still(state, presence, people.partner, again)
    who = np.concatenate([np.flatnonzero(taken), np.flatnonzero(renews)])
    when = np.concatenate([first[taken], again[renews]])
    return _Taken(who, np.full(len(who), -1), np.full(len(who), course), when, chance.uniform(len(who)))


def _small(state: State, chance: Chance, presence: Presence, people: People, course: int) -> _Taken:
    count = len(people.partner)
    start = np.maximum(state.network.joined, 0)[people.partner]
    end = presence.last[people.partner]
    month = start + np.floor(chance.uniform(count) * (end - start + 1)).astype(np.int64)
    who = np.flatnonzero(chance.chosen(_TAKEN, count))
    return _Taken(who, np.full(len(who), -1), np.full(len(who), course), month[who], chance.uniform(len(who)))


def _own(state: State, chance: Chance) -> _Taken:
    """Our own salespeople and engineers take some course every few months."""
    heads = _OWN_A_PLACE * len(state.network.places)
    counts = chance.poisson(np.full((heads, state.months), _OWN_A_YEAR / 12))
    head, month = (index.repeat(counts.ravel()) for index in np.divmod(np.arange(counts.size), state.months))
    course = chance.integers(0, len(COURSES), len(head))
    return _Taken(np.full(len(head), -1), head, course, month, chance.uniform(len(head)))


def _still(state: State, presence: Presence, partner: Whole, month: Whole) -> Mask:
    made: Mask = month <= np.minimum(presence.last[partner], state.months - 1)
    return made


def _there(people: People, taken: _Taken, day: NDArray[np.datetime64]) -> Mask:
    """Whether the person worked at the partner on the day."""
    if not len(people.partner):
        return np.ones(len(day), dtype=bool)
    who = np.maximum(taken.person, 0)
    since, until = people.since[who], people.until[who]
    made: Mask = (taken.person < 0) | ((people.rank[who] < 2) & (taken.course < 2)) | ((day >= since) & (np.isnat(until) | (day <= until)))
    return made


def _first_of_the_day(taken: _Taken, day: NDArray[np.datetime64], order: Whole) -> Mask:
    """Nobody completes a course twice on a day."""
    keys = np.stack([taken.person[order], taken.own[order], taken.course[order], day[order].astype(np.int64)])
    made: Mask = np.concatenate([np.ones(min(len(order), 1), dtype=bool), (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    return made


def _table(state: State, chance: Chance, people: People, catalogue: Catalogue, taken: _Taken, day: NDArray[np.datetime64]) -> pd.DataFrame:
    count = len(day)
    own, who = taken.person < 0, np.maximum(taken.person, 0)
    heads = [f"V{number:03d}" for number in range(1, _OWN_A_PLACE * len(state.network.places) + 1)]
    certified = chance.chosen(_CERTIFIES, count)
    lasts = certified & (taken.course < 2)
    expires = state.calendar.day(taken.month + VALID_MONTHS, taken.day)
    newest = np.array([max((f for f in range(len(FAMILIES)) if catalogue.launched[f] <= m), default=0) for m in range(state.months)])
    role = np.where(own, np.where(taken.own % _OWN_A_PLACE == 0, TECHNICAL, SALES), people.role[who])
    return frame(
        "trainings",
        count,
        {
            "person_id": people.person_id.iloc[who].mask(own, names(heads, taken.own).set_axis(people.person_id.index[who])),
            "partner_id": names(state.network.partner_id, np.where(own, -1, people.partner[who])),
            "course_id": names(COURSES, taken.course),
            "product_family": names(FAMILIES, np.where(taken.course == 3, newest[taken.month], -1)),
            "version": names(("1", "2"), (day >= AS_OF_DAY - np.timedelta64(540)).astype(np.int64)),
            "role": names(ROLES, role),
            "hours": quarters(np.array(HOURS)[taken.course] * (0.85 + 0.3 * chance.uniform(count))),
            "completed_on": day,
            "expires_on": np.where(lasts, expires, NO_DAY),
            "score": np.rint(np.where(certified, 70 + 30 * chance.uniform(count), 40 + 29 * chance.uniform(count))),
            "certified": certified,
            "cost": np.where(chance.chosen(_PRICED, count), np.array(_PRICE)[taken.course], np.nan),
        },
    )
