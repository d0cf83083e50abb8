"""What partners want, and what drives how they feel about us."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("know.drivers")
def drivers(results: Results) -> Exhibit:
    """What drives partners' satisfaction."""
    rank = Ranking("know", "drivers", "driver", "share_explained", "share_low", "share_high", unit="fraction", accent_first=True)

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        said = facts.amount(first, "share_explained", "share_low", "share_high", unit="fraction")
        return f"'{words.plain(first.driver)}' matters most to partners: {said} of what explains their satisfaction"

    return rank.exhibit(results, title, ("driver", "drivers"), period="latest survey")
