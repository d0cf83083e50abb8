"""How a new unit grows into its mature yield."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from prmkit.estimators.growth import MATURE
from prmkit.estimators.lives import Lives

Array = NDArray[np.float64]

STEP = 3
_STEPS = MATURE // STEP
_ENOUGH = 10
_MATURE_MONTHS = 6
ASSUMED_MONTHS = 6.0


@dataclass(frozen=True, slots=True)
class Ramp:
    """Share of mature yield by month of age: `curve` (B, 13), the last being 1 and holding from then on.

    units: how many units it rests on; estimated is False where that is too few: a straight ramp of six months is
    assumed where age counts from signing, none where it counts from the first sale.
    """

    curve: Array
    units: int
    estimated: bool

    def of(self, draw: int, age: NDArray[np.int64]) -> Array:
        """Share of mature yield at each age, under weighting `draw`."""
        share: Array = self.curve[draw][np.clip(age, 0, MATURE)]
        return share

    def months(self, level: float = 0.9) -> Array:
        """First month of age (B,) whose share reaches `level`; 0 where there is no ramp."""
        reached: Array = np.argmax(self.curve >= level - 1e-12, axis=1).astype(float)
        return reached


def linear(months: float, age: NDArray[np.int64] | Array) -> Array:
    """r(k) = min(1, (k + 0.5) / R) in month k of a ramp of R months; 1 where R is 0."""
    if months <= 0:
        return np.ones(np.shape(age))
    share: Array = np.minimum(1.0, (np.asarray(age, dtype=float) + 0.5) / months)
    return share


def fit_ramp(lives: Lives, revenue: Array, weights: Array) -> Ramp:
    """Revenue a month of life by age, over the mature yield of the same units; rising (isotonic) in steps of three months.

    revenue: (n, h), the panel's, with the common trend taken out. Units enter whose start is known and
    that were seen for six months of life at an age of twelve months or more.
    """
    age = lives.age
    mature = lives.alive & (age >= MATURE)
    months = mature.sum(axis=1)
    use = lives.dated & (lives.start > -MATURE) & (months >= _MATURE_MONTHS)
    level = np.where(use, (revenue * mature).sum(axis=1) / np.maximum(months, 1), 0.0)
    use &= level > 0
    if use.sum() < _ENOUGH:
        usual = linear(ASSUMED_MONTHS if lives.clock == "signing" else 0, np.arange(MATURE + 1))
        return Ramp(np.tile(usual, (len(weights), 1)), int(use.sum()), estimated=False)
    got, asked = np.zeros((len(level), _STEPS)), np.zeros((len(level), _STEPS))
    for step in range(_STEPS):
        young = lives.alive & (age >= step * STEP) & (age < (step + 1) * STEP) & use[:, None]
        got[:, step] = (revenue * young).sum(axis=1)
        asked[:, step] = level * young.sum(axis=1)
    sums, wanted = weights @ got, np.maximum(weights @ asked, 1e-12)
    whole = np.minimum(weights @ np.where(use, level * months, 0.0), 1e3 * wanted.sum(axis=1))
    curve = np.ones((len(weights), MATURE + 1))
    for draw in range(len(weights)):
        raw = np.append(sums[draw] / wanted[draw], 1.0)
        rising = isotonic_regression(raw, weights=np.append(wanted[draw], whole[draw])).x
        curve[draw] = _by_month(rising, lives.pooled < STEP)
    return Ramp(curve, int(use.sum()), estimated=True)


def _by_month(steps: Array, smooth: bool) -> Array:
    """Steps of three months as a curve by month: straight between the steps' middles where units sell more often than that."""
    by_month = np.append(np.repeat(steps[:_STEPS], STEP), 1.0)
    if smooth:
        middles = np.arange(_STEPS) * STEP + (STEP - 1) / 2
        foot = max(steps[0] / STEP, steps[0] - (steps[1] - steps[0]) / STEP)
        by_month[:MATURE] = np.interp(np.arange(MATURE), [0, *middles, MATURE], [foot, *steps[:_STEPS], 1.0])
    return by_month
