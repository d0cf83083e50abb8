"""Where we stand in a partner's business: share of wallet and whether we are its lead line or an add-on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators import share_readings
from prmkit.estimators.combined_share import combine
from prmkit.estimators.share_readings import Model, Reading, Sign
from prmkit.practices.know.standing import judged, role_moves, role_words
from prmkit.practices.know.standing.share_evidence import Evidence, evidence, readings
from prmkit.practices.know.standing.wallet import UNSTATED, Books, books

Array = NDArray[Any]

STAND_IN = (
    "share_of_wallet sets what a partner bought from us in 12 months against its own yearly turnover with all vendors: exact where both "
    "are at the partner's price, a lower end where it buys at our price and sells at its own; where no turnover is known it is the "
    "partner's answer, our rank among its vendors, or one over their number, held against what is known of other partners"
)
ONLY_US = "says it carries only us, but what it bought is a small part of what it sells"
PRIMARY = 0.5
CORE = 0.2
CALL = 0.6
ROLES = ("primary", "core", "add_on")
ENOUGH = 30
"""Partners with a share by their books, their answers or their selling time, from which on errors and population are learnt."""
_ANCHORS = ("books", "answer", "time")
_TELLING = 0.1
"""Where the books cannot be right, readings that tell less than this stand for nothing."""
_ENDS = (0.05, 0.95)


@dataclass(frozen=True)
class Placed:
    """The table of the whole client, what was learnt of each way of reading a share, and whether anything was."""

    rows: pd.DataFrame
    model: Model
    evidence: Evidence
    books: Books


def alignment(portfolio: Portfolio) -> pd.DataFrame:
    """One row a partner: the contract's columns, and beside them what speaks for the call.

    share_of_wallet: revenue of the 12 months over stated turnover where both are on record (basis "measured" at one price level, else
    "estimated": a lower end), else what all readings say together ("surveyed" where its people were asked, else "estimated"). share_low,
    share_high: 90% range of our share in a usual year. likely_share: its middle. portfolio_role: the likeliest of primary (share of
    PRIMARY and more), core (from CORE) and add_on, called when its chance is at least CALL; margin_of_call: that chance less that of
    next_role. evidence, contradiction: in words. approach: how to work with it. role_before, moved, moved_chance: `role_moves`.

    Unknown: nothing bought in the 12 months, no chance of CALL, or a partner that says it carries only us and yet buys less than CORE of
    what it sells. Where nothing is on record, what its partner manager judged takes its place (`judged`).
    """
    rows = placed(portfolio).rows
    place = pd.Index(rows["partner_id"]).get_indexer(pd.Index(portfolio.partners["partner_id"]))
    return rows.take(place).reset_index(drop=True)


def placed(portfolio: Portfolio) -> Placed:
    """The place of every partner of the client, fitted once."""
    return portfolio.fitted(_place)


def _place(portfolio: Portfolio) -> Placed:
    paper, found = books(portfolio), evidence(portfolio)
    in_use, stand_ins, signs = readings(found, paper)
    idle = paper.bought <= 0
    model = _learn(_of(in_use, ~idle), _of(stand_ins, ~idle), _seen(signs, ~idle), portfolio.settings.seed)
    chances = share_readings.posterior(model, in_use, signs)
    any_reading = np.isfinite(np.stack([one.logs for one in in_use])).any(axis=0)
    if not model.population.flat:
        any_reading &= paper.plausible | (share_readings.telling(model, in_use, 1.0) >= _TELLING)
    any_reading |= np.isfinite(paper.share)
    asked = np.isfinite(found.answer) | np.isfinite(found.role)
    above = [share_readings.chance_above(chances, bound) for bound in (PRIMARY, CORE)]
    roles = np.where(idle | ~any_reading, np.nan, np.stack([above[0], above[1] - above[0], 1 - above[1]]))
    said = any_reading & (np.isfinite(paper.share) | paper.plausible | asked)
    share, low, high, likely = _shares(paper, model, in_use, chances, said)
    high = np.where(said & (found.vendors == 1) & ~paper.measured & ~idle, 1.0, high)
    claimed = (portfolio.partners["vendor_count"].astype("float64").to_numpy() == 1) & (paper.high < CORE) & ~idle
    chance = roles.max(axis=0)
    unknown = idle | claimed | ~(chance >= CALL)
    role = np.where(unknown, "unknown", np.array(ROLES, dtype=object)[np.nan_to_num(roles, nan=-1.0).argmax(axis=0)])
    basis = np.select(
        [paper.measured, np.isfinite(paper.share), asked, any_reading], ["measured", "estimated", "surveyed", "estimated"], "none"
    )
    made = pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "share_of_wallet": share,
            "share_low": low,
            "share_high": high,
            "portfolio_role": role,
            "role_probability": np.where(unknown, np.nan, chance),
            "basis": basis,
            "probability_primary": roles[0],
            "probability_core": roles[1],
            "probability_add_on": roles[2],
            "reason": _why(paper.reason, idle, claimed, chance, unknown, np.isfinite(share)),
            "likely_share": likely,
        }
    )
    made = judged.filled(portfolio, made, (CORE, PRIMARY), CALL)
    made = _called(made).assign(
        revenue_12m=paper.bought, evidence=role_words.evidence(paper, found), contradiction=role_words.contradictions(paper, found)
    )
    called, error = made["portfolio_role"].to_numpy(dtype=object), model.readings["books"].error
    moved = role_moves.moves(portfolio, paper, chances, error, called, (CORE, PRIMARY), CALL)
    return Placed(pd.concat([made, moved], axis=1), model, found, paper)


def _of(some: Sequence[Reading], buying: Array) -> list[Reading]:
    """Readings of those that bought: what is usual among partners that sell nothing of ours says nothing of those that do."""
    return [replace(one, logs=np.where(buying, one.logs, np.nan)) for one in some]


def _seen(signs: Sequence[Sign], buying: Array) -> list[Sign]:
    return [replace(sign, seen=np.where(buying, sign.seen, np.nan)) for sign in signs]


def _learn(in_use: Sequence[Reading], stand_ins: Sequence[Reading], signs: Sequence[Sign], seed: int) -> Model:
    """What is learnt of the client, held against the first anchor that enough partners have beside another reading; else what is stated.

    Where all partners have the anchor alone, nothing can be learnt of its error, and no share is drawn towards those of others.
    """
    stated = share_readings.stated(in_use, signs)
    known = {one.name: np.isfinite(one.logs) for one in [*in_use, *stand_ins]}
    anchor = next((name for name in _ANCHORS if _overlap(known, name) >= ENOUGH), None)
    if anchor is None:
        return stated
    chosen = [replace(one, slope=0.0, level=0.0 if one.name != "books" else one.level) if one.name == anchor else one for one in in_use]
    model = share_readings.learn(chosen, signs, np.random.default_rng(seed))
    for full in stand_ins:
        if known[full.name].sum() > np.isfinite(next(one.logs for one in in_use if one.name == full.name)).sum():
            # a reading that mostly gives way to a better one of the same people is learnt where both stand: without the better one, the
            # error of which it may share, unless there is nothing else to hold it against
            leave = {full.name, "rank", "role"} | ({"answer"} if anchor != "answer" else set())
            others = [one for one in chosen if one.name not in leave]
            model.readings[full.name] = share_readings.learn([*others, full], signs, np.random.default_rng(seed)).readings[full.name]
    return model


def _overlap(known: dict[str, Array], anchor: str) -> int:
    """How many partners have the anchor and another reading."""
    others = np.any([there for name, there in known.items() if name != anchor], axis=0)
    return int((known[anchor] & others).sum())


def _shares(paper: Books, model: Model, in_use: Sequence[Reading], chances: Array, known: Array) -> tuple[Array, Array, Array, Array]:
    """Share, its ends and its likely value: nan where `known` says that nothing can be said."""
    low, high = (share_readings.quantile(chances, at) for at in _ENDS)
    likely = share_readings.quantile(chances, 0.5)
    if model.population.flat:
        errors = np.stack([np.sqrt(one.variance + one.error**2) for one in in_use])
        logs = np.stack([one.logs for one in in_use])
        likely = np.minimum(np.exp(np.nan_to_num(combine(np.exp(logs), errors)[0])), 1.0)
    booked = np.isfinite(paper.share)
    share = np.where(booked, paper.share, likely)
    nothing = paper.share == 0
    low, high = np.where(nothing, 0.0, np.minimum(low, share)), np.where(nothing, 0.0, np.maximum(high, share))
    return tuple(np.where(known, values, np.nan) for values in (share, low, high, np.where(nothing, 0.0, likely)))  # type: ignore[return-value]


def _called(made: pd.DataFrame) -> pd.DataFrame:
    """With the margin of each call, the role that comes next, and the approach that the role asks for."""
    chances = made[[f"probability_{role}" for role in ROLES]].to_numpy(dtype=float)
    order = np.argsort(-np.nan_to_num(chances), axis=1, kind="stable")
    rows = np.arange(len(made))
    known = np.isfinite(chances).all(axis=1) if len(made) else np.zeros(0, dtype=bool)
    margin = chances[rows, order[:, 0]] - chances[rows, order[:, 1]]
    called = (made["portfolio_role"] != "unknown").to_numpy()
    following = pd.Series(np.array(ROLES, dtype=object)[order[:, 1]], dtype="str")
    return made.assign(
        margin_of_call=np.where(known & called, margin, np.nan),
        next_role=following.where(known & called),
        approach=made["portfolio_role"].map(role_words.APPROACH),
    )


def _why(reason: Array, idle: Array, claimed: Array, chance: Array, unknown: Array, shared: Array) -> pd.Series:
    role = np.select(
        [idle, claimed, ~np.isfinite(chance), unknown],
        [
            "nothing bought in the 12 months",
            ONLY_US,
            "nothing on record says what part of its business is ours",
            "the evidence does not favour one role clearly enough",
        ],
        default="",
    )
    missing = np.where(shared & (reason == UNSTATED), "", reason)
    return pd.Series(["; ".join(filter(None, pair)) or None for pair in zip(missing, role, strict=True)], dtype="str")
