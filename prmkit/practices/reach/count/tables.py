"""The tables of the count, all at once."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.practices.reach.count.case import Case, case_of
from prmkit.practices.reach.count.funnel import signing_rate
from prmkit.practices.reach.count.onboarding import onboarding
from prmkit.practices.reach.count.places import places, shares
from prmkit.practices.reach.count.plan import plan
from prmkit.practices.reach.count.schedule import schedule
from prmkit.practices.reach.count.sensitivity import sensitivity
from prmkit.practices.reach.count.signing import signing
from prmkit.practices.reach.count.thin_plan import RANGE, ThinPlan, thin_plan
from prmkit.practices.reach.count.waterfall import waterfall
from prmkit.practices.reach.count.yields_by_kind import yields
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.result import NotComputed

Tables = dict[str, pd.DataFrame]


def count_tables(portfolio: Portfolio, case: Case | None) -> tuple[Tables, list[NotComputed]]:
    """plan, calendar, signing, and where the data carry them waterfall, sensitivity, onboarding and yields; why some are not there.

    Without a case: the plan without counts, and if the engagement names enough of its own, a range and what to learn first.
    """
    if case is None:
        return _thin(portfolio)
    optional, missing = dict(portfolio.kept(_counted)), list[NotComputed]()
    for name, part in (("onboarding", onboarding), ("yields", yields)):
        optional[name], lacking = part(case)
        missing += lacking
    return {name: rows for name, rows in optional.items() if rows is not None}, missing


@reads("reach", "goal")
def _counted(portfolio: Portfolio) -> dict[str, pd.DataFrame | None]:
    """The tables that the channel and the goal alone decide."""
    case = case_of(portfolio)
    assert case is not None
    each = places(case)
    parts = shares(case, each)
    return {
        "plan": _with_candidates(portfolio, plan(portfolio, case, each, parts)),
        "calendar": schedule(case, parts),
        "signing": signing(case),
        "waterfall": waterfall(case),
        "sensitivity": sensitivity(case),
    }


def _thin(portfolio: Portfolio) -> tuple[Tables, list[NotComputed]]:
    reason = portfolio.fitted(fit_reach).reason
    missing = [NotComputed(table, None, reason, "sales") for table in ("signing", "onboarding", "yields")]
    rows, found = plan(portfolio, None), thin_plan(portfolio)
    if not isinstance(found, ThinPlan):
        return {"plan": rows}, [*missing, found]
    rows.loc[0, ["goal", *RANGE]] = [found.goal, *found.ends]
    return {"plan": rows, "sensitivity": found.inputs}, missing


def _with_candidates(portfolio: Portfolio, rows: pd.DataFrame) -> pd.DataFrame:
    """Prospects to approach for the recruits, by the share that signs and at the ends of its 90% interval."""
    found = portfolio.fitted(signing_rate)
    if found is None or "recruits_asked" not in rows:
        return rows
    low, high = found.ends
    asked = rows["recruits_asked"]
    return rows.assign(candidates=asked / found.share, candidates_low=asked / high, candidates_high=asked / low)
