"""The pipeline: registered deals that became orders, those that were lost, those still open, and the vendor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp, logistic
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import PRODUCTS_EACH, Catalogue
from prmkit.simulate.records.columns import NO_DAY, cents
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.events import LOST as REGISTRATION_LOST
from prmkit.simulate.records.events import Acts
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.records.sales import Sold
from prmkit.simulate.state import OTHERS, RESALE, Array, Mask, State, Whole

Days = NDArray[np.datetime64]

OPEN, WON, LOST, WITHDRAWN = range(4)
COMPETITOR, DIRECT, OTHER_PARTNER, NO_DECISION = range(4)
_SOURCE_SHARES = (0.75, 0.15, 0.1)
FROM_DEALS = 1.0 / 3.0
"""Which part of a partner's orders came from a deal; of the largest orders two thirds, of the smallest hardly any."""
WIN_LEVEL, WIN_SPREAD = 0.0, 0.5
SIZE_AHEAD = 0.4
"""How much larger, on the log scale, the deals are that do not become orders."""
LOST_TO_SHARES = (0.6, 0.0, 0.13, 0.27)
_REGISTERED, _WITHDRAWN = 0.85, 0.06
_OPEN_NOW, _LEFT_OPEN = 0.15, 0.03
_DIRECT_A_PLACE, _DIRECT_WINS, _DIRECT_LOG = 2.0, 0.55, 8.0
_HELPED = 0.08


@dataclass(frozen=True)
class Deals:
    """Flat, in order of opening. partner: -1 for our own. won_order: index of the order a deal became, -1 without. helper: partner that
    influenced it, -1 without. Days: NaT where there is none."""

    partner: Whole
    territory: Whole
    customer: NDArray[Any]
    product: Whole
    source: Whole
    registered: Mask
    opened_on: Days
    closed_on: Days
    outcome: Whole
    lost_to: Whole
    amount: Array
    won_order: Whole
    helper: Whole


def win_rates(state: State) -> Array:
    """The true share of each partner's decided deals that it wins (n,), withdrawn ones left out."""
    spread = 0.0 if state.world.equal else WIN_SPREAD
    made: Array = logistic(WIN_LEVEL + spread * Chance("prmkit", state.seed, "win rates").normal(state.network.size))
    return made


def make_deals(state: State, accounts: Accounts, presence: Presence, acts: Acts, sold: Sold) -> Deals:
    """Draw the pipeline around the orders that came."""
    chance = Chance("prmkit", state.seed, "deals")
    parts = [
        _won(state, chance, accounts, presence, sold),
        _lost(state, chance, accounts, presence),
        _taken(state, chance, accounts, presence, acts),
        _still_open(state, chance, accounts, presence),
        _own(state, chance, accounts),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    count = len(columns["partner"])
    columns["product"] = np.where(columns["product"] < 0, _products(chance, sold.catalogue, count), columns["product"])
    columns["helper"] = _helpers(state, chance, columns["partner"])
    order = np.lexsort((columns["partner"], columns["opened_on"]))
    return Deals(**{name: column[order] for name, column in columns.items()})


def _part(count: int, **columns: Any) -> dict[str, Any]:
    plain = {"product": -1, "source": 0, "registered": False, "outcome": WON, "lost_to": -1, "won_order": -1}
    made = {name: np.full(count, value) for name, value in plain.items()}
    return made | {"closed_on": np.full(count, NO_DAY)} | columns


def _opened(chance: Chance, presence: Presence, partner: Whole, closed_on: Days) -> Days:
    """20 to 90 days before it closed, not before the partner joined."""
    days = closed_on - chance.integers(20, 91, len(partner)).astype("timedelta64[D]")
    made: Days = np.minimum(np.maximum(days, presence.joined_on[partner]), closed_on)
    return made


def _won(state: State, chance: Chance, accounts: Accounts, presence: Presence, sold: Sold) -> dict[str, Any]:
    orders = state.orders
    seen = np.flatnonzero(orders.month < state.months)
    rank = np.empty(len(seen))
    rank[np.argsort(orders.value[seen], kind="stable")] = (np.arange(len(seen)) + 0.5) / max(len(seen), 1)
    order = seen[chance.chosen(2 * FROM_DEALS * rank, len(seen))]
    count, partner = len(order), orders.partner[order]
    closed_on = state.calendar.day(orders.month[order], orders.day[order])
    first_line = np.searchsorted(sold.order, order)
    return _part(
        count,
        partner=partner,
        territory=state.network.territory[partner],
        customer=accounts.of(partner, orders.customer[order]),
        product=sold.family[first_line] * PRODUCTS_EACH,
        source=chance.pick(_SOURCE_SHARES, count),
        registered=chance.chosen(_REGISTERED, count),
        opened_on=_opened(chance, presence, partner, closed_on),
        closed_on=closed_on,
        amount=cents(orders.value[order] * exp(0.05 * chance.normal(count))),
        won_order=order,
    )


def _lost(state: State, chance: Chance, accounts: Accounts, presence: Presence) -> dict[str, Any]:
    """As many as the partner's win rate asks for beside those it is expected to win, in months in which it is there."""
    network, lives, months = state.network, state.lives, state.months
    odds = 1.0 / win_rates(state) - 1.0
    won = (FROM_DEALS * network.rate)[:, None] * lives.factor[:, :months] * lives.alive[:, :months]
    counts = chance.poisson(won * (odds / (1.0 - _WITHDRAWN))[:, None])
    partner, month = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), months)
    count = len(partner)
    withdrawn = chance.chosen(_WITHDRAWN, count)
    closed_on = state.calendar.day(month, chance.uniform(count))
    return _part(
        count,
        partner=partner,
        **_place(state, chance, accounts, partner),
        registered=chance.chosen(_REGISTERED, count),
        opened_on=_opened(chance, presence, partner, closed_on),
        closed_on=closed_on,
        outcome=np.where(withdrawn, WITHDRAWN, LOST),
        lost_to=np.where(withdrawn, -1, chance.pick(LOST_TO_SHARES, count)),
    )


