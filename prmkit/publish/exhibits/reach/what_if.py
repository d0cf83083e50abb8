"""The inputs of the plan and what they come to, whole, where no kernel answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from prmkit.charts.curve import Mark, curve
from prmkit.charts.frames import rows_of
from prmkit.charts.picture import Picture
from prmkit.charts.scale import finite
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

NO_ESTIMATE = "not known; not counted"
MOST_KNOWN = 1e9


@EXHIBITS.register("reach.what_if")
def what_if(results: Results) -> Exhibit:
    """Every input that can be moved with what the plan takes for it, and the plan's own answers."""
    asked, found = results.table("reach", "what_if"), results.table("reach", "what_if_answers")
    if asked.empty:
        return missing(results, "reach", "what_if")
    facts = Facts.of(results)
    message = f"{facts.count(len(asked), 'input')} can be moved in the app; here is what the plan takes for each"
    tables = answers_html(found, facts) + inputs_html(asked, facts)
    picture = _picture(results, message, facts)
    source = caption(results, "reach", "what_if", facts.count(len(asked), "input"), "12 months to the goal's date")
    return Exhibit(message, picture, tables, source, open_table=True)


def _picture(results: Results, message: str, facts: Facts) -> Picture | None:
    known = results.table("reach", "what_if_curve").dropna().sort_values("recruits")
    if len(known) < 2:
        return None
    whole = results.table("reach", "plan").query("territory == 'all'")
    asked = float(whole["recruits_asked"].iloc[0]) if "recruits_asked" in whole and len(whole) else float("nan")
    at = asked if asked <= known["recruits"].iloc[-1] else float(known["recruits"].iloc[-1])
    chance = float(np.interp(at, known["recruits"], known["chance"]))
    end = Mark(at, chance, f"{facts.count(at)}: {facts.share(chance)}")
    drawn = known.rename(columns={"recruits": "at", "chance": "value"})
    alt = f"{message}. The chance of the goal by the number of recruits."
    return curve(drawn, [end], alt=alt, across_title="recruits signed", up_title="chance of the goal", locale=facts.locale)


def inputs_html(asked: pd.DataFrame, facts: Facts) -> Markup:
    """label, setting, range, limits, about: one row an input, one table a group."""
    return Markup("").join(_group(str(name), rows, facts) for name, rows in asked.groupby("group", sort=False))


def _group(name: str, asked: pd.DataFrame, facts: Facts) -> Markup:
    shown = pd.DataFrame(
        {
            "label": asked["label"],
            "setting": [in_words(row.setting, row.unit, facts, NO_ESTIMATE) for row in rows_of(asked)],
            "range": [range_words(row.low, row.high, row.unit, facts) for row in rows_of(asked)],
            "limits": [limits_words(row.least, row.most, row.unit, facts) for row in rows_of(asked)],
            "about": asked["about"],
        }
    )
    named = {
        "label": Format.text("Input"),
        "setting": Format.text("The plan takes"),
        "range": Format.text("90% range"),
        "limits": Format.text("Can be moved"),
        "about": Format.text("What it is"),
    }
    return table_html(shown, named, heading(name), f"Table: inputs of the plan, {name}", locale=facts.locale)


def heading(group: str) -> str:
    """What a group of inputs is called."""
    return group[:1].upper() + group[1:]


def answers_html(found: pd.DataFrame, facts: Facts) -> Markup:
    """answer, value, range: one row an answer."""
    parts = (("Recruits the goal needs", found.head(5)), ("What so many come to", found.iloc[5:]))
    return Markup("").join(_answers(title, rows, facts) for title, rows in parts)


def _answers(title: str, found: pd.DataFrame, facts: Facts) -> Markup:
    shown = pd.DataFrame(
        {
            "answer": [heading(words.plain(text)) for text in found["answer"]],
            "value": [in_words(row.value, row.unit, facts) for row in rows_of(found)],
            "range": [range_words(row.low, row.high, row.unit, facts) for row in rows_of(found)],
        }
    )
    named = {"answer": Format.text("Answer"), "value": Format.text("The plan"), "range": Format.text("90% range")}
    return table_html(shown, named, title, f"Table: {title.lower()}, by the plan's own inputs", locale=facts.locale)


def in_words(value: Any, unit: str, facts: Facts, missing_words: str = words.NOT_KNOWN) -> str:
    """A value of an input or answer with its unit."""
    number = finite(value)
    if number is None:
        return missing_words
    if unit == "money":
        return facts.money(number)
    if unit == "share":
        return facts.share(number)
    if unit == "months":
        rounded = round(number, 1)
        return f"{words.number(rounded, facts.locale)} {'month' if rounded == 1 else 'months'}"
    if unit == "partners":
        return facts.count(number)
    return f"{words.number(number, facts.locale)}{' a month' if unit == 'a month' else ''}"


def range_words(low: Any, high: Any, unit: str, facts: Facts) -> str:
    """A 90% range; "" for what has none."""
    bottom, top = finite(low), finite(high)
    if bottom is None or top is None:
        return ""
    known = {"money": facts.currency, "share": "fraction"}.get(unit, "number")
    return words.between(bottom, top, known, facts.locale)


def limits_words(least: Any, most: Any, unit: str, facts: Facts) -> str:
    """How far an input may be moved."""
    low, high = in_words(least, unit, facts), in_words(most, unit, facts)
    return f"{low} or more" if float(most) >= MOST_KNOWN or unit == "a month" else f"{low} to {high}"
