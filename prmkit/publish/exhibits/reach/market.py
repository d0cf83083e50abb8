"""How much of the market is reached."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("reach.coverage")
def coverage(results: Results) -> Exhibit:
    """Market not reached yet."""
    rank = Ranking("reach", "coverage", "territory", "white_space", axis="{currency} a year", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return f"The largest white space is {words.plain(first.territory)}: {facts.money(first.white_space)} a year"

    return rank.exhibit(results, title, ("territory", "territories"))
