"""Who works at the partners."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.columns import NO_DAY, frame, names, numbered
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import NEVER, State, Whole

ROLES = ("sales", "technical", "marketing", "executive", "other")
SALES, TECHNICAL = 0, 1
_ROLE_SHARES = (0.45, 0.3, 0.1, 0.1, 0.05)
_MOST = 8
_LEAVE, _SHARE_TOLD, _DATED = 0.12, 0.8, 0.7


@dataclass(frozen=True)
class People:
    """Flat, in order of partner. partner (p,), rank (p,) within the partner, role (p,) index into ROLES. The first person of each
    sells, the
    second is technical, and both are there from the start for good; since (p,) and until (p,): days, until is NaT for those still there.
    """

    partner: Whole
    rank: Whole
    role: Whole
    since: NDArray[np.datetime64]
    until: NDArray[np.datetime64]
    person_id: pd.Series


def make_people(state: State, presence: Presence, business: Business) -> People:
    """Draw one to eight people a partner, more at larger ones; two where somebody took the technical course."""
    n = state.network.size
    chance = Chance("prmkit", state.seed, "people")
    size = np.clip(np.rint(0.8 * np.sqrt(business.employees) + 0.5 * chance.normal(n)), 1, _MOST).astype(np.int64)
    size = np.maximum(size, np.where(state.course.technical < NEVER, 2, 1))
    partner = np.repeat(np.arange(n), size)
    count = len(partner)
    rank = np.arange(count) - np.repeat(np.cumsum(size) - size, size)
    role = np.where(rank < 2, rank, chance.pick(_ROLE_SHARES, count))
    start = presence.joined_on.astype("datetime64[D]").astype(np.int64)[partner]
    open_for = AS_OF_DAY.astype(np.int64) - start
    core = rank < 2
    since = start + np.where(core, 0, np.floor(0.7 * open_for * chance.uniform(count))).astype(np.int64)
    left = since + np.floor((AS_OF_DAY.astype(np.int64) - since) * chance.uniform(count)).astype(np.int64)
    leaves = ~core & chance.chosen(_LEAVE, count)
    return People(
        partner,
        rank,
        role,
        since.astype("datetime64[D]"),
        np.where(leaves, left.astype("datetime64[D]"), NO_DAY),
        numbered("U", count, 6),
    )


def people_table(state: State, business: Business, people: People) -> pd.DataFrame:
    """The canonical table. How much of their time salespeople give us lies around the share of wallet."""
    count = len(people.partner)
    chance = Chance("prmkit", state.seed, "selling time")
    share = np.clip(business.share_of_wallet[people.partner] * exp(0.3 * chance.normal(count)), 0.01, 1.0)
    told = (people.role == SALES) & chance.chosen(_SHARE_TOLD, count)
    dated = chance.chosen(_DATED, count) | (people.rank >= 2)
    return frame(
        "people",
        count,
        {
            "person_id": people.person_id,
            "partner_id": names(state.network.partner_id, people.partner),
            "role": names(ROLES, people.role),
            "sells_us_share": np.where(told, np.rint(share * 100) / 100, np.nan),
            "active_from": np.where(dated, people.since, NO_DAY),
            "active_to": people.until,
        },
    )
