"""What this practice could not answer, and which export would."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.range.fit import not_fitted
from prmkit.practices.know.segments.segments import segmentation
from prmkit.practices.know.voices import judgements, not_asked, worries
from prmkit.practices.phrases import Phrases
from prmkit.practices.result import NotComputed

_NOT_RANKED = "partners were not asked, no partner manager judged it, and our share of their business is not known"


def not_computed(portfolio: Portfolio, tables: Mapping[str, pd.DataFrame]) -> tuple[NotComputed, ...]:
    """Tables and columns left empty, each with the reason and the canonical table that would unlock it."""
    missing = [
        *not_fitted(portfolio),
        *not_asked.not_computed(portfolio, tables),
        *worries.missing(portfolio, tables["worries"]),
        *judgements.missing(portfolio, tables["judgements"]),
    ]
    empty = [
        ("economics", "resale_margin", "no sales line carries a list price", "sales.list_amount"),
        ("economics", "profit_per_rep_hour", *_hours(portfolio, tables["economics"])),
        ("economics", "hour_index", *_alternative(portfolio)),
        ("economics", "rank_among_vendors", _NOT_RANKED, "surveys (vendor_rank)"),
        ("economics", "services_share", "no partner states it", "partners.services_share"),
        ("economics", "incentives", "no incentives on record", "incentives"),
        ("alignment", "share_of_wallet", "no partner's own turnover is known, and none was asked", "partners.annual_revenue"),
        ("engagement", "expected", "too few partners have a full year behind them", "a longer history"),
        ("partner_360", "invested", "neither incentives nor support are on record", "incentives, support"),
        ("segment_summary", "growth", "two full years of sales are needed to compare", "a longer sales history"),
    ]
    if tables["differentiation"].empty:
        missing.append(
            NotComputed(
                "differentiation",
                None,
                "no partner's claimed strength is on record, and nothing sets one apart",
                "partners.differentiator, deals",
            )
        )
    else:
        empty.append(
            (
                "differentiation",
                "lift",
                "no measure has enough cases of enough partners",
                "deals, tickets, subscriptions, customers.vertical",
            )
        )
    missing += [NotComputed(table, column, why, needs) for table, column, why, needs in empty if tables[table][column].isna().all()]
    if not len(tables["segment_choice"]):
        missing.append(
            NotComputed("segment_choice", None, segmentation(portfolio).why, "surveys (need:<name>:importance), a longer history")
        )
    if not (tables["alignment_moves"]["from_role"] != "unknown").any():
        why = "no partner's role is known for both of two full years"
        missing.append(NotComputed("alignment", "role_before", why, "a longer sales history"))
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


def _hours(portfolio: Portfolio, economics: pd.DataFrame) -> tuple[str, str]:
    """Why no profit per hour of their salespeople can be said, and what would unlock it."""
    if economics["gross_profit"].isna().all():
        return "what partners keep of a sale with us is not known", "sales.list_amount"
    if economics["salespeople"].isna().all():
        return "how many salespeople partners have is not known", "partners.sales_headcount"
    return "how much of their salespeople's time goes to our line is not known", "people.sells_us_share"


def _alternative(portfolio: Portfolio) -> tuple[str, str]:
    """Why an hour with us cannot be set against an hour on all they sell."""
    if portfolio.settings.economics.partner_margin is None:
        return "what partners earn on all they sell is not known: the engagement names no partner_margin", "engagement.yaml"
    return "no partner's profit with us, share of time and own turnover are all known", "partners.annual_revenue"
