"""How far our totals are from finance's, and which differences are large without an explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

LARGE = 0.02
"""A difference that nothing explains matters above this share of finance's figure."""


def shares(frame: pd.DataFrame) -> pd.Series[Any]:
    """Each difference as a signed fraction of finance's figure: null without a figure of ours, endless where finance's is 0."""
    base = frame["theirs"].abs()
    share = frame["difference"] / base.where(base > 0)
    endless = np.sign(frame["difference"]) * np.inf
    return share.where(base > 0, endless.where(frame["difference"] != 0, 0.0)).where(frame["difference"].notna())


def unexplained(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `reconcile` whose difference is above 2% of finance's figure and has no explanation, the largest first."""
    share = shares(frame).abs()
    doubtful = (share > LARGE) & (frame["explained_by"] == "unknown")
    return frame[doubtful].loc[share[doubtful].sort_values(ascending=False, kind="stable").index]
