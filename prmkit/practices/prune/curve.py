"""prune_whale: contribution summed from the best partner to the worst."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.estimators.whale import whale


def whale_table(scorecard: pd.DataFrame) -> pd.DataFrame:
    """rank, partner_id, cumulative_contribution, contribution; partners whose contribution is not known are left out.

    Equal contributions are ranked by partner_id, so that the order never depends on the rows' order.
    """
    known = scorecard.dropna(subset="contribution").sort_values("partner_id", kind="stable")
    if known.empty:
        return pd.DataFrame()
    curve = whale(known["contribution"].to_numpy(dtype=float))
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(known) + 1),
            "partner_id": known["partner_id"].to_numpy()[curve.order],
            "cumulative_contribution": curve.cumulative,
            "contribution": known["contribution"].to_numpy()[curve.order],
        }
    )
