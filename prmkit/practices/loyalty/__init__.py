"""Partner loyalty: who is about to go silent, how we look after partners' customers, and what our own acts did."""

from __future__ import annotations

from prmkit.data.portfolio import Portfolio
from prmkit.practices import result
from prmkit.practices.loyalty.alive import fit_alive
from prmkit.practices.loyalty.backtest import backtest_table
from prmkit.practices.loyalty.findings import findings
from prmkit.practices.loyalty.index import index_table
from prmkit.practices.loyalty.renewals import renewals_table
from prmkit.practices.loyalty.risk import fit_risk
from prmkit.practices.loyalty.risk_table import fit_risk_table
from prmkit.practices.loyalty.service import service_table
from prmkit.practices.loyalty.undermining import undermined_table, undermining_table
from prmkit.practices.loyalty.unknown import not_computed
from prmkit.practices.result import PracticeResult


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the fourth practice for one portfolio; tables of results.yaml, `loyalty`."""
    risk = portfolio.fitted(fit_risk_table)
    risk = risk[risk["partner_id"].isin(portfolio.partners["partner_id"])].reset_index(drop=True)
    made = {
        "risk": risk,
        "index": index_table(portfolio, risk),
        "renewals": renewals_table(portfolio),
        "service": service_table(portfolio),
        "undermining": undermining_table(portfolio),
        "undermined_partners": undermined_table(portfolio),
        "backtest": backtest_table(portfolio),
    }
    tables = result.complete("loyalty", made)
    fit, alive = portfolio.fitted(fit_risk), portfolio.fitted(fit_alive)
    return PracticeResult(
        practice="loyalty",
        tables=tables,
        findings=findings(portfolio, tables),
        not_computed=not_computed(portfolio, tables),
        warnings=_warnings(portfolio),
        notes={
            "dormancy_model": "none" if fit.model is None else "pooled rate" if fit.model.pooled else "landmark logistic",
            "dormancy_events": 0 if fit.model is None else fit.model.events,
            "snapshots": list(fit.snapshots),
            "alive_model": alive.method,
            "gap_cv": alive.cv,
        },
    )


def _warnings(portfolio: Portfolio) -> tuple[str, ...]:
    fit = portfolio.fitted(fit_risk)
    said = []
    if fit.model is not None and fit.model.pooled:
        said.append(
            f"Only {fit.model.events} times in the past did an active partner go silent: "
            "every partner gets the common rate, and no driver is named."
        )
    if fit.model is not None and fit.model.period_sd > 1:
        said.append("Half-years differ widely in how many partners went silent; the ranges of the risks say so.")
    return tuple(said)
