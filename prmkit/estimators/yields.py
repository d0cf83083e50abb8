"""What one unit sells in a month of its selling life, with the luck of thin records taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.lives import Lives

Array = NDArray[np.float64]

_HALF_YEAR = 6
_HALF_YEARS = 4
_ENOUGH = 10
_DEFAULT_NOISE = 0.25
_LEAST_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Yields:
    """Mature revenue a month of life of each unit (n,), 0 where it never sold.

    level: drawn to the typical one by thinness; unsure (n,): variance of its log; noise: variance of the
    log of one half-year about the level; spread: variance of log levels between units; exposure (n,): months
    of life it rests on. A unit's revenue over m months has log-variance unsure + 6 noise / m.
    """

    level: Array
    unsure: Array
    noise: float
    spread: float
    exposure: Array

    def variance(self, months: float) -> Array:
        """Variance (n,) of the log of revenue over `months` of life, about the level."""
        total: Array = self.unsure + self.noise * _HALF_YEAR / max(months, 1.0)
        return total


def half_year_noise(lives: Lives, revenue: Array) -> tuple[float, int]:
    """Log-variance of half-year revenue within a mature unit, weighed by money, and the pairs it rests on.

    From neighbouring half-years x, y of one unit: cv^2 = sum (x - y)^2 / (2 sum x y), and log(1 + cv^2).
    """
    age, apart, product, pairs = lives.age, 0.0, 0.0, 0
    for back in range(_HALF_YEARS - 1):
        end = lives.months - back * _HALF_YEAR
        middle, begin = end - _HALF_YEAR, end - 2 * _HALF_YEAR
        if begin < 0:
            break
        whole = lives.alive[:, begin:end].all(axis=1) & (age[:, begin] >= _HALF_YEAR)
        x, y = revenue[whole, middle:end].sum(axis=1), revenue[whole, begin:middle].sum(axis=1)
        apart, product, pairs = apart + float(((x - y) ** 2).sum()), product + float((x * y).sum()), pairs + int(whole.sum())
    if pairs < _ENOUGH or product <= 0:
        return _DEFAULT_NOISE, 0
    return float(np.log1p(apart / (2 * product))), pairs


def fit_yields(lives: Lives, revenue: Array, ramp: Array) -> Yields:
    """Level of each unit over the last twelve months of its life.

    revenue: (n, h) with the common trend taken out. ramp: (13,) share of mature yield by month of age,
    divided out. Logs are drawn to the mean log by spread / (spread + noise / half-years seen) and the
    result is scaled so that well-seen units keep their total.
    """
    window = _last_year(lives)
    share = ramp[np.clip(lives.age, 0, len(ramp) - 1)]
    exposure = (window * share).sum(axis=1)
    total = (revenue * window).sum(axis=1)
    has = (total > 0) & (exposure > 0)
    raw = np.where(has, total / np.maximum(exposure, 1e-9), 0.0)
    noise, _ = half_year_noise(lives, revenue)
    halves = np.maximum(exposure / _HALF_YEAR, 1 / _HALF_YEAR)
    if not has.any():
        return Yields(raw, np.zeros(len(raw)), noise, _LEAST_SPREAD, exposure)
    luck = noise / halves
    logs = np.log(raw, where=has, out=np.zeros(len(raw))) + luck / 2
    spread = max(_LEAST_SPREAD, float(logs[has].var()) - float(luck[has].mean()))
    kept = spread / (spread + luck)
    centre = float((kept[has] * logs[has]).sum() / kept[has].sum())
    level = np.where(has, np.exp(centre + kept * (logs - centre) + (1 - kept) * spread / 2), 0.0)
    level = np.where(has & (exposure < _HALF_YEAR), _thin(total, exposure, float(np.exp(centre + spread / 2)), noise, spread), level)
    fresh = _fresh(lives)
    level = np.where(fresh, _after_the_first(lives, revenue, share), level)
    sure = has & ~fresh & (exposure >= min(_HALF_YEAR, float(np.median(exposure[has & ~fresh])) if (has & ~fresh).any() else 0.0))
    if sure.any():
        level = np.where(fresh, 1.0, float((raw[sure] * exposure[sure]).sum() / (level[sure] * exposure[sure]).sum())) * level
    return Yields(level, np.where(has, (1 - kept) * spread, 0.0), noise, spread, exposure)


def _thin(total: Array, exposure: Array, typical: float, noise: float, spread: float) -> Array:
    """Linear credibility (Buehlmann and Straub 1970): who has sold in its first weeks was lucky to; logs do not see who has not."""
    months = _HALF_YEAR * np.expm1(noise) / np.expm1(spread)
    level: Array = (total + months * typical) / np.maximum(exposure + months, 1e-9)
    return level


def _last_year(lives: Lives) -> NDArray[np.bool_]:
    position = np.arange(lives.months)[None, :]
    end = np.where(lives.alive.any(axis=1), lives.months - 1 - np.argmax(lives.alive[:, ::-1], axis=1), -1)
    window: NDArray[np.bool_] = lives.alive & (position > end[:, None] - 12)
    return window


def _fresh(lives: Lives) -> NDArray[np.bool_]:
    """Units whose life counts from a first sale in the last twelve months."""
    fresh: NDArray[np.bool_] = lives.sold & lives.dated & (lives.start >= lives.months - 12) & (lives.clock == "first_sale")
    return fresh


def _after_the_first(lives: Lives, revenue: Array, share: Array) -> Array:
    """Yield of a unit that is known by its first sale: chance of a further month with a sale x what such a month brings.

    A unit enters by having sold, so that its first sale says nothing of how often it will. What a month brings, over its `share` (n, h) of
    a mature one, is drawn to the typical one by the weight of one month.
    """
    sells = lives.revenue > 0
    worth, total = (sells * share).sum(axis=1), np.where(sells, revenue, 0.0).sum(axis=1)
    typical = float(total.sum() / max(float(worth.sum()), 1e-9))
    level: Array = np.nan_to_num(lives.beat.sells) * (total + typical) / (worth + 1)
    return level
