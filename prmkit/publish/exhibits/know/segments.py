"""The kinds of partner there are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("know.segments")
def segments(results: Results) -> Exhibit:
    """The segments by revenue, with the treatment each calls for."""
    rank = Ranking("know", "segment_summary", "segment", "revenue", axis="Revenue, {currency}, 12 months", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.count(len(rows), 'segment')}: '{words.plain(first.segment)}' brings the most, "
            f"{facts.money(first.revenue)} from {facts.count(first.partners, 'partner')}"
        )

    return rank.exhibit(results, title, ("segment", "segments"), note="Each partner is counted in its likeliest segment.")
