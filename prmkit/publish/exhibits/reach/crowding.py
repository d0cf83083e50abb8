"""Where there are too many partners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("reach.saturation")
def saturation(results: Results) -> Exhibit:
    """Where one more partner takes from the others."""
    rank = Ranking(
        "reach", "saturation", "territory", "over_distributed_probability", unit="fraction", axis="chance that there are too many partners"
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        likely = rows[rows["over_distributed_probability"] > 0.5]
        if likely.empty:
            return (
                "No territory is more likely than not to have too many partners; the likeliest, "
                f"{words.plain(first.territory)}, at {facts.share(first.over_distributed_probability)}"
            )
        return (
            f"{facts.count(len(likely), 'territory has', 'territories have')} more "
            f"likely than not too many partners, {words.plain(first.territory)} first"
        )

    return rank.exhibit(results, title, ("territory", "territories"), note="Where one more partner would bring less margin than it costs.")
