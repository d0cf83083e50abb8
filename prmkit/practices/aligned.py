"""Per-partner values laid beside the partners of a table."""

from __future__ import annotations

from typing import Any

import pandas as pd


def aligned(values: pd.Series[Any], ids: pd.Series[Any]) -> pd.Series[Any]:
    """`values` (indexed by partner_id) for each of `ids`, with the index of `ids`; null where there is none.

    Unlike Series.map it keeps dates dates when there are no values at all.
    """
    return pd.Series(values.reindex(ids).array, index=ids.index)
