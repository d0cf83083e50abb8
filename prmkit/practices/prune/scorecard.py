"""What each partner brought and cost in the 12 months, line by line, and the same with luck taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.fair import FairDraws, TooThin, fit_fair
from prmkit.practices.gross_margin import gross_margin
from prmkit.practices.incentive_spend import incentive_spend
from prmkit.practices.tenure import exposure, since
from prmkit.publish.words import share


@dataclass(frozen=True)
class Scorecard:
    """The scorecard of the whole client, and the draws behind it.

    rows: one a partner, columns as in results.yaml plus on_invoice_discount, fair_revenue, tenure_months,
    months_there (of the 12), break_even_cost_to_serve, support_hours, cost_missing and reason. fair: draws, or why there are none.
    contribution: (n, d) draws of the fair contribution, None without.
    """

    rows: pd.DataFrame
    fair: FairDraws | TooThin
    contribution: np.ndarray[Any, np.dtype[np.float32]] | None


def fit_scorecard(portfolio: Portfolio) -> Scorecard:
    """Score every partner of the client (pass the whole client: portfolio.fitted does)."""
    ledger = gross_margin(portfolio)
    incentives = incentive_spend(portfolio)
    costs = cost_to_serve(portfolio)
    tenure = since(portfolio)
    credited = credited_revenue(portfolio)
    rows = pd.DataFrame(
        {
            "partner_id": ledger["partner_id"],
            "revenue": ledger["revenue"],
            "sourced_revenue": credited["sourced"],
            "influenced_revenue": credited["influenced"],
            "gross_margin": ledger["gross_margin"],
            "incentives": incentives["off_invoice"],
            "on_invoice_discount": incentives["on_invoice"],
            "cost_to_serve": costs["cost_to_serve"],
            "contribution": ledger["gross_margin"] - incentives["off_invoice"] - costs["cost_to_serve"],
            "support_hours": costs["hours"],
            "cost_missing": costs["missing"],
            "tenure_months": tenure["months"],
            "months_there": exposure(portfolio)["months"],
            "missing_costs": _missing_costs(portfolio, ledger, costs),
        }
    )
    fair = portfolio.fitted(fit_fair)
    if isinstance(fair, TooThin):
        blank = dict.fromkeys(
            ("fair_revenue", "fair_contribution", "fair_low", "fair_high", "p_below_hurdle", "break_even_cost_to_serve"), np.nan
        )
        return Scorecard(rows.assign(**blank, reason=_reason(portfolio, rows, fair)), fair, None)
    known = (rows["incentives"] + rows["cost_to_serve"]).to_numpy(dtype=np.float32)
    contribution = fair.margin - known[:, None]
    contribution[rows["gross_margin"].isna().to_numpy()] = np.nan
    hurdle = portfolio.settings.prune.hurdle * fair.months / 12
    low, high = np.quantile(contribution, [0.05, 0.95], axis=1)
    mean = contribution.mean(axis=1, dtype=float)
    judged = ~np.isnan(mean)
    rows = rows.assign(
        fair_revenue=fair.revenue.mean(axis=1, dtype=float),
        fair_contribution=mean,
        # a skewed expectation can lie outside the middle nine tenths of its draws
        fair_low=np.minimum(low, mean),
        fair_high=np.maximum(high, mean),
        p_below_hurdle=np.where(judged, (contribution < hurdle[:, None]).mean(axis=1), np.nan),
        break_even_cost_to_serve=mean + rows["cost_to_serve"].to_numpy(),
    )
    return Scorecard(rows.assign(reason=_reason(portfolio, rows, fair)), fair, contribution)


def credited_revenue(portfolio: Portfolio) -> pd.DataFrame:
    """sourced and influenced revenue of every partner: deals won and closed in the 12 months, by credit; null without deals.

    Roles come from deal_partners (credit defaults to one); without that table, deals.source says who
    brought a deal. The two are never added together, nor to resale.
    """
    ids = portfolio.partners["partner_id"]
    nothing = pd.Series(np.nan, index=ids.index)
    if not portfolio.has("deals"):
        return pd.DataFrame({"sourced": nothing, "influenced": nothing})
    deals = portfolio.whole.tables["deals"]
    start = calendar.month_end(portfolio.as_of, 12)
    won = deals[(deals["outcome"] == "won") & (deals["closed_on"] > start) & (deals["closed_on"] <= portfolio.as_of)]
    if portfolio.has("deal_partners"):
        parts = portfolio.tables["deal_partners"].merge(won[["deal_id", "amount"]], on="deal_id")
        parts = parts.assign(credited=parts["amount"] * parts["credit"].fillna(1.0))
        roles = {"sourced": parts[parts["role"] == "sourced"], "influenced": parts[parts["role"] == "influenced"]}
    else:
        parts = won.assign(credited=won["amount"])
        roles = {"sourced": parts[parts["source"] == "partner"], "influenced": parts[parts["source"] == "influenced"]}
    sums = {role: aligned(rows.groupby("partner_id")["credited"].sum(), ids).fillna(0.0).astype("float64") for role, rows in roles.items()}
    return pd.DataFrame(sums)


def cost_missing_share(portfolio: Portfolio) -> float:
    """Share of the client's partners with sales in the 12 months whose cost to serve is not known."""
    rows = portfolio.fitted(fit_scorecard).rows
    selling = rows[rows["revenue"] > 0]
    return float(selling["cost_missing"].mean()) if len(selling) else 1.0


def _missing_costs(portfolio: Portfolio, ledger: pd.DataFrame, costs: pd.DataFrame) -> pd.Series:
    served = np.where(costs["missing"], "cost to serve: not recorded, counted as zero", "")
    rate = share(portfolio.settings.economics.gross_margin, portfolio.settings.locale)
    assumed = np.where(ledger["assumed"].abs() > 0, f"cost of goods: lines without one taken at a gross margin of {rate}", "")
    unknown = np.where(ledger["gross_margin"].isna(), "cost of goods: not recorded", "")
    paid = "" if "incentives" in portfolio.client.tables else "incentives: none supplied"
    tickets = "tickets: no price in the data" if "tickets" in portfolio.settings.prune.include else ""
    texts = [np.asarray(part, dtype=object) for part in (unknown, assumed, served)]
    return pd.Series([_joined(*parts, paid, tickets) for parts in zip(*texts, strict=True)], index=ledger.index, dtype="str")


def _reason(portfolio: Portfolio, rows: pd.DataFrame, fair: FairDraws | TooThin) -> pd.Series:
    ever = rows["partner_id"].isin(portfolio.orders["partner_id"].unique()).to_numpy()
    thin = fair.reason if isinstance(fair, TooThin) else ""
    unknown = "no cost of goods and no gross margin in the settings" if not thin else ""
    never = np.where(ever, "", "never bought")
    idle = np.where(ever & (rows["revenue"] == 0), "no sales in the last 12 months", "")
    lost = np.where(rows["gross_margin"].isna(), unknown, "")
    return pd.Series([_joined(*parts, thin) for parts in zip(never, idle, lost, strict=True)], index=rows.index, dtype="str")


def _joined(*parts: str) -> str:
    return "; ".join(str(part) for part in parts if part)
