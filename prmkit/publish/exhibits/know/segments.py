"""The kinds of partner there are, and why so many."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit import charts
from prmkit.charts.frames import first_of
from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking, caption, missing, rows_html
from prmkit.results import Results

_BASIS = {"needs": "what they say they need", "behaviour": "how they buy", "both": "needs and buying together"}


@EXHIBITS.register("know.segments")
def segments(results: Results) -> Exhibit:
    """The segments by revenue, with the rule that tells each and the treatment it calls for."""
    rank = Ranking("know", "segment_summary", "segment", "revenue", axis="Revenue, {currency}, 12 months", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        if not first.revenue > 0:
            return f"{facts.count(len(rows), 'segment')}, none of which bought in the 12 months"
        return (
            f"{facts.count(len(rows), 'segment')}: '{words.plain(first.segment)}' brings the most, "
            f"{facts.money(first.revenue)} from {facts.count(first.partners, 'partner')}"
        )

    return rank.exhibit(results, title, ("segment", "segments"), note=_note(results))


def _note(results: Results) -> str:
    frame = results.table("know", "segment_summary")
    kinds = [words.plain(kind) for kind in dict.fromkeys(frame["kind"].dropna())] if "kind" in frame else []
    said = f"These segments: {kinds[0]}. " if kinds else ""
    return f"{said}Each partner is counted in its likeliest segment."


@EXHIBITS.register("know.segment_choice")
def segment_choice(results: Results) -> Exhibit:
    """Why this number of segments: how alike the groups of each number tried come out from other partners, and what speaks against it."""
    frame, facts = results.table("know", "segment_choice"), Facts.of(results)
    if frame.empty:
        return missing(results, "know", "segment_choice")
    chosen = frame[frame["chosen"].fillna(False).astype(bool) & (frame["k"] > 1)]
    if chosen.empty:
        basis, message = frame["basis"].iloc[0], "Partners do not fall into clear groups: segments stay those of size and momentum"
    else:
        row = first_of(chosen)
        basis = row.basis
        message = (
            f"{facts.count(row.k)} segments by {_BASIS.get(basis, words.plain(basis))}: "
            f"{facts.share(row.stability)} alike when other partners are drawn"
        )
    tried = frame[(frame["basis"] == basis) & frame["stability"].notna()].sort_values("k", kind="stable")
    named = tried["k"].map(lambda k: f"{facts.count(k)} groups")
    picture = None
    if len(tried):
        drawn = pd.DataFrame({"label": named, "value": tried["stability"].clip(lower=0.0)})
        accent = [f"{facts.count(k)} groups" for k in chosen["k"]]
        picture = charts.bars(drawn, alt=f"{message}.", unit="fraction", axis=_AXIS, locale=facts.locale, accent=accent)
    table = rows_html(results, "know", "segment_choice", frame, message)
    n = facts.count(len(frame), "number of groups tried", "numbers of groups tried")
    return Exhibit(message, picture, table, caption(results, "know", "segment_choice", n), _WHY)


_AXIS = "Alike when other partners are drawn"
_WHY = (
    "The lowest BIC wins among numbers that pass every test: clearer than in data made up without groups, at least 60% alike when drawn "
    "anew, none too small, and thin ground between neighbours. The reason against each other number stands in the table."
)
