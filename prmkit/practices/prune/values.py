"""What keeping, fixing and leaving a partner are worth over the horizon, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.practices.fair import FairDraws
from prmkit.practices.prune.scorecard import Scorecard

Array = NDArray[np.float64]

# beta priors, used until the client's own cases say better
RECAPTURED = (2.0, 6.0)
FIXED = (3.0, 7.0)
FIX_HOURS = 40.0
_ENOUGH_PLANS = 10
_ENOUGH_COSTS = 10
_CHUNK = 2_000


@dataclass(frozen=True)
class Values:
    """Expected values in currency over the horizon, per partner (n,), and how often a choice was the best of its draws.

    keep, fix, exit: means. fix_gain: yearly margin a fix that works would bring. exit_best, fix_best:
    share of the draws in which leaving, fixing was worth most; fix_beats_keep: fixing more than keeping.
    """

    keep: Array
    fix: Array
    exit: Array
    fix_gain: Array
    exit_best: Array
    fix_best: Array
    fix_beats_keep: Array


def values(portfolio: Portfolio, card: Scorecard, barred: NDArray[np.bool_]) -> Values | None:
    """Work out the three values for every partner of the client; None where there is no fair contribution.

    keep = its contribution over prune.horizon_months. exit = the part of its revenue that other
    partners take over, at the client's usual margin rate; what it brought and cost is gone. fix = with the
    chance that fixing works, its contribution at the margin rate of like partners and the cost to serve
    usual for its revenue; else the better of keep and exit (keep where `barred` (n,) forbids leaving); less
    40 hours of work where an hour has a price. Nothing is discounted.
    """
    if isinstance(card.fair, FairDraws) and card.contribution is not None:
        return _values(portfolio, card, card.fair, card.contribution, barred)
    return None


def _values(portfolio: Portfolio, card: Scorecard, fair: FairDraws, contribution: NDArray[np.float32], barred: NDArray[np.bool_]) -> Values:
    rng = np.random.default_rng([portfolio.settings.seed, 7])
    n, draws = contribution.shape
    recaptured = rng.beta(*RECAPTURED, size=draws)
    fixed = rng.beta(*_fix_prior(portfolio), size=draws)
    usual_rate = _usual_rate(card)
    usual_cost = _usual_cost(card)
    work = FIX_HOURS * (portfolio.settings.economics.hourly_cost or 0.0)
    cost = card.rows["cost_to_serve"].to_numpy(dtype=float)
    means, best = np.empty((n, 4)), np.empty((n, 3))
    for start in range(0, n, _CHUNK):
        rows = slice(start, min(start + _CHUNK, n))
        scale = portfolio.settings.prune.horizon_months / fair.months[rows, None]
        revenue = fair.revenue[rows].astype(float)
        keep = contribution[rows] * scale
        leave = recaptured * revenue * max(usual_rate, 0.0) * scale
        price_gap = np.maximum(fair.peer_rate[rows, None] * revenue - fair.margin[rows], 0.0)
        cost_gap = np.maximum(cost[rows] - usual_cost[rows], 0.0)[:, None]
        gain = (price_gap + cost_gap) * scale
        stays, leaves = keep.mean(axis=1), leave.mean(axis=1)
        otherwise = np.where(barred[rows], stays, np.maximum(stays, leaves))[:, None]
        fix = fixed * (keep + gain) + (1 - fixed) * otherwise - work
        options = np.stack([keep, fix, leave], axis=2)
        means[rows, :3] = options.mean(axis=1)
        means[rows, 3] = (price_gap + cost_gap).mean(axis=1)
        winner = options.argmax(axis=2)
        best[rows] = np.column_stack([(winner == 2).mean(axis=1), (winner == 1).mean(axis=1), (fix > keep).mean(axis=1)])
    lost = card.rows["fair_contribution"].isna().to_numpy()
    means[lost], best[lost] = np.nan, np.nan
    return Values(*means.T, *best.T)


def fix_works(portfolio: Portfolio) -> tuple[float, float, float]:
    """The chance that a fix works: its mean and the ends of its 90% interval."""
    chance = stats.beta(*_fix_prior(portfolio.whole))
    return float(chance.mean()), float(chance.ppf(0.05)), float(chance.ppf(0.95))


def _fix_prior(portfolio: Portfolio) -> tuple[float, float]:
    """Chance that an improvement plan works: three in ten, moved by the client's own plans once ten have ended."""
    plans = portfolio.tables.get("plans")
    if plans is None or plans.empty:
        return FIXED
    ended = plans[(plans["kind"] == "improvement") & plans["outcome"].isin(["met", "missed", "dropped"])]
    if len(ended) < _ENOUGH_PLANS:
        return FIXED
    met = float((ended["outcome"] == "met").sum())
    return FIXED[0] + met, FIXED[1] + len(ended) - met


def _usual_rate(card: Scorecard) -> float:
    rows = card.rows.dropna(subset="gross_margin")
    revenue = float(rows["revenue"].sum())
    return float(rows["gross_margin"].sum()) / revenue if revenue > 0 else 0.0


def _usual_cost(card: Scorecard) -> Array:
    """What serving a partner of its revenue usually costs (n,): a line through the logs; inf where fewer than ten costs are known."""
    rows = card.rows
    cost, revenue = (rows[name].to_numpy(dtype=float) for name in ("cost_to_serve", "revenue"))
    both = (cost > 0) & (revenue > 0)
    if both.sum() < _ENOUGH_COSTS:
        return np.full(len(rows), np.inf)
    x, y = np.log(revenue[both]), np.log(cost[both])
    slope = float(np.clip(np.cov(x, y)[0, 1] / np.var(x, ddof=1), 0.0, 1.0)) if np.ptp(x) > 0 else 0.0
    level = float(np.median(y - slope * x))
    usual: Array = np.exp(level + slope * np.log(np.maximum(revenue, revenue[both].min())))
    return usual
