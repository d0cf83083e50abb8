"""What a course added to the sales of the partners that took it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.imputation_did import DatedEffect
from prmkit.practices.enable.certified import trainings
from prmkit.practices.enable.panel import DatedAction, dated_effects, sales_panel

YEAR = 12


def training_effect(portfolio: Portfolio) -> pd.DataFrame | None:
    """One row a course: effect on a partner's revenue in the 12 months after its first completion, or why it cannot be told.

    Fitted on the whole client; the month of completion itself, trained in part, is left out. None without trainings.
    """
    if not portfolio.has("trainings"):
        return None
    found = portfolio.fitted(_fit)
    courses = sorted(portfolio.tables["trainings"]["course_id"].dropna().unique())
    return pd.DataFrame([_row(course, found[course]) for course in courses if course in found])


def _fit(portfolio: Portfolio) -> dict[str, DatedEffect]:
    rows = trainings(portfolio)
    rows = rows[rows["course_id"].notna()]
    first = rows.groupby(["course_id", "partner_id"], as_index=False)["completed_on"].min()
    panel = sales_panel(portfolio)
    actions = {}
    for course, mine in first.groupby("course_id"):
        month = panel.column(mine["completed_on"])
        on = panel.marked(mine["partner_id"], month + 1, month + YEAR)
        actions[str(course)] = DatedAction(on, partly=panel.marked(mine["partner_id"], month, month))
    return dated_effects(panel, actions, portfolio.settings.seed)


def _row(course: str, found: DatedEffect) -> dict[str, Any]:
    row: dict[str, Any] = {
        "course_id": course,
        "pretrend_p": found.pretrend_p,
        "identifiable": found.identifiable,
        "reason": found.reason or None,
        "treated": found.treated,
        "smallest_seen": found.smallest_seen,
    }
    if found.effect is None:
        return row
    return row | {"effect": found.effect.value, "effect_low": found.effect.low, "effect_high": found.effect.high, "donut": found.donut}
