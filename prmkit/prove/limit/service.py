"""How a partner's customers are served and kept, told how that differs between partners."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from prmkit.simulate.network import SERVICE_SPREAD
from prmkit.simulate.records.subscriptions import RENEWAL_LEVEL, RENEWAL_SERVICE
from prmkit.simulate.records.tickets import FIRST_HOURS, RESPONSE_SPREAD, SEVERITIES
from prmkit.simulate.state import Array
from prmkit.simulate.worlds import World

_NODES = 121
_WIDTH = 5.0


def renewal(world: World, kept: Array, terms: Array) -> tuple[Array, Array, Array]:
    """Mean and ends of the 90% interval (n,) of each partner's renewal chance, from terms kept of those that came up (n,)."""
    spread = 0.0 if world.equal else SERVICE_SPREAD
    z = np.linspace(-_WIDTH, _WIDTH, _NODES)
    chance = special.expit(RENEWAL_LEVEL + RENEWAL_SERVICE * spread * z)[::-1]
    log = -0.5 * z * z + kept[:, None] * np.log(chance) + (terms - kept)[:, None] * np.log1p(-chance)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight = weight / weight.sum(axis=1, keepdims=True)
    middle = np.cumsum(weight, axis=1) - weight / 2
    ends = np.array([np.interp((0.05, 0.95), row, chance) for row in middle]).reshape(-1, 2)
    return weight @ chance, ends[:, 0], ends[:, 1]


def chance_worse(tickets: pd.DataFrame, partner_id: pd.Series) -> Array:
    """Chance (n,) that customers of each partner wait longer than direct ones, from answered cases and the usual hours of a severity.

    Normal logs with known spreads between and within partners: the sign of a posterior mean over its deviation.
    """
    usual = tickets["severity"].map(dict(zip(SEVERITIES, FIRST_HOURS, strict=True))).astype("float64")
    gap = np.log(tickets["first_response_hours"].clip(lower=0.005) / usual)
    grouped = gap.groupby(tickets["partner_id"])
    total, count = (column.reindex(partner_id, fill_value=0).to_numpy(dtype=float) for column in (grouped.sum(), grouped.count()))
    precision = count / RESPONSE_SPREAD**2 + SERVICE_SPREAD**-2
    made: Array = special.ndtr(total / RESPONSE_SPREAD**2 / np.sqrt(precision))
    return made
