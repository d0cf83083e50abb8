"""Partner loyalty: who is about to fall silent, how well that was foretold, and what our own acts did."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import titles, words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, Ranking, caption, missing, rows_html, tally
from prmkit.results import Results

PARTNERS = ("partner", "partners")
QUADRANTS = {
    "loyal": "loyal: means it and does it",
    "latent": "latent: means it, does not do it",
    "habitual": "habitual: does it, does not mean it",
    "none": "neither",
    "unknown": "not known",
}
MEASURES = {
    "auc": "telling who from who not",
    "brier": "how far the chances were off",
    "expected_events": "how many were expected",
    "observed_events": "how many there were",
    "rank_correlation": "the order of what came",
    "money": "the money it would have found",
}
SCALES = {"auc": "1 is always right, 0.5 is a coin", "rank_correlation": "1 is the same order, 0 is none"}
_BACKTEST = ("measure", "model", "naive", "n", "compares")
_STEP = Decimal("0.01")


@EXHIBITS.register("loyalty.risk")
def risk(results: Results) -> Exhibit:
    """The chance to fall silent of the ten partners with most margin at stake."""
    rank = Ranking(
        "loyalty",
        "risk",
        "partner_id",
        "p_dormant_6m",
        "p_low",
        "p_high",
        by="margin_at_risk",
        unit="fraction",
        axis="chance of no sale in the next six months",
        shown=("partner_id", "p_dormant_6m", "p_low", "p_high", "margin_at_risk", "first_driver", "second_driver"),
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        head = rows[rows["margin_at_risk"].notna()].head(ROWS)
        if head.empty:
            return f"{facts.count(len(rows), 'active partner')} by their chance of falling silent"
        return (
            f"{words.spelled(len(head), facts.locale).capitalize()} partners hold "
            f"{facts.money(head['margin_at_risk'].sum())} of margin at risk, "
            f"{facts.name(head.iloc[0]['partner_id'])} the most"
        )

    note = "Sorted by margin at risk: the chance of falling silent times the margin that would go with it."
    return rank.exhibit(results, title, ("active partner", "active partners"), period="next six months", note=note)


def backtest_exhibit(results: Results, practice: str) -> Exhibit:
    """How well the past was foretold, beside the rule of thumb, for the practice's backtest table."""
    frame, facts = results.table(practice, "backtest"), Facts.of(results)
    rows = frame[frame["model"].notna()]
    if rows.empty:
        return missing(results, practice, "backtest")
    message, picture = titles.result_title(f"{practice}_backtest"), None
    compared = rows[rows["measure"].isin(["auc", "rank_correlation"]) & rows["naive"].notna()]
    if len(compared):
        row = first_of(compared)
        verdict = "beats" if row.model > row.naive else "ties with" if row.model == row.naive else "loses to"
        method, rule = (words.number(value, facts.locale, step=_STEP) for value in (row.model, row.naive))
        message = f"On past data the method {verdict} the rule of thumb in {MEASURES[row.measure]}: {method} against {rule}"
        drawn = pd.DataFrame({"label": ["This method", "Rule of thumb"], "value": [row.model, row.naive]})
        picture = charts.bars(drawn, alt=f"{message}.", axis=SCALES[row.measure], locale=facts.locale, accent=["This method"])
    table = rows_html(results, practice, "backtest", rows.assign(measure=rows["measure"].map(MEASURES)), message, _BACKTEST)
    n = facts.count(rows["n"].max(), "partner") if rows["n"].notna().any() else "n not known"
    told = caption(results, practice, "backtest", n, "an earlier date, judged on what came after")
    return Exhibit(message, picture, table, told, _worse(rows))


def _worse(rows: pd.DataFrame) -> str:
    """On which measures the rule of thumb did better: said wherever the method is praised."""
    judged = rows[rows["measure"].isin(["auc", "brier", "rank_correlation", "money"]) & rows["naive"].notna()]
    sign = judged["measure"].eq("brier").map({True: -1.0, False: 1.0})
    lost = judged[(judged["model"] - judged["naive"]) * sign < 0]
    if lost.empty:
        return ""
    return f"The rule of thumb did better in {' and in '.join(lost['measure'].map(MEASURES))}."


@EXHIBITS.register("loyalty.backtest")
def backtest(results: Results) -> Exhibit:
    """How well the risk was foretold, beside the rule of thumb."""
    return backtest_exhibit(results, "loyalty")


