"""How far revenue hangs on a few partners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators import concentration as spread
from prmkit.estimators.concentration import ENOUGH_HOLDERS

_FEW_LARGEST = "no range: this measure rests on the few largest partners, and chance moves those too much for one to hold"


def concentration(portfolio: Portfolio) -> pd.DataFrame:
    """measure, value, low, high over partners with net revenue above zero in the 12 months to as_of.

    The top tenth (fifth) is a tenth of those partners by count, rounded up. Partners with negative
    net revenue are left out, of the whole as well, and counted in `left_out`. `bias` is what the
    bootstrap saw; `reason` says why a range or a value is missing.
    """
    bought = portfolio.per_partner().to_numpy()
    buyers = bought[bought > 0]
    measures = spread.concentration(buyers, seed=portfolio.settings.seed)
    rows = pd.DataFrame(
        [
            {"measure": name, "value": found.value, "low": found.low, "high": found.high, "bias": found.bias}
            for name, found in measures.items()
        ]
    )
    return rows.assign(
        partners=len(buyers),
        left_out=int((bought < 0).sum()),
        reason=pd.Series([_reason(name, len(buyers), bool(np.isfinite(found.low))) for name, found in measures.items()], dtype="str"),
    )


def _reason(measure: str, buyers: int, ranged: bool) -> str | None:
    if ranged:
        return None
    if not buyers:
        return "no partner bought in the 12 months"
    if measure in {"hhi", "effective_partners"}:
        return _FEW_LARGEST
    return f"no range: {buyers} partners bought; {ENOUGH_HOLDERS} are needed before one holds nine times in ten"
