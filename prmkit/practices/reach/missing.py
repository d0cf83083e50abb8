"""What the plan could not say, why, and what would let it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.territories import ALL, MIN_PARTNERS
from prmkit.practices.result import NotComputed

_GOAL_COLUMNS = ("goal", "gap", "recruits_naive", "recruits_p50", "recruits_p80", "recruits_p90", "probability_now")
_RECRUITS = ("recruits_p50", "recruits_p80", "recruits_p90")
_FORECAST = ("waterfall", "calendar", "levers", "what_if", "what_if_answers", "what_if_curve")


def not_computed(
    portfolio: Portfolio, case: Case | None, made: Mapping[str, pd.DataFrame], left_out: Mapping[str, str]
) -> list[NotComputed]:
    """Gaps of plan, waterfall, calendar, levers and sensitivity."""
    if case is None:
        reason = portfolio.fitted(fit_reach).reason
        whole = [NotComputed(table, None, reason, "sales") for table in _FORECAST]
        columns = ("baseline", "baseline_low", "baseline_high", *(column for column in _GOAL_COLUMNS if column not in made["plan"]))
        return whole + [NotComputed("plan", column, reason, "sales") for column in columns]
    missing = [NotComputed("levers", None, f"{lever}: {why}", "sales") for lever, why in left_out.items()]
    if case.target.revenue is None:
        why = target(portfolio).missing
        missing += [NotComputed("plan", column, why, "engagement.yaml") for column in _GOAL_COLUMNS]
        missing += [NotComputed(table, None, why, "engagement.yaml") for table in ("waterfall", "sensitivity")]
        missing += [NotComputed("calendar", "recruits_to_sign", why, "engagement.yaml")]
        missing += [NotComputed("levers", "recruits_saved", why, "engagement.yaml")]
    else:
        missing += _with_goal(case, made)
    if "cost" in made["levers"] and made["levers"]["cost"].isna().all():
        why = "neither recruit_cost nor partner_cost is named, and no record of recruiting, support or training tells what a partner costs"
        missing.append(NotComputed("levers", "cost", why, "engagement.yaml"))
    return missing


def _with_goal(case: Case, made: Mapping[str, pd.DataFrame]) -> list[NotComputed]:
    plan, missing = made["plan"], []
    places = plan[plan["territory"] != ALL]
    if places["goal"].isna().any():
        why = "a territory has recruits of its own only where territories.revenue_goal names its goal"
        missing.append(NotComputed("plan", "goal", why, "territories"))
    small = places["listed"] < MIN_PARTNERS
    if small.sum() > 1:
        why = f"{small.sum()} territories of fewer than {MIN_PARTNERS} partners: their recruits stand together in the calendar"
        missing.append(NotComputed("plan", "recruits_share", why, "partners"))
    few = places.loc[places["goal"].notna() & small, "territory"].tolist()
    for column in _RECRUITS if few else ():
        why = f"{', '.join(few)}: fewer than {MIN_PARTNERS} partners cannot carry a count of their own"
        missing.append(NotComputed("plan", column, why, "partners"))
    total = plan.iloc[0]
    for column in _RECRUITS:
        if column in plan and pd.isna(total[column]):
            why = f"not even {case.most:,} recruits reach the goal as surely as that"
            missing.append(NotComputed("plan", column, why, "engagement.yaml"))
    if case.average_yield is None:
        missing.append(NotComputed("plan", "recruits_naive", "no partner was active in the six months to as_of", "sales"))
    if "waterfall" not in made:
        why = "the goal needs no recruits, or no number of them is enough"
        missing.append(NotComputed("waterfall", None, why, "engagement.yaml"))
    if "sensitivity" not in made:
        missing.append(NotComputed("sensitivity", None, "no number of recruits is enough for the goal", "engagement.yaml"))
    return missing
