"""How long a partner has been there, and how much of the last 12 months that was."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

_DAYS_A_MONTH = 365.25 / 12


def since(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, since (joined_on, else first sale, else null), joined (True where joined_on is known), months of tenure."""
    partners = portfolio.partners
    first_sale = aligned(portfolio.orders.groupby("partner_id")["first_on"].min(), partners["partner_id"])
    start = partners["joined_on"].fillna(first_sale)
    return pd.DataFrame(
        {
            "partner_id": partners["partner_id"],
            "since": start,
            "joined": partners["joined_on"].notna(),
            "months": (portfolio.as_of - start).dt.days / _DAYS_A_MONTH,
        }
    )


def exposure(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, months (0.5 to 12 of the last 12 in which it could order), given_orders.

    Where joining is not known and the first sale lies in the window, time starts at that sale, which
    is then certain: it is `given` and says nothing of how often orders come.
    """
    start_of_year = calendar.month_end(portfolio.as_of, 12)
    start = since(portfolio)
    begins = start["since"].where(start["since"] > start_of_year, start_of_year)
    ended = portfolio.partners["ended_on"]
    ends = ended.where(ended < portfolio.as_of, portfolio.as_of)
    months = ((ends - begins).dt.days / _DAYS_A_MONTH).clip(lower=0.5, upper=12.0)
    given = np.where(~start["joined"] & (start["since"] > start_of_year), 1.0, 0.0)
    return pd.DataFrame({"partner_id": start["partner_id"], "months": months, "given_orders": given})
