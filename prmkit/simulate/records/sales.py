"""Sales lines: partners' orders split over products, direct sales, and what distributors bought in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.lives import SEASON
from prmkit.simulate.records.catalogue import FAMILIES, PRODUCTS_EACH, WEIGHTS, Catalogue, make_catalogue
from prmkit.simulate.records.columns import cents, frame, names, numbered
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.rates import dollar, in_dollars
from prmkit.simulate.state import RESALE, Array, Mask, State, Whole

_TWO_LINES, _THREE_LINES = 0.35, 0.10
_KINDS = ("new", "expansion", "renewal", "usage", "services", "one_off")
_KIND_SHARES = (0.3, 0.3, 0.15, 0.1, 0.1, 0.05)
_DIRECT_ORDERS, _DIRECT_LOG, _DIRECT_MARGIN = 0.2, 7.6, 0.42
_TWO_TIER, _STOCKED = 0.6, 0.9


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


@dataclass(frozen=True)
class _Lines:
    """Parallel columns of one kind of line, ids still as positions (-1 = none)."""

    invoice: Whole
    month: Whole
    day: np.ndarray
    partner: Whole
    supplier: Whole
    customer: np.ndarray
    product: Whole
    territory: Whole
    kind: Whole
    revenue: Array
    cost: Array
    discount_rate: Array
    in_usd: Mask


def make_sales(state: State, accounts: Accounts) -> Sold:
    """Write down the orders of the history as sales lines."""
    catalogue = make_catalogue(state)
    supplier = _suppliers(state)
    through, order, family = _sell_through(state, catalogue, accounts, supplier)
    direct = _direct(state, catalogue, accounts, first=int(through.invoice.max(initial=-1)) + 1)
    bought = _sell_in(state, catalogue, through, first=int(max(direct.invoice.max(initial=-1), through.invoice.max(initial=-1))) + 1)
    parts = [
        _canonical(state, catalogue, lines, channel)
        for channel, lines in (("sell_through", through), ("direct", direct), ("sell_in", bought))
    ]
    rate = dollar(state)
    euro = parts[0]["revenue"].to_numpy() * np.where(through.in_usd, rate[through.month], 1.0)
    lines = pd.concat(parts, ignore_index=True)
    lines["sale_id"] = numbered("L", len(lines), 8)
    return Sold(lines, order, family, euro, supplier, catalogue)


def _sell_through(state: State, catalogue: Catalogue, accounts: Accounts, supplier: Whole) -> tuple[_Lines, Whole, Whole]:
    orders, network = state.orders, state.network
    seen = np.flatnonzero(orders.month < state.months)
    chance = Chance("prmkit", state.seed, "lines")
    u = chance.uniform(len(seen))
    count = 1 + (u < _TWO_LINES + _THREE_LINES).astype(np.int64) + (u < _THREE_LINES)
    order = np.repeat(seen, count)
    part = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    partner, month = orders.partner[order], orders.month[order]
    cents = np.rint(orders.value[order] * 100)
    revenue = _split(cents, np.repeat(count, count), part) / 100
    family = _families(chance, catalogue, partner, month)
    lines = _Lines(
        invoice=np.repeat(np.arange(len(seen)), count),
        month=month,
        day=state.calendar.day(month, orders.day[order]),
        partner=partner,
        supplier=supplier[partner],
        customer=accounts.of(partner, orders.customer[order]),
        product=family * PRODUCTS_EACH + chance.integers(0, PRODUCTS_EACH, len(order)),
        territory=network.territory[partner],
        kind=chance.pick(_KIND_SHARES, len(order)),
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


def _direct(state: State, catalogue: Catalogue, accounts: Accounts, first: int) -> _Lines:
    """What the vendor's own people sold, in every territory."""
    chance = Chance("prmkit", state.seed, "direct")
    places, months = len(state.network.places), state.months
    season = exp(np.array(SEASON))[state.calendar.first[:months].astype("datetime64[M]").astype(np.int64) % 12]
    size = np.bincount(state.network.territory, minlength=places)
    counts = chance.poisson(_DIRECT_ORDERS * size[:, None] * season)
    cell = np.repeat(np.arange(places * months), counts.ravel())
    place, month = cell // months, cell % months
    revenue = np.rint(exp(_DIRECT_LOG + 0.9 * chance.normal(len(cell))) * 100) / 100
    open_ = np.flatnonzero(catalogue.launched[:2] < 0)
    family = open_[chance.integers(0, len(open_), len(cell))]
    usd = np.array([region == "AMER" for region in state.network.regions])[place]
    return _Lines(
        invoice=first + np.arange(len(cell)),
        month=month,
        day=state.calendar.day(month, chance.uniform(len(cell))),
        partner=np.full(len(cell), -1),
        supplier=np.full(len(cell), -1),
        customer=accounts.direct(place, chance.uniform(len(cell))),
        product=family * PRODUCTS_EACH + chance.integers(0, PRODUCTS_EACH, len(cell)),
        territory=place,
        kind=chance.pick(_KIND_SHARES, len(cell)),
        revenue=revenue,
        cost=revenue * (1 - _DIRECT_MARGIN) * (1 + 0.02 * chance.normal(len(cell))),
        discount_rate=0.02 + 0.08 * chance.uniform(len(cell)),
        in_usd=usd,
    )


