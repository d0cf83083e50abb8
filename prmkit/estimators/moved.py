"""Estimates moved to a value that a person gives; their uncertainty goes with them, and at the estimate itself nothing changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from prmkit.estimators.attrition import yearly
from prmkit.estimators.growth import MATURE
from prmkit.estimators.ramp import linear

Array = NDArray[np.float64]

MOST_RAMP = 23.0
_MOST_HAZARD = 0.95
_TOLERANCE = 1e-12


def share_to(draws: Array, mean: float) -> Array:
    """Draws of a share (D,), moved so that their mean is `mean`: lowered in proportion, or raised in proportion to what they lack of 1.

    Every draw rises with `mean`; 0 and 1 are certain. Raises ValueError outside 0 to 1.
    """
    if not 0 <= mean <= 1:
        raise ValueError("a share runs from 0 to 1")
    now = float(draws.mean())
    if mean == now:
        return draws
    moved: Array = draws * (mean / now) if mean < now else 1 - (1 - draws) * ((1 - mean) / (1 - now))
    return moved


def ramp_months(curve: Array) -> Array:
    """Length of each ramp (B,) in months, as an even rise that loses as much: twice the mature months lost in the first twelve."""
    lost: Array = 2 * (1 - curve[:, :MATURE]).sum(axis=1)
    return lost


def ramp_to(curve: Array, months: float) -> Array:
    """Ramps (B, 13) whose mean length is `months`: what is lost shrinks in proportion, or an even rise comes on top.

    The share sold falls with `months` at every age. Raises ValueError outside 0 to 23 months.
    """
    if not 0 <= months <= MOST_RAMP:
        raise ValueError(f"a ramp runs from 0 to {MOST_RAMP:.0f} months")
    now = float(ramp_months(curve).mean())
    if months == now:
        return curve
    if months < now:
        shorter: Array = 1 - (1 - curve) * (months / now)
        return shorter
    age = np.arange(MATURE)

    def longer(rise: float) -> Array:
        made: Array = np.concatenate([curve[:, :MATURE] * linear(rise, age), curve[:, MATURE:]], axis=1)
        return made

    rise = brentq(lambda rise: float(ramp_months(longer(rise)).mean()) - months, 0.0, 400.0, xtol=1e-9)
    return longer(rise)


def hazard_factor(pooled: Array, yearly_share: float) -> float:
    """What monthly chances (B,) have to be multiplied by for their mean loss in a year to be `yearly_share`, from 0 to below 1."""
    if not 0 <= yearly_share < 1:
        raise ValueError("attrition is a share a year, from 0 to below 1")
    if yearly_share == float(yearly(pooled).mean()):
        return 1.0
    most = _MOST_HAZARD / float(pooled.max())

    def lost(factor: float) -> float:
        return float(yearly(np.minimum(pooled * factor, _MOST_HAZARD)).mean()) - yearly_share

    return 0.0 if yearly_share <= _TOLERANCE else float(brentq(lost, 0.0, most * 10, xtol=1e-12, rtol=1e-12))
