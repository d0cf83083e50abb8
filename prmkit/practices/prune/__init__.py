"""Under-performers: who costs more than they bring, luck allowed for, and whether to keep, fix or part ways."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices import result
from prmkit.practices.fair import FairDraws
from prmkit.practices.loyalty.risk_table import fit_risk_table
from prmkit.practices.prune.backtest import backtest_table
from prmkit.practices.prune.care import consistency, manager_load, performers
from prmkit.practices.prune.curve import whale_table
from prmkit.practices.prune.decisions import fit_decisions
from prmkit.practices.prune.findings import findings
from prmkit.practices.prune.scorecard import fit_scorecard
from prmkit.practices.prune.unknown import not_computed
from prmkit.practices.prune.values import FIXED, RECAPTURED
from prmkit.practices.result import PracticeResult


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the fifth practice for one portfolio; tables of results.yaml, `prune`."""
    card = portfolio.fitted(fit_scorecard)
    scorecard = _own(portfolio, card.rows)
    decisions = _own(portfolio, portfolio.fitted(fit_decisions))
    made = {
        "scorecard": scorecard,
        "whale": whale_table(scorecard),
        "decisions": decisions,
        "consistency": consistency(scorecard, decisions),
        "performers": performers(portfolio, scorecard, portfolio.fitted(fit_risk_table)),
        "manager_load": manager_load(portfolio, scorecard),
        "backtest": backtest_table(portfolio),
    }
    tables = result.complete("prune", made)
    fair = card.fair
    return PracticeResult(
        practice="prune",
        tables=tables,
        findings=findings(portfolio, tables),
        not_computed=not_computed(portfolio, tables),
        warnings=_warnings(card.fair),
        notes={
            "order_values": fair.family if isinstance(fair, FairDraws) else "none",
            "ledger_over_model": fair.ties if isinstance(fair, FairDraws) else None,
            "recaptured_prior": RECAPTURED,
            "fix_works_prior": FIXED,
            "hurdle": portfolio.settings.prune.hurdle,
        },
    )


def _own(portfolio: Portfolio, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["partner_id"].isin(portfolio.partners["partner_id"])].reset_index(drop=True)


def _warnings(fair: object) -> tuple[str, ...]:
    if isinstance(fair, FairDraws) and not 0.8 <= fair.ties <= 1.25:
        return (
            f"The model of order sizes had to be scaled by {fair.ties:.2f} to meet the ledger: treat single fair contributions with care.",
        )
    return ()
