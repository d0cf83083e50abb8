"""Why the number is what it is, and what it hangs on."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

STEPS = {
    "naive": "Plain division",
    "activation": "Some never make a first sale",
    "ramp": "They sign through the year and start slowly",
    "attrition": "Some stop again",
    "base": "Today's partners sell more or less than last year",
    "yield": "New ones sell more or less than today's",
    "saturation": "They share the market with today's",
    "certainty": "To be as sure as asked, not just even",
}


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the whole portfolio."""
    return frame[frame["territory"] == "all"] if "territory" in frame else frame


@EXHIBITS.register("reach.waterfall")
def waterfall(results: Results) -> Exhibit:
    """From the plain division to the recommended number of recruits, one thing that it leaves out at a time."""
    frame, facts = results.table("reach", "waterfall"), Facts.of(results)
    rows = frame[frame["recruits"].notna()]
    if len(rows) < 2:
        return missing(results, "reach", "waterfall")
    first, last = float(rows["recruits"].iloc[0]), float(rows["recruits"].iloc[-1])
    steps = [*rows["step"].map(STEPS).fillna(rows["step"]), "To sign"]
    ends = rows["recruits"].round()
    values = [ends.iloc[0], *ends.diff().iloc[1:], ends.iloc[-1]]
    drawn = pd.DataFrame({"label": steps, "value": values, "total": [True, *[False] * (len(rows) - 1), True]})
    message = f"Plain division says {facts.count(first)} recruits; what it leaves out makes it {facts.count(last)}"
    picture = charts.waterfall(drawn, alt=f"{message}.", axis="partners to sign", locale=facts.locale)
    table = rows_html(results, "reach", "waterfall", rows, message)
    n = facts.count(len(rows) - 1, "step")
    note = (
        "Plain division here is the goal less last year's sales, over what an active partner sold. "
        "The plan's own plain division already takes off what today's partners will lose."
        if "base" in set(rows["step"])
        else ""
    )
    return Exhibit(message, picture, table, caption(results, "reach", "waterfall", n, "12 months to the goal's date"), note)


@EXHIBITS.register("reach.sensitivity")
def sensitivity(results: Results) -> Exhibit:
    """Which inputs the number of recruits hangs on."""
    frame, facts = results.table("reach", "sensitivity"), Facts.of(results)
    rows = frame[frame["recruits_low"].notna() & frame["recruits_high"].notna()]
    if rows.empty:
        return missing(results, "reach", "sensitivity")
    ends = rows[["recruits_low", "recruits_high"]]
    rows = rows.assign(low=ends.min(axis=1), high=ends.max(axis=1))
    rows = rows.assign(spread=rows["high"] - rows["low"]).sort_values("spread", ascending=False, kind="stable")
    drawn = rows[rows["spread"] > 0] if (rows["spread"] > 0).any() else rows
    drawn = drawn.rename(columns={"input": "label"}).assign(value=None)
    first = first_of(rows)
    message = (
        f"The plan hangs most on '{words.plain(first.input)}': {facts.count(first.low)} "
        f"to {facts.count(first.high)} recruits over its range"
    )
    whole = _whole(results.table("reach", "plan"))
    known = len(whole) and pd.notna(whole.iloc[0]["recruits_p80"])
    picture = charts.dot_interval(
        drawn,
        alt=f"{message}.",
        axis="partners to sign",
        locale=facts.locale,
        accent=[str(drawn.iloc[0]["label"])],
        reference=float(whole.iloc[0]["recruits_p80"]) if known else None,
        reference_name="recommended",
        zero=False,
    )
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "sensitivity", rows, message),
        caption(results, "reach", "sensitivity", facts.count(len(rows), "input")),
    )
