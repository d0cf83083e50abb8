"""When to sign, and what revenue to expect on the way."""

from __future__ import annotations

import pandas as pd

from prmkit import charts
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

_NAMED = 3


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
    note = f"The band holds eight chances in ten.{_where(frame, facts)}"
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "calendar", frame, message),
        caption(results, "reach", "calendar", months, "the months ahead"),
        note,
    )


def _where(frame: pd.DataFrame, facts: Facts) -> str:
    """The territories that get most of the recruits, in a sentence; "" where they are not told apart."""
    counts = frame[frame["territory"] != "all"].groupby("territory", sort=False)["recruits_to_sign"].sum()
    counts = counts[counts > 0].sort_values(ascending=False, kind="stable")
    if counts.empty:
        return ""
    named = ", ".join(f"{words.plain(name)} {facts.count(count)}" for name, count in counts.head(_NAMED).items())
    rest = facts.count(counts.iloc[_NAMED:].sum()) if len(counts) > _NAMED else ""
    return f" By territory: {named}{f', elsewhere {rest}' if rest else ''}."


PACES = {
    "first_month": "all in the first month",
    "first_quarter": "all in the first three months",
    "evenly": "evenly",
    "last_half": "all in the second half of the time",
}


@EXHIBITS.register("reach.signing")
def signing(results: Results) -> Exhibit:
    """What one recruit brings inside the goal's 12 months, by the month it signs in; and the count at each pace."""
    frame, facts = results.table("reach", "signing"), Facts.of(results)
    rows = frame[(frame["kind"] == "month") & frame["revenue"].notna() & frame["ends"].notna()].sort_values("ends")
    if len(rows) < 2:
        return missing(results, "reach", "signing")
    drawn = pd.DataFrame(
        {"at": rows["ends"], "series": "One recruit", "value": rows["revenue"], "low": rows["revenue_low"], "high": rows["revenue_high"]}
    )
    first, last = rows.iloc[0], rows.iloc[-1]
    month, late = (words.month(row["ends"], facts.locale) for row in (first, last))
    message = (
        f"A partner signed in {month} brings {facts.money(first['revenue'])} towards the goal, in {late} {facts.money(last['revenue'])}"
    )
    picture = charts.lines(
        drawn,
        alt=f"{message}.",
        unit=facts.currency,
        axis=f"Expected revenue of one recruit, {facts.currency}",
        locale=facts.locale,
        accent=["One recruit"],
    )
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "signing", frame, message),
        caption(results, "reach", "signing", facts.count(len(rows), "month"), "the months ahead"),
        f"The band is what is not known of the expectation; one partner by itself varies far more.{_at_pace(frame, facts)}",
    )


def _at_pace(frame: pd.DataFrame, facts: Facts) -> str:
    """Recruits needed at each pace, in a sentence; "" without a goal."""
    rows = frame[(frame["kind"] == "pace") & frame["recruits_asked"].notna()]
    if rows.empty:
        return ""
    said = [
        f"{facts.count(row.recruits_asked)} signed {PACES.get(str(row.signing), words.plain(row.signing))}" for row in rows.itertuples()
    ]
    return f" The goal needs {', or '.join(said)}."
