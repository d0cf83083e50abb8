"""Sales lines: partners' orders split over products, direct sales, and what distributors bought in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import FAMILIES, PRODUCTS_EACH, WEIGHTS, Catalogue, make_catalogue
from prmkit.simulate.records.columns import numbered
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.own_sales import direct_sales, sell_in
from prmkit.simulate.records.rates import dollar, in_dollars
from prmkit.simulate.records.sale_lines import KIND_SHARES, Lines, canonical
from prmkit.simulate.state import RESALE, Array, State, Whole

TWO_LINES, THREE_LINES = 0.35, 0.10
"""Shares of orders with two and with three lines; each line's family is drawn for itself."""
_TWO_TIER = 0.6


@dataclass(frozen=True)
class Sold:
    """The canonical sales table, and the same as numbers for the other records and the truth.

    lines: canonical, partner lines first in the order of the orders, then direct ones, then sell-in. order (m,), family (m,),
    euro (m,): of the m partner lines: index of the order, of the family, revenue in EUR. supplier (n,): partner index of each partner's
    distributor, -1 without.
    """

    lines: pd.DataFrame
    order: Whole
    family: Whole
    euro: Array
    supplier: Whole
    catalogue: Catalogue


def make_sales(state: State, accounts: Accounts) -> Sold:
    """Write down the orders of the history as sales lines."""
    catalogue = make_catalogue(state)
    supplier = _suppliers(state)
    through, order, family = _sell_through(state, catalogue, accounts, supplier)
    direct = direct_sales(state, catalogue, accounts, first=int(through.invoice.max(initial=-1)) + 1)
    bought = sell_in(state, catalogue, through, first=int(max(direct.invoice.max(initial=-1), through.invoice.max(initial=-1))) + 1)
    parts = [
        canonical(state, catalogue, lines, channel)
        for channel, lines in (("sell_through", through), ("direct", direct), ("sell_in", bought))
    ]
    rate = dollar(state)
    euro = parts[0]["revenue"].to_numpy() * np.where(through.in_usd, rate[through.month], 1.0)
    lines = pd.concat(parts, ignore_index=True)
    lines["sale_id"] = numbered("L", len(lines), 8)
    return Sold(lines, order, family, euro, supplier, catalogue)


def _sell_through(state: State, catalogue: Catalogue, accounts: Accounts, supplier: Whole) -> tuple[Lines, Whole, Whole]:
    orders, network = state.orders, state.network
    seen = np.flatnonzero(orders.month < state.months)
    chance = Chance("prmkit", state.seed, "lines")
    u = chance.uniform(len(seen))
    count = 1 + (u < TWO_LINES + THREE_LINES).astype(np.int64) + (u < THREE_LINES)
    order = np.repeat(seen, count)
    part = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    partner, month = orders.partner[order], orders.month[order]
    cents = np.rint(orders.value[order] * 100)
    revenue = _split(cents, np.repeat(count, count), part) / 100
    family = _families(chance, catalogue, partner, month)
    lines = Lines(
        invoice=np.repeat(np.arange(len(seen)), count),
        month=month,
        day=state.calendar.day(month, orders.day[order]),
        partner=partner,
        supplier=supplier[partner],
        customer=accounts.of(partner, orders.customer[order]),
        product=family * PRODUCTS_EACH + chance.integers(0, PRODUCTS_EACH, len(order)),
        territory=network.territory[partner],
        kind=chance.pick(KIND_SHARES, len(order)),
        revenue=revenue,
        cost=revenue * (1 - network.margin[partner]) * (1 + 0.02 * chance.normal(len(order))),
        discount_rate=np.repeat(0.05 + 0.15 * chance.uniform(len(seen)), count),
        in_usd=in_dollars(state)[partner],
    )
    return lines, order, family


def _split(cents: Array, count: Whole, part: Whole) -> Array:
    """Cents of each line: a half, then what is left in equal parts; the last line takes the rest, so that nothing is lost."""
    half, third = np.floor(cents * 0.6), np.floor(cents * 0.25)
    two = np.where(part == 0, half, cents - half)
    three = np.select([part == 0, part == 1], [half, third], cents - half - third)
    made: Array = np.select([count == 1, count == 2], [cents, two], three)
    return made


def _families(chance: Chance, catalogue: Catalogue, partner: Whole, month: Whole) -> Whole:
    open_ = catalogue.taken_up[partner] <= month[:, None]
    weights = np.array(WEIGHTS) * open_
    edges = np.cumsum(weights, axis=1)
    u = chance.uniform(len(partner)) * edges[:, -1]
    made: Whole = np.minimum((u[:, None] >= edges).sum(axis=1), len(FAMILIES) - 1).astype(np.int64)
    return made


def _suppliers(state: State) -> Whole:
    """The distributor that supplies each reseller, -1 for those that buy from the vendor."""
    chance = Chance("prmkit", state.seed, "two_tier")
    distributors = np.flatnonzero(state.network.kind == len(RESALE))
    chosen = distributors[chance.integers(0, len(distributors), state.network.size)]
    two_tier = (state.network.kind == 0) & chance.chosen(_TWO_TIER, state.network.size)
    made: Whole = np.where(two_tier, chosen, -1)
    return made
