"""What worries partners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results

_SHOWN = ("theme", "respondents", "partners", "share", "share_low", "share_high", "words", "found_by")


@EXHIBITS.register("know.worries")
def worries(results: Results) -> Exhibit:
    """What keeps partners awake at night."""
    frame = results.table("know", "worries")
    by = "rank" if "rank" in frame else ""
    shown = tuple(column for column in _SHOWN if column in frame)
    rank = Ranking(
        "know", "worries", "theme", "share", "share_low", "share_high",
        unit="fraction", by=by, ascending=bool(by), accent_first=True, shown=shown, total="other",
    )  # fmt: skip

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        said = facts.amount(first, "share", "share_low", "share_high", unit="fraction")
        level = rows[(rows["share"] == first.share) & (rows["theme"] != "other")]
        if len(level) > 1:
            return f"{facts.count(len(level), 'worry', 'worries')} are named most, each by {said} of partners"
        return f"{words.plain(first.theme).capitalize()} worries the most partners: {said} name it"

    return rank.exhibit(results, title, ("theme", "themes"), period="latest survey", note=_note(frame, Facts.of(results)))


def _note(frame: pd.DataFrame, facts: Facts) -> str:
    """How many wrote, how sure that makes it, and what is not shown."""
    if frame.empty or "wrote" not in frame:
        return ""
    first = frame.iloc[0]
    thin = " A thin first answer." if first["strength"] == "thin" else ""
    return (
        f"{facts.count(first['wrote'], 'respondent')} of {facts.count(first['asked'])} wrote something.{thin} Each partner counts once; "
        "one may name several. No theme is shown that too few name: it is in 'other', with what fits no theme. Nobody's words are quoted."
    )
