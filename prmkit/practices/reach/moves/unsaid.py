"""What the mixes could not say, why, and what would let them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.result import NotComputed

_TABLES = ("mixes", "mix_levers")


def not_mixed(portfolio: Portfolio, case: Case | None, made: Mapping[str, pd.DataFrame]) -> list[NotComputed]:
    """Gaps of reach_mixes, reach_mix_levers and of what levers cost and are worth."""
    if case is None:
        return [NotComputed(table, None, portfolio.fitted(fit_reach).reason, "sales") for table in _TABLES]
    if case.target.revenue is None:
        return [NotComputed(table, None, f"{case.target.missing}: name goal", "engagement.yaml") for table in _TABLES]
    if "mixes" not in made:
        why = "today's partners reach the goal as surely as asked: no lever has to be moved"
        return [NotComputed(table, None, why, "") for table in _TABLES]
    missing = []
    rows = made["mixes"]
    if rows["cost"].isna().all():
        why = "nothing tells what signing, training or looking after a partner costs: set economics.recruit_cost and partner_cost"
        missing.append(NotComputed("mixes", "cost", why, "engagement.yaml"))
    parts = list(dict.fromkeys(part for said in rows["cost_missing"].dropna() for part in str(said).split("; ")))
    if parts and not rows["cost"].isna().all():
        missing.append(NotComputed("mixes", "cost", f"not in it: {'; '.join(parts)}", "support"))
    if rows["margin"].isna().all():
        missing.append(NotComputed("mixes", "margin", pricing(portfolio).said.removeprefix("Not priced: ").rstrip("."), "sales.cost"))
    return missing
