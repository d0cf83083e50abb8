"""Where we stand in a partner's business: share of wallet and whether we are its lead line or an add-on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.combined_share import chance_between, combine
from prmkit.practices.know import judged

Array = NDArray[Any]

STAND_IN = (
    "share_of_wallet sets what a partner bought from us in 12 months against its own yearly turnover with all vendors; it buys at our "
    "price and sells at its own, so the share is a lower end, and the upper end grosses our revenue up by its resale margin"
)
ONLY_US = "says it carries only us, but what it bought is a small part of what it sells"
PRIMARY = 0.5
CORE = 0.2
CALL = 0.6
PLAUSIBLE_MARGIN = 0.4
TURNOVER_DOUBT = 0.35
VENDOR_DOUBT = 0.7
_Z = 3.29
DOUBLED = float(np.exp(_Z / 2 * TURNOVER_DOUBT))
"""How many times a stated turnover may be wrong, nine times in ten."""


def alignment(portfolio: Portfolio, economics: pd.DataFrame) -> pd.DataFrame:
    """partner_id, share_of_wallet, share_low, share_high, portfolio_role, role_probability, basis, reason.

    The range of the share carries the doubt about the stated turnover, besides that of the price level.

    Written rule for the role. Two readings of our share of the partner's business are combined on the
    log scale, each by how sure it is: the share of wallet (its range, and turnover known within a
    factor of about 1.8 nine times in ten: TURNOVER_DOUBT) and one over the number of vendors it
    carries (within a factor of about 3: VENDOR_DOUBT). At PRIMARY and above we are its primary line,
    from CORE it is core, below an add-on; the likeliest of the three is called when its chance is at
    least CALL, else the role is unknown. Unknown too: nothing bought in the 12 months, or a partner
    that says it carries only us and yet buys less than CORE of what it sells. Where neither reading is
    there, what its partner manager judged takes their place (`judged`).
    """
    share, low, high, reason = _share(portfolio, economics)
    vendors = portfolio.partners["vendor_count"].astype("float64").to_numpy()
    by_vendors = np.where(vendors >= 1, 1 / np.where(vendors >= 1, vendors, 1.0), np.nan)
    width = (np.log(np.where(share > 0, high, 1.0)) - np.log(np.where(share > 0, low, 1.0))) / _Z
    middle = np.where(share > 0, np.sqrt(np.where(share > 0, low * high, 1.0)), np.nan)
    errors = np.stack([np.sqrt(width**2 + TURNOVER_DOUBT**2), np.full(len(share), VENDOR_DOUBT)])
    mean, error = combine(np.stack([middle, by_vendors]), errors)
    add_on, core, primary = chance_between(mean, error, (0.0, CORE, PRIMARY, 1.0)) if len(mean) else np.zeros((3, 0))
    idle = portfolio.per_partner().to_numpy() <= 0
    chances = np.where(idle, np.nan, np.stack([primary, core, add_on]))
    best = np.nan_to_num(chances, nan=-1.0).argmax(axis=0)
    chance = chances.max(axis=0)
    claimed_only_us = (vendors == 1) & (high < CORE) & ~idle
    unknown = idle | claimed_only_us | ~(chance >= CALL)
    role = np.where(unknown, "unknown", np.array(["primary", "core", "add_on"], dtype=object)[best])
    made = pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "share_of_wallet": share,
            "share_low": low / DOUBLED,
            "share_high": np.minimum(high * DOUBLED, 1.0),
            "portfolio_role": role,
            "role_probability": np.where(unknown, np.nan, chance),
            "basis": np.select([np.isfinite(share), np.isfinite(by_vendors)], ["estimated", "surveyed"], default="none"),
            "probability_primary": chances[0],
            "probability_core": chances[1],
            "probability_add_on": chances[2],
            "reason": _why(reason, idle, claimed_only_us, chance, unknown),
        }
    )
    return judged.filled(portfolio, made, (CORE, PRIMARY), CALL)


def _share(portfolio: Portfolio, economics: pd.DataFrame) -> tuple[Array, Array, Array, Array]:
    """Share of wallet, its ends, and why it is missing."""
    bought = portfolio.per_partner().to_numpy()
    turnover = portfolio.partners["annual_revenue"].astype("float64").to_numpy()
    known = turnover > 0
    share = np.where(known, bought / np.where(known, turnover, 1.0), np.nan)
    reason = np.select(
        [~known, share > 1, share < 0],
        ["its own yearly turnover is not known", "bought more than its stated yearly turnover", "returned more than it bought"],
        default="",
    )
    share = np.where(reason == "", share, np.nan)
    if portfolio.measure != "sell_in":
        return share, share, share, reason
    margin = economics["resale_margin"].to_numpy(dtype=float)
    typical = np.nanmedian(margin) if np.isfinite(margin).any() else PLAUSIBLE_MARGIN
    margin = np.where(np.isfinite(margin), margin, typical)
    return share, share, np.minimum(share / (1 - margin), 1.0), reason


def _why(reason: Array, idle: Array, claimed: Array, chance: Array, unknown: Array) -> pd.Series:
    role = np.select(
        [idle, claimed, ~np.isfinite(chance), unknown],
        [
            "nothing bought in the 12 months",
            ONLY_US,
            "neither turnover nor number of vendors is known",
            "the evidence does not favour one role clearly enough",
        ],
        default="",
    )
    return pd.Series(["; ".join(filter(None, pair)) or None for pair in zip(reason, role, strict=True)], dtype="str")
