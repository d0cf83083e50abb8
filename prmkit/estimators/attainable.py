"""What share of a market can realistically be had: what the better places truly reach, luck taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.shrinkage import hierarchy

Array = NDArray[np.float64]

LEAST_PLACES = 4
_BETTER = float(stats.norm.ppf(0.75))
_DRAWS = 400


@dataclass(frozen=True)
class Attainable:
    """Draws, (n, d): the share each place truly has, and the share that the upper quarter of places like it begins at.

    spread: how far true shares differ between places of one size, as a standard deviation of logs, (d,).
    """

    share: Array
    better: Array
    spread: Array

    @property
    def more(self) -> Array:
        """What lies between the two, (n, d); nothing for a place beyond it."""
        made: Array = np.maximum(self.better - self.share, 0.0)
        return made


def attainable(share: Array, variance: Array, size: Array, rng: np.random.Generator, draws: int = _DRAWS) -> Attainable:
    """Shares seen (n,) with the variance of their logs through luck (n,), and the size of each place (n,) > 0.

    Logs of true shares are normal about a line in log size, whose slope is drawn towards none; the share to be had is the upper
    quartile of that normal at the place's own size: what one place in four like it has, not the luckiest of all. A place with a share
    of nothing teaches nothing and stays at nothing. Raises ValueError with fewer than four places above nothing, a size that is not
    above zero, or a share or variance below it.
    """
    seen = share > 0
    if seen.sum() < LEAST_PLACES:
        raise ValueError(f"what can be reached is learnt from {LEAST_PLACES} places or more, not {int(seen.sum())}")
    if (share < 0).any() or (size <= 0).any() or (variance[seen] < 0).any():
        raise ValueError("sizes are above zero, shares and variances not below")
    logs = np.log(size)
    spread = float(logs[seen].std())
    ones = np.ones(len(logs))
    flat = spread <= 1e-9
    design = ones[:, None] if flat else np.column_stack([ones, (logs - logs[seen].mean()) / spread])
    blocks = np.arange(design.shape[1], dtype=np.int64)
    doubt = np.where(seen, np.maximum(np.where(seen, variance, 0.0), 1e-12), np.inf)
    found = hierarchy(np.log(np.where(seen, share, 1.0)), doubt, design, blocks, rng, draws)
    true = np.where(seen[:, None], np.exp(found.draw(slice(None), rng)), 0.0)
    better = design @ found.coefficients.T + _BETTER * found.spread
    return Attainable(true, np.exp(better), found.spread)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio that differs between places: mean of its log, spread of the log between places, and the error of that mean."""

    centre: float
    spread: float
    error: float
    places: int

    def draws(self, count: int, places: int, rng: np.random.Generator) -> Array:
        """What the ratio of further places may be, (places, count): the error is shared, the spread is each place's own."""
        reach = stats.t.rvs(max(self.places - 1, 1), size=(1, count), random_state=rng) * self.error
        drawn: Array = np.exp(self.centre + reach + self.spread * rng.standard_normal((places, count)))
        return drawn


def ratio_of_places(ratio: Array, variance: Array) -> Ratio | None:
    """A ratio (n,) > 0 with the variance of its log through luck (n,): moments of DerSimonian and Laird (1986); None below four places."""
    good = np.isfinite(ratio) & (ratio > 0) & np.isfinite(variance)
    if good.sum() < LEAST_PLACES:
        return None
    logs, within = np.log(ratio[good]), np.maximum(variance[good], 1e-12)
    weight = 1 / within
    centre = float((weight * logs).sum() / weight.sum())
    excess = float((weight * (logs - centre) ** 2).sum()) - (len(logs) - 1)
    between = max(excess / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    weight = 1 / (within + between)
    centre = float((weight * logs).sum() / weight.sum())
    return Ratio(centre, float(np.sqrt(between)), float(np.sqrt(1 / weight.sum())), len(logs))
