"""Which vendors partners carry besides us."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.catalogue import FAMILIES
from prmkit.simulate.records.columns import NO_DAY, frame, names
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import State, Whole

OURS = "Our line"
RIVALS = ("Kestrel Networks", "Blue Harbour", "Oakline", "Tessera", "Northgate IT", "Lumen Works", "Paragon Cloud", "Sable Security")
_COMPETES = 0.6
_LISTED = 0.8


def line_card(state: State, business: Business, presence: Presence, vendors: np.ndarray) -> pd.DataFrame:
    """The canonical table: our line and up to eight others of partners that gave a list; `vendors` (n,) is how many it says it carries.

    We lead on its quotes with about the chance that our share of its business says.
    """
    n = state.network.size
    chance = Chance("prmkit", state.seed, "line card")
    told = chance.chosen(_LISTED, n)
    rivals = np.where(told, np.clip(np.nan_to_num(vendors, nan=4.0).astype(np.int64) - 1, 0, len(RIVALS)), 0)
    rank = np.argsort(np.argsort(chance.uniform(n, len(RIVALS)), axis=1, kind="stable"), axis=1, kind="stable")
    partner, vendor = np.nonzero(rank < rivals[:, None])
    ours_leads = chance.uniform(n) < np.minimum(1.5 * business.share_of_wallet, 1.0)
    own = np.flatnonzero(told)
    who: Whole = np.concatenate([own, partner])
    what = np.concatenate([np.full(len(own), -1), vendor])
    leads = np.concatenate([ours_leads[own], ~ours_leads[partner] & (rank[partner, vendor] == 0)])
    order = np.lexsort((what, who))
    who, what, leads = who[order], what[order], leads[order]
    days = np.floor(chance.uniform(len(who)) * 2_500).astype("timedelta64[D]")
    return frame(
        "line_card",
        len(who),
        {
            "partner_id": names(state.network.partner_id, who),
            "vendor": names((OURS, *RIVALS), what + 1),
            "category": names(FAMILIES, np.where(what < 0, 0, what % len(FAMILIES))),
            "competes": (what >= 0) & chance.chosen(_COMPETES, len(who)),
            "leads": leads,
            "since": np.where(what < 0, presence.joined_on[who], np.where(chance.chosen(0.6, len(who)), AS_OF_DAY - days, NO_DAY)),
        },
    )
