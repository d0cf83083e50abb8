"""The four cards of page one: a number, its history, target, range and n; or the export that would fill it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from prmkit import charts
from prmkit.charts.picture import Picture
from prmkit.practices.result import Amount
from prmkit.publish import words
from prmkit.publish.disclosure import PartnerView
from prmkit.publish.front.unanswered import export_of, lower, sentence
from prmkit.publish.partner_decision import change, sales_of

_SPARK_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Card:
    """number: the answer, with its unit. lines: target, range, n, each a short phrase. spark: its history, if there is one.

    missing: why there is no number and what would fill the card; then number is empty.
    """

    title: str
    number: str = ""
    lines: tuple[str, ...] = ()
    spark: Picture | None = None
    missing: str = ""


def cards(view: PartnerView) -> tuple[Card, Card, Card, Card]:
    """Revenue, orders, enablement and loyalty (for the partner: the service it gets)."""
    return revenue(view), orders(view), enablement(view), loyalty(view) if view.internal else service(view)


def revenue(view: PartnerView) -> Card:
    """Revenue of twelve months against the twelve before and against the target."""
    if view.months.empty:
        return Card("Revenue, 12 months", missing=_unlock("No sales of it are on record.", "sales"))
    locale, currency = str(view.facts["locale"]), str(view.facts["currency"])
    now = sales_of(view.months, 0)
    sold = int((view.months.loc[view.months["month"] < 12, "revenue"] > 0).sum())
    lines = [_compared(view, "revenue"), _target(view, now), f"booked, so no range; sales in {sold} of 12 months"]
    return Card("Revenue, 12 months", words.money(now, currency, locale), tuple(filter(None, lines)), _spark(view, "revenue", "Revenue"))


def orders(view: PartnerView) -> Card:
    """Orders of twelve months; the pipeline needs an export of opportunities."""
    if view.months.empty or "orders" not in view.months:
        return Card("Orders, 12 months", missing=_unlock("No orders of it are on record.", "sales"))
    locale, currency = str(view.facts["locale"]), str(view.facts["currency"])
    now, money = sales_of(view.months, 0, "orders"), sales_of(view.months, 0)
    lines = [_compared(view, "orders"), f"{words.money(money / now, currency, locale)} an order" if now and money > 0 else ""]
    if view.internal:
        lines.append("pipeline not known (deals)")
    return Card("Orders, 12 months", words.count(now, locale), tuple(filter(None, lines)), _spark(view, "orders", "Orders"))


def enablement(view: PartnerView) -> Card:
    """Requirements met of its tier, and hours of training still due."""
    asked, training = view.rows("enable_compliance"), view.rows("enable_training")
    judged = asked.dropna(subset=["required", "actual"]) if len(asked) else asked
    locale = str(view.facts["locale"])
    if len(judged):
        met = int((judged["actual"] >= judged["required"]).sum())
        row = view.row("enable_compliance")
        held, earned = (words.plain(row.get(name, "")) for name in ("tier_held", "tier_earned"))
        tier = f"holds {held}, earns {earned}" if held and earned else f"holds {held}" if held else ""
        lines = (tier, f"target: all {len(judged)}", "counted from records, so no range", _hours(training, locale))
        return Card("Requirements met", f"{met} of {len(judged)}", tuple(filter(None, lines)))
    if len(training) and training["required_hours"].notna().any():
        done, due = training["current_hours"].sum(), training["required_hours"].sum()
        said = (f"target: {words.number(due, locale)} hours", f"n: {words.counted(training['people'].sum(), 'person', 'people', locale)}")
        return Card("Training done", f"{words.number(done, locale)} hours", said)
    return Card("Enablement", missing=_why(view, "enable_compliance", "No requirement or training is on record.", "requirements"))


def loyalty(view: PartnerView) -> Card:
    """The chance that it falls silent in the next six months, and the margin that hangs on it."""
    row, locale, currency = view.row("loyalty_risk"), str(view.facts["locale"]), str(view.facts["currency"])
    if "p_dormant_6m" not in row:
        said = sentence(row.get("reason", ""))
        return Card("Risk of silence", missing=said or _why(view, "loyalty_risk", "Its risk could not be computed.", "sales"))
    chance = Amount(row["p_dormant_6m"], row.get("p_low"), row.get("p_high"), "fraction")
    number, _, spread = words.interval(chance, locale).partition(", ")
    lines = [
        "chance of no sale in the next six months",
        f"range {spread}" if spread else "",
        _at_risk(row.get("margin_at_risk"), currency, locale),
        f"first sign: {lower(words.plain(row['first_driver']))}" if row.get("first_driver") else "",
    ]
    return Card("Risk of silence", number, tuple(filter(None, lines)))


def _at_risk(margin: float | None, currency: str, locale: str) -> str:
    if margin is None:
        return ""
    return f"margin at risk {words.money(margin, currency, locale)}" if margin > 0 else "no margin hangs on it"


def service(view: PartnerView) -> Card:
    """The service its customers had from us."""
    row, locale = view.row("loyalty_service"), str(view.facts["locale"])
    if not row.get("tickets"):
        return Card("Our service to you", missing="No support cases of yours are on record.")
    lines = [
        f"first answer after {words.number(row['first_response_hours'], locale)} hours" if "first_response_hours" in row else "",
        f"solved after {words.number(row['resolution_hours'], locale)} hours" if "resolution_hours" in row else "",
        f"n: {words.counted(row['tickets'], 'support case', locale=locale)}",
    ]
    kept = (
        f"{words.share(row['promise_met_share'], locale)} on time"
        if "promise_met_share" in row
        else words.count(row["tickets"], locale) + " cases"
    )
    return Card("Our service to you", kept, tuple(filter(None, lines)))


def _spark(view: PartnerView, column: str, name: str) -> Picture | None:
    history = view.months.loc[view.months["month"] < _SPARK_MONTHS].sort_values("month", ascending=False, kind="stable")
    if len(history) < 3:
        return None
    return charts.sparkline(history[column].tolist(), alt=f"{name} by month, {len(history)} months to the as-of date", low=0.0)


def _compared(view: PartnerView, column: str) -> str:
    if view.months["month"].max() < 23:
        return "no 12 months before to compare with"
    now, before = sales_of(view.months, 0, column), sales_of(view.months, 12, column)
    return change(now, before, str(view.facts["locale"])).replace(" than in ", " than ").replace("12 months before", "year before")


def _target(view: PartnerView, now: float) -> str:
    """The goal of the period that the as-of date lies in, if one is on file."""
    goals = view.rows("partner_goals")
    if len(goals):
        as_of = pd.Timestamp(str(view.facts["as_of"]))
        current = goals[(goals["period_start"] <= as_of) & (goals["period_end"] >= as_of)]
        if len(current):
            goal = current.iloc[0]
            said = words.money(goal["revenue_goal"], str(view.facts["currency"]), str(view.facts["locale"]))
            return f"target {said} to {words.day(goal['period_end'], str(view.facts['locale']), short=True)}"
    return "no target on file (goals)" if view.internal else ""


def _hours(training: pd.DataFrame, locale: str) -> str:
    due = float(training["gap_hours"].clip(lower=0).sum()) if len(training) else 0.0
    return f"{words.number(round(due, 1), locale)} training hours still due" if due else ""


def _why(view: PartnerView, table: str, otherwise: str, export: str) -> str:
    """Why a table is not there and what would unlock it; to a partner only that nothing is on record."""
    if not view.internal:
        return otherwise
    missing = next((item for item in view.not_computed if item.table == table), None)
    return _unlock(words.plain(missing.reason), missing.needs or export) if missing else _unlock(otherwise, export)


def _unlock(reason: str, needs: str) -> str:
    return f"{sentence(reason)} To fill it: {lower(export_of(needs))}."
