"""Where the history is too thin to estimate a channel: a range under the engagement's own numbers, and what to learn first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.assumed_count import Sum, count_range
from prmkit.estimators.bootstrap import bayesian_weights
from prmkit.estimators.growth import PRIOR_SHOCK, PRIOR_SPREAD
from prmkit.practices.reach.count.goal import target
from prmkit.practices.reach.territories import active
from prmkit.practices.result import NotComputed

Array = NDArray[np.float64]

ENTERED = ("activation", "attrition", "ramp_months")
WIDE_CASES = 10.0
WIDE_RAMP = 0.3
_LEAST_MONTHS, _LEAST_PARTNERS, _DRAWS = 3, 3, 2_000
RANGE = ("recruits_low", "recruits_middle", "recruits_high")
LEARN = {
    "yield": "what partners sell in a year: a longer history, or more partners with sales",
    "attrition": "how many stop in a year: the list of partners of a year ago",
    "growth": "how partners that stayed grew: sales of two years",
    "ramp_months": "how long new partners take: dates of joining and their first sales",
    "activation": "how many of those signed ever sell: the list of all that were signed, those without sales too",
}


@dataclass(frozen=True)
class ThinPlan:
    """Recruits at 10, 50 and 90%, and reach_sensitivity: each input with the counts at its ends, the one to learn first leading."""

    goal: float
    ends: tuple[float, float, float]
    inputs: pd.DataFrame


def thin_plan(portfolio: Portfolio) -> ThinPlan | NotComputed:
    """The plan of a client whose channel cannot be estimated, or what keeps even a range from being given.

    Activation, attrition and ramp are the engagement's numbers, each taken as no better than ten cases would tell (a ramp, 30% either
    way); the yield is that of active partners, with what so few leave open; growth is none, give or take what is usual.
    """
    aim, own = target(portfolio), portfolio.settings.reach
    if aim.revenue is None:
        return NotComputed("sensitivity", None, aim.missing, "engagement.yaml")
    lacking = [name for name in ENTERED if not isinstance(own.get(name), int | float)]
    if lacking:
        names = ", ".join(f"reach.{name}" for name in lacking)
        why = f"the history is too thin to estimate a plan; a range can be given once the engagement names {names}"
        return NotComputed("sensitivity", None, why, "engagement.yaml")
    each = _yardstick(portfolio)
    if each is None:
        why = f"fewer than {_LEAST_PARTNERS} active partners or {_LEAST_MONTHS} months of sales: not even what one sells in a year is known"
        return NotComputed("sensitivity", None, why, "sales")
    found = count_range(Sum(aim.revenue, float(len(each))), _draws(portfolio, each))
    if not np.isfinite(found.high):
        return NotComputed("sensitivity", None, "with these numbers a recruit may bring nothing at all", "engagement.yaml")
    rows = [
        {
            "input": name,
            "low_setting": low,
            "high_setting": high,
            "recruits_low": few,
            "recruits_high": many,
            "learn_first": rank,
            "source": "entered" if name in ENTERED else "seen" if name == "yield" else "usual",
            "how": LEARN[name],
        }
        for rank, (name, low, high, few, many) in enumerate(found.inputs, 1)
    ]
    return ThinPlan(aim.revenue, (found.low, found.middle, found.high), pd.DataFrame(rows))


def _yardstick(portfolio: Portfolio) -> Array | None:
    """Revenue a year of each active partner (n,), scaled up from the months there are; None where that is next to nothing."""
    months = min(portfolio.history_months, 12)
    selling = active(portfolio)
    each = portfolio.per_partner(count=max(months, 1))[selling].to_numpy(dtype=float)
    if months < _LEAST_MONTHS or len(each) < _LEAST_PARTNERS or each.sum() <= 0:
        return None
    return each * 12 / months


def _draws(portfolio: Portfolio, each: Array) -> dict[str, Array]:
    seed, own = portfolio.settings.seed, portfolio.settings.reach
    rng = np.random.default_rng([seed, 25])
    weights = bayesian_weights(len(each), _DRAWS, seed)

    def share(value: float) -> Array:
        made: Array = rng.beta(WIDE_CASES * value + 0.5, WIDE_CASES * (1 - value) + 0.5, _DRAWS)
        return made

    return {
        "yield": (weights @ each) / len(each),
        "attrition": share(own["attrition"]),
        "growth": np.expm1(np.hypot(PRIOR_SPREAD, PRIOR_SHOCK) * rng.standard_normal(_DRAWS)),
        "ramp_months": own["ramp_months"] * np.exp(WIDE_RAMP * rng.standard_normal(_DRAWS)),
        "activation": share(own["activation"]),
    }
