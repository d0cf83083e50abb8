"""From prospects to partners that sell: the funnel, what managers can bring up, and what partners of each type bring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.publish.titles import plain
from prmkit.results import Results

STAGES = {
    ("qualified", "contacted"): "Contacted, then qualified",
    ("signed", "qualified"): "Qualified, then signed",
    ("first_sale", "signed"): "Signed, then a first sale",
    ("signed", "contacted"): "Contacted, then signed",
}
_TAILS = {True: ": more than chance would make of log-normal yields", False: ": no more than chance would make of log-normal yields"}
_WHOLE_WAY = "Contacted, then signed"
BASES = {
    "told": "What the engagement says managers can do",
    "hours": "What managers' hours allow",
    "most_seen": "The most signed in any three months so far",
}


@EXHIBITS.register("reach.funnel")
def funnel(results: Results) -> Exhibit:
    """The share of prospects that passes each stage of recruiting."""
    frame, facts = results.table("reach", "funnel"), Facts.of(results)
    rows = frame[(frame["group"] == "all") & frame["share"].notna()]
    if rows.empty:
        return missing(results, "reach", "funnel")
    named = [STAGES.get((str(row.stage), str(row.of_stage)), plain(str(row.stage))) for row in rows.itertuples()]
    drawn = pd.DataFrame({"label": named, "value": rows["share"], "low": rows["share_low"], "high": rows["share_high"]})
    way = rows[(rows["stage"] == "signed") & (rows["of_stage"] == "contacted")]
    row: Any = first_of(way if len(way) else rows)
    message = f"{named[0]}: {facts.amount(row, 'share', 'share_low', 'share_high', unit='fraction')} of prospects"
    if len(way):
        message = f"{facts.amount(row, 'share', 'share_low', 'share_high', unit='fraction')} of prospects contacted sign"
        if pd.notna(row.months):
            message += f", after {facts.count(round(row.months), 'month')} at the median"
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", unit="fraction", axis="share that passes", locale=facts.locale, accent=[_WHOLE_WAY]
    )
    note = "Only prospects old enough to know what became of them: those that reached the stage before at least 12 months ago."
    if len(way) and pd.notna(row.cost):
        note += f" One signing cost {facts.money(row.cost)}, the prospects that did not sign paid for."
    n = facts.count(rows["cases"].max(), "prospect")
    return Exhibit(
        message, picture, rows_html(results, "reach", "funnel", frame, message), caption(results, "reach", "funnel", n, "all years"), note
    )


@EXHIBITS.register("reach.onboarding")
def onboarding(results: Results) -> Exhibit:
    """New partners a month that the plan asks for, beside what managers can bring up."""
    frame, facts = results.table("reach", "onboarding"), Facts.of(results)
    rows = frame[frame["per_month"].notna()]
    if rows.empty:
        return missing(results, "reach", "onboarding")
    first: Any = first_of(rows)
    binding = pd.notna(first.binding) and bool(first.binding)
    named = [BASES.get(str(basis), plain(str(basis))) for basis in rows["basis"]]
    drawn = pd.DataFrame({"label": named, "value": rows["per_month"], "low": rows["per_month_low"], "high": rows["per_month_high"]})
    asked = first.asked_per_month if pd.notna(first.asked_per_month) else None
    can = words.number(round(float(first.per_month), 1), facts.locale)
    message = f"Managers can bring up {can} new partners a month"
    if first.basis == "most_seen":
        message = f"No three months so far saw more than {can} new partners a month"
    if asked is not None:
        message += f"; the plan asks for {facts.count(asked)}"
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        axis="new partners a month",
        locale=facts.locale,
        accent=[named[0]],
        reference=None if asked is None else float(asked),
        reference_name="" if asked is None else "the plan",
    )
    note = ""
    if asked is not None and binding and pd.notna(first.chance):
        note = f"With no more than that, {facts.count(first.reachable)} can be signed in time: a chance of {facts.share(first.chance)}."
    n = facts.count(len(rows), "way of counting", "ways of counting")
    table = rows_html(results, "reach", "onboarding", rows, message)
    return Exhibit(message, picture, table, caption(results, "reach", "onboarding", n), note)


@EXHIBITS.register("reach.yields")
def yields(results: Results) -> Exhibit:
    """What a partner of each type brings a year once grown."""
    frame, facts = results.table("reach", "yields"), Facts.of(results)
    whole = frame[(frame["partner_type"] == "all") & (frame["age"] == "all") & frame["mean"].notna()]
    if whole.empty:
        return missing(results, "reach", "yields")
    kinds = frame[(frame["partner_type"] != "all") & (frame["age"] == "all") & frame["mean"].notna()]
    shown = kinds if len(kinds) else frame[(frame["partner_type"] == "all") & frame["mean"].notna()]
    shown = shown.sort_values("drawn", ascending=False, kind="stable")
    label = "partner_type" if len(kinds) else "age"
    drawn = pd.DataFrame(
        {"label": shown[label].map(plain), "value": shown["mean"], "low": shown["low"], "high": shown["high"], "seen": shown["median"]}
    )
    row: Any = first_of(whole)
    message = (
        f"A grown partner brings {facts.amount(row, 'mean', 'low', 'high', period='a year')} on average, "
        f"the one in the middle {facts.money(row.median)}"
    )
    picture = charts.dot_interval(drawn, alt=f"{message}.", unit=facts.currency, axis=f"{facts.currency} a year", locale=facts.locale)
    note = "Dots are means with their ranges, open rings medians."
    if pd.notna(row.tenth_share):
        note += f" The largest tenth bring {facts.share(row.tenth_share)}{_TAILS.get(row.heavy_tail, '')}."
    n = facts.count(row.partners, "partner that sold", "partners that sold")
    return Exhibit(message, picture, rows_html(results, "reach", "yields", frame, message), caption(results, "reach", "yields", n), note)
