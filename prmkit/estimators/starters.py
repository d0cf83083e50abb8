"""What units newly signed really brought up to each age, and how far a simulation of the next ones is held to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.channel import Channel
from prmkit.estimators.growth import MATURE
from prmkit.estimators.recruitment import grown_months, pool_mean

Array = NDArray[np.float64]

PARTS_SPREAD = 0.3
_ENOUGH = 5
_FEW = 8.0
_LIMITS = (0.2, 5.0)


def hold(channel: Channel, seed: int) -> Array:
    """Factor (B, 13) by which simulated revenue up to each month of age is multiplied; `Channel.tie` in a better form.

    Two readings of what an activated starter brings up to an age are weighed by how sure they are, on the log scale. What those
    signed within the history really sold at that age, everyone who reached it counted, unsold ones too where signing dates are known
    (common growth taken out). And what the parts say: yield of all units that ever sold, ramp and attrition, which for units of another
    vintage may be off by 0.3 either way (a judgement). Few starters leave the answer to the parts, many to the starters.
    """
    sums, seen = _brought(channel)
    curve = grown_months(channel, MATURE).mean(axis=0)[1:]
    pool = pool_mean(channel)
    level, weights = channel.yields.level, channel.weights
    all_mean = (weights @ level) / (weights @ (level > 0))
    real, parts = np.log(np.maximum(sums, 1e-12)), np.log(np.maximum(all_mean[:, None] * curve, 1e-12))
    known = (seen >= _ENOUGH) & (sums > 0).all(axis=0)
    luck = real.var(axis=0) * (1 + _FEW / np.maximum(seen, 1.0))
    unsure = parts.var(axis=0) + PARTS_SPREAD**2
    weight = np.where(known, unsure / (unsure + luck), 0.0)
    left = (1 - weight) * PARTS_SPREAD
    z = np.random.default_rng([seed, 23]).standard_normal(channel.resamples)
    log = weight * real + (1 - weight) * parts + left * z[:, None] - left**2 / 2
    held = np.exp(log - np.log(np.maximum(pool[:, None] * curve, 1e-12)))
    tie: Array = np.clip(np.concatenate([held[:, :1], held], axis=1), *_LIMITS)
    return tie


def _brought(channel: Channel) -> tuple[Array, Array]:
    """Revenue (B, 12) that an activated starter brought up to each month of age, and how many were seen in that month (12,)."""
    life = channel.lives
    signing = life.clock == "signing"
    use = np.flatnonzero(life.dated & (life.start >= 0) & (life.start < life.months) & (life.sold | signing))
    back = life.months - 6 - (np.arange(life.months) + 0.5)
    position = life.start[use][:, None] + np.arange(MATURE)
    seen = position < life.months
    at = np.minimum(position, life.months - 1)
    money = np.take_along_axis(life.revenue[use], at, axis=1) * np.exp(channel.growth.mean * back[at] / 12) * seen
    weights = channel.weights[:, use]
    by_age = (weights @ money) / np.maximum(weights @ seen, 1e-12)
    selling = channel.activated[:, None] if signing else 1.0
    sums: Array = np.cumsum(by_age, axis=1) / np.maximum(selling, 1e-6)
    return sums, seen.sum(axis=0).astype(float)
