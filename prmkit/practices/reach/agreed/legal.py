"""Points of the channel's design to put before a lawyer. Not legal advice, and never a list to act on unread."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.exclusivity import exclusivity, neighbours
from prmkit.practices.reach.agreed.own_sales import own_sales
from prmkit.practices.reach.agreed.points import in_order
from prmkit.practices.reach.agreed.price_terms import price_terms
from prmkit.practices.reach.agreed.termination import termination
from prmkit.practices.reach.collisions.agreed_discounts import agreed_discounts
from prmkit.practices.result import NotComputed


def legal(portfolio: Portfolio, planned: pd.Series | None = None) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_legal: exclusivity, neighbours, own sales, price terms and ends of agreements, most revenue at stake first.

    planned: recruits by territory that are to be added. Without contracts on file only what deals, prices and tiers show.
    """
    adds = pd.Series(dtype="float64") if planned is None else planned
    points = [
        *exclusivity(portfolio, adds),
        *neighbours(portfolio, adds),
        *own_sales(portfolio),
        *price_terms(portfolio),
        *agreed_discounts(portfolio),
        *termination(portfolio),
    ]
    missing = []
    if not portfolio.has("agreements"):
        missing.append(NotComputed("legal", None if not points else "agreement_id", "no contracts with partners are on file", "agreements"))
    return (in_order(points) if points or not missing else None), missing
