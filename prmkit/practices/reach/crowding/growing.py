"""More partners in the same market: how far they share what is to be had, and whether that can be told at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.neighbours import Neighbourhood, Slope, neighbour_slope
from prmkit.estimators.saturation import MIN_PERIODS, MIN_PLACES, Elasticity, with_prior
from prmkit.practices.reach.crowding.market import FEWEST, market

LEADS = (2, 4)
SURE = 0.9875
"""Both looks ahead together are wrong in one of twenty where nothing is there (Bonferroni, two-sided)."""
_COUNTED, _UNDATED, _MOST = 0.15, 0.05, 0.5
_ABOVE = 0.985


@dataclass(frozen=True, slots=True)
class Lead:
    """How partners' sales go with the number of others so many quarters later: slope, its error, and whether that differs from none."""

    quarters: int
    slope: float
    error: float
    fires: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What partners' sales say about neighbours; `reason` why nothing can be said (slope and elasticity None, or not to be used)."""

    reason: str | None
    slope: Slope | None = None
    elasticity: Elasticity | None = None
    leads: tuple[Lead, ...] = ()


@reads()
def measured(whole: Portfolio) -> Measured:
    """Fitted on the whole client: partners' sales against their neighbours', and the look into the future that must see nothing."""
    data = whole.fitted(market).neighbourhood
    if data is None:
        return Measured(f"no territory had {FEWEST} active partners on average")
    if data.places < MIN_PLACES:
        return Measured(f"{data.places} territories with {FEWEST} active partners or more on average: at least {MIN_PLACES} are needed")
    if data.periods < MIN_PERIODS:
        return Measured(f"{data.periods} quarters of history: at least {MIN_PERIODS} are needed")
    try:
        slope = neighbour_slope(data)
    except ValueError as error:
        return Measured(str(error))
    found = with_prior(1 + slope.estimate, _unsure(slope, whole.fitted(market).dated), data.places, data.periods)
    leads = tuple(lead for quarters in LEADS if (lead := _lead(data, quarters, slope)) is not None)
    fired = [lead for lead in leads if lead.fires]
    beyond = slope.estimate > float(stats.t.ppf(_ABOVE, data.places - 1)) * slope.error
    if beyond or (slope.estimate > 0 and found.prior_contradicted):
        why = (
            "partners sold more where others came, by more than luck: growth seems to have drawn the newcomers, which hides what they take"
        )
        return Measured(why, slope, found, leads)
    if not fired:
        return Measured(None, slope, found, leads)
    said = "more" if fired[0].slope > 0 else "less"
    why = f"partners already sold {said} {3 * fired[0].quarters} months before others came, so that newcomers are not the cause"
    return Measured(why, slope, found, leads)


def _unsure(slope: Slope, dated: float) -> float:
    """The error with what heads counted from sales add: they are never quite right, and where sales rise more are seen. On made-up
    programmes that hides up to a seventh of the slope, and 0.05 more where most days of joining are not known."""
    return float(np.hypot(slope.error, np.hypot(_COUNTED * slope.estimate, _UNDATED if dated < _MOST else 0.0)))


def _lead(data: Neighbourhood, quarters: int, slope: Slope) -> Lead | None:
    if data.periods - quarters < MIN_PERIODS:
        return None
    try:
        made = neighbour_slope(data, quarters, slope)
    except ValueError:
        return None
    limit = float(stats.t.ppf(SURE, data.places - 1))
    return Lead(quarters, made.estimate, made.error, abs(made.estimate) > limit * made.error)


@reads()
def elasticity(whole: Portfolio) -> Elasticity | str:
    """Elasticity of a territory's revenue to its partners, all territories alike, or why it cannot be told."""
    found = whole.fitted(measured)
    if found.reason or found.elasticity is None:
        return found.reason or "not measured"
    return found.elasticity
