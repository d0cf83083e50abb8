"""How sure it is that a partner truly buys a quarter less, or a quarter more, than a year ago, luck allowed for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.annual_noise import annual_noise
from prmkit.estimators.shrinkage import hierarchy
from prmkit.practices.know.segments.momentum import buying_months

Array = NDArray[np.float64]

STEP = 0.25
MONTHS = 24
_ENOUGH, _DRAWS = 30, 400


def sure_change(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id (index), now, before (revenue of the last 12 months and of those before), fell, grew: chance of a quarter or more.

    Fitted once on the whole client. fell and grew are null for a partner that did not buy from us throughout both years (first purchase
    in the first of the 24 months or earlier), or bought nothing net in the year before, and for all with less than 24 months of sales.
    A partner that stopped: one less the chance that a gamma-Poisson rate, known from the k buying months of the year before and cut to
    three quarters, gives none in a year: (1 + 0.75 / spacing)^-k.
    """
    made = portfolio.fitted(_fit)
    return made.reindex(portfolio.partners["partner_id"])


@reads("worries", "privacy", "client")
def _fit(portfolio: Portfolio) -> pd.DataFrame:
    ids = pd.Index(portfolio.partners["partner_id"])
    months = portfolio.orders[portfolio.orders["month"] < MONTHS]
    count = [buying_months(portfolio, first) for first in (0, 12)]
    now, before = (portfolio.per_partner(first=first).to_numpy(dtype=float) for first in (0, 12))
    since = portfolio.orders.groupby("partner_id")["month"].max().reindex(ids).to_numpy(dtype=float)
    there = (since >= MONTHS - 1) & (before > 0) & (count[1] > 0) & (portfolio.history_months >= MONTHS)
    whole = since >= MONTHS - 1
    noise = annual_noise(count[1][whole], count[0][whole], months["revenue"].to_numpy(dtype=float), pd.factorize(months["partner_id"])[0])
    fell, grew = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    gone = there & (now <= 0)
    fell[gone], grew[gone] = 1 - (1 + (1 - STEP) / max(noise.spacing, 1e-9)) ** -count[1][gone], 0.0
    both = np.flatnonzero(there & (now > 0) & (count[0] > 0))
    if len(both):
        logs = np.log(now[both] / before[both])
        luck = noise.per_month * (1 / count[0][both] + 1 / count[1][both])
        rng = np.random.default_rng(portfolio.settings.seed)
        if len(both) >= _ENOUGH:
            drawn = hierarchy(logs, luck, np.ones((len(both), 1)), np.zeros(1, dtype=np.int64), rng, _DRAWS).draw(slice(None), rng)
        else:
            drawn = logs[:, None] + np.sqrt(luck)[:, None] * rng.standard_normal((len(both), _DRAWS))
        fell[both] = (drawn <= np.log(1 - STEP)).mean(axis=1)
        grew[both] = (drawn >= np.log(1 + STEP)).mean(axis=1)
    return pd.DataFrame({"now": now, "before": before, "fell": fell, "grew": grew}, index=ids)
