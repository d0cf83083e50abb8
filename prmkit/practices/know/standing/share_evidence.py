"""Everything on record that says what part of a partner's business is ours, as readings of one share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.share_readings import Reading, Sign
from prmkit.estimators.wallet_allocation import wallet_allocation
from prmkit.practices import survey
from prmkit.practices.know.standing.wallet import Books

Array = NDArray[Any]

TURNOVER_DOUBT = 0.35
"""A stated turnover is right within a factor of 1.8 nine times in ten: standard deviation of its log. The others likewise."""
VENDOR_DOUBT = 0.7
RANK_DOUBT = 1.2
CARD_DOUBT = 0.8
ANSWER_DOUBT = 0.45
ROLE_DOUBT = 0.6
TIME_DOUBT = 0.5
LEAD_LEVEL, LEAD_SLOPE = 1.4, 1.4
"""Before anything is seen: with half of its business we lead on 80% of its quotes, with a fifth on 37%."""
_LEAST = 0.01
_OURS = 0.95
_SAID = frozenset({"answer", "time"})
"""Readings of the share itself; the others are rules of thumb, whose level may be anything until it is learnt."""
ROLE_SCORES = {1.0: 0.7, 2.0: 0.32, 3.0: 0.08}
"""Answers to portfolio_role (1 main line, 2 one of a few, 3 add-on), each as a share in the middle of what it stands for."""


@dataclass(frozen=True)
class Evidence:
    """Of all partners of the client, in order (n,); nan where nothing is on record.

    answer: share of wallet as its people say. role: their answer on our role, as a share. time: part of its selling time that is ours.
    vendors: how many it carries; carded: counted from its line card, for want of a number. rank: ours among them; asked: told by the
    partner (else judged). allocated: share by the Wallet Allocation Rule. leads: 1 where our line comes first on its quotes, else 0.
    """

    answer: Array
    role: Array
    time: Array
    time_variance: Array
    vendors: Array
    carded: Array
    rank: Array
    asked: Array
    allocated: Array
    leads: Array


def evidence(portfolio: Portfolio) -> Evidence:
    """What is on record of the whole client on its date."""
    ids = pd.Index(portfolio.partners["partner_id"])
    told = survey.voices(portfolio)
    answers = {name: _answer(told, name, ids) for name in ("share_of_wallet", "portfolio_role", "vendor_rank")}
    share = answers["share_of_wallet"]
    share = np.where((share >= 0) & (share <= 1), np.maximum(share, _LEAST), np.nan)
    role = np.exp(np.interp(answers["portfolio_role"], list(ROLE_SCORES), np.log(list(ROLE_SCORES.values())), left=np.nan, right=np.nan))
    counted = portfolio.partners["vendor_count"].astype("float64").to_numpy()
    counted = np.where(counted >= 1, counted, np.nan)
    on_card, leads = _line_card(portfolio, ids)
    vendors = np.where(np.isfinite(counted), counted, on_card)
    asked = answers["vendor_rank"] >= 1
    rank = np.where(asked, answers["vendor_rank"], _judged_rank(portfolio, ids, vendors))
    time, time_variance = _selling_time(portfolio, ids)
    return Evidence(
        share,
        role,
        time,
        time_variance,
        vendors,
        ~np.isfinite(counted) & np.isfinite(on_card),
        rank,
        asked,
        wallet_allocation(rank, np.fmax(vendors, np.where(np.isfinite(vendors), np.ceil(np.nan_to_num(rank)), np.nan))),
        leads,
    )


def readings(found: Evidence, books: Books) -> tuple[list[Reading], list[Reading], list[Sign]]:
    """Readings in use, at most one of one source; then the whole of those that stand in for a better one of their source; and signs.

    A partner's people give one reading: the share they say, else the rank, else the role. A rank takes the place of one over the number
    of vendors, which is part of it. Numbers of vendors say nothing of a partner that bought nothing.
    """
    bare, buying = np.zeros(len(books.bought)), books.bought > 0
    ranked = np.where(buying, found.allocated, np.nan)
    use_rank = np.isfinite(ranked) & ~(found.asked & np.isfinite(found.answer))
    use_role = ~np.isfinite(found.answer) & ~(use_rank & found.asked)
    alone = np.where(buying & ~use_rank, 1 / found.vendors, np.nan)

    def reading(name: str, share: Array, error: float, variance: Array = bare) -> Reading:
        level, slope = (0.3, 0.2) if name in _SAID else (1.0, 0.4)
        return Reading(name, np.log(share), np.where(np.isfinite(share), variance, 0.0), error, level, slope)

    in_use = [
        Reading("books", books.logs, np.nan_to_num(books.variance), TURNOVER_DOUBT, level=books.lift),
        reading("answer", found.answer, ANSWER_DOUBT),
        reading("time", found.time, TIME_DOUBT, found.time_variance),
        reading("vendors", np.where(found.carded, np.nan, alone), VENDOR_DOUBT),
        reading("card", np.where(found.carded, alone, np.nan), CARD_DOUBT),
        _ranked(reading("rank", np.where(use_rank, ranked, np.nan), RANK_DOUBT), found),
        reading("role", np.where(use_role, found.role, np.nan), ROLE_DOUBT),
    ]
    stand_ins = [reading("rank", ranked, RANK_DOUBT), reading("role", found.role, ROLE_DOUBT)]
    return in_use, stand_ins, [Sign("leads", found.leads, LEAD_LEVEL, LEAD_SLOPE)]


def _ranked(one: Reading, found: Evidence) -> Reading:
    """With the ends that a rank sets: number r by what it sells has at most 1/r of it, and number one of n at least 1/n."""
    known = np.isfinite(one.logs)
    rank, vendors = (np.where(known, values, 1.0) for values in (found.rank, found.vendors))
    # a rank between two places, or judged as a band, stands for the better of them
    ceiling = -np.log(np.maximum(np.floor(rank), 1.0))
    floor = np.where(rank < 1.5, -np.log(np.maximum(vendors, rank)), -np.inf)
    return replace(one, floor=floor, ceiling=ceiling)


def _answer(told: survey.Voices, question: str, ids: pd.Index) -> Array:
    """Mean score of a question over the people of each partner."""
    if question not in told.scores or not len(told.scores):
        return np.full(len(ids), np.nan)
    made: Array = told.by_partner(told.scores[[question]])[question].reindex(ids).to_numpy(dtype=float)
    return made


def _selling_time(portfolio: Portfolio, ids: pd.Index) -> tuple[Array, Array]:
    """Geometric mean of the part of their time that people of each partner give our line, and how far chance moves its log."""
    nothing = np.full(len(ids), np.nan)
    if not portfolio.has("people"):
        return nothing, np.zeros(len(ids))
    rows = portfolio.tables["people"]
    there = rows["active_to"].isna() | (rows["active_to"] > portfolio.as_of)
    rows = rows[there & rows["sells_us_share"].between(0, 1) & rows["partner_id"].isin(ids)]
    if rows.empty:
        return nothing, np.zeros(len(ids))
    logs = np.log(rows["sells_us_share"].clip(lower=_LEAST)).groupby(rows["partner_id"]).agg(["mean", "count", "var"])
    several = logs["count"] > 1
    free = (logs["count"] - 1)[several]
    within = float((logs["var"][several] * free).sum() / free.sum()) if several.any() else 0.0
    time = np.exp(logs["mean"]).reindex(ids).to_numpy(dtype=float)
    return time, (within / logs["count"]).reindex(ids).fillna(0.0).to_numpy(dtype=float)


def _line_card(portfolio: Portfolio, ids: pd.Index) -> tuple[Array, Array]:
    """How many vendors are on each partner's line card, and whether our line comes first on its quotes."""
    nothing = np.full(len(ids), np.nan)
    if not portfolio.has("line_card"):
        return nothing, nothing
    rows = portfolio.tables["line_card"]
    rows = rows[rows["partner_id"].isin(ids)]
    vendors = rows.groupby("partner_id")["vendor"].nunique().reindex(ids).to_numpy(dtype=float)
    ours = our_name(portfolio, rows)
    if ours is None:
        return vendors, nothing
    mine = rows[(rows["vendor"] == ours) & rows["leads"].notna()]
    return vendors, mine["leads"].astype("float64").groupby(mine["partner_id"]).max().reindex(ids).to_numpy(dtype=float)


