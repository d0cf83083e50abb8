"""Under-performers: who costs more than they bring once luck is allowed for, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of, rows_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html, tally
from prmkit.publish.exhibits.loyalty import backtest_exhibit
from prmkit.results import Results

PARTNERS = ("partner", "partners")
DECISIONS = {
    "grow": "grow",
    "keep": "keep",
    "fix": "fix: change something, with a date",
    "exit": "part ways, after the conversation",
    "too_early": "too early to judge",
    "not_judged": "not judged on resale",
}


@EXHIBITS.register("prune.whale")
def whale(results: Results) -> Exhibit:
    """Contribution added up from the best partner to the worst."""
    frame, facts = results.table("prune", "whale"), Facts.of(results)
    rows = frame[frame["cumulative_contribution"].notna() & frame["rank"].notna()].sort_values("rank", kind="stable")
    if len(rows) < 2:
        return missing(results, "prune", "whale")
    curve = pd.DataFrame({"rank": rows["rank"].astype(int), "cumulative": rows["cumulative_contribution"].astype(float)})
    peak, final = curve["cumulative"].max(), curve["cumulative"].iloc[-1]
    best = int(curve["rank"].iloc[int(curve["cumulative"].to_numpy().argmax())])
    if peak > final:
        message = (
            f"{facts.count(best, *PARTNERS)} earn {facts.money(peak)}; the other "
            f"{facts.count(len(curve) - best)} give {facts.money(peak - final)} of it back"
        )
    else:
        message = f"No partner takes contribution away: {facts.count(len(curve), *PARTNERS)} earn {facts.money(final)}"
    picture = charts.whale(curve, alt=f"{message}.", unit=facts.currency, locale=facts.locale)
    note = "As observed, luck included: who stands at the end this year need not stand there next year."
    return Exhibit(
        message,
        picture,
        rows_html(results, "prune", "whale", rows, message),
        caption(results, "prune", "whale", facts.count(len(curve), *PARTNERS)),
        note,
    )


@EXHIBITS.register("prune.fair")
def fair(results: Results) -> Exhibit:
    """The ten lowest contributions with luck taken out, beside what was observed."""
    rank = Ranking(
        "prune",
        "scorecard",
        "partner_id",
        "fair_contribution",
        "fair_low",
        "fair_high",
        seen="contribution",
        ascending=True,
        axis="Contribution, {currency}, 12 months",
        reference=0.0,
        shown=("partner_id", "contribution", "fair_contribution", "fair_low", "fair_high", "p_below_hurdle", "missing_costs"),
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        certain, likely = (rows["p_below_hurdle"] > 0.95).sum(), (rows["p_below_hurdle"] > 0.5).sum()
        return (
            f"{facts.count(likely, 'partner is', 'partners are')} more likely below "
            f"the hurdle than above it, {facts.count(certain)} of them for certain"
        )

    note = "Dot and range: expected once luck is taken out. Open ring: observed. For certain: more than nineteen chances in twenty."
    return rank.exhibit(results, title, PARTNERS, note=note)


@EXHIBITS.register("prune.decisions")
def decisions(results: Results) -> Exhibit:
    """How many partners to grow, keep, fix or part with."""

    def title(counts: Mapping[str, int], facts: Facts) -> str:
        said = [
            f"{facts.count(counts.get(word, 0))} to {label}" for word, label in (("grow", "grow"), ("fix", "fix"), ("exit", "part with"))
        ]
        return f"{said[0]}, {said[1]} and {said[2]}, of {facts.count(sum(counts.values()), *PARTNERS)}"

    note = "Nobody is let go by a table: parting ways needs the conversation and a person's signature."
    shown = ("partner_id", "decision", "value_keep", "value_fix", "value_exit", "p_decision_right", "review_on")
    return tally(results, "prune", "decisions", "decision", title, said=DECISIONS, accent="fix", by="value_keep", shown=shown, note=note)


@EXHIBITS.register("prune.backtest")
def backtest(results: Results) -> Exhibit:
    """How well contribution was foretold, beside the rule of thumb."""
    return backtest_exhibit(results, "prune")


@EXHIBITS.register("prune.performers")
def performers(results: Results) -> Exhibit:
    """The margin exposed at the best partners when their time goes elsewhere."""
    rank = Ranking("prune", "performers", "partner_id", "margin_exposed", axis="margin, {currency} a year")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return f"{facts.money(rows['margin_exposed'].sum())} of margin hangs on {facts.count(len(rows), 'performer')} who may fall silent"

    return rank.exhibit(results, title, PARTNERS)


@EXHIBITS.register("prune.manager_load")
def manager_load(results: Results) -> Exhibit:
    """The share of each manager's time that goes to loss-makers."""
    rank = Ranking(
        "prune",
        "manager_load",
        "partner_manager",
        "share_on_loss_makers",
        unit="fraction",
        axis="share of hours on loss-makers",
        accent_first=True,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{words.plain(first.partner_manager)} gives loss-makers {facts.share(first.share_on_loss_makers)} "
            f"of the hours, the most of {facts.count(len(rows), 'manager')}"
        )

    return rank.exhibit(results, title, ("manager", "managers"))


@EXHIBITS.register("prune.reallocation")
def reallocation(results: Results) -> Exhibit:
    """What moving time and money between groups would bring."""
    frame = results.table("prune", "reallocation")
    if frame["margin_change"].notna().sum() == 0:
        return missing(results, "prune", "reallocation")
    facts = Facts.of(results)
    rows = frame[frame["margin_change"].notna()].sort_values("margin_change", ascending=False, kind="stable")
    labels = [f"{words.plain(row.from_group)} to {words.plain(row.to_group)}" for row in rows_of(rows)]
    drawn = pd.DataFrame(
        {"label": labels, "value": rows["margin_change"], "low": rows["margin_change_low"], "high": rows["margin_change_high"]}
    )
    said = facts.amount(first_of(rows), "margin_change", "margin_change_low", "margin_change_high", period="a year")
    message = f"Moving time from {labels[0]} changes margin by {said}"
    picture = charts.dot_interval(
        drawn, alt=f"{message}.", unit=facts.currency, axis=f"Change of margin, {facts.currency} a year", locale=facts.locale, reference=0.0
    )
    return Exhibit(
        message,
        picture,
        rows_html(results, "prune", "reallocation", rows, message),
        caption(results, "prune", "reallocation", facts.count(len(rows), "move")),
    )


@EXHIBITS.register("prune.consistency")
def consistency(results: Results) -> Exhibit:
    """Whether partners that look alike are treated alike."""
    rank = Ranking("prune", "consistency", "partner_id", "kept_with_same_or_worse", axis="partners kept that look the same or worse")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        unlike = rows[rows["kept_with_same_or_worse"] > 0]
        if unlike.empty:
            return f"No partner that is kept looks the same as or worse than one of the {facts.count(len(rows))} to fix or part with"
        return (
            f"{facts.count(unlike['partner_id'].nunique(), 'decision has', 'decisions have')} a partner kept that looks the same or worse"
        )

    return rank.exhibit(results, title, PARTNERS)
