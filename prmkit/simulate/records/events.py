"""The timeline: what we did to partners, who changed their manager, and what changed for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.columns import frame, names
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.managers import Managers
from prmkit.simulate.state import State, Whole

ACTS = ("direct_in_account", "price_undercut", "lead_not_shared", "registration_lost")
LOST = 3
_ACT_SHARES = (0.35, 0.25, 0.2, 0.2)
KINDS = (*ACTS, "manager_change", "price_rise", "programme_change")
_NOTES = (
    "Our own people made an offer at the account.",
    "Our shop undercut the partner's offer.",
    "An enquiry from the partner's account went to our own people.",
    "A deal the partner had registered was closed by our own people.",
    "The partner manager changed.",
    "List prices went up by 4%.",
    "New rules of the partner programme came into force.",
)


@dataclass(frozen=True)
class Acts:
    """What we did against partners.

    Partner (a,), month (a,), on (a,), kind (a,) index into ACTS, account (a,) index within the partner's accounts.
    """

    partner: Whole
    month: Whole
    on: NDArray[np.datetime64]
    kind: Whole
    account: Whole


def make_acts(state: State) -> Acts:
    """Date each act of the history and draw what it was."""
    chance = Chance("prmkit", state.seed, "acts")
    months = state.months
    counts = state.lives.encroachments[:, :months]
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    partner, month = np.divmod(cell, months)
    account = np.floor(chance.uniform(len(cell)) * state.network.accounts[partner]).astype(np.int64)
    return Acts(partner, month, state.calendar.day(month, chance.uniform(len(cell))), chance.pick(_ACT_SHARES, len(cell)), account)


def events(state: State, accounts: Accounts, managers: Managers, acts: Acts) -> pd.DataFrame:
    """The canonical table, by date. Price rises (October) and changes of the programme (February) hit everybody and change nothing here."""
    moved = np.flatnonzero(~np.isnat(managers.changed_on))
    year = state.calendar.first[: state.months].astype("datetime64[M]").astype(np.int64) % 12
    rise, rules = np.flatnonzero(year == 9), np.flatnonzero(year == 1)
    common = np.concatenate([rise, rules])
    on = np.concatenate([acts.on, managers.changed_on[moved], state.calendar.first[common]])
    kind = np.concatenate([acts.kind, np.full(len(moved), 4), np.full(len(rise), 5), np.full(len(rules), 6)])
    partner = np.concatenate([acts.partner, moved, np.full(len(common), -1)])
    account = np.concatenate([acts.account, np.full(len(moved) + len(common), -1)])
    order = np.lexsort((kind, partner, on))
    on, kind, partner, account = on[order], kind[order], partner[order], account[order]
    touched = accounts.of(np.maximum(partner, 0), np.maximum(account, 0))
    return frame(
        "events",
        len(order),
        {
            "date": on,
            "kind": names(KINDS, kind),
            "partner_id": names(state.network.partner_id, partner),
            "customer_id": pd.Series(touched, dtype="str").where(account >= 0),
            "note": names(_NOTES, kind),
        },
    )
