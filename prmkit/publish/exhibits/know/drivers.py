"""What partners want and get, what goes with their loyalty, and who answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing, rows_html
from prmkit.results import Results

_PERIOD = "latest survey"
_READ = (
    "Dots are how important partners say a need is, each one's own way of marking taken out, with the range that chance leaves; "
    "open rings how content they are with it. A dot right of its ring is a need that is not met."
)
_SHARES = (
    "Bands are 90% ranges. Of several drivers that go together each holds its average part of what all explain of loyalty: "
    "an association, not a cause."
)
_SURE = 0.8


@EXHIBITS.register("know.drivers")
def drivers(results: Results) -> Exhibit:
    """How important each need is to partners, and how content they are with it."""
    rows, facts = _of_kind(results, "need", "importance"), Facts.of(results)
    if rows.empty:
        rows = _of_kind(results, "driver", "satisfaction")
        return missing(results, "know", "drivers") if rows.empty else _how_we_do(results, rows, facts)
    rows = rows.sort_values(["opportunity", "importance", "driver"], ascending=[False, False, True], kind="stable")
    message = _gap(first_of(rows), rows, facts)
    drawn = rows.head(ROWS).assign(label=rows["driver"].map(words.plain), value=rows["importance"], seen=rows["satisfaction"])
    drawn = drawn.assign(low=_column(drawn, "importance_low"), high=_column(drawn, "importance_high"))
    picture = charts.dot_interval(
        drawn[["label", "value", "low", "high", "seen"]],
        alt=message,
        axis="points of 10",
        locale=facts.locale,
        accent=[drawn["label"].iloc[0]],
    )
    table = rows_html(results, "know", "drivers", results.table("know", "drivers"), message)
    noun = caption(results, "know", "drivers", facts.count(len(rows), "need", "needs"), _PERIOD)
    return Exhibit(message, picture, table, noun, " ".join(filter(None, (_READ, heard(results, facts)))))


@EXHIBITS.register("know.driver_shares")
def driver_shares(results: Results) -> Exhibit:
    """What part of loyalty goes with each driver."""
    rows, facts = _of_kind(results, "driver", "share_explained"), Facts.of(results)
    if rows.empty:
        rows = _of_kind(results, "need", "share_explained")
    if rows.empty:
        return replace(missing(results, "know", "drivers", "share_explained"), title="What goes with partners' loyalty: not known yet")
    rows = rows.sort_values(["share_explained", "driver"], ascending=[False, True], kind="stable")
    first = first_of(rows)
    name, thin = words.plain(first.driver), getattr(first, "strength", "enough") == "thin"
    said = facts.amount(first, "share_explained", "share_low", "share_high", unit="fraction")
    sure = float(getattr(first, "probability_top", 1.0)) >= _SURE
    if thin:
        message = (
            f"A first look, thin: {facts.count(first.respondents)} respondents cannot rank {facts.count(len(rows), 'driver')} of loyalty"
        )
    elif sure:
        message = f"'{name}' goes with partners' loyalty most: {said} of what {facts.count(len(rows), 'driver')} explain"
    else:
        message = f"'{name}' may go with partners' loyalty most, {said} of what is explained; the survey cannot tell for sure"
    drawn = pd.DataFrame({"label": rows["driver"].map(words.plain), "value": rows["share_explained"]})
    drawn = drawn.assign(low=rows["share_low"], high=rows["share_high"])
    accent = [drawn["label"].iloc[0]] if sure and not thin else []
    picture = charts.dot_interval(drawn, alt=message, unit="fraction", axis="share of what all explain", locale=facts.locale, accent=accent)
    noun = caption(results, "know", "drivers", facts.count(len(rows), "driver"), _PERIOD)
    return Exhibit(message, picture, rows_html(results, "know", "drivers", rows, message, _shown(rows)), noun, _SHARES)


@EXHIBITS.register("know.respondents")
def respondents(results: Results) -> Exhibit:
    """Who answered the survey, against who did not."""
    rows, facts = results.table("know", "respondents"), Facts.of(results)
    rows = rows[rows["answer_rate"].notna()]
    if rows.empty:
        return missing(results, "know", "respondents")
    every = first_of(rows)
    parts = rows.iloc[1:].sort_values(["answer_rate", "of", "group"], kind="stable")
    message = f"{facts.share(every.answer_rate)} of partners answered: {facts.count(every.answered)} of {facts.count(every.asked)}"
    named = parts["of"].map(words.plain) + ": " + parts["group"].map(words.plain)
    drawn = pd.DataFrame({"label": named, "value": parts["answer_rate"], "low": parts["low"], "high": parts["high"]})
    picture = charts.dot_interval(
        drawn,
        alt=message,
        unit="fraction",
        axis="share that answered",
        locale=facts.locale,
        reference=float(every.answer_rate),
        reference_name="all",
    )
    note = "The kinds of partner that answered least. Who was really asked is on no record: all partners that were there count as asked. "
    weights = "Weights (last column) make each answer stand for as many partners of its kind as there are."
    table = rows_html(results, "know", "respondents", rows, message)
    groups = caption(results, "know", "respondents", facts.count(len(parts), "kind of partner", "kinds of partner"), _PERIOD)
    return Exhibit(message, picture, table, groups, note + weights)


def heard(results: Results, facts: Facts) -> str:
    """Who answered, in a line; empty where no answer names its partner."""
    rows = results.table("know", "respondents")
    rows = rows[rows["answer_rate"].notna()]
    if rows.empty:
        return ""
    every = first_of(rows)
    least = first_of(rows.sort_values("answer_rate", kind="stable"))
    said = f"{facts.count(every.answered)} of {facts.count(every.asked)} partners answered ({facts.share(every.answer_rate)})"
    if len(rows) == 1:
        return f"{said}."
    return f"{said}, fewest where {words.plain(least.of)} is '{words.plain(least.group)}' ({facts.share(least.answer_rate)})."


def _gap(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
    name = words.plain(first.driver)
    if float(getattr(first, "probability_greatest_gap", 1.0)) >= _SURE:
        return f"Partners miss '{name}' most: {_ten(first.importance, facts)} of 10 important, {_ten(first.satisfaction, facts)} content"
    return f"Partners may miss '{name}' most: {_ten(first.importance, facts)} of 10 important, {_ten(first.satisfaction, facts)} content"


def _how_we_do(results: Results, rows: pd.DataFrame, facts: Facts) -> Exhibit:
    """Where partners were asked how we do but not what they need."""
    rows = rows.sort_values(["satisfaction", "driver"], kind="stable")
    first = first_of(rows)
    message = f"Partners mark '{words.plain(first.driver)}' lowest: {_ten(first.satisfaction, facts)} of 10"
    drawn = pd.DataFrame({"label": rows["driver"].map(words.plain), "value": rows["satisfaction"]})
    drawn = drawn.assign(low=_column(rows, "satisfaction_low"), high=_column(rows, "satisfaction_high"))
    picture = charts.dot_interval(drawn, alt=message, axis="points of 10", locale=facts.locale)
    table = rows_html(results, "know", "drivers", rows, message)
    return Exhibit(
        message, picture, table, caption(results, "know", "drivers", facts.count(len(rows), "driver"), _PERIOD), heard(results, facts)
    )


def _of_kind(results: Results, kind: str, column: str) -> pd.DataFrame:
    """Rows of a kind that have a value; all rows where the table does not say which kind they are."""
    rows = results.table("know", "drivers")
    rows = rows[rows[column].notna() & ((rows["importance_basis"] == "stated") if column == "importance" and "kind" in rows else True)]
    return rows[rows["kind"] == kind] if "kind" in rows else rows


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name] if name in rows else pd.Series(float("nan"), index=rows.index)


def _shown(rows: pd.DataFrame) -> tuple[str, ...]:
    wanted = ("driver", "share_explained", "share_low", "share_high", "respondents", "strength", "matters")
    return tuple(column for column in wanted if column in rows)


def _ten(value: Any, facts: Facts) -> str:
    return words.number(round(float(value), 1) if value == value else None, facts.locale)