def _suppliers(state: State) -> Whole:
    """The distributor that supplies each reseller, -1 for those that buy from the vendor."""
    chance = Chance("prmkit", state.seed, "two_tier")
    distributors = np.flatnonzero(state.network.kind == len(RESALE))
    chosen = distributors[chance.integers(0, len(distributors), state.network.size)]
    two_tier = (state.network.kind == 0) & chance.chosen(_TWO_TIER, state.network.size)
    made: Whole = np.where(two_tier, chosen, -1)
    return made


def _sell_in(state: State, catalogue: Catalogue, through: _Lines, first: int) -> _Lines:
    """What distributors bought from the vendor: a line a month and family, for about what they passed on."""
    chance = Chance("prmkit", state.seed, "sell_in")
    family = through.product // PRODUCTS_EACH
    two_tier = through.supplier >= 0
    key = (through.supplier * state.months + through.month) * len(FAMILIES) + family
    size = state.network.size * state.months * len(FAMILIES)
    passed = np.bincount(key[two_tier], through.revenue[two_tier], minlength=size)
    cell = np.flatnonzero(passed > 0)
    partner, month, which = cell // (state.months * len(FAMILIES)), cell // len(FAMILIES) % state.months, cell % len(FAMILIES)
    revenue = np.rint(passed[cell] * _STOCKED * (0.9 + 0.2 * chance.uniform(len(cell))) * 100) / 100
    return _Lines(
        invoice=first + np.unique(cell // len(FAMILIES), return_inverse=True)[1],
        month=month,
        day=state.calendar.day(month, np.zeros(len(cell))),
        partner=partner,
        supplier=np.full(len(cell), -1),
        customer=np.full(len(cell), None, dtype=object),
        product=which * PRODUCTS_EACH,
        territory=state.network.territory[partner],
        kind=np.full(len(cell), 5),
        revenue=revenue,
        cost=revenue * (1 - state.world.margin),
        discount_rate=np.full(len(cell), 0.3),
        in_usd=in_dollars(state)[partner],
    )


def _canonical(state: State, catalogue: Catalogue, lines: _Lines, channel: str) -> pd.DataFrame:
    rate = np.where(lines.in_usd, dollar(state)[lines.month], 1.0)
    revenue = cents(lines.revenue / rate)
    listed = cents(revenue / (1 - lines.discount_rate))
    ids, count = state.network.partner_id, len(revenue)
    return frame(
        "sales",
        count,
        {
            "invoice_id": names(numbered("INV", int(lines.invoice.max(initial=0)) + 1, 8).to_numpy(), lines.invoice),
            "date": lines.day.astype("datetime64[us]"),
            "partner_id": names(ids, lines.partner),
            "distributor_id": names(ids, lines.supplier),
            "customer_id": pd.Series(lines.customer, dtype="str"),
            "product_id": names(catalogue.product_id, lines.product),
            "territory": names(state.network.places, lines.territory),
            "channel": channel,
            "kind": names(_KINDS, lines.kind),
            "units": np.maximum(np.rint(lines.revenue / catalogue.price[lines.product]), 1.0),
            "revenue": revenue,
            "cost": cents(lines.cost / rate),
            "list_amount": listed,
            "discount": cents(listed - revenue),
            "currency": names(("EUR", "USD"), lines.in_usd.astype(np.int64)),
        },
    )
