"""What is said of the share of its market that a territory usually sells, against what is true."""

from __future__ import annotations

import numpy as np

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Estimates, Outcome

_FEW = 4


def usual_share(case: Case) -> Outcome | None:
    """Share of its stated market that each territory sells in a usual year: luck of orders taken out, direct sales as booked."""
    truth = case.truth.territories.set_index("territory")
    rows = case.table("reach", "coverage").set_index("territory").reindex(truth.index)
    stated = case.programme.tables["territories"].drop_duplicates("territory").set_index("territory")["market_potential"]
    market = stated.reindex(truth.index).astype("float64")
    direct = case.portfolio.direct[case.portfolio.direct["month"] < 12].groupby("territory")["revenue"].sum()
    share = (truth["expected_revenue"] + direct.reindex(truth.index).fillna(0.0)) / market
    known = ((market > 0) & np.isfinite(share)).to_numpy()
    if known.sum() < _FEW:
        return None
    tool, low, high, naive = (
        rows[name].astype("float64").to_numpy()[known]
        for name in ("usual_penetration", "penetration_low", "penetration_high", "penetration")
    )
    return Outcome(Estimates.of(share.to_numpy()[known], tool, low, high, naive=naive, scale=float(share[known].mean())))


MARKET_ANSWERS = (
    Answer(
        "reach.usual_share",
        "reach",
        "Which share of its market does a territory sell in a usual year?",
        "territory",
        "revenue of the 12 months over the stated market",
        "not worked out",
        usual_share,
    ),
)
