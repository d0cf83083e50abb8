"""The pipeline as tables: deals, who had a part in them, and the sales lines with their deals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import Catalogue
from prmkit.simulate.records.columns import NO_DAY, cents, frame, names, numbered
from prmkit.simulate.records.deals import DIRECT, OPEN, WON, Deals
from prmkit.simulate.records.presence import AS_OF_DAY
from prmkit.simulate.records.sales import Sold
from prmkit.simulate.state import State

OUTCOMES = ("open", "won", "lost", "withdrawn")
LOST_TO = ("competitor", "direct", "other_partner", "no_decision")
SOURCES = ("partner", "vendor", "influenced")
SOURCED, INFLUENCED, FULFILLED = range(3)
ROLES = ("sourced", "influenced", "fulfilled")
_APPROVED, _EXCLUSIVE_DAYS = 0.85, 180


def deals(state: State, catalogue: Catalogue, made: Deals) -> pd.DataFrame:
    """The canonical table, in order of opening."""
    count = len(made.partner)
    chance = Chance("prmkit", state.seed, "deal terms")
    registered_on = np.where(made.registered, made.opened_on, NO_DAY)
    latest = np.where(np.isnat(made.closed_on), AS_OF_DAY, made.closed_on)
    decided_on = np.minimum(registered_on + chance.integers(1, 8, count).astype("timedelta64[D]"), latest)
    yes = (made.outcome == WON) | (made.lost_to == DIRECT) | chance.chosen(_APPROVED, count)
    rate = 0.05 + 0.15 * chance.uniform(count)
    listed = cents(made.amount / (1 - rate))
    return frame(
        "deals",
        count,
        {
            "deal_id": deal_ids(made),
            "partner_id": names(state.network.partner_id, made.partner),
            "customer_id": made.customer,
            "territory": names(state.network.places, made.territory),
            "product_id": names(catalogue.product_id, made.product),
            "source": names(SOURCES, made.source),
            "registered_on": registered_on,
            "decided_on": decided_on,
            "approved": pd.Series(pd.arrays.BooleanArray(yes, ~made.registered)),
            "expires_on": np.where(yes, registered_on + np.timedelta64(_EXCLUSIVE_DAYS), NO_DAY),
            "opened_on": made.opened_on,
            "closed_on": made.closed_on,
            "outcome": names(OUTCOMES, made.outcome),
            "lost_to": names(LOST_TO, made.lost_to),
            "amount": made.amount,
            "list_amount": listed,
            "discount": cents(listed - made.amount),
        },
    )


def deal_ids(made: Deals) -> pd.Series:
    """Ids of the deals, in their order."""
    return numbered("D", len(made.partner), 7)


def deal_partners(state: State, made: Deals) -> pd.DataFrame:
    """The canonical table: who brought or fulfilled each won or open deal, and who influenced it; credits of a role add up to at most 1."""
    use = np.flatnonzero((made.partner >= 0) & ((made.outcome == WON) | (made.outcome == OPEN)))
    chance = Chance("prmkit", state.seed, "credit")
    helper = made.helper[use]
    part = np.where(helper >= 0, np.rint((0.2 + 0.3 * chance.uniform(len(use))) * 100) / 100, 0.0)
    deal = np.concatenate([use, use[helper >= 0]])
    partner = np.concatenate([made.partner[use], helper[helper >= 0]])
    role = np.concatenate([np.where(made.source[use] == 1, FULFILLED, SOURCED), np.full(int((helper >= 0).sum()), INFLUENCED)])
    credit = np.concatenate([1.0 - part, part[helper >= 0]])
    order = np.lexsort((role, deal))
    return frame(
        "deal_partners",
        len(order),
        {
            "deal_id": deal_ids(made).iloc[deal[order]],
            "partner_id": names(state.network.partner_id, partner[order]),
            "role": names(ROLES, role[order]),
            "credit": np.rint(credit[order] * 100) / 100,
        },
    )


def with_deals(sold: Sold, made: Deals) -> pd.DataFrame:
    """The sales lines, with the id of the deal that each came from."""
    won = np.flatnonzero(made.won_order >= 0)
    size = int(max(sold.order.max(initial=0), made.won_order.max(initial=0))) + 1
    deal = np.full(size, -1)
    deal[made.won_order[won]] = won
    position = np.full(len(sold.lines), -1)
    position[: len(sold.order)] = deal[sold.order]
    return sold.lines.assign(deal_id=names(deal_ids(made).to_numpy(), position))
