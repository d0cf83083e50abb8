"""Where partners, or we ourselves, work the same customers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from prmkit.publish import words
from prmkit.publish.exhibit import Exhibit
from prmkit.publish.exhibits.build import EXHIBITS, Facts, Ranking
from prmkit.results import Results


@EXHIBITS.register("reach.conflict")
def conflict(results: Results) -> Exhibit:
    """Where partners, or we ourselves, sell to the same customers."""
    rank = Ranking(
        "reach",
        "conflict",
        "territory",
        "shared_customer_share",
        unit="fraction",
        axis="share of customers served by two or more",
        accent_first=True,
    )

    def title(first: Any, rows: pd.DataFrame, facts: Facts) -> str:
        return (
            f"{facts.share(first.shared_customer_share)} of customers in "
            f"{words.plain(first.territory)} buy from two or more, the most of all"
        )

    return rank.exhibit(results, title, ("territory", "territories"))
