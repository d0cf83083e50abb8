"""How much of each territory's market is sold, and how much is left."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.result import NotComputed


def coverage(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_coverage: market potential a year, our share of it (partners and direct, 12 months to as_of) and the rest."""
    territories = portfolio.tables.get("territories")
    known = None if territories is None else territories.dropna(subset=["market_potential"])
    if known is None or not (known["market_potential"] > 0).any():
        return None, [NotComputed("coverage", None, "no territory has a market potential", "territories")]
    own = set(portfolio.partners["territory"].dropna()) | set(portfolio.months["territory"].dropna())
    known = known[(known["market_potential"] > 0) & (known["territory"].isin(own) | (portfolio.name == "all"))]
    months = pd.concat([portfolio.months, portfolio.direct])
    sold = months[months["month"] < 12].groupby("territory")["revenue"].sum()
    revenue = known["territory"].map(sold).fillna(0.0).astype("float64")
    rows = pd.DataFrame({"territory": known["territory"], "market_potential": known["market_potential"], "revenue": revenue})
    return rows.assign(
        penetration=rows["revenue"] / rows["market_potential"], white_space=(rows["market_potential"] - rows["revenue"]).clip(lower=0)
    ), []
