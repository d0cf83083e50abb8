"""What pruning could not say, and the export that would unlock it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.fair import TooThin
from prmkit.practices.prune.decisions import MOST_MISSING
from prmkit.practices.prune.scorecard import cost_missing_share, fit_scorecard
from prmkit.practices.result import NotComputed
from prmkit.publish.words import share


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[NotComputed, ...]:
    """Tables and columns without an answer, with the reason and what is needed."""
    card = tables["scorecard"]
    missing: list[NotComputed] = []
    if len(card) and card["gross_margin"].isna().any():
        reason = "lines carry no cost and the engagement names no gross margin"
        missing.append(NotComputed("scorecard", "gross_margin", reason, "sales.cost"))
    fair = portfolio.fitted(fit_scorecard).fair
    if isinstance(fair, TooThin):
        missing += [
            NotComputed("scorecard", "fair_contribution", fair.reason, fair.needs),
            NotComputed("decisions", "value_keep", fair.reason, fair.needs),
        ]
    if len(card) and card["sourced_revenue"].isna().all():
        missing.append(NotComputed("scorecard", "sourced_revenue", "no deals say who sourced or influenced them", "deals"))
    lost = cost_missing_share(portfolio)
    if lost > MOST_MISSING:
        reason = f"cost to serve is not known for {share(lost, portfolio.settings.locale)} of selling partners: nobody is proposed for exit"
        missing.append(NotComputed("scorecard", "cost_to_serve", reason, "support"))
    if len(card) and card["support_hours"].isna().all():
        no_hours = "no support hours by partner"
        missing.append(NotComputed("manager_load", "hours", no_hours, "support.hours"))
        missing.append(NotComputed("performers", "hours_got", no_hours, "support.hours"))
        missing.append(NotComputed("reallocation", None, no_hours, "support.hours"))
    else:
        reason = "what an hour more or less does to sales is not estimated yet"
        missing.append(NotComputed("reallocation", None, reason, "support.hours"))
    if tables["manager_load"].empty:
        missing.append(NotComputed("manager_load", None, "no partner names its manager", "partners.partner_manager"))
    if tables["backtest"].empty:
        missing.append(NotComputed("backtest", None, "two years of sales with margins are needed to look back one", "sales"))
    if tables["whale"].empty:
        missing.append(NotComputed("whale", None, "no contribution is known", "sales.cost"))
    if tables["consistency"].empty:
        missing.append(
            NotComputed("consistency", None, "no partner is asked to change or to leave, so there is nobody to compare", "support")
        )
    return tuple(missing)
