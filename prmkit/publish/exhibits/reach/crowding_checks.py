"""Whether partners sell less when others come, and whether that stands its tests."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, caption, missing, rows_html
from prmkit.results import Results

_CHECKS = {
    "data_alone": "Others there today",
    "half_year_ahead": "Others there half a year later",
    "year_ahead": "Others there a year later",
}
_NAMES = {
    "elasticity": "Elasticity that is used",
    "data_alone": "Elasticity by the data alone",
    "half_year_ahead": "Sales against others half a year later",
    "year_ahead": "Sales against others a year later",
    "without_one": "Without the territory that moves it most",
    "against_usual": "Data against what is usual",
    "spread": "Differences between territories",
}


@EXHIBITS.register("reach.crowding_checks")
def crowding_checks(results: Results) -> Exhibit:
    """Whether partners sell less when others come, and whether that stands its tests."""
    frame, facts = results.table("reach", "crowding_checks"), Facts.of(results)
    whole = frame[frame["check"] == "elasticity"]
    if whole.empty:
        return missing(results, "reach", "crowding_checks")
    row = first_of(whole)
    failed = row.passed is not pd.NA and not bool(row.passed)
    drawn = frame[frame["check"].isin(list(_CHECKS))]
    shift = drawn["check"].eq("data_alone").astype(float)
    rows = pd.DataFrame(
        {
            "label": drawn["check"].map(_CHECKS),
            "value": drawn["value"] - shift,
            "low": drawn["low"] - shift,
            "high": drawn["high"] - shift,
        }
    )
    message = _checked(row, facts) if not failed else "How far partners share a market cannot be told from these data"
    picture = charts.dot_interval(
        rows,
        alt=f"{message}.",
        axis="% more sales of a partner for 1% more others",
        locale=facts.locale,
        reference=0.0,
        reference_name="no effect",
    )
    named = frame.assign(check=frame["check"].map(_NAMES))
    note = (
        "Left of the line partners take sales from each other. The two later rows must show nothing: "
        "tomorrow's neighbours cannot move today's sales."
    )
    if failed:
        note = f"{words.plain(row.said).capitalize()}. {note}"
    table = rows_html(results, "reach", "crowding_checks", named, message)
    n = facts.count(len(rows), "comparison")
    return Exhibit(message, picture, table, caption(results, "reach", "crowding_checks", n, "all quarters, five years at most"), note)


def _checked(row: Any, facts: Facts) -> str:
    """In tenths, since nobody thinks of one per cent of a partner."""
    tenth = pd.DataFrame([{name: (1.1 ** getattr(row, name) - 1) for name in ("value", "low", "high")}])
    said = facts.amount(first_of(tenth), "value", "low", "high", unit="fraction")
    return f"A tenth more partners bring a territory {said} more sales"
