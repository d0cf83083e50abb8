"""Who does more or less with us than its kind."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("know.engagement")
def engagement(results: Results) -> Exhibit:
    """Partners that engage less than their kind does."""
    frame = results.table("know", "engagement")
    short = frame[frame["seen"] < frame["expected_low"]]
    rank = Ranking("know", "engagement", "partner_id", "expected", "expected_low", "expected_high", seen="seen", unit="points")

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.count(len(short), 'partner engages', 'partners engage')} less than expected of their kind, of {facts.count(len(rows))}"
        )

    return rank.exhibit(results, title, ("partner", "partners"), note="Dot and range: expected of a partner of this kind. Open ring: seen.")
