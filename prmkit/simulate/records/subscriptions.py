"""Yearly contract terms of end customers, sold through partners or by ourselves, and how they end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.arithmetic import exp, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import Catalogue
from prmkit.simulate.records.columns import NO_DAY, cents, frame, names, numbered
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.state import TYPES, Array, State, Whole

RENEWAL_LEVEL, RENEWAL_SERVICE, DIRECT_RENEWAL = 1.9, -0.8, 0.9
OUTCOMES = ("open", "renewed", "expanded", "shrunk", "lost", "taken_direct")
OPEN, LOST, TAKEN = 0, 4, 5
KEPT_AS = (0.75, 0.15, 0.10)
TAKEN_DIRECT = 0.05
_CONTRACTED, _DIRECT_A_PLACE = 0.35, 15
_YEAR = 12
_CARE = 3


def renewal_rates(state: State) -> Array:
    """The true chance that a term of a partner's customer is renewed while the partner is there (n,): the worse served, the lower."""
    made: Array = logistic(RENEWAL_LEVEL + RENEWAL_SERVICE * state.network.service)
    return made


def subscriptions(state: State, accounts: Accounts, presence: Presence, catalogue: Catalogue) -> pd.DataFrame:
    """The canonical table: chains of yearly terms, in order of start. A term not renewed ends its chain."""
    chance = Chance("prmkit", state.seed, "subscriptions")
    partner, customer, start, _ = _contracts(state, chance, accounts)
    count = len(partner)
    own = partner < 0
    holder = np.maximum(partner, 0)
    renews = np.where(own, DIRECT_RENEWAL, renewal_rates(state)[holder])
    last = np.where(own, state.calendar.span, np.where(presence.gone[holder], presence.last[holder], state.calendar.span))
    day, value = chance.uniform(count), exp(6.6 + 0.7 * chance.normal(count))
    running, rows = np.arange(count), []
    while len(running):
        begins_on = state.calendar.day(start, day)
        ends_on = state.calendar.day(start + _YEAR, day) - np.timedelta64(1)
        over = ends_on <= AS_OF_DAY
        there = start + _YEAR <= last[running]
        stays = there & chance.chosen(renews[running], len(running))
        goes = np.where(there & ~own[running] & chance.chosen(TAKEN_DIRECT, len(running)), TAKEN, LOST)
        outcome = np.where(~over, OPEN, np.where(stays, 1 + chance.pick(KEPT_AS, len(running)), goes))
        decided = ends_on - chance.integers(0, 31, len(running)).astype("timedelta64[D]")
        rows.append((running, begins_on, ends_on, np.where(over & (outcome != LOST), decided, NO_DAY), outcome, value))
        go_on = over & stays
        change = np.select([outcome == 2, outcome == 3], [1.2, 0.8], 1.0)
        running, start, day, value = running[go_on], start[go_on] + _YEAR, day[go_on], (value * change)[go_on]
    contract, starts_on, ends_on, renewed_on, outcome, annual = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.lexsort((contract, starts_on))
    contract = contract[order]
    return frame(
        "subscriptions",
        len(order),
        {
            "subscription_id": numbered("S", len(order), 6),
            "customer_id": customer[contract],
            "partner_id": names(state.network.partner_id, partner[contract]),
            "product_id": names(catalogue.product_id, _CARE + 4 * (contract % 2) * (catalogue.launched[1] < 0)),
            "starts_on": starts_on[order],
            "ends_on": ends_on[order],
            "annual_value": cents(annual[order]),
            "renewed_on": renewed_on[order],
            "outcome": names(OUTCOMES, outcome[order]),
        },
    )


def _contracts(state: State, chance: Chance, accounts: Accounts) -> tuple[Whole, np.ndarray, Whole, Whole]:
    """Partner (-1: our own), customer, month of the first term on record, territory of each contract."""
    network, places = state.network, len(state.network.places)
    kinds = [TYPES.index("var"), TYPES.index("msp")]
    sells = network.sells & np.isin(network.kind, kinds)
    partner = np.repeat(np.arange(network.size), network.accounts)
    index = np.arange(len(partner)) - accounts.first[partner]
    chosen = np.flatnonzero(sells[partner] & chance.chosen(_CONTRACTED, len(partner)))
    partner, index = partner[chosen], index[chosen]
    begins = np.where(
        network.joined[partner] < 0,
        chance.integers(-_YEAR, 0, len(partner)),
        network.joined[partner] + chance.integers(1, _YEAR + 1, len(partner)),
    )
    here = begins < np.minimum(state.months, np.where(sells, state.months, 0)[partner])
    partner, index, begins = partner[here], index[here], begins[here]
    ground = np.arange(places).repeat(_DIRECT_A_PLACE)
    direct = accounts.direct(ground, chance.uniform(len(ground)))
    return (
        np.concatenate([partner, np.full(len(ground), -1)]),
        np.concatenate([accounts.of(partner, index), direct]),
        np.concatenate([begins, chance.integers(-_YEAR, 0, len(ground))]),
        np.concatenate([network.territory[partner], ground]),
    )
