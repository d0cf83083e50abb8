"""Mathematics of reach: how many partners the goal needs, where, and what would change the answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

COUNTS = {
    "recruits_naive": "Plain division: gap by average partner",
    "recruits_p50": "An even chance",
    "recruits_p80": "Four chances in five",
    "recruits_p90": "Nine chances in ten",
}
STEPS = {
    "naive": "Plain division",
    "activation": "Some never make a first sale",
    "ramp": "They sign through the year and start slowly",
    "attrition": "Some stop again",
    "yield": "New ones sell more or less than today's",
    "certainty": "To be as sure as asked, not just even",
}
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


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the whole portfolio."""
    return frame[frame["territory"] == "all"] if "territory" in frame else frame


@EXHIBITS.register("reach.plan")
def plan(results: Results) -> Exhibit:
    """Partners to sign for the goal, by how sure one wants to be, beside the plain division."""
    frame, facts = results.table("reach", "plan"), Facts.of(results)
    whole = _whole(frame)
    known = {name: whole.iloc[0][name] for name in COUNTS if len(whole) and pd.notna(whole.iloc[0][name])}
    if not known:
        return missing(results, "reach", "plan", "recruits_p80")
    row = first_of(whole)
    drawn = pd.DataFrame({"label": [COUNTS[name] for name in known], "value": [float(value) for value in known.values()]})
    message = f"Sign {facts.count(row.recruits_p80, 'partner')} for four chances in five of the goal"
    if "recruits_naive" in known:
        message += f"; plain division says {facts.count(row.recruits_naive)}"
    picture = charts.bars(drawn, alt=f"{message}.", unit="", axis="partners to sign", locale=facts.locale, accent=[COUNTS["recruits_p80"]])
    note = (
        f"Goal {facts.money(row.goal)}; without new partners "
        f"{facts.amount(row, 'baseline', 'baseline_low', 'baseline_high')}, a chance of {facts.share(row.probability_now)}."
    )
    n = facts.count(row.productive_partners, "active partner")
    return Exhibit(
        message,
        picture,
        rows_html(results, "reach", "plan", frame, message),
        caption(results, "reach", "plan", n, "12 months to the goal's date"),
        note,
    )


@EXHIBITS.register("reach.baseline")
def baseline(results: Results) -> Exhibit:
    """What today's partners would bring without a single recruit, by territory."""
    axis = "{currency}, 12 months to the goal's date"
    rank = Ranking("reach", "plan", "territory", "baseline", "baseline_low", "baseline_high", axis=axis, total="all")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        whole = _whole(rows)
        first = next((whole if len(whole) else rows).itertuples())
        said = facts.amount(first, "baseline", "baseline_low", "baseline_high")
        return f"Without a single recruit today's partners bring {said}"

    return rank.exhibit(results, title, ("territory or total", "territories, the total included"), period="12 months to the goal's date")


@EXHIBITS.register("reach.waterfall")
def waterfall(results: Results) -> Exhibit:
    """From the plain division to the recommended number of recruits, one thing that it leaves out at a time."""
    frame, facts = results.table("reach", "waterfall"), Facts.of(results)
    rows = frame[frame["recruits"].notna()]
    if len(rows) < 2:
        return missing(results, "reach", "waterfall")
    first, last = float(rows["recruits"].iloc[0]), float(rows["recruits"].iloc[-1])
    steps = [*rows["step"].map(STEPS).fillna(rows["step"]), "To sign"]
    values = [first, *rows["recruits"].diff().iloc[1:], last]
    drawn = pd.DataFrame({"label": steps, "value": values, "total": [True, *[False] * (len(rows) - 1), True]})
    message = f"Plain division says {facts.count(first)} recruits; what it leaves out makes it {facts.count(last)}"
    picture = charts.waterfall(drawn, alt=f"{message}.", axis="partners to sign", locale=facts.locale)
    table = rows_html(results, "reach", "waterfall", rows, message)
    n = facts.count(len(rows) - 1, "step")
    return Exhibit(message, picture, table, caption(results, "reach", "waterfall", n, "12 months to the goal's date"))


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
    drawn = rows.rename(columns={"input": "label"}).assign(value=None)
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


@EXHIBITS.register("reach.saturation")
def saturation(results: Results) -> Exhibit:
    """Where one more partner takes from the others."""
    rank = Ranking(
        "reach", "saturation", "territory", "over_distributed_probability", unit="fraction", axis="chance that there are too many partners"
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        likely = rows[rows["over_distributed_probability"] > 0.5]
        if likely.empty:
            return (
                "No territory is more likely than not to have too many partners; the likeliest, "
                f"{words.plain(first.territory)}, at {facts.share(first.over_distributed_probability)}"
            )
        return (
            f"{facts.count(len(likely), 'territory has', 'territories have')} more "
            f"likely than not too many partners, {words.plain(first.territory)} first"
        )

    return rank.exhibit(results, title, ("territory", "territories"), note="Where one more partner would bring less margin than it costs.")


@EXHIBITS.register("reach.coverage")
def coverage(results: Results) -> Exhibit:
    """Market not reached yet."""
    rank = Ranking("reach", "coverage", "territory", "white_space", axis="{currency} a year", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return f"The largest white space is {words.plain(first.territory)}: {facts.money(first.white_space)} a year"

    return rank.exhibit(results, title, ("territory", "territories"))


@EXHIBITS.register("reach.conflict")
def conflict(results: Results) -> Exhibit:
    """Where partners, or we ourselves, sell to the same customers."""
    rank = Ranking(
        "reach",
        "conflict",
        "territory",
        "shared_customer_share",
        unit="fraction",
        axis="share of customers served by two or more",
        accent_first=True,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.share(first.shared_customer_share)} of customers in "
            f"{words.plain(first.territory)} buy from two or more, the most of all"
        )

    return rank.exhibit(results, title, ("territory", "territories"))
