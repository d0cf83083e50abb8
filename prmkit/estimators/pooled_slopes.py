"""Each place's own slope, drawn towards the common one by as much as places are seen to be alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SPREAD_EXPECTED = 0.15
_SPREADS = np.concatenate([[0.0], np.geomspace(0.05, 6.0, 40)])


@dataclass(frozen=True, slots=True)
class PooledSlopes:
    """estimate, error (places,): mean and standard deviation of each place's slope. common (places,): how far each follows the common mean,
    so that its own part has a standard deviation of `own`. spread: root mean square of the differences between places. A place of which
    nothing is known has the common mean, `common` 1 and `own` the spread.
    """

    estimate: Array
    error: Array
    common: Array
    own: Array
    spread: float

    def draws(self, mean: Array, centre: float, rng: np.random.Generator) -> Array:
        """Slopes (draws, places) that move together with draws (d,) of the common mean about its `centre`."""
        own = self.own * rng.standard_normal((len(mean), len(self.estimate)))
        drawn: Array = self.estimate + self.common * (mean - centre)[:, None] + own
        return drawn


def pooled_slopes(
    slope: Array, information: Array, centre: float, error: float, fitted: float, scale: float = SPREAD_EXPECTED
) -> PooledSlopes:
    """Partial pooling with the spread between places averaged over (half-normal prior with a `scale`, 0.15 for elasticities).

    slope: (p,) each place's own estimate with a variance of 1 / information (p,); information 0: nothing is known of it.
    centre, error: the common mean and what it is unsure by. fitted: the common slope of the data about which the spread is judged.
    """
    known = information > 0
    variance = np.where(known, 1 / np.where(known, information, 1.0), np.inf)
    spreads = _SPREADS * scale
    if known.sum() > 1:
        total = variance[known][None, :] + spreads[:, None] ** 2
        likelihood = -0.5 * (np.log(total) + (slope[known] - fitted) ** 2 / total).sum(axis=1)
    else:
        likelihood = np.zeros(len(spreads))
    width = np.gradient(spreads)
    log_weight = likelihood - 0.5 * (spreads / scale) ** 2 + np.log(width)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    square = spreads[:, None] ** 2
    own_share = np.where(known, square / (square + np.where(known, variance, 1.0)), 0.0)
    remaining = np.where(known, own_share * np.where(known, variance, 0.0), square)
    offset = np.where(known, slope - centre, 0.0)
    mean_share = weight @ own_share
    between = weight @ (own_share - mean_share) ** 2 * offset**2
    own = np.sqrt(weight @ remaining + between)
    common = 1 - mean_share
    return PooledSlopes(
        centre + mean_share * offset, np.sqrt(own**2 + (common * error) ** 2), common, own, float(np.sqrt(weight @ square[:, 0]))
    )


def pooled_levels(level: Array, variance: Array, scale: float) -> PooledSlopes:
    """Levels (p,), each with its `variance` (p,) above zero, drawn towards their common mean by as much as they are seen to be alike."""
    between = max(float(level.var()) - float(variance.mean()), 0.0)
    weight = 1 / (variance + between + 1e-12)
    centre = float((weight * level).sum() / weight.sum())
    return pooled_slopes(level, 1 / variance, centre, float(weight.sum() ** -0.5), centre, scale)
