"""What loyalty could not say, and the export that would unlock it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.loyalty.alive import fit_alive
from prmkit.practices.loyalty.risk import fit_risk
from prmkit.practices.result import NotComputed

_TABLES = (
    ("index", "no survey of partners with a nps or csat question and a partner_id", "surveys"),
    ("renewals", "no contract terms", "subscriptions"),
    ("service", "no end-customer cases", "tickets"),
    ("undermining", "no dated acts against partners in the last 12 months", "events"),
    ("undermined_partners", "no dated acts against partners in the last 12 months", "events"),
)


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[NotComputed, ...]:
    """Tables and columns without an answer, with the reason and what is needed."""
    missing = [NotComputed(name, None, reason, needs) for name, reason, needs in _TABLES if tables[name].empty]
    risk, fit, alive = tables["risk"], portfolio.fitted(fit_risk), portfolio.fitted(fit_alive)
    short = "history is too short: it takes an active partner six months of history before an earlier look and six months after it"
    if fit.model is None:
        missing.append(NotComputed("risk", "p_dormant_6m", short, "sales"))
    elif fit.model.pooled:
        reason = f"only {fit.model.events} partners went silent in the past looks; 25 are needed to tell partners apart"
        missing.append(NotComputed("risk", "first_driver", reason, "sales"))
    if alive.reason:
        missing.append(NotComputed("risk", "probability_alive", alive.reason, "sales"))
    if len(risk) and risk["margin_at_risk"].isna().all() and fit.model is not None:
        missing.append(
            NotComputed("risk", "margin_at_risk", "no line carries a cost and the engagement names no gross margin", "sales.cost")
        )
    if tables["backtest"].empty:
        reason = "history is too short to look back half a year and learn from the time before: 18 months are needed"
        missing.append(NotComputed("backtest", None, reason, "sales"))
    if len(tables["undermining"]):
        missing.append(NotComputed("undermining", "effect", "what such acts did to sales is not estimated yet", "events"))
    if len(tables["renewals"]):
        missing.append(NotComputed("renewals", "net_retention", "contract terms carry no value after renewal", "subscriptions"))
    if len(tables["service"]) and not portfolio.settings.service_promise:
        missing.append(NotComputed("service", "promise_met_share", "no service promise is set in the engagement", "service_promise"))
    return tuple(missing)
