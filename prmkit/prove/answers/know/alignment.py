"""Our place in a partner's business as said, against what it truly is."""

from __future__ import annotations

import numpy as np

from prmkit.practices.know.standing.alignment import CORE, PRIMARY
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Claims, Estimates, Outcome, Stakes
from prmkit.simulate.state import Array, Mask

SETTLED = 18
"""Months since joining after which a year of sales says what a partner sells us once it has ramped up."""


def share_of_wallet(case: Case) -> Outcome | None:
    """Our share of a partner's business, where anything can be said of it."""
    rows = case.by_partner("know", "alignment")
    truth = case.known("share_of_wallet")
    vendors = case.stated("vendor_count").to_numpy(dtype=float)
    stated = case.stated("annual_revenue").notna().to_numpy()
    bought = case.bought() > 0
    naive = np.where(vendors >= 1, 1 / np.maximum(vendors, 1), np.nan)
    columns = (rows[name].to_numpy(dtype=float) for name in ("share_of_wallet", "share_low", "share_high"))
    given = case.selling() & bought & _settled(case)
    value, low, high = (column[given] for column in columns)
    return Outcome(Estimates.of(truth[given], value, low, high, naive=naive[given], should=(stated | np.isfinite(naive))[given]))


def portfolio_role(case: Case) -> Outcome | None:
    """Primary, core or add-on: called rightly less called wrongly, per partner; a role left unknown counts nothing."""
    rows = case.by_partner("know", "alignment")
    given = case.selling() & (case.bought() > 0) & _settled(case)
    if not given.any():
        return None
    truth = _roles(case.known("share_of_wallet"))[given]
    tool = rows["portfolio_role"].to_numpy(dtype=object)[given]
    vendors = case.stated("vendor_count").to_numpy(dtype=float)[given]
    turnover = case.stated("annual_revenue").to_numpy(dtype=float)[given]
    rough = np.where(np.isfinite(turnover), case.bought()[given] / turnover, 1 / vendors)
    naive = np.where(np.isfinite(rough), _roles(np.nan_to_num(rough)), "unknown")
    called, wrong = tool != "unknown", (tool != "unknown") & (tool != truth)
    guessed = naive != "unknown"
    stated = 1 - rows["role_probability"].to_numpy(dtype=float)[given]
    claims = Claims(
        made=int(called.sum()),
        false=int(wrong.sum()),
        stated=float(np.nanmean(stated)) if called.any() else np.nan,
        naive_made=int(guessed.sum()),
        naive_false=int((guessed & (naive != truth)).sum()),
    )
    return Outcome(stakes=Stakes(_balance(tool, truth), _balance(naive, truth), 1.0), claims=claims)


def _settled(case: Case) -> Mask:
    made: Mask = case.state.network.joined <= case.state.months - SETTLED
    return made


def _roles(share: Array) -> np.ndarray:
    return np.select([share >= PRIMARY, share >= CORE], ["primary", "core"], "add_on").astype(object)


def _balance(called: np.ndarray, truth: np.ndarray) -> float:
    return float(np.where(called == "unknown", 0.0, np.where(called == truth, 1.0, -1.0)).mean())


ALIGNMENT_ANSWERS = (
    Answer(
        "know.share_of_wallet",
        "know",
        "What share of a partner's business is ours?",
        "partner",
        "one over the number of vendors it carries",
        "not worked out",
        share_of_wallet,
    ),
    Answer(
        "know.portfolio_role",
        "know",
        "Are we a partner's primary line, one of several, or an add-on?",
        "partner",
        "our sales over its stated turnover, else one over its vendors",
        "told the true share",
        portfolio_role,
    ),
)
