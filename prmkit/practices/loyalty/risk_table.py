"""loyalty_risk: a row for every partner, the reason where there is no probability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.gross_margin import gross_margin
from prmkit.practices.loyalty.alive import fit_alive
from prmkit.practices.loyalty.risk import drivers, fit_risk, seasonal

LONG_GAP_MONTHS = 4.0


def fit_risk_table(portfolio: Portfolio) -> pd.DataFrame:
    """loyalty_risk of every partner of the client (pass the whole client: portfolio.fitted does).

    Beside the contract's columns: active, own_rhythm (True where six silent months would not be an
    event, since its usual gap is longer than four months), usual_gap_months, silent_days,
    revenue_12m, revenue_at_risk and margin_12m (currency) and reason. margin_at_risk is the chance of
    going silent times the gross margin of the 12 months to as_of; it is negative where a partner is served below cost.
    """
    fit = portfolio.fitted(fit_risk)
    alive = portfolio.fitted(fit_alive)
    ids = portfolio.partners["partner_id"]
    ledger = gross_margin(portfolio)
    rows = pd.DataFrame({"partner_id": ids, "probability_alive": alive.probability})
    columns = ("p_dormant_6m", "p_low", "p_high", "usual_gap_months", "silent_days")
    rows = rows.assign(**dict.fromkeys(columns, np.nan), first_driver=None, second_driver=None, active=False)
    rows = rows.astype({"first_driver": "object", "second_driver": "object"})
    at = fit.now.partner
    rows.loc[at, "active"] = True
    rows.loc[at, "usual_gap_months"] = fit.now.known["usual_gap_months"].to_numpy()
    if fit.forecast is not None and fit.model is not None:
        rows.loc[at, "p_dormant_6m"] = fit.forecast.probability
        rows.loc[at, "p_low"] = fit.forecast.low
        rows.loc[at, "p_high"] = fit.forecast.high
        words = drivers(fit.forecast.contributions, seasonal(fit.now, fit.past.depth), fit.model)
        rows.loc[at, "first_driver"] = words["first_driver"].to_numpy()
        rows.loc[at, "second_driver"] = words["second_driver"].to_numpy()
    last = aligned(portfolio.orders[portfolio.orders["revenue"] > 0].groupby("partner_id")["last_on"].max(), ids)
    return rows.assign(
        own_rhythm=rows["active"] & (rows["usual_gap_months"] > LONG_GAP_MONTHS),
        silent_days=(portfolio.as_of - last).dt.days.astype("float64"),
        revenue_12m=ledger["revenue"],
        margin_12m=ledger["gross_margin"],
        margin_at_risk=rows["p_dormant_6m"] * ledger["gross_margin"],
        revenue_at_risk=rows["p_dormant_6m"] * ledger["revenue"],
        reason=_reason(rows, last, portfolio.partners["ended_on"], fit.model is None),
    )


def _reason(rows: pd.DataFrame, last: pd.Series, ended: pd.Series, no_model: bool) -> pd.Series:
    gap = rows["usual_gap_months"]
    slow = rows["active"] & (gap > LONG_GAP_MONTHS)
    reason = pd.Series("", index=rows.index, dtype="str")
    if no_model:
        reason = reason.mask(rows["active"], "history is too short: six months before and six after an earlier look are needed")
    own = "usual gap of " + gap.round(1).astype("str") + " months: six silent months are not an event for this partner"
    reason = reason.mask(slow, own)
    silent = "already silent since " + last.dt.strftime("%Y-%m-%d").astype("str")
    reason = reason.mask(~rows["active"], silent)
    reason = reason.mask(~rows["active"] & last.isna(), "never bought")
    return reason.mask(~rows["active"] & ended.notna(), "the relationship ended on " + ended.dt.strftime("%Y-%m-%d").astype("str"))
