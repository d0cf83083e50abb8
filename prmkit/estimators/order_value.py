"""How large one buyer's orders usually are, and how sure that is, from sums of a few orders each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Array = NDArray[np.float64]
Family = Literal["lognormal", "gamma"]

_ENOUGH = 100
_LEANING = -0.5
_MISSES = 0.15
_SMALLEST, _LARGEST = 1e-6, 400.0


@dataclass(frozen=True)
class OrderValue:
    """Log of the mean order of each buyer, and the sampling variance of that log (inf where it has no order).

    family: the shape of order values within one buyer that fits better. cv2: their squared coefficient
    of variation within one buyer. df: buyers' orders beyond the first, what cv2 rests on.
    """

    log_mean: Array
    variance: Array
    family: Family
    cv2: float
    df: int


def fit_order_value(mean_value: Array, orders: Array, buyer: NDArray[np.int64], buyers: int) -> OrderValue:
    """Learn each buyer's log mean order from averages of a few orders.

    mean_value: (m,) average order of one buyer in one month, above zero. orders: (m,) how many it
    averages. buyer: (m,) index 0 ... buyers - 1. Log-normal orders give more weight to the usual order,
    gamma orders to the sum. Gamma it is where the logs within buyers lean to the left, which log-normal
    ones do not, or where the log-normal misses the sum of all orders by more than chance. Averages
    of log-normal orders are taken as log-normal again (Fenton 1960).
    Raises ValueError where no buyer has two averages.
    """
    months = np.bincount(buyer, minlength=buyers)
    df = int(np.sum(np.maximum(months - 1, 0)))
    if df < 1:
        raise ValueError("no buyer ordered in two months: how much orders vary cannot be seen")
    if df >= _ENOUGH and within_skewness(np.log(mean_value), buyer, buyers) < _LEANING:
        return _gamma(mean_value, orders, buyer, buyers, df)
    fit = _lognormal(mean_value, orders, buyer, buyers, df)
    # the noise in a log mean makes its exponential too large on average
    usual = np.exp(fit.log_mean - np.where(np.isfinite(fit.variance), fit.variance, 0.0) / 2)
    miss = abs(float(np.log(np.sum(orders * usual[buyer]) / np.sum(orders * mean_value))))
    if miss > max(_MISSES, 3 * np.sqrt(fit.cv2 / orders.sum())):
        return _gamma(mean_value, orders, buyer, buyers, df)
    return fit


def within_skewness(logs: Array, buyer: NDArray[np.int64], buyers: int) -> float:
    """Skewness of the logs (m,) around each buyer's own mean, from unbiased third and second cumulants; 0 where it cannot be seen.

    Buyers with fewer than three averages say nothing. About 0 for log-normal orders; for gamma orders
    polygamma(2, k) / polygamma(1, k) ** 1.5, which is -1.14 at a coefficient of variation of one.
    """
    n = np.bincount(buyer, minlength=buyers).astype(float)
    mean = np.bincount(buyer, logs, minlength=buyers) / np.maximum(n, 1)
    residual = logs - mean[buyer]
    use = n >= 3
    if not use.any():
        return 0.0
    cubes = np.bincount(buyer, residual**3, minlength=buyers)[use] * n[use] / (n[use] - 1)
    squares = np.bincount(buyer, residual**2, minlength=buyers)[use]
    third = float(cubes.sum() / (n[use] - 2).sum())
    second = float(squares.sum() / (n[use] - 1).sum())
    return third / second**1.5 if second > 0 else 0.0


def _lognormal(value: Array, orders: Array, buyer: NDArray[np.int64], buyers: int, df: int) -> OrderValue:
    logs = np.log(value)

    def excess(cv2: float) -> float:
        variance = np.log1p(cv2 / orders)
        residual = logs + variance / 2 - _average(logs + variance / 2, 1 / variance, buyer, buyers)[0][buyer]
        return float(np.sum(residual**2 / variance)) - df

    cv2 = _root(excess)
    variance = np.log1p(cv2 / orders)
    log_mean, precision = _average(logs + variance / 2, 1 / variance, buyer, buyers)
    return OrderValue(log_mean, _inverse(precision), "lognormal", cv2, df)


def _gamma(value: Array, orders: Array, buyer: NDArray[np.int64], buyers: int, df: int) -> OrderValue:
    total = np.bincount(buyer, value * orders, minlength=buyers)
    count = np.bincount(buyer, orders, minlength=buyers)
    mean = np.divide(total, count, out=np.ones(buyers), where=count > 0)
    cv2 = float(np.clip(np.sum(orders * (value / mean[buyer] - 1) ** 2) / df, _SMALLEST, _LARGEST))
    variance = np.divide(cv2, count, out=np.full(buyers, np.inf), where=count > 0)
    return OrderValue(np.log(mean), variance, "gamma", cv2, df)


def _average(value: Array, weight: Array, buyer: NDArray[np.int64], buyers: int) -> tuple[Array, Array]:
    precision = np.bincount(buyer, weight, minlength=buyers)
    total = np.bincount(buyer, weight * value, minlength=buyers)
    mean: Array = np.divide(total, precision, out=np.zeros(buyers), where=precision > 0)
    return mean, precision.astype(float)


def _inverse(precision: Array) -> Array:
    inverse: Array = np.divide(1.0, precision, out=np.full(len(precision), np.inf), where=precision > 0)
    return inverse


def _root(excess: object) -> float:
    assert callable(excess)
    if excess(_SMALLEST) <= 0:
        return _SMALLEST
    if excess(_LARGEST) >= 0:
        return _LARGEST
    return float(optimize.brentq(excess, _SMALLEST, _LARGEST, rtol=1e-8))
