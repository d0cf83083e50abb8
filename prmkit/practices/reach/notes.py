"""The estimates behind the plan, and what a reader has to be warned of."""

from __future__ import annotations

from typing import Any

import numpy as np

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.attrition import yearly
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.recruitment import pool_mean
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.sharing import shared
from prmkit.practices.reach.forecast.backtest import Backtest, backtests
from prmkit.practices.reach.forecast.diagnostics import diagnostics, doubts
from prmkit.practices.reach.moves.levers import signed_last_year

_FEW_LAPSES = 25


def notes(portfolio: Portfolio, case: Case | None, tested: Backtest | None) -> dict[str, Any]:
    """Estimates with 90% intervals, the goal in words, the chance at last year's pace, and the back-test."""
    if case is None:
        return {}
    channel, aim = case.channel, case.target
    pace = signed_last_year(case)
    return {
        "activation": _ends(channel.activated),
        "activation_basis": case.fit.activated.basis,
        "attrition_a_year": _ends(yearly(channel.attrition.pooled)),
        "ramp": [round(float(share), 4) for share in channel.ramp.curve.mean(axis=0)] if channel.ramp.estimated else None,
        "ramp_clock": channel.lives.clock,
        "usual_gap_months": channel.lives.pooled,
        "recruit_yield_a_year": _ends(12 * pool_mean(channel) * channel.tie[:, -1] * case.factor),
        "market_sharing": shared(portfolio, len(case.trend)).said,
        "growth_a_year": {
            "mean": float(np.expm1(channel.growth.mean)),
            "spread": channel.growth.predictive,
            "years_seen": len(channel.growth.seen),
        },
        "own_numbers": list(case.fit.told),
        "goal": {"by": aim.by.date().isoformat(), "months": aim.months, "confidence": aim.confidence, "asked": aim.asked or None},
        "signed_last_year": pace,
        "probability_at_pace": case.chance(pace),
        "backtest": tested.as_note() if tested else None,
        "forecast": diagnostics(portfolio, backtests(portfolio)),
    }


def warnings(portfolio: Portfolio, case: Case | None, tested: Backtest | None) -> tuple[str, ...]:
    """What makes the plan less sure than its intervals say."""
    if case is None:
        return ()
    channel, said = case.channel, []
    if tested is not None and not tested.inside:
        said.append(
            f"The forecast made on {tested.origin.date()} missed: what came lies at {tested.quantile:.0%} of its draws. "
            "The coming year may differ from the past by more than the interval says."
        )
    if not channel.growth.seen:
        said.append("Fewer than 24 months show partners that stayed: the common trend is an assumption, no growth give or take 13% a year.")
    if channel.table.events < _FEW_LAPSES:
        said.append(f"Only {channel.table.events} partners were seen to stop selling: attrition is uncertain.")
    if not channel.ramp.estimated:
        counted = "a ramp of six months is assumed" if channel.lives.clock == "signing" else "no ramp is counted"
        said.append(f"Only {channel.ramp.units} partners could be followed from their start to a year on: {counted}.")
    return tuple(said + doubts(case.fit, diagnostics(portfolio, backtests(portfolio))))


def _ends(draws: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    low, high = interval(draws)
    return {"mean": float(draws.mean()), "low": low, "high": high}
