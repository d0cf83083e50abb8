"""The assumptions a page rests on: what each moves, and who agreed to it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd
from markupsafe import Markup

from prmkit.publish import words
from prmkit.publish.exhibit import Block
from prmkit.publish.table import Format, table_html
from prmkit.results import Results

NAME = "assumptions"
SOURCES = {"setting": "a setting", "default": "a default", "stand_in": "a stand-in", "prior": "a prior of the method"}
INTRO = (
    "Each was varied over the range shown, with all else as it is. Sign the sheet Assumptions of the workbook (agreed, by, on) and save it"
    " as assumptions.xlsx in the engagement folder: a signature stays until the value changes."
)


def message(results: Results) -> str:
    """One sentence: how many there are, what the largest moves, how many are signed; empty where none is known."""
    frame = results.tables.get(NAME)
    if frame is None or frame.empty:
        return ""
    said = f"{words.spelled(len(frame)).capitalize()} assumptions carry this page" if len(frame) > 1 else "One assumption carries this page"
    seen = frame[frame["effect"] == "seen"].dropna(subset=["headline_low", "headline_high"])
    if len(seen):
        first = seen.iloc[0]
        moved = _moves(first.to_dict(), str(results.run["locale"]))
        said += f"; the one that moves most ({_lower(first['what'])}) leaves the worth of the leading findings at {moved}"
    return f"{said}; {_signed(frame)}."


def _signed(frame: pd.DataFrame) -> str:
    agreed, asked = int((frame["agreed"] == "yes").sum()), int(frame["asks"].notna().sum())
    again = f", {asked} to be signed again" if asked else ""
    return f"{agreed} of {len(frame)} are agreed to{again}" if agreed or asked else "none is signed yet"


def _lower(text: Any) -> str:
    plain = words.plain(text)
    return plain[:1].lower() + plain[1:]


def assumptions(results: Results) -> Block:
    """All of them as a table, those that move the headline most first."""
    frame, said = results.tables.get(NAME), message(results)
    if frame is None or frame.empty:
        nothing = "No assumption is behind these results."
        return Block(Markup("<p>{}</p>").format(nothing), nothing)
    locale = str(results.run["locale"])
    shown = frame.assign(
        value=[_value(row, locale) for row in frame.to_dict("records")],
        range=[_range(row, locale) for row in frame.to_dict("records")],
        moves=[_moves(row, locale) for row in frame.to_dict("records")],
        signed=[_signature(row) for row in frame.to_dict("records")],
    )
    formats = {
        "what": Format.text("What is assumed"),
        "value": Format.text("Value used"),
        "source": Format.text("Comes from", SOURCES),
        "range": Format.text("Varied over"),
        "moves": Format.text("The headline then"),
        "signed": Format.text("Agreed"),
    }
    table = table_html(shown, formats, "", "Assumptions and what they move", locale=locale)
    return Block(Markup("<p>{}</p><p>{}</p>{}").format(said, INTRO, table), said)


def _value(row: Mapping[Hashable, Any], locale: str) -> str:
    """What was used, as a person says it: "EUR 70 an hour", "80%", "first sale (9.9% of rows)"."""
    value, unit = str(row["value"]), str(row["unit"])
    if not _is_number(value):
        return f"{value} ({unit})" if "row" in unit else value
    first, _, rest = unit.partition(" ")
    rest = rest.strip() if _is_currency(first) else unit.removeprefix("share").removeprefix("chance")
    said = _number(value, unit, locale)
    return f"{said}{rest}" if rest.startswith((",", " ")) or not rest else f"{said} {rest}"


def _range(row: Mapping[Hashable, Any], locale: str) -> str:
    low, high, unit = row["low_setting"], row["high_setting"], str(row["unit"])
    if pd.isna(low) or pd.isna(high):
        return "not varied"
    return f"{_number(low, unit, locale)} to {_number(high, unit, locale)}" if _is_number(low) and _is_number(high) else f"{low} to {high}"


def _number(value: Any, unit: str, locale: str) -> str:
    first = unit.partition(" ")[0].rstrip(",")
    if first in {"share", "chance"}:
        return words.share(float(value), locale)
    said = words.number(float(value), locale, step=Decimal(1) if float(value).is_integer() else None)
    return f"{first} {said}" if _is_currency(first) else said


def _is_number(text: Any) -> bool:
    return re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", str(text)) is not None and str(text).count(".") < 2


def _is_currency(word: str) -> bool:
    return len(word) == 3 and word.isupper()


def _moves(row: Mapping[Hashable, Any], locale: str) -> str:
    if row["effect"] == "seen" and pd.notna(row["headline_low"]) and pd.notna(row["headline_high"]):
        unit = str(row["headline_unit"])
        money = f"{unit} " if _is_currency(unit) else ""
        return money + words.between(row["headline_low"], row["headline_high"], unit, locale)
    return str(row["why"] or "")


def _signature(row: Mapping[Hashable, Any]) -> str:
    if pd.notna(row["asks"]):
        return str(row["asks"])
    if pd.isna(row["agreed"]):
        return "not signed"
    return ", ".join(str(part) for part in (row["agreed"], row["by"], row["on"]) if pd.notna(part) and part)
