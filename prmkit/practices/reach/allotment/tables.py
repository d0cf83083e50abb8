"""The tables of the allocation, and what could not be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.allotment.allocation import Allocation, allocate, allocation_rows
from prmkit.practices.reach.allotment.next_partner import next_partner
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.territories import ALL
from prmkit.practices.result import NotComputed

_OF_THE_GOAL = ("allocation", "allocation_limits", "allocation_rules")


@dataclass(frozen=True)
class Allotted:
    """tables: those that could be made; missing: why others could not; made: the allocation, None without one.
    planned: recruits by territory: the allocation's, and where the plan's own count for a territory is larger, that."""

    tables: dict[str, pd.DataFrame]
    missing: list[NotComputed]
    made: Allocation | None
    planned: pd.Series | None = None


def allotted(portfolio: Portfolio, case: Case | None, tables: Mapping[str, pd.DataFrame]) -> Allotted:
    """reach_allocation, _limits, _rules and reach_next_partner of a portfolio; tables: plan, and coverage and saturation where made."""
    if case is None:
        reason = portfolio.fitted(fit_reach).reason
        return Allotted({}, [NotComputed(name, None, reason, "sales") for name in (*_OF_THE_GOAL, "next_partner")], None)
    made: dict[str, pd.DataFrame] = {}
    missing: list[NotComputed] = []
    following = next_partner(case, tables)
    if isinstance(following, str):
        missing.append(NotComputed("next_partner", None, following, "partners"))
    else:
        made["next_partner"] = following
    if case.target.revenue is None:
        why = target(portfolio).missing
        return Allotted(made, missing + [NotComputed(name, None, why, "engagement.yaml") for name in _OF_THE_GOAL], None)
    found = allocate(case, tables)
    if isinstance(found, str):
        return Allotted(made, missing + [NotComputed(name, None, found, "partners") for name in _OF_THE_GOAL], None)
    rows = allocation_rows(found)
    made |= {"allocation": rows, "allocation_limits": found.limiting.rows, "allocation_rules": found.rules}
    if rows.empty:
        missing.append(NotComputed("allocation", None, "the goal needs no recruits, or there is no room for any", "engagement.yaml"))
    elif not found.cells.priced:
        why = "neither recruit_cost nor partner_cost is named: the fewest recruits are looked for, not the cheapest"
        missing += [NotComputed("allocation", column, why, "engagement.yaml") for column in ("cost", "marginal_cost_per_revenue")]
    if found.cells.left_out:
        why = f"{', '.join(found.cells.left_out)}: fewer than eight of the type started and sold, too few to say what one more would bring"
        missing.append(NotComputed("allocation", "partner_type", why, "partners"))
    if found.cells.hidden:
        missing.append(
            NotComputed(
                "allocation", "territory", f"{found.cells.hidden:,} territories with the fewest partners are left out", "territories"
            )
        )
    if found.plain is None and not rows.empty:
        why = "no number of recruits spread by last year's revenue reaches the goal, or the limits leave no allocation that does"
        missing.append(NotComputed("allocation", "spreadsheet_recruits", why, "engagement.yaml"))
    return Allotted(made, missing, found, _planned(found, tables["plan"]))


def _planned(found: Allocation, plan: pd.DataFrame) -> pd.Series:
    own = plan[plan["territory"] != ALL].set_index("territory")
    asked = own["recruits_asked"].fillna(0.0) if "recruits_asked" in own else pd.Series(dtype="float64")
    both = pd.concat([found.recruits.astype("float64"), asked.groupby(level=0).max()], axis=1).max(axis=1)
    made: pd.Series = both.fillna(0.0)
    return made
