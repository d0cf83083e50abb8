"""Contracts with partners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import frame, names, numbered
from prmkit.simulate.records.partners import STATUSES
from prmkit.simulate.records.places import countries
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import State, Whole

_TERMS_YEARS = (1, 2, 3)
_NOTICE, _CURE = (30.0, 60.0, 90.0), (0.0, 30.0, 30.0)
_AUTO, _EXCLUSIVE = 0.7, 0.03
_LAWS = {"DE": "Germany", "FR": "France", "ES": "Spain", "US": "New York", "MX": "Mexico", "AU": "New South Wales", "JP": "Japan"}


def agreements(state: State, presence: Presence, status: Whole) -> pd.DataFrame:
    """The canonical table: the contract of each partner that has one, renewed from term to term; prospects have none.

    An agreement ends with the partnership where that ended; else with the term that runs on the as-of date.
    """
    n = state.network.size
    chance = Chance("prmkit", state.seed, "agreements")
    years = np.array(_TERMS_YEARS)[chance.integers(0, len(_TERMS_YEARS), n)]
    signed = presence.joined_on.astype("datetime64[M]")
    passed = (AS_OF_DAY.astype("datetime64[M]") - signed).astype(np.int64)
    term = 12 * years
    end = (signed + (passed // term + 1) * term).astype("datetime64[D]") - np.timedelta64(1)
    ends_on = np.where(presence.told, np.maximum(presence.ended_on, presence.joined_on), end)
    has = np.flatnonzero(status != STATUSES.index("prospect"))
    kind = chance.integers(0, len(_NOTICE), n)
    laws = [_LAWS[country] for country in countries(state)]
    return frame(
        "agreements",
        len(has),
        {
            "agreement_id": numbered("A", n, 5).iloc[has],
            "partner_id": names(state.network.partner_id, has),
            "starts_on": presence.joined_on[has],
            "ends_on": ends_on[has],
            "auto_renews": chance.chosen(_AUTO, n)[has],
            "notice_days": np.array(_NOTICE)[kind[has]],
            "cure_days": np.array(_CURE)[kind[has]],
            "exclusive": chance.chosen(_EXCLUSIVE, n)[has],
            "territory": names(state.network.places, state.network.territory[has]),
            "law": names(laws, state.network.territory[has]),
        },
    )
