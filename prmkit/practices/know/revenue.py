"""Revenue of all years by territory, through partners and direct."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio

UNKNOWN = "unknown"


def revenue(portfolio: Portfolio) -> pd.DataFrame:
    """year, territory, route, partners (that sold anything in it), revenue: everything on record, unrounded.

    Years are the engagement's fiscal years. A sale without a territory stands under "unknown".
    """
    years = portfolio.years
    route = years["partner_id"].notna().map({True: "partner", False: "direct"})
    rows = years.assign(territory=years["territory"].fillna(UNKNOWN), route=route)
    sums = rows.groupby(["year", "territory", "route"], as_index=False, sort=True).agg(
        partners=("partner_id", "nunique"), revenue=("revenue", "sum")
    )
    return sums[["year", "territory", "route", "partners", "revenue"]]
