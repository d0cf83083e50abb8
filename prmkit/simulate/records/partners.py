"""The list of partners as it stands on the as-of date."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.simulate.arithmetic import exp, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.records import places, words
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.columns import frame, joined, names, round_sum
from prmkit.simulate.records.managers import Managers
from prmkit.simulate.records.presence import Presence
from prmkit.simulate.records.tiers import TIERS, Tiers
from prmkit.simulate.state import OTHERS, RESALE, TYPES, Array, State, Whole

STATED_ERROR, VENDORS_ERROR = 0.25, 0.5
"""Standard deviation, on the log scale, of stated turnover and of the number of vendors around what is true."""
_SILENT, _UNCOUNTED = 0.3, 0.15
_PROSPECT, _IN_GROUP, _INACTIVE = 0.1, 0.04, 0.15
_ACTIVE, _ENDED, _LEAD, _QUIET = range(4)
STATUSES = ("active", "terminated", "prospect", "inactive")
_SERVICES = (-0.6, -0.1, 0.7, -2.5, 1.8, 0.5, 0.8)
_RECURRING = (-1.3, -0.9, 0.6, -2.0, -0.5, -1.0, 0.9)


def partners(state: State, presence: Presence, business: Business, managers: Managers, tiers: Tiers, status: Whole) -> pd.DataFrame:
    """The canonical table: one row a partner, in the order of ids."""
    network, n = state.network, state.network.size
    chance = Chance("prmkit", state.seed, "partners")
    name = words.firms(chance, n, words.FIRMS)
    return frame(
        "partners",
        n,
        {
            "partner_id": names(network.partner_id, np.arange(n)),
            "name": name,
            "parent_partner_id": names(network.partner_id, _parents(chance, network.territory)),
            "external_ids": joined("erp=", names([f"{100_000 + 7 * number}" for number in range(n)], np.arange(n))),
            "partner_type": names(TYPES, network.kind),
            "tier": names(TIERS, tiers.now),
            "status": names(STATUSES, status),
            "territory": names(network.places, network.territory),
            "region": names(network.regions, network.territory),
            **places.addresses(chance, state, network.territory),
            "domain": joined(words.hosts(name), ".example"),
            "joined_on": presence.joined_on,
            "ended_on": presence.ended_on,
            "partner_manager": managers.named(managers.now),
            "vertical": names(words.VERTICALS, _some(chance, chance.integers(0, len(words.VERTICALS), n), 0.9)),
            "differentiator": names(words.DIFFERENTIATORS, _some(chance, chance.integers(0, len(words.DIFFERENTIATORS), n), 0.6)),
            **_size(chance, network.kind, business),
        },
    )


def statuses(state: State, presence: Presence) -> Whole:
    """Index into STATUSES (n,).

    Those that left unseen mostly still count as active; some that joined lately and never sold are prospects.
    """
    chance = Chance("prmkit", state.seed, "status")
    n = state.network.size
    never = ~state.network.sells & (state.network.kind < len(RESALE)) & (state.network.joined >= state.months - 12)
    lead = never & chance.chosen(_PROSPECT, n)
    quiet = presence.gone & ~presence.told & chance.chosen(_INACTIVE, n)
    made: Whole = np.select([presence.told, lead, quiet], [_ENDED, _LEAD, _QUIET], _ACTIVE).astype(np.int64)
    return made


def _parents(chance: Chance, territory: Whole) -> Whole:
    """A few partners belong to the one of their territory that comes before them on the list."""
    n = len(territory)
    order = np.argsort(territory, kind="stable")
    before = np.full(n, -1)
    same = territory[order[1:]] == territory[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    child = chance.chosen(_IN_GROUP, n)
    # a child has no children of its own: groups are one level deep
    made: Whole = np.where(child & (before >= 0) & ~child[before], before, -1)
    return made


def _size(chance: Chance, kind: Whole, business: Business) -> dict[str, Any]:
    """What a partner says of its size, in part and not exactly."""
    n = len(kind)
    share = np.where(business.share_of_wallet > 0, business.share_of_wallet, 0.1)
    stated = round_sum(business.turnover * exp(STATED_ERROR * chance.normal(n)))
    vendors = np.maximum(np.rint(exp(VENDORS_ERROR * chance.normal(n)) / share), 1.0)
    resale = share + (1 - share) * logistic(-np.array(_SERVICES)[kind] + 0.5 * chance.normal(n))
    resale = np.rint(resale * 100) / 100
    recurring = np.rint(logistic(np.array(_RECURRING)[kind] + 0.6 * chance.normal(n)) * 100) / 100
    employees = business.employees.astype(np.float64)
    return {
        "annual_revenue": _known(chance, stated, _SILENT),
        "employees": _known(chance, employees, _UNCOUNTED / 2),
        "sales_headcount": _known(chance, np.maximum(np.rint(0.3 * employees), 1.0), _UNCOUNTED),
        "technical_headcount": _known(chance, np.maximum(np.rint(0.4 * employees), 1.0), _UNCOUNTED),
        "vendor_count": _known(chance, vendors, _UNCOUNTED),
        "resale_share": _known(chance, resale, _SILENT),
        "services_share": _known(chance, np.rint((1 - resale) * 100) / 100, _SILENT),
        "recurring_share": _known(chance, recurring, _SILENT),
    }


def _known(chance: Chance, values: Array, missing: float) -> Array:
    made: Array = np.where(chance.chosen(missing, len(values)), np.nan, values)
    return made


def _some(chance: Chance, position: Whole, share: float) -> Whole:
    made: Whole = np.where(chance.chosen(share, len(position)), position, -1)
    return made


assert len(_SERVICES) == len(_RECURRING) == len(RESALE) + len(OTHERS)
