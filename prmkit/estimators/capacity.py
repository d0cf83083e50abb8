"""How many units a goal needs: the sums that can be done by hand, and the count that a set of draws asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from prmkit.estimators.ramp import linear

Array = NDArray[np.float64]

_YEAR = 12


def base_revenue(active: float, yearly_yield: float, churn: float, growth: float) -> float:
    """What the present units will sell in a year: A Y (1 - c) (1 + g)."""
    return active * yearly_yield * (1 - churn) * (1 + growth)


def naive_count(gap: float, yearly_yield: float) -> float:
    """The spreadsheet rule: the gap over what an average unit sells in a year. 0 where there is no gap."""
    if yearly_yield <= 0:
        raise ValueError("the average unit must sell something")
    return max(gap, 0.0) / yearly_yield


def year_fraction(signing_month: int, ramp_months: float) -> float:
    """Share of a mature year that a unit signed in month s (0 to 11) brings in the year: sum of r(k), k = 0 to 11 - s, over 12."""
    if not 0 <= signing_month < _YEAR:
        raise ValueError(f"the signing month runs from 0 to 11, not {signing_month}")
    return float(linear(ramp_months, np.arange(_YEAR - signing_month)).sum()) / _YEAR


def even_fraction(ramp_months: float) -> float:
    """The same for units signed evenly, one month after the other."""
    return float(np.mean([year_fraction(month, ramp_months) for month in range(_YEAR)]))


@dataclass(frozen=True, slots=True)
class Recruiting:
    """Units that must sell, be signed, and be approached."""

    productive: float
    signed: float
    candidates: float


def recruiting(gap: float, yearly_yield: float, fraction: float, activation: float, conversion: float = 1.0) -> Recruiting:
    """Gap / (Y phi), over the share that activates, over the share of candidates that sign."""
    if not (fraction > 0 and 0 < activation <= 1 and 0 < conversion <= 1):
        raise ValueError("fraction, activation and conversion are shares above zero")
    productive = naive_count(gap, yearly_yield) / fraction
    return Recruiting(productive, productive / activation, productive / activation / conversion)


def top_share(sigma: float, share: float) -> float:
    """Part of the total that the largest `share` of units make when yields are log-normal: Phi(sigma - z(1 - q))."""
    return float(norm.cdf(sigma - norm.ppf(1 - share)))


def gini(sigma: float) -> float:
    """Gini coefficient of log-normal yields: 2 Phi(sigma / sqrt 2) - 1."""
    return float(2 * norm.cdf(sigma / np.sqrt(2)) - 1)


def total_cv(sigma: float, count: int) -> float:
    """Coefficient of variation of the total of `count` log-normal yields: sqrt((exp(sigma^2) - 1) / n)."""
    return float(np.sqrt(np.expm1(sigma**2) / count))


def dilution(added: Array, present: float, elasticity: Array | float) -> Array:
    """What added units bring over what they would at a constant yield: ((1 + x)^beta - 1) / x with x = added / present."""
    x = np.maximum(np.asarray(added, dtype=float), 1e-9) / max(present, 1e-9)
    factor: Array = ((1 + x) ** np.asarray(elasticity) - 1) / x
    return factor


@dataclass(frozen=True)
class Sharing:
    """How recruits and present units share a market over a window: everybody there sells (1 + added / present)^(beta - 1) as much.

    takes (D,): what present units sell in the window, of which recruits take a part. there, sold (M,): for each of M stretches of the
    window, the share of all recruits there (signed, not yet gone), and the share of what recruits sell that they sell in it; lasting (M,):
    how much of the window each stretch is.
    """

    takes: Array
    there: Array
    sold: Array
    lasting: Array

    def net(self, total: Array, ratio: float, elasticity: Array) -> Array:
        """Draws (D,) of what recruits add who would sell `total` alone; ratio: recruits that sell over present units."""
        kept = np.exp((elasticity - 1)[:, None] * np.log1p(ratio * self.there)[None, :])
        added: Array = total * (kept @ self.sold) - self.takes * (1 - kept @ self.lasting)
        return added


@dataclass(frozen=True)
class Recruits:
    """What 1, 2, 3 ... recruits add to a window, in draws.

    cumulative (D, J): revenue of the first j recruits, to be multiplied by factor (D,). mean, spread (D,): of
    one recruit under that draw's parameters, and luck (D,): standard normal, for counts beyond J. crowding: None, or
    (present units, share of recruits that sell, elasticity (D,)): recruits then share what is to be had, month by
    month where `sharing` says how, else as if all were there throughout.
    """

    cumulative: NDArray[np.float32]
    mean: Array
    spread: Array
    luck: Array
    factor: Array
    crowding: tuple[float, float, Array] | None = None
    sharing: Sharing | None = None

    @property
    def simulated(self) -> int:
        """How many recruits were simulated one by one."""
        return int(self.cumulative.shape[1])

    def alone(self, count: int) -> Array:
        """Draws (D,) of what `count` recruits would sell sharing with nobody; beyond those simulated by the central limit theorem."""
        if count <= 0:
            return np.zeros(len(self.mean))
        total: Array = self.cumulative[:, min(count, self.simulated) - 1] * self.factor
        more = count - self.simulated
        if more > 0:
            total = total + np.maximum(more * self.mean + np.sqrt(more) * self.spread * self.luck, 0.0)
        return total

    def revenue(self, count: int) -> Array:
        """Draws (D,) of what `count` recruits add: what they sell, less what they take from the units present."""
        total = self.alone(count)
        if self.crowding is None or count <= 0:
            return total
        present, selling, elasticity = self.crowding
        if self.sharing is None:
            return total * dilution(np.array(count * selling), present, elasticity)
        return self.sharing.net(total, count * selling / max(present, 1.0), elasticity)

    def scaled(self, factor: Array | float) -> Recruits:
        """The same recruits selling `factor` times as much, among the same present units."""
        by = np.broadcast_to(np.asarray(factor, dtype=float), self.mean.shape)
        return replace(self, factor=self.factor * by, mean=self.mean * by, spread=self.spread * by)

    def among(self, present: float, takes: Array) -> Recruits:
        """The same recruits where other units are present: how many, and draws (D,) of what they sell in the window."""
        if self.crowding is None:
            return self
        sharing = None if self.sharing is None else replace(self.sharing, takes=takes)
        return replace(self, crowding=(max(present, 1.0), *self.crowding[1:]), sharing=sharing)

    def with_elasticity(self, elasticity: float) -> Recruits:
        """The same recruits, sharing the market at one known elasticity; as they are where they share nothing."""
        return self if self.crowding is None else replace(self, crowding=(*self.crowding[:2], np.full(len(self.mean), elasticity)))


def chance(present: Array, recruits: Recruits, count: int, goal: float) -> float:
    """Share of draws in which present units and `count` recruits reach the goal."""
    return float(np.mean(present + recruits.revenue(count) >= goal))


def count_for(present: Array, recruits: Recruits, goal: float, confidence: float, most: int) -> int | None:
    """The fewest recruits that reach `goal` with at least `confidence`; None where `most` are not enough.

    The same draws serve every count, so that the answer rises with the goal and with the confidence.
    """
    if chance(present, recruits, 0, goal) >= confidence:
        return 0
    if chance(present, recruits, most, goal) < confidence:
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if chance(present, recruits, middle, goal) >= confidence:
            high = middle
        else:
            low = middle
    return high


def mean_count(present: float, one: float, goal: float) -> float:
    """Recruits after which the expected revenue equals the goal: gap over what one adds on average."""
    return max(goal - present, 0.0) / one if one > 0 else float("inf")
