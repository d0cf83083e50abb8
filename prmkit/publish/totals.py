"""How our totals stand beside finance's, in one sentence: what a page heads them with."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from prmkit.data.reconciliation import LARGE, shares, unexplained
from prmkit.publish import titles, words

NOTHING = "Our totals were not held against finance's"
_BECAUSE = {
    "cut_off": "explained by cut-off",
    "returns": "explained by returns",
    "basis": "explained by what is counted",
    "currency": "explained by exchange rates",
    "unmatched": "explained by partners that are not on the list",
}


def heading(frame: pd.DataFrame | None, locale: str) -> str:
    """ "Revenue is 1.2% below finance's for 2025, explained by cut-off": the difference that matters most, and how many more there are.

    frame: what `reconcile` returned. A large difference without an explanation comes first, then the largest of revenue,
    then the largest of all.
    """
    if frame is None or frame.empty:
        return NOTHING
    differs = frame[frame["explained_by"].notna()]
    if differs.empty:
        first = frame.iloc[0]
        one = f"{_measure(first)} is the same as finance's for {words.plain(first['period'])}"
        every = "Both" if len(frame) == 2 else f"All {words.spelled(len(frame), locale)}"
        return one if len(frame) == 1 else f"{every} totals are the same as finance's"
    said = sentence(_first(frame, differs), locale)
    more = len(differs) - 1
    return said if not more else f"{said}; {words.spelled(more, locale)} more of {words.counted(len(frame), 'total', locale=locale)} differ"


def sentence(row: pd.Series[Any], locale: str) -> str:
    """One total beside finance's: "Revenue is 3.1% above finance's for 2025-Q3, and nothing explains it"."""
    measure, period = _measure(row), words.plain(row["period"])
    if pd.isna(row["difference"]):
        return f"{measure} for {period} has no figure of ours beside finance's"
    share = float(shares(row.to_frame().T).iloc[0])
    because = _BECAUSE.get(str(row["explained_by"]), "and nothing explains it")
    if not math.isfinite(share):
        return f"{measure} is {words.number(row['ours'], locale)} for {period} where finance has none, {because}"
    side = "above" if share > 0 else "below"
    return f"{measure} is {words.share(abs(share), locale)} {side} finance's for {period}, {because}"


def consequence(frame: pd.DataFrame | None) -> str:
    """What the differences do to the findings; empty where they do nothing."""
    if frame is None or frame.empty or unexplained(frame).empty:
        return ""
    return f"A difference of more than {LARGE:.0%} that nothing explains makes every finding a step less sure."


def _first(frame: pd.DataFrame, differs: pd.DataFrame) -> pd.Series[Any]:
    large = unexplained(frame)
    if len(large):
        worst: pd.Series[Any] = large.iloc[0]
        return worst
    size = shares(differs).abs().fillna(-1.0)
    order = pd.DataFrame({"revenue": differs["measure"] == "revenue", "size": size})
    first: pd.Series[Any] = differs.loc[order.sort_values(["revenue", "size"], ascending=False, kind="stable").index[0]]
    return first


def _measure(row: pd.Series[Any]) -> str:
    return {"partners_active": "The number of active partners", "partners_selling": "The number of partners that sell"}.get(
        str(row["measure"]), titles.plain(words.plain(row["measure"]))
    )
