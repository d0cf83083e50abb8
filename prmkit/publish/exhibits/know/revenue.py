"""Who brings the revenue, how much hangs on a few, and what is on record of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

MEASURES = {
    "top_10_share": "The largest tenth of the partners",
    "top_20_share": "The largest fifth of the partners",
    "gini": "Unevenness (0 all equal, 1 one partner)",
    "hhi": "Concentration index (0 to 1)",
    "effective_partners": "As if there were so many equal partners",
}


@EXHIBITS.register("know.revenue")
def revenue(results: Results) -> Exhibit:
    """Revenue a year, through partners and direct."""
    facts, frame = Facts.of(results), results.table("know", "revenue").dropna(subset=["year", "route"])
    if frame.empty:
        return missing(results, "know", "revenue")
    sums = frame.groupby(["year", "route"], as_index=False)["revenue"].sum()
    drawn = pd.DataFrame(
        {
            "at": pd.to_datetime(sums["year"].astype(str) + "-12-31"),
            "series": sums["route"].map({"partner": "Through partners", "direct": "Direct"}),
            "value": sums["revenue"],
        }
    )
    latest = int(sums["year"].max())
    here = sums[(sums["year"] == latest) & (sums["route"] == "partner")]["revenue"].sum()
    everything = sums[sums["year"] == latest]["revenue"].sum()
    message = f"Partners brought {facts.money(here)} of {facts.money(everything)} in {latest}"
    axis = f"Revenue, {facts.currency} a year"
    if drawn["at"].nunique() > 1:
        picture = charts.lines(
            drawn, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale, accent=["Through partners"], yearly=True
        )
    else:
        rows = drawn.rename(columns={"series": "label"}).sort_values("value", ascending=False)
        picture = charts.bars(rows, alt=f"{message}.", unit=facts.currency, axis=axis, locale=facts.locale, accent=["Through partners"])
    latest_first = frame.sort_values(["year", "revenue"], ascending=[False, False], kind="stable")
    years = facts.count(sums["year"].nunique(), "year")
    note = f"The data end on {words.day(facts.as_of, facts.locale)}; the first and the last year may be parts of a year."
    return Exhibit(
        message,
        picture,
        rows_html(results, "know", "revenue", latest_first, message),
        caption(results, "know", "revenue", years, "all data"),
        note,
    )


@EXHIBITS.register("know.concentration")
def concentration(results: Results) -> Exhibit:
    """How much of revenue hangs on a few partners."""
    frame, facts = results.table("know", "concentration"), Facts.of(results)
    shares = frame[frame["measure"].isin(["top_10_share", "top_20_share", "gini"]) & frame["value"].notna()]
    if shares.empty:
        return missing(results, "know", "concentration")
    drawn = shares.assign(label=shares["measure"].map(MEASURES)).sort_values("value", ascending=False)
    ten = shares[shares["measure"] == "top_10_share"]
    if len(ten):
        said = facts.amount(first_of(ten), "value", "low", "high", unit="fraction")
        message = f"The largest tenth of the partners brings {said} of partner revenue"
    else:
        message = "How much of partner revenue hangs on a few partners"
    picture = charts.dot_interval(drawn, alt=f"{message}.", unit="fraction", locale=facts.locale, accent=[MEASURES["top_10_share"]])
    table = rows_html(
        results, "know", "concentration", frame.assign(measure=frame["measure"].map(MEASURES).fillna(frame["measure"])), message
    )
    n = facts.count(len(results.partners), "partner")
    return Exhibit(message, picture, table, caption(results, "know", "concentration", n))


@EXHIBITS.register("know.profile")
def profile(results: Results) -> Exhibit:
    """How complete the partner records are, weighted with revenue."""
    rank = Ranking("know", "profile", "attribute", "filled_revenue_share", ascending=True, unit="fraction", axis="share of revenue")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        blank = rows[rows["filled_revenue_share"] == 0]
        name = words.plain(first.attribute).replace("_", " ")
        if blank.empty:
            return f"Least is known of '{name}': {facts.share(first.filled_revenue_share)} of revenue"
        return f"{facts.count(len(blank))} of {facts.count(len(rows), 'attribute')} of the partner records are empty"

    return rank.exhibit(results, title, ("attribute", "attributes"), period="as of today's records")
