"""Attitude beside behaviour: what partners say, and whether they keep buying."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned

# question -> (lowest, highest) of its scale
SCALES = {"nps": (0.0, 10.0), "csat": (1.0, 5.0)}
_STAYS = 0.7


def index_table(portfolio: Portfolio, risk: pd.DataFrame) -> pd.DataFrame:
    """loyalty_index: a row for every partner; empty without partner surveys.

    attitude: mean of its nps and csat answers of the 12 months, each on 0 to 1. behaviour: chance that it
    stays active for six months (1 - p_dormant_6m), 0 where it is silent already. Above the client's
    median attitude and at least 0.7 in behaviour is loyal; attitude alone is latent, behaviour alone
    habitual. trend: attitude less that of the 12 months before. unknown without answers.
    """
    if not portfolio.has("surveys"):
        return pd.DataFrame()
    rows = portfolio.whole.tables["surveys"]
    rows = rows[(rows["respondent"].fillna("partner") == "partner") & rows["partner_id"].notna() & rows["question_id"].isin(SCALES)]
    if rows.empty:
        return pd.DataFrame()
    low, high = (rows["question_id"].map({name: scale[end] for name, scale in SCALES.items()}) for end in (0, 1))
    rows = rows.assign(level=((rows["score"] - low) / (high - low)).clip(0, 1))
    year, before = (calendar.month_end(portfolio.as_of, months) for months in (12, 24))
    now = rows[rows["date"] > year].groupby("partner_id")["level"].mean()
    then = rows[(rows["date"] > before) & (rows["date"] <= year)].groupby("partner_id")["level"].mean()
    ids = portfolio.partners["partner_id"]
    attitude = aligned(now, ids).astype("float64")
    p = aligned(risk.set_index("partner_id")["p_dormant_6m"], ids)
    active = ids.isin(risk.loc[risk["active"], "partner_id"])
    behaviour = (1 - p).where(active, 0.0).astype("float64")
    warm, stays = attitude >= now.median(), behaviour >= _STAYS
    words = np.select([warm & stays, warm, stays], ["loyal", "latent", "habitual"], "none")
    quadrant = pd.Series(words, index=ids.index, dtype="str").mask(attitude.isna() | behaviour.isna(), "unknown")
    reason = pd.Series("", index=ids.index, dtype="str").mask(attitude.isna(), "no answers in the last 12 months")
    return pd.DataFrame(
        {
            "partner_id": ids,
            "attitude": attitude,
            "behaviour": behaviour,
            "quadrant": quadrant,
            "trend": attitude - aligned(then, ids),
            "reason": reason,
        }
    )
