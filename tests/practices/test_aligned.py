"""Values beside partners."""

from __future__ import annotations

import pandas as pd

from prmkit.practices.aligned import aligned


def test_values_follow_the_ids_and_dates_stay_dates() -> None:
    ids = pd.Series(["b", "x", "a"], index=[5, 6, 7])
    made = aligned(pd.Series({"a": 1.0, "b": 2.0}), ids)
    assert made.index.tolist() == [5, 6, 7]
    assert made.fillna(-1).tolist() == [2.0, -1.0, 1.0]
    none = aligned(pd.Series([], index=pd.Index([], dtype="str"), dtype="datetime64[us]"), ids)
    assert none.dtype == "datetime64[us]"
    assert none.isna().all()
