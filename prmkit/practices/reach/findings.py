"""What the mathematics of reach says that someone should act on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.confidence import confidence
from prmkit.practices.phrases import Phrases, last_year
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.plan_findings import PlanSays
from prmkit.practices.reach.count.signing_findings import SigningSays, thin_range
from prmkit.practices.reach.crowding.crowding_findings import crowding_findings
from prmkit.practices.reach.forecast.backtest import Backtest
from prmkit.practices.reach.forecast.silent import silent
from prmkit.practices.reach.pricing import pricing
from prmkit.practices.reach.ways.route_comparison import route_contribution
from prmkit.practices.reach.ways.route_findings import thin_yield
from prmkit.practices.result import Action, Amount, Finding


def findings(portfolio: Portfolio, case: Case | None, tables: Mapping[str, pd.DataFrame], tested: Backtest | None) -> tuple[Finding, ...]:
    """Findings about the goal, its levers, what went silent, thin territories and the routes."""
    made: list[Finding | None] = []
    if case is not None:
        says = PlanSays(portfolio, case, tables["plan"].iloc[0], tested)
        made += [says.recruits_needed(), says.chance_now(), says.baseline(), says.biggest_lever(tables.get("levers"))]
        made += SigningSays(portfolio, case, tables["plan"].iloc[0], tested).said(tables)
    else:
        made.append(thin_range(portfolio, tables["plan"], tables.get("sensitivity")))
    made += [_gone_silent(portfolio), thin_yield(portfolio), route_contribution(portfolio, tables.get("routes"))]
    made += crowding_findings(portfolio, tables.get("saturation"))
    return tuple(finding for finding in made if finding is not None)


def _gone_silent(portfolio: Portfolio) -> Finding | None:
    found = silent(portfolio)
    if found is None or not found.silent_now:
        return None
    say, rate = Phrases.of(portfolio), pricing(portfolio)
    low, high = found.ends
    share = Amount(found.share, low, high, "fraction", last_year(portfolio))
    stake = Amount(found.revenue_then, unit=portfolio.currency, period="a year")
    return Finding(
        id=f"reach.plan.gone_silent:portfolio:{portfolio.name}",
        practice="reach",
        subject_kind="portfolio",
        subject_id=portfolio.name,
        title=f"{say.count(found.silent_now)} of {say.counted(found.active_then, 'partner')} active a year ago sell no more",
        statement=(
            f"{say.share(found.share)} of the partners active a year ago had no sale in the last six months. "
            f"In the year before they brought {say.money(found.revenue_then)}: recruits replace this before they add anything."
        ),
        value=share,
        worth=rate.worth(stake),
        confidence=confidence(basis="measured", n=found.active_then, decides=True),
        action=Action(
            what="Call the largest of the silent partners and write down why each stopped",
            who="partner managers",
            by="within 30 days",
            measure="share of the silent that order again within six months",
        ),
        evidence=("reach_plan",),
        inputs=("sales", "partners"),
        caveats=(rate.said, "Silent is not lost: some partners come back after more than six months."),
    )
