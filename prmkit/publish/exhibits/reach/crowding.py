"""Where the next partner pays, and where it mostly takes from the others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.charts.picture import Picture
from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing, rows_html
from prmkit.results import Results

_SHOWN = (
    *("territory", "partners", "verdict", "spreadsheet", "next_partner_margin", "next_partner_margin_low", "next_partner_margin_high"),
    *("average_margin", "partner_cost", "over_distributed_probability", "best_count", "best_count_low", "best_count_high"),
    *("next_partner_revenue", "break_even_margin", "break_even_low", "break_even_high", "elasticity", "elasticity_low", "elasticity_high"),
    *("saved_by_fewer", "won_by_more", "pooled"),
)


@EXHIBITS.register("reach.saturation")
def saturation(results: Results) -> Exhibit:
    """What the next partner of each territory brings, against what it costs and what the average says."""
    frame, facts = results.table("reach", "saturation"), Facts.of(results)
    priced = frame[frame["next_partner_margin"].notna()].sort_values(["next_partner_margin", "territory"], kind="stable")
    if len(priced):
        message = _message(priced, facts)
        picture, rows, note = _margins(priced, facts, message), priced, _note(priced, facts)
    elif frame["break_even_margin"].notna().any():
        rows = frame[frame["break_even_margin"].notna()].sort_values(
            ["break_even_margin", "territory"], ascending=[False, True], kind="stable"
        )
        message = _break_even_message(first_of(rows), facts)
        picture, note = _break_evens(rows, facts, message), "Gross margins are not known here: compare with what these sales truly leave."
    else:
        return missing(results, "reach", "saturation", "next_partner_margin")
    table = rows_html(results, "reach", "saturation", rows, message, _SHOWN)
    n = facts.count(len(rows), "territory", "territories")
    return Exhibit(message, picture, table, caption(results, "reach", "saturation", n), note)


def _message(rows: pd.DataFrame, facts: Facts) -> str:
    first, last = first_of(rows), first_of(rows.tail(1))
    full = rows[rows["verdict"] == "too_many"]
    if len(full):
        worst = first_of(full)
        here = facts.count(len(full), "territory has", "territories have")
        return (
            f"{here} more partners than pay, {words.plain(worst.territory)} first: the next one there brings "
            f"{facts.money(worst.next_partner_margin)} of margin a year and costs {facts.money(worst.partner_cost)}"
        )
    room = rows[rows["verdict"] == "room_for_more"]
    if len(room):
        here = facts.count(len(room), "territory has", "territories have")
        most = facts.money(last.next_partner_margin)
        return f"{here} room for more partners; the next one brings most in {words.plain(last.territory)}, {most} of margin a year"
    if finite(first.partner_cost) is None:
        return f"The next partner brings least in {words.plain(first.territory)}: {facts.money(first.next_partner_margin)} of margin a year"
    return f"In none of {facts.count(len(rows), 'territory', 'territories')} can it be told for sure whether the next partner pays"


def _margins(rows: pd.DataFrame, facts: Facts, message: str) -> Picture:
    """The lowest and the highest margins of the next partner, with the cost as a line and the average as a ring."""
    half = ROWS // 2
    head = rows if len(rows) <= ROWS else pd.concat([rows.head(half), rows.tail(half)])
    named = head["territory"].map(words.plain)
    drawn = pd.DataFrame(
        {
            "label": named,
            "value": head["next_partner_margin"],
            "low": head["next_partner_margin_low"],
            "high": head["next_partner_margin_high"],
            "seen": head["average_margin"],
        }
    )
    cost = finite(head["partner_cost"].iloc[0])
    return charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"Margin, {facts.currency} a year; ring: the average",
        locale=facts.locale,
        accent=list(named[head["verdict"] == "too_many"]),
        reference=cost,
        reference_name="cost of a partner" if cost is not None else "",
    )


def _note(rows: pd.DataFrame, facts: Facts) -> str:
    """What the average says, beside it."""
    judged = rows[rows["spreadsheet"].notna()]
    said = (
        "The dot is what the next partner adds once grown, what the others lose to it taken off; the ring is the average partner's margin."
    )
    if judged.empty:
        return said
    add = int((judged["spreadsheet"] == "add").sum())
    pays = int((judged["verdict"] == "room_for_more").sum())
    unsure = int((judged["verdict"] == "cannot_tell").sum())
    return (
        f"{said} By the average, add in {facts.count(add)} of {facts.count(len(judged), 'territory', 'territories')}; by the next partner, "
        f"in {facts.count(pays)}, and in {facts.count(unsure)} it cannot be told."
    )


def _break_even_message(row: Any, facts: Facts) -> str:
    said = facts.amount(row, "break_even_margin", "break_even_low", "break_even_high", unit="fraction")
    return f"In {words.plain(row.territory)} the next partner pays only above a gross margin of {said}, the most of all territories"


def _break_evens(rows: pd.DataFrame, facts: Facts, message: str) -> Picture:
    head = rows.head(ROWS)
    drawn = pd.DataFrame(
        {
            "label": head["territory"].map(words.plain),
            "value": head["break_even_margin"],
            "low": head["break_even_low"],
            "high": head["break_even_high"],
        }
    )
    return charts.dot_interval(
        drawn, alt=f"{message}.", unit="fraction", axis="gross margin above which the next partner pays", locale=facts.locale
    )
