"""What partners and we promised each other, and what became of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.columns import frame, names, numbered, round_sum
from prmkit.simulate.records.managers import Managers
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import NEVER, Array, State, Whole

KINDS = ("business", "improvement", "onboarding")
SIDES = ("ours", "theirs")
OUTCOMES = ("open", "met", "missed", "dropped")
MET = {"business": 0.55, "improvement": 0.3, "onboarding": 0.6}
"""The true chance that a promise of each kind is kept."""
_DROPPED = 0.2
_BUSINESS, _IMPROVEMENT = 0.25, 0.08
_WHATS = (
    "Sell as planned",
    "Run two joint events",
    "Halve the cost to serve",
    "Name one contact for our line",
    "Train two people",
    "Make five joint visits",
)
_METRICS = ("revenue", "events", "cost_to_serve", "contacts", "trained", "visits")


def plans(state: State, presence: Presence, business: Business, managers: Managers) -> pd.DataFrame:
    """The canonical table, by day of agreement.

    Business plans each January, improvement plans now and then, onboarding of those who joined.
    """
    chance = Chance("prmkit", state.seed, "plans")
    parts = [_business(state, chance, presence), _improvement(state, chance, presence), _onboarding(state, chance, presence)]
    kind = np.concatenate([np.full(len(part[0]), number) for number, part in enumerate(parts)])
    partner, agreed_on, due_on = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.lexsort((kind, partner, agreed_on))
    kind, partner, agreed_on, due_on = kind[order], partner[order], agreed_on[order], due_on[order]
    count = len(order)
    side = chance.integers(0, 2, count)
    what = 2 * kind + np.where(side == 0, 1, 0)
    return frame(
        "plans",
        count,
        {
            "plan_id": numbered("B", count, 5),
            "partner_id": names(state.network.partner_id, partner),
            "kind": names(KINDS, kind),
            "side": names(SIDES, side),
            "what": names(_WHATS, what),
            "metric": names(_METRICS, what),
            "target": _targets(chance, business, partner, what),
            "agreed_on": agreed_on,
            "due_on": due_on,
            "owner": managers.named(np.where(side == 0, managers.now[partner], -1)),
            "outcome": names(OUTCOMES, _outcomes(chance, kind, due_on)),
        },
    )


def _business(state: State, chance: Chance, presence: Presence) -> tuple[Whole, NDArray[np.datetime64], NDArray[np.datetime64]]:
    months = np.arange(state.months)
    january = months[state.calendar.first[: state.months].astype("datetime64[M]").astype(np.int64) % 12 == 0]
    parts = []
    for month in january:
        there = state.lives.alive[:, month] & (state.network.joined < month)
        who = np.flatnonzero(there & chance.chosen(_BUSINESS, state.network.size))
        parts.append((who, np.full(len(who), month)))
    partner, month = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return (
        partner,
        state.calendar.day(month, 0.3 + 0.6 * chance.uniform(len(partner))),
        state.calendar.day(month + 11, np.ones(len(partner))),
    )


def _improvement(state: State, chance: Chance, presence: Presence) -> tuple[Whole, NDArray[np.datetime64], NDArray[np.datetime64]]:
    n = state.network.size
    start = np.maximum(state.network.joined, 0)
    month = start + np.floor(chance.uniform(n) * (presence.last - start + 1)).astype(np.int64)
    who = np.flatnonzero(state.network.sells & chance.chosen(_IMPROVEMENT * state.months / 12, n))
    return who, state.calendar.day(month[who], chance.uniform(len(who))), state.calendar.day(month[who] + 6, np.ones(len(who)))


def _onboarding(state: State, chance: Chance, presence: Presence) -> tuple[Whole, NDArray[np.datetime64], NDArray[np.datetime64]]:
    joined = state.network.joined
    who = np.flatnonzero((joined >= 0) & (joined < NEVER))
    return who, presence.joined_on[who], state.calendar.day(joined[who] + 3, np.ones(len(who)))


def _targets(chance: Chance, business: Business, partner: Whole, what: Whole) -> Array:
    sales = round_sum(business.yearly[partner] * exp(0.2 * chance.normal(len(partner)) + 0.1))
    made: Array = np.select([what == 0, what == 1, what == 2, what == 3, what == 4], [sales, 2.0, 0.5, 1.0, 2.0], 5.0)
    return made


def _outcomes(chance: Chance, kind: Whole, due_on: NDArray[np.datetime64]) -> Whole:
    count = len(kind)
    met = chance.chosen(np.array([MET[name] for name in KINDS])[kind], count)
    failed = np.where(chance.chosen(_DROPPED, count), 3, 2)
    made: Whole = np.where(due_on > AS_OF_DAY, 0, np.where(met, 1, failed))
    return made
