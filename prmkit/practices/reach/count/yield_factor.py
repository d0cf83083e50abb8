"""How much more or less a recruit sells in a territory than elsewhere, luck allowed for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.shrinkage import shrink
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.territories import MIN_PARTNERS, home


@reads("reach")
def yield_factors(whole: Portfolio) -> pd.Series:
    """Mean yield of past starters in each territory over that of all, its log drawn to 0 by thinness; 1 below eight partners."""
    return whole.fitted(yield_logs)["factor"]


@reads("reach")
def yield_logs(whole: Portfolio) -> pd.DataFrame:
    """factor by territory, and error: standard deviation of what is not known of its log; 0 where nothing could be compared."""
    channel = whole.fitted(fit_reach).channel
    if channel is None:
        return pd.DataFrame({"factor": [], "error": []}, dtype="float64")
    level = channel.yields.level[channel.pool]
    by = pd.Series(level).groupby(home(whole).to_numpy(dtype=object)[channel.pool])
    n, mean, spread = by.size(), by.mean(), by.std()
    seen = (n >= MIN_PARTNERS) & (spread > 0)
    if seen.sum() < 3:
        return pd.DataFrame({"factor": 1.0, "error": 0.0}, index=n.index)
    logs = np.log((mean[seen] / float(level.mean())).to_numpy(dtype=float))
    relative = (spread[seen] / mean[seen]).to_numpy(dtype=float)
    luck = np.log1p(relative**2) / n[seen].to_numpy(dtype=float)
    between = max(0.0, float(logs.var(ddof=1)) - float(luck.mean()))
    drawn = shrink(logs, luck, 0.0, between)
    made = pd.DataFrame({"factor": np.exp(drawn.mean), "error": np.sqrt(drawn.variance)}, index=n.index[seen]).reindex(n.index)
    return made.assign(factor=made["factor"].fillna(1.0), error=made["error"].fillna(float(np.sqrt(between))))