def our_name(portfolio: Portfolio, card: pd.DataFrame) -> str | None:
    """Which vendor on the line cards we are: the one called as the client, else the only one on nearly all of them; None if neither."""
    if card.empty:
        return None
    cards = card.groupby("vendor")["partner_id"].nunique().sort_values(ascending=False, kind="stable")
    called = [name for name in cards.index if str(name).casefold() == portfolio.settings.client.casefold()]
    if called:
        return str(called[0])
    everywhere = cards[cards >= _OURS * card["partner_id"].nunique()]
    return str(everywhere.index[0]) if len(everywhere) == 1 and card["partner_id"].nunique() > 1 else None


def _judged_rank(portfolio: Portfolio, ids: pd.Index, vendors: Array) -> Array:
    """Middle of the band of ranks that partner managers chose; an open band ends at the number of vendors."""
    if not portfolio.has("estimates"):
        return np.full(len(ids), np.nan)
    rows = portfolio.tables["estimates"]
    rows = rows[(rows["question"] == "vendor_rank") & rows["low"].notna()]
    low = rows.groupby("partner_id")["low"].mean().reindex(ids).to_numpy(dtype=float)
    high = rows.groupby("partner_id")["high"].mean().reindex(ids).to_numpy(dtype=float)
    end = np.where(np.isfinite(high), high, np.fmax(vendors, low))
    made: Array = np.where(low >= 1, (low + np.fmax(end, low)) / 2, np.nan)
    return made
