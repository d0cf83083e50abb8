"""How far one place strays from the whole in a year, learnt from earlier forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from prmkit.estimators.rolling import Trial

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

PRIOR, _PLACES = 0.04, 6.0
_LEAST_UNITS, _LEAST_PLACES = 3, 3
_OVERLAP, _TO_SD = 0.5, 1.4826


@dataclass(frozen=True, slots=True)
class Local:
    """place (n,): code of each unit's place, -1 where it has none; shock: standard deviation of a place's log about the whole in a year."""

    place: Whole
    shock: float

    def draws(self, count: int, seed: int) -> NDArray[np.float32]:
        """Factors (places + 1, count) with mean one; the last row, for units without a place, is one throughout."""
        places = int(self.place.max(initial=-1)) + 1
        rng = np.random.default_rng([seed, 41])
        log = self.shock * rng.standard_normal((places, count)) - self.shock**2 / 2
        factors: NDArray[np.float32] = np.exp(np.vstack([log, np.zeros((1, count))])).astype(np.float32)
        return factors


def learn_local(place: Whole, trials: Sequence[Trial]) -> Local:
    """The shock of places from how far each missed beyond the whole's miss and its own luck.

    Each trial gives the square of its places' typical miss (1.48 times the median, so that one place which lost its largest unit does not
    decide) less their typical luck. It weighs half a place for each, trials overlapping by half, and less the larger a place's luck is. The
    prior is 4% with the weight of six places.
    """
    total, weight = _PLACES * PRIOR**2, _PLACES
    for trial in trials:
        misses, lucks = _misses(place[trial.units], trial)
        if len(misses) < _LEAST_PLACES:
            continue
        by = float((_OVERLAP * (PRIOR**2 / (PRIOR**2 + lucks)) ** 2).sum())
        square = (_TO_SD * float(np.median(np.abs(misses)))) ** 2 - float(np.median(lucks))
        total, weight = total + by * max(square, 0.0), weight + by
    return Local(place, float(np.sqrt(total / weight)))


def _misses(place: Whole, trial: Trial) -> tuple[Array, Array]:
    """Log of what came over expected beyond the whole's, and variance of the log by luck, of each place with three units or more."""
    misses, lucks = list[float](), list[float]()
    for at in np.unique(place[place >= 0]):
        own = np.flatnonzero(place == at)
        coming, seen = trial.made.coming[own].sum(axis=0, dtype=np.float64), float(trial.seen[own].sum())
        if len(own) < _LEAST_UNITS or coming.min() <= 0 or seen <= 0:
            continue
        misses.append(float(np.log(seen / (coming.mean() * trial.made.trend.mean()))) - trial.miss)
        lucks.append(float(np.log(coming).var()))
    return np.array(misses), np.array(lucks)
