"""What a US dollar was worth in euros, month by month; one region invoices in dollars."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.simulate.chance import Chance
from prmkit.simulate.state import Array, State

DOLLAR_REGION = "AMER"
_START, _STEP, _PLAN = 0.91, 0.006, 0.9


def dollar(state: State) -> Array:
    """The average rate of each month of history (months,), EUR per USD, to four decimals."""
    steps = Chance("prmkit", state.seed, "rates").normal(state.months)
    walk = np.clip(np.cumsum(_STEP * steps), -0.12, 0.12)
    made: Array = np.rint((_START + walk) * 10_000) / 10_000
    return made


def in_dollars(state: State) -> np.ndarray:
    """Whether each partner invoices in dollars (n,)."""
    places = np.array([region == DOLLAR_REGION for region in state.network.regions])
    return places[state.network.territory]


def rates(state: State) -> pd.DataFrame:
    """The canonical table: monthly averages of the history, and the plan rate of each of its months."""
    month = pd.Series(state.calendar.first[: state.months].astype("datetime64[us]"))
    average = pd.DataFrame({"currency": "USD", "month": month, "kind": "average", "rate": dollar(state)})
    return pd.concat([average, average.assign(kind="plan", rate=_PLAN)], ignore_index=True).astype({"currency": "str", "kind": "str"})
