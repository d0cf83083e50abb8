"""Training and incentives: what the channel needs, and what each truly adds."""

from __future__ import annotations

from prmkit.data.portfolio import Portfolio
from prmkit.practices import result
from prmkit.practices.enable import compliance, findings, incentives, launches, training, training_effect, unknown
from prmkit.practices.result import PracticeResult


def assess(portfolio: Portfolio) -> PracticeResult:
    """Answer the third practice for one portfolio; tables of results.yaml, `enable`."""
    made = {
        "compliance": compliance.compliance(portfolio),
        "training": training.training(portfolio),
        "intensity": training.intensity(portfolio),
        "training_effect": training_effect.training_effect(portfolio),
        "incentives": incentives.incentives(portfolio),
        "launches": launches.launches(portfolio),
    }
    tables = result.complete("enable", {name: rows for name, rows in made.items() if rows is not None})
    return PracticeResult(
        practice="enable",
        tables=tables,
        findings=findings.findings(portfolio, tables),
        not_computed=unknown.not_computed(portfolio, tables),
        notes={"launches_new_months": launches.NEW_MONTHS},
    )
