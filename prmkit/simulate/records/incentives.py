"""Money for partners: funds approved ahead of a campaign, and payments that follow sales already made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.business import Business
from prmkit.simulate.records.catalogue import FAMILIES
from prmkit.simulate.records.columns import NO_DAY, cents, frame, names, numbered, round_sum
from prmkit.simulate.records.presence import AS_OF_DAY, Presence
from prmkit.simulate.records.sales import Sold
from prmkit.simulate.state import NEVER, Array, Mask, State, Whole

Days = NDArray[np.datetime64]

MDF, COOP, SPIFF, REBATE = range(4)
PROGRAMMES = ("mdf", "coop", "spiff", "rebate")
SCHEMES = ("campaign", "local_adverts", "launch", "annual")
ALLOCATED, REQUESTED, APPROVED, PAID, REJECTED, EXPIRED = range(6)
STATUSES = ("allocated", "requested", "approved", "paid", "rejected", "expired")
SPIFF_MONTHS, SPIFF_RATE, SPIFF_JOINS = 12, 0.03, 0.6
"""How many months after its launch a family earns spiffs, which part of its sales, and which part of the partners takes part."""
REBATE_RATE = 0.02
_REFUSED, _COOP = 0.15, 0.04
_SHORTEST_YEAR = 3


def incentives(state: State, presence: Presence, business: Business, sold: Sold) -> pd.DataFrame:
    """The canonical table, in order of start.

    mdf/campaign: one row a campaign of the world, asked for and approved before it starts, paid after it ends; besides, requests that were
    rejected or never used. coop/local_adverts: small and without effect. spiff/launch: a part of what was sold of new families, month
    by month.
    rebate/annual: a part of the sales of a calendar year that reached its threshold.
    """
    chance = Chance("prmkit", state.seed, "incentives")
    parts = [
        _campaigns(state, chance),
        _refused(state, chance, presence),
        _coop(state, chance, presence),
        _spiffs(state, chance, sold),
        _rebates(state, chance, business, sold),
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((columns["partner"], columns["programme"], columns["starts_on"]))
    columns = {name: column[order] for name, column in columns.items()}
    count = len(order)
    return frame(
        "incentives",
        count,
        {
            **{name: columns[name] for name in ("requested_on", "approved_on", "starts_on", "ends_on", "paid_on", "expires_on")},
            "incentive_id": numbered("I", count, 6),
            "partner_id": names(state.network.partner_id, columns["partner"]),
            "programme": names(PROGRAMMES, columns["programme"]),
            "scheme_id": names(SCHEMES, columns["programme"]),
            "product_family": names(FAMILIES, columns["family"]),
            "amount": columns["amount"],
            "threshold": columns["threshold"],
            "contractual": columns["programme"] == REBATE,
            "status": names(STATUSES, columns["status"]),
        },
    )


def _rows(programme: int, partner: Whole, starts_on: Days, ends_on: Days, amount: Array, **columns: Any) -> dict[str, Any]:
    """Columns of one programme; days and numbers that are not given are missing."""
    count = len(partner)
    missing = {name: np.full(count, NO_DAY) for name in ("requested_on", "approved_on", "paid_on", "expires_on")}
    plain = {"threshold": np.full(count, np.nan), "family": np.full(count, -1), "status": np.full(count, PAID)}
    given = {"programme": np.full(count, programme), "partner": partner, "starts_on": starts_on, "ends_on": ends_on, "amount": amount}
    return {**missing, **plain, **given, **columns}


def _campaigns(state: State, chance: Chance) -> dict[str, Any]:
    funding = state.funding
    partner = np.flatnonzero(funding.start < NEVER)
    return _planned(state, chance, MDF, partner, funding.start[partner], funding.length, funding.amount[partner])


def _coop(state: State, chance: Chance, presence: Presence) -> dict[str, Any]:
    n = state.network.size
    month = _some_month(state, chance, presence)
    partner = np.flatnonzero(state.network.sells & chance.chosen(_COOP, n))
    return _planned(state, chance, COOP, partner, month[partner], 1, 50.0 * np.rint(4.0 + 6.0 * chance.uniform(len(partner))))


def _planned(state: State, chance: Chance, programme: int, partner: Whole, month: Whole, length: int, amount: Array) -> dict[str, Any]:
    """Asked for and approved before it starts, paid 20 to 50 days after it ends: by the as-of date, or else still approved."""
    count = len(partner)
    starts_on = state.calendar.day(month, np.zeros(count))
    ends_on = state.calendar.day(month + length - 1, np.ones(count))
    approved_on = starts_on - chance.integers(5, 20, count).astype("timedelta64[D]")
    paid_on = ends_on + chance.integers(20, 51, count).astype("timedelta64[D]")
    paid = paid_on <= AS_OF_DAY
    return _rows(
        programme,
        partner,
        starts_on,
        ends_on,
        amount,
        requested_on=approved_on - chance.integers(10, 30, count).astype("timedelta64[D]"),
        approved_on=approved_on,
        paid_on=np.where(paid, paid_on, NO_DAY),
        expires_on=ends_on + np.timedelta64(90),
        status=np.where(paid, PAID, APPROVED),
    )


def _refused(state: State, chance: Chance, presence: Presence) -> dict[str, Any]:
    """Requests that came to nothing: rejected, or approved and not used in time."""
    n = state.network.size
    month = _some_month(state, chance, presence)
    partner = np.flatnonzero(state.network.sells & chance.chosen(_REFUSED * 0.3, n))
    count = len(partner)
    made = _planned(
        state, chance, MDF, partner, month[partner], state.funding.length, 100.0 * np.rint(5.0 + 15.0 * chance.exponential(count))
    )
    unused = chance.chosen(0.3, count) & (made["expires_on"] <= AS_OF_DAY)
    return made | {
        "paid_on": np.full(count, NO_DAY),
        "approved_on": np.where(unused, made["approved_on"], NO_DAY),
        "status": np.where(unused, EXPIRED, REJECTED),
    }


def _some_month(state: State, chance: Chance, presence: Presence) -> Whole:
    """A month of the history in which each partner is there (n,); there is time to answer a request before the as-of date."""
    first = np.maximum(state.network.joined, 0)
    last = np.maximum(presence.last, first)
    made: Whole = first + np.floor(chance.uniform(state.network.size) * (last - first + 1)).astype(np.int64)
    return made


def _spiffs(state: State, chance: Chance, sold: Sold) -> dict[str, Any]:
    """A part of the sales of a family in its first year, paid the month after; nobody asks for it beforehand."""
    orders, n = state.orders, state.network.size
    partner, month = orders.partner[sold.order], orders.month[sold.order]
    launched = sold.catalogue.launched[sold.family]
    takes_part = chance.chosen(SPIFF_JOINS, n)
    new = (launched >= 0) & (month >= launched) & (month < launched + SPIFF_MONTHS) & takes_part[partner]
    shape = (n, state.months, len(FAMILIES))
    cell = (partner[new] * shape[1] + month[new]) * shape[2] + sold.family[new]
    total = np.bincount(cell, sold.euro[new], minlength=n * shape[1] * shape[2])
    found = np.flatnonzero(total * SPIFF_RATE >= 1.0)
    who, when, family = found // (shape[1] * shape[2]), found // shape[2] % shape[1], found % shape[2]
    ends_on = state.calendar.day(when, np.ones(len(found)))
    paid_on = ends_on + chance.integers(15, 31, len(found)).astype("timedelta64[D]")
    paid = paid_on <= AS_OF_DAY
    return _rows(
        SPIFF,
        who,
        state.calendar.day(when, np.zeros(len(found))),
        ends_on,
        cents(total[found] * SPIFF_RATE),
        paid_on=np.where(paid, paid_on, NO_DAY),
        family=family,
        status=np.where(paid, PAID, ALLOCATED),
    )


def _rebates(state: State, chance: Chance, business: Business, sold: Sold) -> dict[str, Any]:
    """A part of the sales of each calendar year that is over, for those that reached what was agreed with them."""
    n, months = state.network.size, state.months
    calendar_month = state.calendar.first[:months].astype("datetime64[M]").astype(np.int64)
    aim = round_sum(business.yearly * exp(0.3 * chance.normal(n) - 0.1))
    agreed = state.network.sells & chance.chosen(0.5, n)
    orders = state.orders
    cell = orders.partner[sold.order] * months + orders.month[sold.order]
    monthly = np.bincount(cell, sold.euro, minlength=n * months).reshape(n, months)
    parts = [_no_rebates()]
    for year in np.unique(calendar_month // 12)[:-1]:
        span = np.flatnonzero(calendar_month // 12 == year)
        if len(span) < _SHORTEST_YEAR:
            continue
        total = np.cumsum(monthly[:, span], axis=1)[:, -1]
        threshold = round_sum(aim * len(span) / 12)
        won = np.flatnonzero(agreed & (total >= threshold))
        count = len(won)
        ends_on = state.calendar.day(np.full(count, span[-1]), np.ones(count))
        parts.append(
            _rows(
                REBATE,
                won,
                state.calendar.day(np.full(count, span[0]), np.zeros(count)),
                ends_on,
                cents(total[won] * REBATE_RATE),
                paid_on=ends_on + chance.integers(25, 60, count).astype("timedelta64[D]"),
                threshold=threshold[won],
            )
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _no_rebates() -> dict[str, Any]:
    nobody, no_days = np.zeros(0, dtype=np.int64), np.zeros(0, dtype="datetime64[D]")
    return _rows(REBATE, nobody, no_days, no_days, np.zeros(0))


def paid(columns: pd.DataFrame) -> Mask:
    """Rows of the table that were paid."""
    made: Mask = (columns["status"] == "paid").to_numpy(dtype=bool)
    return made
