"""What would save recruits."""

from __future__ import annotations

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

LEVERS = {
    "activation": "More new partners make a first sale",
    "ramp": "New partners sell sooner",
    "retention": "Fewer partners fall silent",
    "yield": "Each active partner sells more",
    "new_family": "Partners add a product family",
    "price_leak": "Smaller discounts",
    "recruits": "More recruits",
    "later_date": "A later date",
    "lower_goal": "A lower goal",
}


@EXHIBITS.register("reach.levers")
def levers(results: Results) -> Exhibit:
    """What would save recruits."""
    frame, facts = results.table("reach", "levers"), Facts.of(results)
    rows = frame[frame["recruits_saved"].notna()].sort_values("recruits_saved", ascending=False, kind="stable")
    if rows.empty:
        return missing(results, "reach", "levers", "recruits_saved")
    named = rows.assign(lever=rows["lever"].map(LEVERS).fillna(rows["lever"]))
    earned = rows[~rows["lever"].isin(["later_date", "lower_goal"])]
    first = first_of(earned if len(earned) else rows)
    best = words.plain(LEVERS.get(first.lever, first.lever))
    message = f"'{best}' saves the most: {facts.count(first.recruits_saved, 'recruit')}"
    drawn = named.rename(columns={"lever": "label", "recruits_saved": "value"})
    picture = charts.bars(drawn, alt=f"{message}.", axis="recruits saved", locale=facts.locale, accent=[best])
    beyond = [words.plain(name) for name in named.loc[named["within_range_seen"].eq(False).fillna(False), "lever"]]
    note = f"Beyond what has been seen in this programme: {'; '.join(beyond)}." if beyond else ""
    table = rows_html(results, "reach", "levers", named, message)
    return Exhibit(
        message, picture, table, caption(results, "reach", "levers", facts.count(len(rows), "lever"), "12 months to the goal's date"), note
    )
