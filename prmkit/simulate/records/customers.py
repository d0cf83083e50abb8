"""End customers: which partner serves which, who is served by two, and who buys from the vendor itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records import places, words
from prmkit.simulate.records.columns import frame, joined, names
from prmkit.simulate.state import Array, Mask, State, Whole

SHARED = 0.12
"""Share of accounts that another partner of the territory serves as well."""
_NAMED, _LARGE_DIRECT = 0.08, 0.35
_OWNERS = ("direct", "partner", "shared")
_OURS_TOO = 0.7
_DIRECT_ONLY = 40


@dataclass(frozen=True)
class Accounts:
    """Who serves whom. Partner `i` serves the customers `number[first[i]:first[i + 1]]`, in the order that orders count them.

    customer_id (m,): ids of all customers. territory (m,): where each is. sharers (m,): how many partners serve it, 0 for those that
    buy direct only. named (m,): accounts of our own list. owner (m,): 0 direct, 1 partner, 2 shared. Territory `g` has
    the customers `own_number[own_first[g]:own_first[g + 1]]` that the vendor's own people sell to.
    """

    customer_id: NDArray[Any]
    territory: Whole
    sharers: Whole
    named: Mask
    owner: Whole
    first: Whole
    number: Whole
    own_first: Whole
    own_number: Whole

    def of(self, partner: Whole, index: Whole) -> NDArray[Any]:
        """Ids of the customers at `index` of each partner's accounts."""
        made: NDArray[Any] = self.customer_id[self.number[self.first[partner] + index]]
        return made

    def direct(self, territory: Whole, share: Array) -> NDArray[Any]:
        """Ids of customers that the vendor sells to itself in each territory, `share` (0 to 1) of the way through its list."""
        length = self.own_first[territory + 1] - self.own_first[territory]
        place = self.own_first[territory] + np.floor(share * length).astype(np.int64)
        made: NDArray[Any] = self.customer_id[self.own_number[place]]
        return made


def make_accounts(state: State) -> Accounts:
    """Draw who serves whom."""
    network = state.network
    chance = Chance("prmkit", state.seed, "accounts")
    first = np.concatenate([[0], np.cumsum(network.accounts)]).astype(np.int64)
    partner = np.repeat(np.arange(network.size), network.accounts)
    slot = _served_by_two(chance, partner, network.territory[partner])
    # customers are numbered in the order in which partners list them
    kept, number = np.unique(slot, return_inverse=True)
    territory, sharers = network.territory[partner[kept]], np.bincount(number)
    named = chance.chosen(_NAMED, len(kept))
    owner = np.where(named & chance.chosen(_OURS_TOO, len(kept)), 2, 1)
    grounds = np.arange(len(network.places)).repeat(_DIRECT_ONLY)
    ids = [f"C{count:06d}" for count in range(1, len(kept) + len(grounds) + 1)]
    ours = np.concatenate([np.flatnonzero(owner == 2), len(kept) + np.arange(len(grounds))])
    where = np.concatenate([territory, grounds])
    order = ours[np.argsort(where[ours], kind="stable")]
    return Accounts(
        customer_id=np.array(ids, dtype=object),
        territory=where,
        sharers=np.concatenate([sharers, np.zeros(len(grounds), dtype=np.int64)]),
        named=np.concatenate([named, chance.chosen(_LARGE_DIRECT, len(grounds))]),
        owner=np.concatenate([owner, np.zeros(len(grounds), dtype=np.int64)]),
        first=first,
        number=number.astype(np.int64),
        own_first=np.concatenate([[0], np.cumsum(np.bincount(where[ours], minlength=len(network.places)))]).astype(np.int64),
        own_number=order,
    )


def _served_by_two(chance: Chance, partner: Whole, territory: Whole) -> Whole:
    """For each account the account whose customer it is: its own, but for pairs of partners of a territory that serve one customer."""
    count = len(partner)
    order = np.lexsort((chance.uniform(count), territory))
    place = territory[order]
    rank = np.arange(count) - np.searchsorted(place, place)
    pairs = np.floor(SHARED / 2 * np.bincount(territory, minlength=int(territory.max()) + 1)).astype(np.int64)[place]
    head = np.flatnonzero((rank < 2 * pairs) & (rank % 2 == 0))
    one, other = order[head], order[head + 1]
    apart = partner[one] != partner[other]
    slot = np.arange(count)
    slot[np.maximum(one, other)[apart]] = np.minimum(one, other)[apart]
    return slot


def customers(state: State, accounts: Accounts) -> pd.DataFrame:
    """The canonical table."""
    count = len(accounts.customer_id)
    chance = Chance("prmkit", state.seed, "customers")
    name = words.firms(chance, count, words.TRADES)
    address = places.addresses(chance, state, accounts.territory)
    parent = np.where(chance.chosen(0.05, count) & (np.arange(count) > 0), np.arange(count) - 1, -1)
    listed = np.array([str(one) for one in accounts.customer_id])
    return frame(
        "customers",
        count,
        {
            "customer_id": listed,
            "name": name,
            "parent_customer_id": names(listed, parent),
            "domain": joined(words.hosts(name), ".example").where(chance.chosen(0.8, count)),
            **address,
            "vertical": names(words.VERTICALS, chance.pick(exp(0.4 * chance.normal(len(words.VERTICALS))), count)),
            "named_account": accounts.named,
            "owner": names(_OWNERS, accounts.owner),
        },
    )
