"""What this practice could not answer, and which export would."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.fit import not_fitted
from prmkit.practices.phrases import Phrases
from prmkit.practices.result import NotComputed

_LATER = "no method for this is part of prmkit yet"


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[NotComputed, ...]:
    """Tables and columns left empty, each with the reason and the canonical table that would unlock it."""
    held = portfolio.whole
    missing = [
        *not_fitted(portfolio),
        NotComputed("drivers", None, _needs_table(held, "surveys", "no partner survey"), "surveys"),
        NotComputed("worries", None, _needs_table(held, "surveys", "no partner survey"), "surveys"),
        NotComputed(
            "differentiation",
            None,
            _LATER if portfolio.partners["differentiator"].notna().any() else "no partner's claimed strength is on record",
            "partners.differentiator",
        ),
        NotComputed("economics", "profit_per_rep_hour", "partners' own margins and selling hours are not on record", "surveys, people"),
        NotComputed("economics", "rank_among_vendors", _needs_table(held, "surveys", "partners were not asked"), "surveys (vendor_rank)"),
        NotComputed("partner_360", "main_need", _needs_table(held, "surveys", "partners were not asked"), "surveys (need:<name>)"),
    ]
    empty = [
        ("economics", "resale_margin", "no sales line carries a list price", "sales.list_amount"),
        ("economics", "services_share", "no partner states it", "partners.services_share"),
        ("economics", "incentives", "no incentives on record", "incentives"),
        ("alignment", "share_of_wallet", "no partner's own turnover is known", "partners.annual_revenue"),
        ("engagement", "expected", "too few partners have a full year behind them", "a longer history"),
        ("partner_360", "invested", "neither incentives nor support are on record", "incentives, support"),
        ("segment_summary", "growth", "two full years of sales are needed to compare", "a longer sales history"),
    ]
    missing += [NotComputed(table, column, why, needs) for table, column, why, needs in empty if tables[table][column].isna().all()]
    if not len(portfolio.years):
        missing.append(NotComputed("revenue", None, "there is no sale on or before the as-of date", "sales"))
    return tuple(missing)


def warnings(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Cautions that a reader of every table should see."""
    said = []
    left_out = int(tables["concentration"]["left_out"].max()) if len(tables["concentration"]) else 0
    if left_out:
        said.append(
            f"{left_out} partners returned more than they bought in the 12 months: they are left out of the concentration measures."
        )
    if portfolio.whole.history_months < 12:
        months = Phrases.of(portfolio).counted(portfolio.whole.history_months, "month")
        said.append(f"Sales cover {months}: figures for 12 months are of less than a year.")
    return tuple(said)


def _needs_table(portfolio: Portfolio, table: str, absent: str) -> str:
    return _LATER if portfolio.has(table) else absent
