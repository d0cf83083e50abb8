"""How much of the market is reached, and how much of the rest can be had."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

_BASES = {"stated": "", "like_territories": "worked out from end customers", "served_customers": "worked out from end customers"}
_SHOWN = (
    *("territory", "market_potential", "potential_basis", "revenue", "penetration", "penetration_low", "penetration_high"),
    *("usual_penetration", "reachable_penetration", "realistic_white_space", "realistic_low", "realistic_high", "white_space"),
    *("barely_reached_probability", "partner_revenue", "direct_revenue", "end_customers", "customers_served", "numeric_distribution"),
    *("served_over_average", "revenue_per_customer", "active_partners", "partners_per_100_customers", "revenue_per_partner"),
    *("outlets_selling", "outlets_weighted", "share_in_outlets", "lapsed_customers", "lapsed_revenue"),
)


@EXHIBITS.register("reach.coverage")
def coverage(results: Results) -> Exhibit:
    """What each territory could realistically sell more, beside the spreadsheet's white space."""
    frame, facts = results.table("reach", "coverage"), Facts.of(results)
    rows = frame[frame["realistic_white_space"].notna()]
    if rows.empty:
        return _spreadsheet(results)
    rows = rows.sort_values(["realistic_white_space", "territory"], ascending=[False, True], kind="stable")
    first = first_of(rows)
    message = (
        f"{words.plain(first.territory)} could sell {facts.amount(first, 'realistic_white_space', 'realistic_low', 'realistic_high')} "
        "more a year as the better territories do"
    )
    head = rows.head(10)
    drawn = pd.DataFrame(
        {
            "label": head["territory"].map(words.plain),
            "value": head["realistic_white_space"],
            "low": head["realistic_low"],
            "high": head["realistic_high"],
        }
    )
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"{facts.currency} a year",
        locale=facts.locale,
        accent=[str(drawn["label"].iloc[0])],
    )
    note = _note(frame, rows, facts)
    table = rows_html(results, "reach", "coverage", rows, message, _present(frame))
    n = facts.count(len(rows), "territory", "territories")
    return Exhibit(message, picture, table, caption(results, "reach", "coverage", n), note)


def _note(frame: pd.DataFrame, rows: pd.DataFrame, facts: Facts) -> str:
    said = (
        f"In all {facts.money(rows['realistic_white_space'].sum())} a year, if every territory sold the share of its market that the "
        "better quarter of territories of its size does, luck taken out."
    )
    if frame["white_space"].notna().any():
        said += (
            f" Potential less revenue, the spreadsheet's white space, is {facts.money(frame['white_space'].sum())}: no territory sells all."
        )
    worked_out = int(frame["potential_basis"].isin([name for name, word in _BASES.items() if word]).sum())
    if worked_out:
        said += f" The market of {facts.count(worked_out, 'territory', 'territories')} is worked out from end customers."
    return said


def _spreadsheet(results: Results) -> Exhibit:
    """Where only the market's size is known: potential less revenue."""
    rank = Ranking("reach", "coverage", "territory", "white_space", axis="{currency} a year", accent_first=True, shown=_SHOWN)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return f"The largest white space is {words.plain(first.territory)}: {facts.money(first.white_space)} a year"

    return rank.exhibit(
        results, title, ("territory", "territories"), note="Potential less revenue: how much of it can realistically be had is not known."
    )


@EXHIBITS.register("reach.markets")
def markets(results: Results) -> Exhibit:
    """Territories as wide as their markets, filled as far as they are sold."""
    frame, facts = results.table("reach", "coverage"), Facts.of(results)
    rows = frame[(frame["market_potential"] > 0) & frame["penetration"].notna()]
    if rows.empty:
        return missing(results, "reach", "coverage", "market_potential")
    rows = rows.sort_values(["market_potential", "territory"], ascending=[False, True], kind="stable")
    share = rows["revenue"].sum() / rows["market_potential"].sum()
    largest = first_of(rows)
    message = (
        f"We sell {facts.share(share)} of a market of {facts.money(rows['market_potential'].sum())} a year; "
        f"in the largest, {words.plain(largest.territory)}, {facts.share(largest.penetration)}"
    )
    drawn = pd.DataFrame(
        {
            "label": rows["territory"].map(words.plain),
            "size": rows["market_potential"],
            "value": rows["penetration"],
            "better": rows["reachable_penetration"],
        }
    )
    picture = charts.markets(drawn, alt=f"{message}.", unit=facts.currency, locale=facts.locale)
    table = rows_html(results, "reach", "coverage", rows, message, _present(frame))
    n = facts.count(len(rows), "territory", "territories")
    return Exhibit(message, picture, table, caption(results, "reach", "coverage", n))


def _present(frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(column for column in _SHOWN if column in frame and frame[column].notna().any())
