"""Support cases of end customers: how long they wait, and how they like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.chance import Chance
from prmkit.simulate.records.catalogue import PRODUCTS_EACH, Catalogue
from prmkit.simulate.records.columns import frame, names, numbered
from prmkit.simulate.records.customers import Accounts
from prmkit.simulate.records.presence import AS_OF_DAY
from prmkit.simulate.state import Array, Mask, State, Whole

CASES_AN_ACCOUNT = 1.0 / 16.0
SEVERITIES = ("low", "medium", "high", "critical")
_SEVERITY_SHARES = (0.35, 0.4, 0.2, 0.05)
FIRST_HOURS = (16.0, 8.0, 4.0, 1.0)
"""Median hours to a first answer for a direct customer, by severity."""
RESPONSE_SPREAD = 0.8
_SOLVED_HOURS = (60.0, 40.0, 24.0, 12.0)
_HANDLED, _HANDLED_SHARES = ("vendor", "partner", "both"), (0.6, 0.25, 0.15)
_DIRECT_CASES = 6.0
_RATED = 0.4
_ESCALATED = (0.01, 0.03, 0.1, 0.35)


@dataclass(frozen=True)
class Cases:
    """Flat.

    Partner (t,): -1 for direct customers. territory, month, day; failure: cases in which the service failed. counts (n, months):
    by partner.
    """

    partner: Whole
    territory: Whole
    month: Whole
    day: Array
    failure: Mask
    counts: Whole


def make_cases(state: State) -> Cases:
    """Draw cases: usual ones in proportion to the accounts of partners that are there, failures as they happened, and direct ones."""
    network, months = state.network, state.months
    chance = Chance("prmkit", state.seed, "cases")
    alive = state.lives.alive[:, :months]
    usual = chance.poisson(CASES_AN_ACCOUNT * network.accounts[:, None] * alive)
    failed = state.lives.failures[:, :months]
    direct = chance.poisson(np.full((len(network.places), months), _DIRECT_CASES))
    partner, month, failure = (np.concatenate(columns) for columns in zip(_spread(usual, False), _spread(failed, True), strict=True))
    place, direct_month, never = _spread(direct, False)
    return Cases(
        partner=np.concatenate([partner, np.full(len(place), -1)]),
        territory=np.concatenate([network.territory[partner], place]),
        month=np.concatenate([month, direct_month]),
        day=chance.uniform(len(partner) + len(place)),
        failure=np.concatenate([failure, never]),
        counts=usual + failed,
    )


def _spread(counts: Whole, failure: bool) -> tuple[Whole, Whole, Mask]:
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    return cell // counts.shape[1], cell % counts.shape[1], np.full(len(cell), failure)


def tickets(state: State, accounts: Accounts, catalogue: Catalogue, cases: Cases) -> pd.DataFrame:
    """The canonical table, in order of opening.

    A partner's customers wait exp(service) times as long for a first answer as direct ones with a case of the same severity. What was
    not solved by the as-of date has no time of solution.
    """
    day = state.calendar.day(cases.month, cases.day)
    order = np.lexsort((cases.partner, day))
    partner, month, failure, day = cases.partner[order], cases.month[order], cases.failure[order], day[order]
    count = len(order)
    chance = Chance("prmkit", state.seed, "tickets")
    own = partner >= 0
    service = np.where(own, state.network.service[partner], 0.0)
    severity = np.where(failure, 3, chance.pick(_SEVERITY_SHARES, count))
    first = np.array(FIRST_HOURS)[severity] * exp(RESPONSE_SPREAD * chance.normal(count) + service)
    solved = np.array(_SOLVED_HOURS)[severity] * exp(0.9 * chance.normal(count) + 0.5 * service)
    solved = np.where(failure, 150.0 + 100.0 * chance.exponential(count), solved) + first
    left = (AS_OF_DAY - day).astype(np.int64) * 24.0
    csat = np.clip(np.rint(4.1 - 0.8 * service + 0.8 * chance.normal(count)), 1, 5)
    csat = np.where(failure, 1.0 + chance.chosen(0.4, count), csat)
    who = np.where(own, partner, 0)
    customer = np.where(
        own,
        accounts.of(who, np.floor(chance.uniform(count) * state.network.accounts[who]).astype(np.int64)),
        accounts.direct(cases.territory[order], chance.uniform(count)),
    )
    return frame(
        "tickets",
        count,
        {
            "ticket_id": numbered("T", count, 7),
            "partner_id": names(state.network.partner_id, partner),
            "customer_id": customer,
            "product_id": names(catalogue.product_id, _product(chance, catalogue, month)),
            "opened_on": day,
            "first_response_hours": _by_now(first, left),
            "resolution_hours": _by_now(solved, left),
            "severity": names(SEVERITIES, severity),
            "handled_by": names(_HANDLED, np.where(own, chance.pick(_HANDLED_SHARES, count), 0)),
            "escalated": failure | chance.chosen(np.array(_ESCALATED)[severity], count),
            "reopens": (chance.poisson(np.full(count, 0.1)) + failure).astype(np.float64),
            "csat": np.where((chance.chosen(_RATED, count) | failure) & (solved <= left), csat, np.nan),
        },
    )


def _by_now(hours: NDArray[np.floating[Any]], left: NDArray[np.floating[Any]]) -> Array:
    """Hours, measured in whole minutes, missing where they reach beyond the as-of date."""
    made: Array = np.where(hours <= left, np.rint(hours * 60) / 60, np.nan)
    return made


def _product(chance: Chance, catalogue: Catalogue, month: Whole) -> Whole:
    """Any product of the two families that everybody sells, once it is launched."""
    families: NDArray[np.int64] = np.flatnonzero(catalogue.launched[:2] < 0)
    family = families[chance.integers(0, len(families), len(month))]
    return family * PRODUCTS_EACH + chance.integers(0, PRODUCTS_EACH - 2, len(month))
