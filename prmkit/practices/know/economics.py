"""How a partner earns with us: margin at list price, services, incentives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.incentive_spend import incentive_spend

Array = NDArray[Any]

STAND_IN = "resale_margin is what the partner keeps if it resells at our list price: 1 - what it paid / list price of the same lines"


def economics(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, resale_margin, services_share, incentives (12 months, paid), basis, reason.

    resale_margin is estimated from list prices of lines bought in the 12 months (`STAND_IN`); null
    where no line carries one or more was paid than list. services_share is what partners say of
    themselves. basis is that of the weakest number in the row: estimated, surveyed, measured, none.
    """
    paid = portfolio.per_partner("listed_revenue").to_numpy()
    listed = portfolio.per_partner("list_amount").to_numpy()
    priced = (listed > 0) & (paid > 0)
    margin = np.where(priced, 1 - paid / np.where(priced, listed, 1.0), np.nan)
    above_list = margin < 0
    margin = np.where(above_list, np.nan, margin)
    services = portfolio.partners["services_share"].astype("float64").to_numpy()
    incentives = _incentives(portfolio)
    known = [np.isfinite(values) for values in (margin, services, incentives)]
    basis = np.select(known, ["estimated", "surveyed", "measured"], default="none")
    bought = portfolio.per_partner().to_numpy() > 0
    reason = np.select(
        [above_list, ~bought & ~known[0], ~known[0]],
        ["paid more than list price", "nothing bought in the 12 months", "no list price on the lines it bought"],
        default="",
    )
    return pd.DataFrame(
        {
            "partner_id": portfolio.partners["partner_id"],
            "resale_margin": margin,
            "services_share": services,
            "incentives": incentives,
            "basis": basis,
            "reason": pd.Series(reason, dtype="str").replace("", None),
        }
    )


def _incentives(portfolio: Portfolio) -> Array:
    if not portfolio.whole.has("incentives"):
        return np.full(len(portfolio.partners), np.nan)
    spend = incentive_spend(portfolio)
    return (spend["on_invoice"] + spend["off_invoice"]).to_numpy()
