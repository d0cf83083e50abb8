"""Sales lines without a reseller in them: what the vendor sold itself, and what distributors bought in."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.lives import SEASON
from prmkit.simulate.records.catalogue import FAMILIES, PRODUCTS_EACH, Catalogue
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.rates import DOLLAR_REGION, in_dollars
from prmkit.simulate.records.sale_lines import KIND_SHARES, KINDS, Lines
from prmkit.simulate.state import State

_DIRECT_ORDERS, _DIRECT_LOG, _DIRECT_MARGIN = 0.2, 7.6, 0.42
_STOCKED, _STOCK_DISCOUNT = 0.9, 0.3


def direct_sales(state: State, catalogue: Catalogue, accounts: Accounts, first: int) -> Lines:
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
    usd = np.array([region == DOLLAR_REGION for region in state.network.regions])[place]
    return Lines(
        invoice=first + np.arange(len(cell)),
        month=month,
        day=state.calendar.day(month, chance.uniform(len(cell))),
        partner=np.full(len(cell), -1),
        supplier=np.full(len(cell), -1),
        customer=accounts.direct(place, chance.uniform(len(cell))),
        product=family * PRODUCTS_EACH + chance.integers(0, PRODUCTS_EACH, len(cell)),
        territory=place,
        kind=chance.pick(KIND_SHARES, len(cell)),
        revenue=revenue,
        cost=revenue * (1 - _DIRECT_MARGIN) * (1 + 0.02 * chance.normal(len(cell))),
        discount_rate=0.02 + 0.08 * chance.uniform(len(cell)),
        in_usd=usd,
    )


def sell_in(state: State, catalogue: Catalogue, through: Lines, first: int) -> Lines:
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
    return Lines(
        invoice=first + np.unique(cell // len(FAMILIES), return_inverse=True)[1],
        month=month,
        day=state.calendar.day(month, np.zeros(len(cell))),
        partner=partner,
        supplier=np.full(len(cell), -1),
        customer=np.full(len(cell), None, dtype=object),
        product=which * PRODUCTS_EACH,
        territory=state.network.territory[partner],
        kind=np.full(len(cell), KINDS.index("one_off")),
        revenue=revenue,
        cost=revenue * (1 - state.world.margin),
        discount_rate=np.full(len(cell), _STOCK_DISCOUNT),
        in_usd=in_dollars(state)[partner],
    )
