"""One point to put before counsel, and how points are put in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

Issue = Literal["exclusivity", "added_neighbour", "dual_distribution", "price_terms", "termination"]
ORDER: tuple[Issue, ...] = ("exclusivity", "added_neighbour", "dual_distribution", "price_terms", "termination")


@dataclass(frozen=True, slots=True)
class Point:
    """subject: a partner's id, or whom it is about in words; why: what the records show; bring: what counsel will want to see.

    at_stake: revenue of the 12 months that hangs on it, in the engagement's currency; nan where none can be told.
    """

    subject: str
    issue: Issue
    why: str
    bring: str
    agreement_id: str | None = None
    territory: str | None = None
    at_stake: float = float("nan")


def in_order(points: Iterable[Point]) -> pd.DataFrame:
    """reach_legal: each point once; the subjects with most at stake first, one subject's points together."""
    rows = pd.DataFrame([asdict(point) for point in points], columns=list(Point.__dataclass_fields__))
    rows = rows.drop_duplicates(["subject", "issue", "territory", "why"])
    if rows.empty:
        return rows
    most = rows.groupby("subject")["at_stake"].transform("max").fillna(-np.inf)
    place = rows["issue"].map({issue: number for number, issue in enumerate(ORDER)})
    order = pd.DataFrame({"most": -most, "subject": rows["subject"], "place": place, "own": -rows["at_stake"].fillna(-np.inf)})
    return rows.loc[order.sort_values(["most", "subject", "place", "own"], kind="stable").index].reset_index(drop=True)
