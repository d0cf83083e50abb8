"""The recruitment funnel: prospects contacted, qualified, signed, and selling or lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import NO_DAY, frame, names, numbered
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import RESALE, TYPES, Array, State, Whole

Days = NDArray[np.datetime64]

QUALIFIES, SIGNS = 0.45, 0.4
"""The true chance that a prospect contacted qualifies, and that a qualified one signs."""
_QUICKEST, _SLOWEST = 60, 200
_COSTS = (400.0, 1_600.0, 3_500.0)


def recruits(state: State, presence: Presence) -> pd.DataFrame:
    """The canonical table, by first contact.

    Everybody who joined within the history came through the funnel; beside them stand so many who did not sign as the chances of
    the funnel ask for. Those contacted lately are still in it.
    """
    chance = Chance("prmkit", state.seed, "recruits")
    signed = np.flatnonzero(state.network.joined >= 0)
    start, end = state.calendar.first[0], AS_OF_DAY
    took = chance.integers(_QUICKEST, _SLOWEST + 1, len(signed))
    days = int((end - start).astype(np.int64)) + 1
    back = (_QUICKEST + _SLOWEST) // 2
    conversion = QUALIFIES * SIGNS
    missed = int(np.rint(len(signed) * (1 / conversion - 1) * (days + back) / days))
    pending = int(np.rint(len(signed) * back / days))
    contacted = np.concatenate(
        [
            presence.joined_on[signed] - took.astype("timedelta64[D]"),
            start - back + np.floor(chance.uniform(missed) * (days + back)).astype("timedelta64[D]"),
            end - np.floor(chance.uniform(pending) * back).astype("timedelta64[D]"),
        ]
    )
    partner = np.concatenate([signed, np.full(missed + pending, -1)])
    waits = np.concatenate([took, chance.integers(_QUICKEST, _SLOWEST + 1, missed + pending)])
    unqualified = chance.chosen((1 - QUALIFIES) / (1 - conversion), missed)
    fails = np.concatenate([np.zeros(len(signed), dtype=bool), unqualified, np.zeros(pending, dtype=bool)])
    lost = np.concatenate([np.zeros(len(signed), dtype=bool), np.ones(missed, dtype=bool), np.zeros(pending, dtype=bool)])
    order = np.lexsort((partner, contacted))
    return _table(state, chance, presence, *(column[order] for column in (partner, contacted, waits, fails, lost)))


def _table(
    state: State, chance: Chance, presence: Presence, partner: Whole, contacted: Days, waits: Whole, fails: np.ndarray, lost: np.ndarray
) -> pd.DataFrame:
    count, network = len(partner), state.network
    who = np.maximum(partner, 0)
    signed = partner >= 0
    halfway = np.floor(waits * (0.3 + 0.4 * chance.uniform(count))).astype("timedelta64[D]")
    qualified = _by_now(np.where(fails, NO_DAY, contacted + halfway))
    lost_on = _by_now(np.where(lost, contacted + np.where(fails, halfway, waits.astype("timedelta64[D]")), NO_DAY))
    kind = np.where(signed, network.kind[who], chance.integers(0, len(RESALE), count))
    stage = (~np.isnat(qualified)).astype(np.int64) + signed
    return frame(
        "recruits",
        count,
        {
            "prospect_id": numbered("Q", count, 6),
            "partner_id": names(network.partner_id, partner),
            "territory": names(network.places, np.where(signed, network.territory[who], chance.integers(0, len(network.places), count))),
            "partner_type": names(TYPES, kind),
            "contacted_on": contacted,
            "qualified_on": qualified,
            "signed_on": np.where(signed, presence.joined_on[who], NO_DAY),
            "first_sale_on": np.where(signed, presence.first_order_on[who], NO_DAY),
            "lost_on": lost_on,
            "cost": _cost(chance, stage),
        },
    )


def _by_now(days: Days) -> Days:
    made: Days = np.where(days <= AS_OF_DAY, days, NO_DAY)
    return made


def _cost(chance: Chance, stage: Whole) -> Array:
    made: Array = 10.0 * np.rint(np.array(_COSTS)[stage] * (0.07 + 0.06 * chance.uniform(len(stage))))
    return made
