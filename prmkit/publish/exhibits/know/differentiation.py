"""What partners say sets them apart, and whether it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from prmkit import charts
from prmkit.practices.know.strengths.differentiation import MARKET
from prmkit.practices.know.strengths.differentiation_findings import by_claim
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, ROWS, Facts, caption, missing, rows_html
from prmkit.results import Results

_LONGEST = 60


@EXHIBITS.register("know.differentiation")
def differentiation(results: Results) -> Exhibit:
    """The surest of the strengths that show, with their ranges; below, every claim with its verdict."""
    frame, facts = results.table("know", "differentiation"), Facts.of(results)
    if frame.empty:
        return missing(results, "know", "differentiation", "verdict")
    claimed = ~frame["found"].fillna(value=False).astype(bool) if "found" in frame else pd.Series(data=True, index=frame.index)
    shown = frame["verdict"] == "shown"
    said = by_claim(frame) if {"found", "theme"} <= set(frame) else frame
    counts = (said[said["theme"] != MARKET] if "theme" in said else said)["verdict"].value_counts()
    tested = int(counts.get("shown", 0) + counts.get("not_shown", 0))
    message = _message(facts, tested, int(counts.get("shown", 0)), int(counts.sum()), int((~claimed & shown).sum()))
    drawn = (
        frame[shown & frame["lift_low"].notna()]
        .assign(claimed_one=claimed)
        .sort_values(["claimed_one", "lift_low"], ascending=[False, False], kind="stable")
    )
    picture = _picture(drawn.head(ROWS), facts, message) if len(drawn) else None
    order = frame.assign(rank=frame["verdict"].map({"shown": 0, "not_shown": 1}).fillna(2) + np.where(claimed, 0.0, 0.5))
    if "reason" in order:
        order = order.assign(reason=order["reason"].fillna(""))
    rows = order.sort_values(["rank", "lift"], ascending=[True, False], kind="stable")
    only = [name for name in ("partner_id", "claimed", "evidence", "lift", "lift_low", "lift_high", "verdict", "reason") if name in frame]
    table = rows_html(results, "know", "differentiation", rows, message, only)
    made = Exhibit(
        message,
        picture,
        table,
        caption(results, "know", "differentiation", facts.count(int(counts.sum()), "claim"), "36 months"),
    )
    return replace(made, note=_note(frame, facts, shown))


def _message(facts: Facts, tested: int, shown: int, claims: int, beyond: int) -> str:
    if not tested:
        first = (
            f"None of {facts.count(claims, 'claimed strength')} can be tested with the data"
            if claims
            else "No partner's claim is on record"
        )
        return f"{first}; {facts.count(beyond, 'strength shows', 'strengths show')} in the records all the same" if beyond else first
    others = f"; {facts.count(beyond)} more show that nobody claims" if beyond else ""
    verb = "shows" if shown == 1 else "show"
    return f"Of {facts.count(tested, 'claim')} that can be tested, {facts.count(shown)} {verb} in the records{others}"


def _picture(head: pd.DataFrame, facts: Facts, message: str) -> charts.Picture:
    named = [
        f"{facts.name(one)}: {words.plain(said)[:_LONGEST]}"
        for one, said in zip(head["partner_id"], head["evidence"].fillna(""), strict=True)
    ]
    rows = pd.DataFrame({"label": named, "value": head["lift"], "low": head["lift_low"], "high": head["lift_high"]})
    return charts.dot_interval(
        rows,
        alt=f"{message}.",
        unit="fraction",
        axis="better than its like by",
        locale=facts.locale,
        accent=[name for name, mine in zip(named, head["claimed_one"], strict=True) if mine],
    )


def _note(frame: pd.DataFrame, facts: Facts, shown: pd.Series) -> str:
    said = "Dot and range: how much better than partners of the same type and size; bold where the partner claims it."
    if "chance_none" in frame and shown.any():
        said += f" Of those said to show, {facts.share(frame.loc[shown, 'chance_none'].mean())} are expected to be luck."
    return said
