"""What each route to market brings once its margin and incentives are counted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.ratio import ratio_of_sums
from prmkit.practices.gross_margin import monthly_margin
from prmkit.practices.incentive_spend import incentive_spend
from prmkit.practices.result import NotComputed

_CENT = 0.005
_ALWAYS = "sales force and channel management"


def routes(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_routes over the 12 months to as_of: the partner route, and direct sales in these territories where there are any.

    contribution_rate = (margin - incentives not already on the invoice) / revenue. Its interval comes from
    other partners that there might have been (partner) and other months (direct).
    """
    made = [row for row in (_partner(portfolio), _direct(portfolio)) if row is not None]
    if not made:
        return None, [NotComputed("routes", None, "there are no sales in the 12 months to as_of", "sales")]
    missing = [NotComputed("routes", "cost_of_sale", "what it costs to sell on each route is not in the data", "support")]
    if any(row["margin"] is None for row in made):
        why = "sales lines carry no cost and the engagement names no gross margin"
        missing += [NotComputed("routes", column, why, "sales") for column in ("margin", "contribution_rate")]
    return pd.DataFrame(made), missing


def _partner(portfolio: Portfolio) -> dict[str, object] | None:
    monthly = monthly_margin(portfolio)
    per = monthly.groupby("partner_id").agg(revenue=("revenue", "sum"), margin=("margin", "sum"))
    bare = bool(monthly["margin"].isna().any())
    spend = incentive_spend(portfolio).set_index("partner_id")
    per = per.reindex(spend.index, fill_value=0.0)
    incentives = float(spend[["on_invoice", "off_invoice"]].to_numpy().sum())
    left = per["margin"] - spend["off_invoice"]
    row = _row("partner", per["revenue"], None if bare else per["margin"], left, incentives, portfolio.settings.seed)
    return row and row | {
        "missing_costs": _missing(portfolio, monthly["assumed"].abs().sum() > 0, bare),
        "cases": int((per["revenue"] > 0).sum()),
    }


def _direct(portfolio: Portfolio) -> dict[str, object] | None:
    year = portfolio.direct[portfolio.direct["month"] < 12]
    if year.empty:
        return None
    by_month = year.groupby("month")[["revenue", "cost", "costed_revenue"]].sum()
    bare = by_month["revenue"] - by_month["costed_revenue"]
    bare = bare.mask(bare.abs() < _CENT, 0.0)
    rate = portfolio.settings.economics.gross_margin
    margin = by_month["costed_revenue"] - by_month["cost"] + bare * (rate or 0.0)
    unknown = rate is None and bool((bare != 0).any())
    row = _row("direct", by_month["revenue"], None if unknown else margin, margin, 0.0, portfolio.settings.seed)
    said = (
        [_ALWAYS]
        + (["cost of goods"] if unknown else [])
        + (["cost of goods, taken at the engagement's rate"] if rate and bare.any() else [])
    )
    return row and row | {"missing_costs": "; ".join(said), "cases": len(by_month)}


def _row(
    route: str, revenue: pd.Series, margin: pd.Series | None, left: pd.Series, incentives: float, seed: int
) -> dict[str, object] | None:
    total = float(revenue.sum())
    if total <= 0:
        return None
    row: dict[str, object] = {"route": route, "revenue": total, "margin": None, "incentives": incentives}
    if margin is None:
        return row
    found = ratio_of_sums(left.to_numpy(dtype=float), revenue.to_numpy(dtype=float), seed)
    ends = {"low": found.low, "high": found.high} if np.isfinite(found.low) else {}
    return row | {"margin": float(margin.sum()), "contribution_rate": found.value} | ends


def _missing(portfolio: Portfolio, assumed: bool, bare: bool) -> str:
    said = [_ALWAYS]
    if not portfolio.has("support"):
        said.append("support")
    if not portfolio.has("incentives"):
        said.append("incentives")
    if not portfolio.has("trainings"):
        said.append("training")
    if bare:
        said.append("cost of goods")
    elif assumed:
        said.append("cost of goods, taken at the engagement's rate")
    return "; ".join(said)
