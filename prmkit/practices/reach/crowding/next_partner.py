"""What the next partner of each territory brings, against what it costs: draws, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.neighbours import Slope
from prmkit.estimators.pooled_slopes import PooledSlopes, pooled_levels, pooled_slopes
from prmkit.estimators.saturation import Elasticity, gain
from prmkit.practices.reach.crowding.growing import measured
from prmkit.practices.reach.crowding.market import Market, market
from prmkit.practices.reach.crowding.partner_cost import margins, partner_cost
from prmkit.practices.reach.territories import MIN_PARTNERS

Array = NDArray[np.float64]

DRAWS = 2000
_STREAM = 47
_APART = 0.5
WITHIN = 0.25
"""Numbers of partners looked at: a quarter fewer to a quarter more than today."""


@dataclass(frozen=True)
class NextPartner:
    """territories: by name, with partners, average_revenue (of a grown partner), fair_revenue (the same, luck taken
    out), elasticity with its ends, pooled (not told by its own
    data).

    beta, revenue (draws, territories): elasticity, and revenue a year that the next partner adds once grown. margin, worth and best
    (draws, territories): its gross margin, what the best number within a quarter of today's is worth, and that number; nan without
    margin or cost. spread: how much territories differ in elasticity.
    """

    territories: pd.DataFrame
    beta: Array
    revenue: Array
    margin: Array
    worth: Array
    best: Array
    spread: float


def averages(whole: Portfolio) -> pd.DataFrame:
    """By territory with partners and revenue in the 12 months: partners at as_of, what a grown one sold on average, gross margin as a
    share."""
    found, fit = whole.fitted(market), whole.fitted(measured)
    ages = np.minimum(fit.slope.ages, 1.0) if fit.slope is not None else np.ones(found.by_age.shape[1])
    rows = found.places.copy()
    rows["grown_years"] = found.by_age @ ages
    rows = rows[(rows["revenue"] > 0) & (rows["partners"] >= 0.5) & (rows["grown_years"] > 0)]
    rows["average_revenue"] = rows["revenue"] / rows["grown_years"]
    return rows.assign(margin_rate=margins(whole).reindex(rows.index))


def next_partner(whole: Portfolio) -> NextPartner | None:
    """Draws for every territory of the client; None where its elasticity cannot be told."""
    fit = whole.fitted(measured)
    if fit.reason or fit.slope is None or fit.elasticity is None:
        return None
    rows = whole.fitted(averages)
    if rows.empty:
        return None
    slopes, known = _slopes(whole.fitted(market), fit.slope, fit.elasticity, rows.index)
    rng = np.random.default_rng([whole.settings.seed, _STREAM])
    beta = np.maximum(slopes.draws(fit.elasticity.draws(DRAWS, rng), fit.elasticity.estimate, rng), 0.02)
    fair = _levels(rows, fit.slope)
    average = np.exp(fair.estimate + fair.error * rng.standard_normal(beta.shape))
    revenue, rate = beta * average, rows["margin_rate"].to_numpy(dtype=float)
    worth, best = _best(average, rows["partners"].to_numpy(dtype=float), beta, rate, whole.fitted(partner_cost).amount)
    told = rows.assign(
        elasticity=slopes.estimate,
        elasticity_low=np.quantile(beta, 0.05, axis=0),
        elasticity_high=np.quantile(beta, 0.95, axis=0),
        pooled=~known,
        fair_revenue=np.exp(fair.estimate + fair.error**2 / 2),
    )
    return NextPartner(told, beta, revenue, revenue * rate, worth, best, slopes.spread)


def _slopes(found: Market, slope: Slope, common: Elasticity, index: pd.Index) -> tuple[PooledSlopes, NDArray[np.bool_]]:
    """Elasticity of each territory of `index`, and whether its own data speak in it: those of fitted territories of eight partners."""
    information = pd.Series(slope.information, index=list(found.fitted)).reindex(index).fillna(0.0)
    score = pd.Series(slope.score, index=list(found.fitted)).reindex(index).fillna(0.0)
    enough = found.places["partner_years"].reindex(index).to_numpy(dtype=float) >= MIN_PARTNERS
    known = (information.to_numpy(dtype=float) > 0) & enough
    inside = np.where(known, information, 0.0)
    own = common.data + np.where(known, score / information.where(information > 0, 1.0), 0.0)
    made = pooled_slopes(own, inside, common.estimate, common.error, common.data)
    return made, known


def _levels(rows: pd.DataFrame, slope: Slope) -> PooledSlopes:
    """Log of a grown partner's revenue a year by territory, the luck of single orders, of the territory's quarters and of who was there
    taken
    out as far as territories are alike."""
    revenue, years = rows["revenue"].to_numpy(dtype=float), rows["partner_years"].to_numpy(dtype=float)
    square = slope.dispersion * rows["luck"].to_numpy(dtype=float) / revenue**2 + slope.shock**2 / 4
    variance = np.log1p(square + rows["unsure"].to_numpy(dtype=float) / np.maximum(years, 0.5) ** 2) + 1e-9
    return pooled_levels(np.log(rows["average_revenue"].to_numpy(dtype=float)) + variance / 2, variance, _APART)


def _best(average: Array, partners: Array, beta: Array, rate: Array, cost: float | None) -> tuple[Array, Array]:
    nothing = np.full(beta.shape, np.nan)
    if cost is None:
        return nothing, nothing.copy()
    margin = np.maximum(np.nan_to_num(rate, nan=0.0), 1e-9)
    worth, best = gain(
        average * partners, partners, beta, margin, np.full(len(partners), cost), partners * (1 - WITHIN), partners * (1 + WITHIN)
    )
    bare = np.isnan(rate)[None, :]
    return np.where(bare, np.nan, worth), np.where(bare, np.nan, best)