def _taken(state: State, chance: Chance, accounts: Accounts, presence: Presence, acts: Acts) -> dict[str, Any]:
    """Registered deals that our own people closed: they are acts against the partner, and on the timeline too."""
    mine = np.flatnonzero(acts.kind == REGISTRATION_LOST)
    partner = acts.partner[mine]
    place = _place(state, chance, accounts, partner) | {"customer": accounts.of(partner, acts.account[mine])}
    return _part(
        len(mine),
        partner=partner,
        **place,
        registered=np.ones(len(mine), dtype=bool),
        opened_on=_opened(chance, presence, partner, acts.on[mine]),
        closed_on=acts.on[mine],
        outcome=np.full(len(mine), LOST),
        lost_to=np.full(len(mine), DIRECT),
    )


def _still_open(state: State, chance: Chance, accounts: Accounts, presence: Presence) -> dict[str, Any]:
    """Open on the as-of date; a few of partners that have left unseen are open because nobody closed them."""
    there = state.lives.alive[:, state.months - 1]
    stale = presence.gone & ~presence.told
    partner = np.flatnonzero(chance.chosen(np.where(there, _OPEN_NOW, np.where(stale, _LEFT_OPEN, 0.0)), state.network.size))
    days = chance.integers(1, 90, len(partner)).astype("timedelta64[D]")
    return _part(
        len(partner),
        partner=partner,
        **_place(state, chance, accounts, partner),
        registered=chance.chosen(_REGISTERED, len(partner)),
        opened_on=np.maximum(AS_OF_DAY - days, presence.joined_on[partner]),
        outcome=np.full(len(partner), OPEN),
    )


def _place(state: State, chance: Chance, accounts: Accounts, partner: Whole) -> dict[str, Any]:
    """Customer, territory, source and amount of deals that did not become orders."""
    network, count = state.network, len(partner)
    u = chance.uniform(count)
    return {
        "territory": network.territory[partner],
        "customer": accounts.of(partner, np.floor(u * u * network.accounts[partner]).astype(np.int64)),
        "source": chance.pick(_SOURCE_SHARES, count),
        "amount": cents(exp(network.log_size[partner] + SIZE_AHEAD + state.world.order_spread * chance.normal(count))),
    }


def _own(state: State, chance: Chance, accounts: Accounts) -> dict[str, Any]:
    """Deals of the vendor's own people; some customers of theirs are partners' as well."""
    places, months = len(state.network.places), state.months
    counts = chance.poisson(np.full((places, months), _DIRECT_A_PLACE))
    territory, month = np.divmod(np.repeat(np.arange(places * months), counts.ravel()), months)
    count = len(territory)
    closed_on = state.calendar.day(month, chance.uniform(count))
    pending = (month == months - 1) & chance.chosen(0.7, count)
    won = chance.chosen(_DIRECT_WINS, count)
    return _part(
        count,
        partner=np.full(count, -1),
        territory=territory,
        customer=accounts.direct(territory, chance.uniform(count)),
        source=np.full(count, 1),
        opened_on=closed_on - chance.integers(20, 91, count).astype("timedelta64[D]"),
        closed_on=np.where(pending, NO_DAY, closed_on),
        outcome=np.where(pending, OPEN, np.where(won, WON, LOST)),
        lost_to=np.where(pending | won, -1, np.where(chance.chosen(0.7, count), COMPETITOR, NO_DECISION)),
        amount=cents(exp(_DIRECT_LOG + 0.9 * chance.normal(count))),
    )


def _products(chance: Chance, catalogue: Catalogue, count: int) -> Whole:
    old = np.flatnonzero(catalogue.launched[:2] < 0)
    return old[chance.integers(0, len(old), count)] * PRODUCTS_EACH + chance.integers(0, 2, count)


def _helpers(state: State, chance: Chance, partner: Whole) -> Whole:
    """Integrators, referral partners and software houses that had a part in a deal of a reseller."""
    kinds = [len(RESALE) + OTHERS.index(name) for name in ("si", "referral", "isv")]
    others = np.flatnonzero(np.isin(state.network.kind, kinds))
    helped = (partner >= 0) & chance.chosen(_HELPED, len(partner))
    made: Whole = np.where(helped, others[chance.integers(0, len(others), len(partner))], -1)
    return made
