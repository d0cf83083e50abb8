"""Grow, keep, fix or part ways: the decision for every partner, and what would have to be true first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.prune.gates import gates, not_judged
from prmkit.practices.prune.scorecard import cost_missing_share, fit_scorecard
from prmkit.practices.prune.values import Values, values

SURE = 0.9
MOST_MISSING = 0.5
TOP = 0.2
RAMP_MONTHS = 12.0
_REVIEW_MONTHS = {"grow": 12, "keep": 12, "not_judged": 12, "fix": 6, "exit": 3}


def fit_decisions(portfolio: Portfolio) -> pd.DataFrame:
    """decisions rows for every partner of the client (pass the whole client: portfolio.fitted does).

    Beside the contract's columns: why (one sentence), p_below_hurdle, fix_gain (currency a year if a
    fix works) and break_even_cost_to_serve. exit only where the chance of lying below the hurdle is above
    0.9, leaving is worth most, no gate bars it, and cost to serve is known for at least half of the
    client's selling partners. fix where the fair contribution is below the hurdle and a margin rate or cost
    to serve like that of its peers would lift it. grow: surely above the hurdle and among the fifth with
    the highest fair contribution. too_early: less than a ramp (12 months) since it joined or first sold.
    """
    card = portfolio.fitted(fit_scorecard)
    gate = gates(portfolio)
    barred = gate["barred"] | (cost_missing_share(portfolio) > MOST_MISSING)
    worth = values(portfolio, card, barred.to_numpy(dtype=bool))
    exempt = not_judged(portfolio)
    rows = card.rows
    ramp = float(portfolio.settings.reach.get("ramp_months") or RAMP_MONTHS)
    young = (rows["tenure_months"] < ramp) & (exempt == "")
    blank = rows["fair_contribution"].isna() & (exempt == "") & ~young
    decision, why = _decide(portfolio, rows, worth, barred)
    decision = decision.mask(blank, "not_judged").mask(young, "too_early").mask(exempt != "", "not_judged")
    why = why.mask(blank, rows["reason"]).mask(young, f"with us for less than {ramp:.0f} months").mask(exempt != "", exempt)
    judged = ~decision.isin(["too_early", "not_judged"])
    return pd.DataFrame(
        {
            "partner_id": rows["partner_id"],
            "decision": decision,
            **_worth(worth, rows, judged, decision, barred),
            "gates": gate["gates"],
            "review_on": _review(portfolio, decision, rows["tenure_months"], ramp, gate["notice_days"]),
            "why": why,
            "p_below_hurdle": rows["p_below_hurdle"].where(judged),
            "break_even_cost_to_serve": rows["break_even_cost_to_serve"].where(judged),
        }
    )


def _decide(portfolio: Portfolio, rows: pd.DataFrame, worth: Values | None, barred: pd.Series) -> tuple[pd.Series, pd.Series]:
    index = rows.index
    if worth is None:
        return pd.Series("not_judged", index=index, dtype="str"), rows["reason"]
    below = rows["p_below_hurdle"]
    costs_known = cost_missing_share(portfolio) <= MOST_MISSING
    short = rows["fair_contribution"] < portfolio.settings.prune.hurdle * rows["months_there"] / 12
    mendable = short & (worth.fix_gain > 0) & (worth.fix >= worth.keep)
    leave = (below > SURE) & (worth.exit >= worth.keep) & (worth.exit >= worth.fix)
    out = leave & ~barred
    best = rows["fair_contribution"] >= rows["fair_contribution"].quantile(1 - TOP)
    grow = (below < 1 - SURE) & best & (rows["revenue"] > 0)
    decision = pd.Series("keep", index=index, dtype="str")
    decision = decision.mask(grow, "grow").mask(mendable, "fix").mask(out, "exit")
    why = pd.Series("its fair contribution is above the hurdle", index=index, dtype="str")
    why = why.mask(short, "below the hurdle by its fair contribution, and not surely enough to part ways")
    why = why.mask(grow, "surely above the hurdle and among the fifth that bring most")
    why = why.mask(mendable, "its margin rate or cost to serve is worse than that of like partners")
    bar = "a gate stands before it" if costs_known else "cost to serve is not known for most partners"
    why = why.mask(leave, f"would be worth leaving, but {bar}")
    return decision, why.mask(out, "surely below the hurdle, and leaving is worth more than keeping or fixing")


def _worth(worth: Values | None, rows: pd.DataFrame, judged: pd.Series, decision: pd.Series, barred: pd.Series) -> dict[str, Any]:
    """Values and the chance that the decision is right; null where the partner is not judged.

    Right is: for exit, that leaving is worth most; for fix, that fixing is worth more than keeping
    (and than leaving, where nothing bars it); for keep and grow, that it lies at or above the hurdle.
    """
    if worth is None:
        return dict.fromkeys(("value_keep", "value_fix", "value_exit", "p_decision_right", "fix_gain"), np.nan)
    fix_right = np.where(barred, worth.fix_beats_keep, worth.fix_best)
    right = np.select([decision == "exit", decision == "fix"], [worth.exit_best, fix_right], 1 - rows["p_below_hurdle"])
    columns = {
        "value_keep": worth.keep,
        "value_fix": worth.fix,
        "value_exit": worth.exit,
        "p_decision_right": right,
        "fix_gain": worth.fix_gain,
    }
    return {name: np.where(judged, column, np.nan) for name, column in columns.items()}


def _review(portfolio: Portfolio, decision: pd.Series, tenure: pd.Series, ramp: float, notice_days: pd.Series) -> pd.Series:
    months = decision.map(_REVIEW_MONTHS).astype("float64")
    months = months.mask(decision == "too_early", (ramp - tenure).clip(lower=0))
    days = (months * 365.25 / 12).round()
    days = days.mask((decision == "exit") & notice_days.notna(), notice_days)
    return (portfolio.as_of + pd.to_timedelta(days, unit="D")).astype("datetime64[us]")
