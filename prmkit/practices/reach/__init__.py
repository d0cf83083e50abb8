"""The mathematics of reach: how many partners the goal needs, where, and where there are too many."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.legal import legal
from prmkit.practices.reach.collisions.conflict import conflict
from prmkit.practices.reach.count.case import Case, build_case
from prmkit.practices.reach.count.funnel import conversion
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.count.plan import plan
from prmkit.practices.reach.count.schedule import schedule
from prmkit.practices.reach.count.sensitivity import sensitivity
from prmkit.practices.reach.count.waterfall import waterfall
from prmkit.practices.reach.crowding.saturation import saturation
from prmkit.practices.reach.findings import findings
from prmkit.practices.reach.forecast.backtest import Backtest, backtest, backtest_rows
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.market.coverage import coverage
from prmkit.practices.reach.missing import not_computed
from prmkit.practices.reach.moves.levers import levers
from prmkit.practices.reach.notes import notes, warnings
from prmkit.practices.reach.ways.routes import routes
from prmkit.practices.result import NotComputed, PracticeResult, complete

Part = Callable[[Portfolio], tuple[pd.DataFrame | None, list[NotComputed]]]
_PARTS: dict[str, Part] = {
    "backtests": backtest_rows,
    "saturation": saturation,
    "coverage": coverage,
    "conflict": conflict,
    "routes": routes,
    "legal": legal,
}


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the practice's question for one portfolio.

    The channel is estimated once on the whole client (`fit_reach`); the goal, the count and the levers
    are worked out for the partners of this portfolio. Nothing is raised for thin data: what cannot be
    said is null and stands in `not_computed` with what it needs.
    """
    case = build_case(portfolio)
    made = {"plan": _with_candidates(portfolio, plan(portfolio, case))}
    left_out: dict[str, str] = {}
    tested = None
    if case is not None:
        tested = backtest(portfolio)
        made["levers"], left_out = levers(case)
        made |= _kept({"waterfall": waterfall(case), "calendar": schedule(case), "sensitivity": sensitivity(case)})
    missing = not_computed(portfolio, case, made, left_out)
    for name, part in _PARTS.items():
        rows, lacking = part(portfolio)
        missing += lacking
        made |= _kept({name: rows})
    return PracticeResult(
        practice="reach",
        tables=complete("reach", made),
        findings=findings(portfolio, case, made, tested),
        not_computed=tuple(missing),
        warnings=warnings(portfolio, case, tested),
        notes=notes(portfolio, case, tested),
    )


def _kept(tables: dict[str, pd.DataFrame | None]) -> dict[str, pd.DataFrame]:
    return {name: rows for name, rows in tables.items() if rows is not None}


def _with_candidates(portfolio: Portfolio, rows: pd.DataFrame) -> pd.DataFrame:
    share = portfolio.fitted(conversion)
    return rows.assign(candidates=rows["recruits_asked"] / share) if share and "recruits_asked" in rows else rows


__all__ = ["Backtest", "Case", "assess", "fit_reach", "target"]
