"""How partners earn with us: a typical partner's own books on our line, and what an hour of theirs brings by how they earn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.practices.result import Amount
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, reasons, rows_html
from prmkit.results import Results

MODELS = {
    "resale_led": "Lives on resale",
    "services_led": "Lives on services",
    "recurring_led": "Lives on what recurs",
    "mixed": "A mixture",
    "not_known": "Not known",
    "all": "All partners",
}
_STEPS = (
    ("typical_resale_profit", "Resale of our goods", 1),
    ("typical_services_profit", "Services around them", 1),
    ("typical_incentives_earned", "Rebates and bonuses", 1),
    ("typical_training_cost", "Its time in training", -1),
    ("typical_support_cost", "Cases it solves itself", -1),
)
_SHOWN = (
    *("partner_id", "gross_profit", "gross_profit_low", "gross_profit_high", "resale_profit", "services_profit", "incentives_earned"),
    *("training_cost", "support_cost", "resale_margin", "hours_on_line", "profit_per_rep_hour", "profit_per_rep_hour_low"),
    *("profit_per_rep_hour_high", "against_kind", "worth_their_while", "model", "rank_among_vendors", "basis", "left_out"),
)


@EXHIBITS.register("know.economics")
def economics(results: Results) -> Exhibit:
    """A typical partner's profit and loss with us, from its side."""
    facts, frame = Facts.of(results), results.table("know", "economics")
    models = results.table("know", "earning_models")
    whole = models[(models["model"] == "all") & models["typical_profit"].notna()]
    if whole.empty:
        return missing(results, "know", "economics", "resale_margin")
    row = first_of(whole)
    message = _message(row, facts)
    steps = [(name, sign * getattr(row, column)) for column, name, sign in _STEPS if getattr(row, column)]
    steps = steps or [("Resale of our goods", 0.0)]
    drawn = pd.DataFrame([*((name, value, False) for name, value in steps), ("Earned with us", row.typical_profit, True)])
    picture = charts.waterfall(
        drawn.set_axis(["label", "value", "total"], axis=1),
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"{facts.currency} a year",
        locale=facts.locale,
    )
    rows = frame.sort_values("gross_profit", ascending=False, kind="stable")
    n = facts.count(row.typical_partners, "partner")
    return Exhibit(
        message,
        picture,
        rows_html(results, "know", "economics", rows, message, _SHOWN),
        caption(results, "know", "economics", f"Means of {n} in the middle half by revenue, {row.books}"),
        _note(results),
    )


def _message(row: Any, facts: Facts) -> str:
    said = facts.amount(row, "typical_profit", "typical_low", "typical_high", period="a year")
    goods = f"on {facts.money(row.typical_paid)} of goods"
    part = row.typical_services_profit / row.typical_profit if row.typical_profit > 0 else 0.0
    if part <= 0 or part > 1:
        return f"A typical partner earns {said} with us {goods}"
    return f"A typical partner earns {said} with us {goods}; {facts.share(part)} of it is services"


def _note(results: Results) -> str:
    """What the books leave out for most partners, and what could not be said at all."""
    frame = results.table("know", "economics")
    priced = frame[frame["gross_profit"].notna()]
    left = priced["left_out"].dropna()
    often = left.str.split("; ").explode().value_counts()
    usual = [words.plain(text) for text, number in often.items() if number > len(priced) / 2]
    return f"Left out for most partners, not on record: {'; '.join(usual)}." if usual else ""


@EXHIBITS.register("know.earning_models")
def earning_models(results: Results) -> Exhibit:
    """What an hour of a partner's salespeople earns it with us, by what it lives on."""
    facts, frame = Facts.of(results), results.table("know", "earning_models")
    known = frame[frame["profit_per_rep_hour"].notna()]
    if known.empty:
        made = missing(results, "know", "earning_models", "profit_per_rep_hour")
        return replace(made, missing=reasons(results, "know", "economics", "profit_per_rep_hour"))
    parts = known[known["model"] != "all"].sort_values("profit_per_rep_hour", ascending=False, kind="stable")
    parts = parts if len(parts) else known
    drawn = pd.DataFrame(
        {
            "label": parts["model"].map(MODELS),
            "value": parts["profit_per_rep_hour"],
            "low": parts["profit_per_rep_hour_low"],
            "high": parts["profit_per_rep_hour_high"],
        }
    )
    whole = known[known["model"] == "all"]
    row = first_of(whole if len(whole) else parts)
    amount = Amount(row.profit_per_rep_hour, row.profit_per_rep_hour_low, row.profit_per_rep_hour_high, facts.currency)
    message = f"An hour of a partner's salespeople on our line earns it {words.interval(amount, facts.locale)}"
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"{facts.currency} an hour of theirs", locale=facts.locale, accent=[]
    )
    table = rows_html(results, "know", "earning_models", frame.assign(model=frame["model"].map(MODELS)), message, _MODEL_COLUMNS)
    n = facts.count(int(parts["hours_known"].sum()), "partner")
    return Exhibit(message, picture, table, caption(results, "know", "earning_models", n))


_MODEL_COLUMNS = (
    *("model", "partners", "revenue", "resale_margin", "profit_per_rep_hour", "profit_per_rep_hour_low", "profit_per_rep_hour_high"),
    *("typical_profit", "typical_low", "typical_high", "what_they_ask"),
)