@EXHIBITS.register("loyalty.calibration")
def calibration(results: Results) -> Exhibit:
    """How many were expected to fall silent and how many did."""
    frame, facts = results.table("loyalty", "backtest"), Facts.of(results)
    found = {row.measure: row for row in rows_of(frame) if row.measure in {"expected_events", "observed_events"} and pd.notna(row.model)}
    if "expected_events" not in found:
        return missing(results, "loyalty", "backtest")
    expected, naive = float(found["expected_events"].model), found["expected_events"].naive
    observed = float(found["observed_events"].model) if "observed_events" in found else float("nan")
    labels = {"This method expected": expected, "The rule of thumb expected": naive, "Fell silent": observed}
    drawn = pd.DataFrame({"label": list(labels), "value": list(labels.values())})
    drawn = drawn[drawn["value"].notna()]
    message = f"{facts.count(expected, *PARTNERS)} were expected to fall silent and {facts.count(observed)} did"
    picture = charts.bars(drawn, alt=f"{message}.", axis="partners, six months", locale=facts.locale, accent=["This method expected"])
    rows = frame[frame["measure"].isin(list(found))]
    table = rows_html(results, "loyalty", "backtest", rows.assign(measure=rows["measure"].map(MEASURES)), message)
    return Exhibit(
        message,
        picture,
        table,
        caption(results, "loyalty", "backtest", facts.count(found["expected_events"].n, *PARTNERS), "an earlier half year"),
    )


@EXHIBITS.register("loyalty.index")
def index(results: Results) -> Exhibit:
    """What partners say and what they do."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        every = sum(counts.values())
        if counts.get("unknown", 0) == every:
            return f"Whether {facts.count(every, *PARTNERS)} mean it as well as do it is not known"
        return (
            f"{facts.count(counts.get('loyal', 0))} of {facts.count(every, *PARTNERS)} are "
            f"loyal in word and deed; {facts.count(counts.get('habitual', 0))} only in deed"
        )

    return tally(results, "loyalty", "index", "quadrant", title, said=QUADRANTS, accent="loyal", by="behaviour")


@EXHIBITS.register("loyalty.undermining")
def undermining(results: Results) -> Exhibit:
    """What our own acts did to partners' sales."""
    rank = Ranking(
        "loyalty",
        "undermining",
        "event",
        "effect",
        "effect_low",
        "effect_high",
        ascending=True,
        unit="fraction",
        axis="change of the partner's revenue after",
        reference=0.0,
        reference_name="no change",
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"'{words.plain(first.event).replace('_', ' ')}' goes with the largest drop: "
            f"{facts.amount(first, 'effect', 'effect_low', 'effect_high', unit='fraction')} of a partner's revenue"
        )

    return rank.exhibit(results, title, ("kind of event", "kinds of event"))


@EXHIBITS.register("loyalty.undermined_partners")
def undermined_partners(results: Results) -> Exhibit:
    """The partners our own acts touched."""
    rank = Ranking("loyalty", "undermined_partners", "partner_id", "margin_exposed", axis="margin, {currency} a year")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        once = rows.drop_duplicates("partner_id")
        return f"Our own acts touched {facts.count(len(once), *PARTNERS)} with {facts.money(once['margin_exposed'].sum())} of margin"

    return rank.exhibit(results, title, ("event at a partner", "events at partners"))


@EXHIBITS.register("loyalty.renewals")
def renewals(results: Results) -> Exhibit:
    """What is kept at renewal, the lowest first."""
    rank = Ranking(
        "loyalty",
        "renewals",
        "partner_id",
        "gross_retention",
        "low",
        "high",
        ascending=True,
        unit="fraction",
        axis="share of value due that was renewed",
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.name(first.partner_id)} keeps the least at renewal: "
            f"{facts.amount(first, 'gross_retention', 'low', 'high', unit='fraction')}"
        )

    return rank.exhibit(results, title, PARTNERS)


@EXHIBITS.register("loyalty.service")
def service(results: Results) -> Exhibit:
    """Whether partners' customers are served worse than our own."""
    rank = Ranking(
        "loyalty",
        "service",
        "partner_id",
        "worse_than_direct_probability",
        unit="fraction",
        axis="chance that its customers are served worse than ours",
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        likely = rows[rows["worse_than_direct_probability"] > 0.9]
        return f"Customers of {facts.count(len(likely), *PARTNERS)} are served worse than our own, nine chances in ten or more"

    return rank.exhibit(results, title, PARTNERS)
