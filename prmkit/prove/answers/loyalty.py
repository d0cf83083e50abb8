"""What is said of who is about to go silent or has left, and of how partners' customers are kept, against what is true and what came."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from prmkit.practices.loyalty.backtest import NAIVE_DAYS
from prmkit.practices.loyalty.renewals import STAYED
from prmkit.prove.case import Case
from prmkit.prove.limit.dormancy import chance_silent
from prmkit.prove.limit.life import Life, fit_life
from prmkit.prove.limit.service import chance_worse, renewal
from prmkit.prove.score import Answer, Array, Estimates, Mask, Outcome, Stakes
from prmkit.simulate.state import AS_OF


def dormant(case: Case) -> Outcome | None:
    """The chance that an active partner orders nothing in the six months after, against whether it did."""
    rows = case.by_partner("loyalty", "risk")
    told, given = _chances(rows, "p_dormant_6m")
    if not given.any():
        return None
    return Outcome(
        stakes=_brier(case.known("silent_next_6m"), told, _silent_long(rows), chance_silent(case.state, life=_life(case)), given)
    )


def expected_silent(case: Case) -> Outcome | None:
    """How many of the active partners will go silent, against how many did."""
    rows = case.by_partner("loyalty", "risk")
    told, given = _chances(rows, "p_dormant_6m")
    if not given.any():
        return None
    limit = chance_silent(case.state, life=_life(case))[given]
    reach = 1.645 * float(np.sqrt((limit * (1 - limit)).sum()))
    return Outcome(
        Estimates.single(
            float(case.known("silent_next_6m")[given].sum()),
            float(told[given].sum()),
            naive=float(_silent_long(rows)[given].sum()),
            limit=float(limit.sum()),
            limit_low=float(limit.sum()) - reach,
            limit_high=float(limit.sum()) + reach,
            scale=float(given.sum()),
        )
    )


def alive(case: Case) -> Outcome | None:
    """The chance that a partner which has bought before has not left, against whether it has."""
    rows = case.by_partner("loyalty", "risk")
    told, given = _chances(rows, "probability_alive")
    if not given.any():
        return None
    there = case.state.lives.alive[:, case.state.months].astype(np.float64)
    return Outcome(stakes=_brier(there, told, 1.0 - _silent_long(rows), _life(case).there, given))


def gross_retention(case: Case) -> Outcome | None:
    """The chance that a contract of a partner's customers is renewed, of partners that are there."""
    rows = case.by_partner("loyalty", "renewals")
    given = rows["gross_retention"].notna().to_numpy() & case.selling()
    if not given.any():
        return None
    ended = case.portfolio.tables["subscriptions"]
    start = AS_OF - pd.DateOffset(months=12)
    ended = ended[(ended["ends_on"] > start) & (ended["ends_on"] <= AS_OF) & ended["outcome"].notna() & (ended["outcome"] != "open")]
    kept = ended["outcome"].isin(STAYED).groupby(ended["partner_id"]).sum()
    terms = ended.groupby("partner_id").size()
    ids = pd.Index(rows["partner_id"])
    stayed, due = (np.asarray(column.reindex(ids, fill_value=0), dtype=np.float64) for column in (kept, terms))
    mean, low, high = renewal(case.world, stayed, due)
    partners = ended["partner_id"].notna()
    usual = float(ended["outcome"][partners].isin(STAYED).mean())
    columns = (rows[name].to_numpy(dtype=float)[given] for name in ("gross_retention", "low", "high"))
    return Outcome(
        Estimates.of(
            case.known("renewal_rate")[given], *columns, naive=usual, limit=mean[given], limit_low=low[given], limit_high=high[given]
        )
    )


def worse_than_direct(case: Case) -> Outcome | None:
    """The chance that a partner's customers wait longer for a first answer than direct ones, against whether they truly do."""
    rows = case.by_partner("loyalty", "service")
    told, given = _chances(rows, "worse_than_direct_probability")
    if not given.any() or case.world.equal:
        return None
    tickets = case.portfolio.tables["tickets"]
    recent = tickets[(tickets["opened_on"] > AS_OF - pd.DateOffset(months=12)) & tickets["first_response_hours"].notna()]
    direct = float(recent.loc[recent["partner_id"].isna(), "first_response_hours"].mean())
    longer = (rows["first_response_hours"].to_numpy(dtype=float) > direct).astype(np.float64)
    limit = chance_worse(recent, rows["partner_id"])
    return Outcome(stakes=_brier((case.known("response_factor") > 1).astype(np.float64), told, longer, limit, given))


def _brier(truth: Array, tool: Array, naive: Array, limit: Array, given: Mask) -> Stakes:
    """Minus the mean squared error of each, over the partners given."""
    return Stakes(*(-float(np.mean((said[given] - truth[given]) ** 2)) for said in (tool, naive, limit)))


def _chances(rows: pd.DataFrame, column: str) -> tuple[Array, Mask]:
    """A column of chances (n,), and where there is one."""
    told: Array = rows[column].to_numpy(dtype=float)
    return told, np.isfinite(told)


def _silent_long(rows: pd.DataFrame) -> Array:
    """1 for partners without an order in 90 days (n,)."""
    return (rows["silent_days"].to_numpy(dtype=float) > NAIVE_DAYS).astype(np.float64)


@lru_cache(maxsize=2)
def _life(case: Case) -> Life:
    return fit_life(case.state)


ANSWERS_OF_LOYALTY = (
    Answer(
        "loyalty.p_dormant_6m",
        "loyalty",
        "How likely is an active partner to order nothing in the coming six months?",
        "partner",
        "certain after 90 days without an order",
        "posterior of its rate and life, told the hazards and all that moves sales",
        dormant,
        least_regret=0.5,
    ),
    Answer(
        "loyalty.expected_silent",
        "loyalty",
        "How many of the active partners will go silent?",
        "whole",
        "those without an order in 90 days",
        "sum of its chances",
        expected_silent,
    ),
    Answer(
        "loyalty.probability_alive",
        "loyalty",
        "Is a partner that has bought before still with us?",
        "partner",
        "yes until 90 days without an order",
        "posterior of its life, from orders, courses, funds and events; not from hours spent on it",
        alive,
        least_regret=0.5,
    ),
    Answer(
        "loyalty.gross_retention",
        "loyalty",
        "How likely are the contracts of a partner's customers to be renewed?",
        "partner",
        "the same for all: the share of all partners' terms kept",
        "told how chances differ between partners; the terms of the 12 months",
        gross_retention,
    ),
    Answer(
        "loyalty.worse_than_direct",
        "loyalty",
        "Do a partner's customers wait longer for an answer than our own?",
        "partner",
        "yes where their mean is longer",
        "told how service differs between partners; the cases of the 12 months",
        worse_than_direct,
        least_regret=0.5,
    ),
)
