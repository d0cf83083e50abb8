"""The mathematics of reach: how many partners the goal needs, where, and where there are too many."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.reach.agreed.legal import legal
from prmkit.practices.reach.allotment.findings import placed_findings
from prmkit.practices.reach.allotment.tables import allotted
from prmkit.practices.reach.collisions.collided import collisions
from prmkit.practices.reach.collisions.conflict_findings import conflict_findings
from prmkit.practices.reach.count.case import Case, case_of
from prmkit.practices.reach.count.funnel import funnel
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.count.tables import count_tables
from prmkit.practices.reach.crowding.checks import crowding_checks
from prmkit.practices.reach.crowding.saturation import saturation
from prmkit.practices.reach.findings import findings
from prmkit.practices.reach.forecast.backtest import Backtest, backtest, backtest_rows
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.market.areas import areas
from prmkit.practices.reach.market.catchments import catchments, gravity_table
from prmkit.practices.reach.market.coverage import coverage
from prmkit.practices.reach.market.market_findings import market_findings
from prmkit.practices.reach.market.sites import site_rules, sites
from prmkit.practices.reach.missing import not_computed
from prmkit.practices.reach.moves.dormant import dormant
from prmkit.practices.reach.moves.levers import Moves, levers
from prmkit.practices.reach.moves.mix_findings import MixesSay
from prmkit.practices.reach.moves.mix_tables import lever_rows, mix_rows
from prmkit.practices.reach.moves.mixes import Mix, mixes
from prmkit.practices.reach.moves.unsaid import not_mixed
from prmkit.practices.reach.notes import notes, warnings
from prmkit.practices.reach.tiers_of_trade.findings import dependence
from prmkit.practices.reach.tiers_of_trade.tiers import tiers_of_trade
from prmkit.practices.reach.ways.routes import routes
from prmkit.practices.reach.what_if import what_if
from prmkit.practices.result import NotComputed, PracticeResult, complete

Part = Callable[[Portfolio], tuple[pd.DataFrame | None, list[NotComputed]]]
_PARTS: dict[str, Part] = {
    "funnel": funnel,
    "dormant": dormant,
    "backtests": backtest_rows,
    "saturation": saturation,
    "crowding_checks": crowding_checks,
    "coverage": coverage,
    "areas": areas,
    "catchments": catchments,
    "gravity": gravity_table,
    "sites": sites,
    "site_rules": site_rules,
    "routes": routes,
    "tiers_of_trade": tiers_of_trade,
}


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the practice's question for one portfolio.

    The channel is estimated once on the whole client (`fit_reach`); the goal, the count and the levers
    are worked out for the partners of this portfolio. Nothing is raised for thin data: what cannot be
    said is null and stands in `not_computed` with what it needs.
    """
    case = case_of(portfolio)
    made, missing = count_tables(portfolio, case)
    told, ways, gaps = _moved(portfolio, case, made)
    made |= told
    missing += gaps
    tested = None if case is None else backtest(portfolio)
    for name, part in _PARTS.items():
        rows, lacking = portfolio.kept(part)
        missing += lacking
        made |= _kept({name: rows})
    clashes = collisions(portfolio)
    made |= clashes.tables
    missing += clashes.missing
    placed = allotted(portfolio, case, made)
    points, lacking = legal(portfolio, placed.planned)
    made |= placed.tables | _kept({"legal": points})
    missing += [*placed.missing, *lacking]
    return PracticeResult(
        practice="reach",
        tables=complete("reach", made),
        findings=(
            *MixesSay(portfolio, ways, tested).findings(),
            *findings(portfolio, case, made, tested),
            *market_findings(portfolio, made),
            *placed_findings(portfolio, placed),
            *conflict_findings(portfolio, clashes),
            *dependence(portfolio, made.get("tiers_of_trade")),
        ),
        not_computed=tuple(missing),
        warnings=(*warnings(portfolio, case, tested), *clashes.warnings),
        notes=notes(portfolio, case, tested),
    )


def _moved(
    portfolio: Portfolio, case: Case | None, made: dict[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[Mix], list[NotComputed]]:
    """The tables of levers, mixes and what-if, the mixes themselves, and what of the goal's tables could not be filled."""
    told: dict[str, pd.DataFrame] = {}
    ways, left_out = list[Mix](), dict[str, str]()
    if case is not None:
        moves = Moves.of(case)
        told["levers"], left_out = levers(moves)
        ways = mixes(moves)
        told |= _kept({"mixes": mix_rows(ways), "mix_levers": lever_rows(ways)}) | what_if(case)
    return told, ways, [*not_computed(portfolio, case, made | told, left_out), *not_mixed(portfolio, case, made | told)]


def _kept(tables: dict[str, pd.DataFrame | None]) -> dict[str, pd.DataFrame]:
    return {name: rows for name, rows in tables.items() if rows is not None}


__all__ = ["Backtest", "Case", "assess", "fit_reach", "target"]
