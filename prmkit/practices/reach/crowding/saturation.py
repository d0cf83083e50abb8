"""Where one more partner mostly shares what the others have: elasticity, what the next one adds, and how many pay."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.saturation import Elasticity, best_count, marginal_yield, over_distributed
from prmkit.practices.gross_margin import monthly_margin
from prmkit.practices.reach.crowding.growing import elasticity, quarters
from prmkit.practices.result import NotComputed


def saturation(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_saturation for the territories of this portfolio, fitted on the whole client's territories and quarters."""
    found = portfolio.fitted(elasticity)
    if isinstance(found, str):
        return None, [NotComputed("saturation", None, found, "sales")]
    year = _year(portfolio)
    rows = pd.DataFrame(
        {
            "territory": year.index,
            "partners": year["partners"].to_numpy(dtype=float),
            "elasticity": found.estimate,
            "elasticity_low": found.low,
            "elasticity_high": found.high,
            "data_weight": found.data_weight,
        }
    )
    rate = margins(portfolio).reindex(year.index)
    next_revenue = [
        marginal_yield(revenue, units, found.estimate) for revenue, units in zip(year["revenue"], year["partners"], strict=True)
    ]
    rows["next_partner_revenue"] = next_revenue
    rows["next_partner_margin"] = np.array(next_revenue) * rate.to_numpy(dtype=float)
    missing = _missing(rate, portfolio, found)
    cost = portfolio.settings.economics.partner_cost
    if cost:
        rows["over_distributed_probability"] = _over(year, rate, found, cost)
        if found.high < 1:
            rows["best_count"] = _best(year, rate, found, cost)
    return rows, missing


def margins(portfolio: Portfolio) -> pd.Series:
    """Gross margin as a share of partner revenue of the 12 months by home territory; null where it is not known or there is no revenue."""
    monthly = monthly_margin(portfolio)
    where = monthly["partner_id"].map(portfolio.partners.set_index("partner_id")["territory"])
    sums = monthly.groupby(where).agg(revenue=("revenue", "sum"), margin=("margin", "sum"), bare=("margin", lambda m: m.isna().any()))
    return (sums["margin"] / sums["revenue"]).where((sums["revenue"] > 0) & ~sums["bare"].astype(bool))


def _year(portfolio: Portfolio) -> pd.DataFrame:
    """Revenue of the 12 months and active partners of each territory that was fitted and is in this portfolio."""
    panel = portfolio.fitted(quarters)
    own = set(portfolio.partners["territory"].dropna())
    recent = panel[(panel["quarter"] < 4) & panel["territory"].isin(own)]
    revenue = recent.groupby("territory")["revenue"].sum()
    partners = recent[recent["quarter"] == 0].set_index("territory")["partners"]
    year = pd.concat([revenue, partners], axis=1).dropna()
    return year[(year["revenue"] > 0) & (year["partners"] > 0)]


def _over(year: pd.DataFrame, rate: pd.Series, found: Elasticity, cost: float) -> list[float]:
    made = []
    for name, (revenue, units) in zip(year.index, year[["revenue", "partners"]].to_numpy(dtype=float), strict=True):
        margin = float(rate[name])
        made.append(np.nan if np.isnan(margin) else 1.0 if margin <= 0 else over_distributed(revenue, units, found, margin, cost))
    return made


def _best(year: pd.DataFrame, rate: pd.Series, found: Elasticity, cost: float) -> list[float]:
    made = []
    for name, (revenue, units) in zip(year.index, year[["revenue", "partners"]].to_numpy(dtype=float), strict=True):
        margin = float(rate[name])
        usable = margin > 0
        made.append(best_count(revenue / units**found.estimate, found.estimate, margin, cost) if usable else np.nan)
    return made


def _missing(rate: pd.Series, portfolio: Portfolio, found: Elasticity) -> list[NotComputed]:
    made = []
    if rate.isna().any():
        made.append(NotComputed("saturation", "next_partner_margin", "sales lines carry no cost and no gross margin is named", "sales"))
    if not portfolio.settings.economics.partner_cost:
        why = "what one more partner costs a year is not known: set economics.partner_cost"
        made += [NotComputed("saturation", column, why, "engagement.yaml") for column in ("over_distributed_probability", "best_count")]
    elif found.high >= 1:
        chance = float(stats.norm.sf((1 - found.estimate) / found.error))
        why = f"the elasticity may be 1 (its interval reaches {found.high:.2f}, chance {chance:.0%}): then there is no best number"
        made.append(NotComputed("saturation", "best_count", why, "sales"))
    return made
