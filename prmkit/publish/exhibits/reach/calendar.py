"""When to sign, and what revenue to expect on the way."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the whole portfolio."""
    return frame[frame["territory"] == "all"] if "territory" in frame else frame


@EXHIBITS.register("reach.calendar")
def calendar(results: Results) -> Exhibit:
    """Revenue month by month if the plan is followed, and how many to sign each month."""
    frame, facts = results.table("reach", "calendar"), Facts.of(results)
    whole = _whole(frame).sort_values("month")
    rows = whole[whole["revenue_p50"].notna() & whole["month"].notna()]
    if rows.empty:
        return missing(results, "reach", "calendar")
    drawn = pd.DataFrame(
        {"at": rows["month"], "series": "Expected", "value": rows["revenue_p50"], "low": rows["revenue_p10"], "high": rows["revenue_p90"]}
    )
    last, signed = rows.iloc[-1], whole["recruits_to_sign"].sum()
    message = (
        f"{facts.count(signed, 'recruit')} signed by {words.month(last['month'], facts.locale)}: "
        f"{facts.money(last['revenue_p50'])} in that month, "
        f"{words.between(last['revenue_p10'], last['revenue_p90'], facts.currency, facts.locale)}"
    )
    picture = charts.lines(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"Revenue, {facts.currency} a month", locale=facts.locale, accent=["Expected"]
    )
    months = facts.count(len(rows), "month")
    note = "The band holds eight chances in ten."
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "calendar", frame, message),
        caption(results, "reach", "calendar", months, "the months ahead"),
        note,
    )
