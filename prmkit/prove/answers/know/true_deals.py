"""What is true of deals: the chance that a deal of a made-up programme was won, its partner and its amount known."""

from __future__ import annotations

import numpy as np
from scipy import stats

from prmkit.prove.case import Case
from prmkit.simulate.orders import LUMP
from prmkit.simulate.records.deals import LOST_TO_SHARES, SIZE_AHEAD, win_rates
from prmkit.simulate.state import Array, Whole


def win_chance(case: Case, partner: Whole, amount: Array) -> Array:
    """(deals,): orders become won deals the likelier the larger they are; lost ones come at their own rate and size.

    partner: index into the truth's partners, -1 where it is none of them (nan). Deals that were lost to nobody, or to us, do not count.
    """
    state, world = case.state, case.world
    known = (partner >= 0) & (amount > 0)
    log = np.log(np.where(known, amount, 1.0))
    orders = np.sort(state.orders.value[state.orders.month < state.months])
    rank = (np.searchsorted(orders, np.exp(log)) + 0.5) / (len(orders) + 1)
    apart = log - state.network.log_size[partner]
    logs = stats.t(4, scale=np.sqrt(0.5)) if world.tail == "heavy" else stats.norm()
    spread = world.order_spread
    won = (1 - world.lumpy) * logs.pdf(apart / spread) + world.lumpy * logs.pdf((apart - np.log(LUMP)) / spread)
    lost = stats.norm.pdf((apart - SIZE_AHEAD) / spread) * (1 - LOST_TO_SHARES[3]) * (1 / win_rates(state) - 1)[partner]
    made: Array = np.where(known, 2 * rank * won / np.maximum(2 * rank * won + lost, 1e-300), np.nan)
    return made
