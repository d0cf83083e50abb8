"""What a reader should know of the forecast before trusting it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.channel import MIN_UNITS
from prmkit.estimators.growth import MATURE
from prmkit.practices.reach.forecast.backtest import Backtest
from prmkit.practices.reach.forecast.fit import ReachFit, fit_reach, outlooks

_TOP = 0.10
_DOUBTED = 0.9
_FEW = 20
_HEAVY = 0.10


def diagnostics(portfolio: Portfolio, tested: list[Backtest]) -> dict[str, Any]:
    """Facts behind the baseline, as plain numbers; empty where no channel could be estimated.

    top_decile_share: of the last 12 months; top_decile_lognormal: what log-normal yields of the estimated spread imply, Phi(sigma - z.90).
    mature_partners: selling for a year or more, and taken to be still there. The shares are of the baseline: from partners whose silence
    leaves a doubt, from those signed and still without a sale, from those whose start was in the last 12 months.
    """
    fit = portfolio.fitted(fit_reach)
    if fit.channel is None:
        return {}
    rows, channel = fit.rows(portfolio), fit.channel
    life, now = channel.lives, portfolio.fitted(outlooks)[0]
    brought = now.path[rows].sum(axis=1)
    whole = max(float(brought.sum()), 1e-9)
    age, sold = life.age[rows, -1], life.sold[rows]
    young = life.dated[rows] & (life.start[rows] >= life.months - MATURE)
    return {
        "top_decile_share": _top_share(portfolio.per_partner().to_numpy(dtype=float)),
        "top_decile_lognormal": float(stats.norm.cdf(np.sqrt(channel.yields.spread) - stats.norm.ppf(1 - _TOP))),
        "mature_partners": int((sold & (age >= MATURE) & (channel.alive[rows] > 0.5)).sum()),
        "share_from_doubted": float(brought[sold & (channel.alive[rows] < _DOUBTED)].sum() / whole),
        "share_from_waiting": float(brought[~sold].sum() / whole),
        "share_from_new": float(brought[sold & young].sum() / whole),
        "leaving_a_month": channel.lives.beat.leaves,
        "shock_a_year": channel.growth.shock,
        "forecasts_tried": len(tested),
        "forecasts_held": sum(one.inside for one in tested),
        "mean_miss": float(np.mean([np.log(one.seen / one.expected) for one in tested if one.seen > 0])) if tested else None,
    }


def doubts(fit: ReachFit, facts: dict[str, Any]) -> list[str]:
    """Sentences for the warnings: few mature partners, a heavier tail than the model's, a baseline that rests on quiet partners."""
    if not facts:
        return []
    said = []
    if facts["mature_partners"] < _FEW:
        said.append(f"Only {facts['mature_partners']} partners have sold for a year and still do: what one brings rests on few.")
    share, usual = facts["top_decile_share"], facts["top_decile_lognormal"]
    if share is not None and share > usual + _HEAVY:
        said.append(
            f"A tenth of the partners brought {share:.0%} of the last 12 months, where the forecast's own spread gives {usual:.0%}: "
            "one large partner more or less moves the total by more than its interval says."
        )
    if facts["share_from_doubted"] > 0.2:
        said.append(f"{facts['share_from_doubted']:.0%} of what is expected comes from partners whose silence leaves a doubt.")
    if facts["forecasts_tried"] >= 3 and facts["forecasts_held"] <= facts["forecasts_tried"] / 2:
        said.append(
            f"Only {facts['forecasts_held']} of {facts['forecasts_tried']} earlier forecasts held what came: "
            "this channel changes faster than its past tells."
        )
    return said


def _top_share(revenue: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    sold = np.sort(revenue[revenue > 0])[::-1]
    if len(sold) < MIN_UNITS:
        return None
    return float(sold[: max(round(_TOP * len(sold)), 1)].sum() / sold.sum())
