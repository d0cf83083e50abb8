"""What worries partners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("know.worries")
def worries(results: Results) -> Exhibit:
    """What keeps partners awake at night."""
    rank = Ranking("know", "worries", "theme", "share", "share_low", "share_high", unit="fraction", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        said = facts.amount(first, "share", "share_low", "share_high", unit="fraction")
        return f"'{words.plain(first.theme)}' worries the most partners: {said} name it"

    return rank.exhibit(results, title, ("theme", "themes"), period="latest survey")
