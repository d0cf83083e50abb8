"""Whether this programme has ever shown as much as an input is moved to: in some part of it, or in some year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from prmkit.estimators.attrition import yearly
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.moves.seen import Compared, ranges_seen


def shown(case: Case, moved: Mapping[str, float], attrition_factor: float) -> dict[str, bool | None]:
    """Moved input -> whether as much was seen; None where nothing can be compared. Inputs that are choices are left out.

    A change for the worse needs no showing. attrition_factor: what the monthly rates are multiplied by.
    """
    seen, channel = case.portfolio.fitted(ranges_seen), case.channel
    told: dict[str, bool | None] = {}
    if "activation" in moved:
        now = float(channel.activated.mean())
        told["activation"] = _up_to(seen.activation, moved["activation"] / now if now > 0 else 1.0)
    if "attrition" in moved:
        told["attrition"] = moved["attrition"] >= float(yearly(channel.attrition.pooled).mean()) or _down_to(
            seen.attrition, attrition_factor
        )
    if "growth" in moved:
        best = float(np.expm1(max(channel.growth.seen))) if channel.growth.seen else None
        usual = moved["growth"] <= float(np.expm1(channel.growth.mean))
        told["growth"] = True if usual else None if best is None else moved["growth"] <= best
    if "recruits" in moved:
        share = len(case.portfolio.partners) / max(len(case.portfolio.whole.partners), 1)
        told["recruits"] = moved["recruits"] <= seen.signed_in_a_year * share * max(case.target.months, 12.0) / 12
    return told


def _up_to(found: Compared | None, factor: float) -> bool | None:
    """Whether the best part of the channel reached `factor` times the rate of all."""
    return True if factor <= 1 else None if found is None else factor <= found.best


def _down_to(found: Compared | None, factor: float) -> bool | None:
    """The same for a rate that is the better the lower it is."""
    return None if found is None else factor >= found.best
