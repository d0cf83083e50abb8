"""The difference of two rates, as it stands and at the same mix, with the interval that other cases might have given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import bayesian_weights, interval

Array = NDArray[np.float64]

_DRAWS = 600
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """First rate less second, its 90% interval (nan with fewer than five cases on a side); shared: share of all bottoms it rests on."""

    value: float
    low: float
    high: float
    shared: float


def difference_of_ratios(one: tuple[Array, Array], other: tuple[Array, Array], seed: int) -> Difference:
    """Total over total of one side less that of the other, cases of each re-weighted at random (Bayesian bootstrap).

    one, other: (tops, bottoms), each (n,) and (m,). Raises ValueError where bottoms of a side do not add up to more than zero.
    """
    return standardised_difference((one[0][:, None], one[1][:, None]), (other[0][:, None], other[1][:, None]), seed)


def standardised_difference(one: tuple[Array, Array], other: tuple[Array, Array], seed: int) -> Difference:
    """The difference that is left when both sides have the same mix (direct standardisation).

    one, other: (tops, bottoms), (n, k) and (m, k): cases by kinds. Of the kinds that both have (bottoms above zero), rates are compared
    kind by kind and averaged by the bottoms of both sides together: sum w_k (r_k - s_k). Kitagawa, Journal of the American Statistical
    Association 1955;50:1168-1194 calls it the effect of rates. Raises ValueError where no kind is shared.
    """
    totals = one[1].sum(axis=0), other[1].sum(axis=0)
    both = (totals[0] > 0) & (totals[1] > 0)
    if not both.any():
        raise ValueError("the two sides have no kind in common")
    weight = np.where(both, totals[0] + totals[1], 0.0)
    shared = float(weight.sum() / (np.maximum(totals[0], 0).sum() + np.maximum(totals[1], 0).sum()))
    weight = weight[both] / weight[both].sum()
    sides = [(side_top[:, both], side_bottom[:, both]) for side_top, side_bottom in (one, other)]
    value = float(weight @ (_rates(*sides[0]) - _rates(*sides[1])))
    cases = [int(((side[0] != 0) | (side[1] != 0)).any(axis=1).sum()) for side in sides]
    if min(cases) < _ENOUGH:
        return Difference(value, float("nan"), float("nan"), shared)
    drawn = [_drawn(side[0], side[1], weight, seed + place) for place, side in enumerate(sides)]
    low, high = interval(drawn[0] - drawn[1])
    return Difference(value, low, high, shared)


def _rates(top: Array, bottom: Array) -> Array:
    made: Array = top.sum(axis=0) / bottom.sum(axis=0)
    return made


def _drawn(top: Array, bottom: Array, weight: Array, seed: int) -> Array:
    """Draws of the averaged rate; a kind whose bottoms vanish in a draw keeps the rate it has."""
    use = ((top != 0) | (bottom != 0)).any(axis=1)
    weights = bayesian_weights(int(use.sum()), _DRAWS, seed)
    below = weights @ bottom[use]
    rates = np.where(below > 0, (weights @ top[use]) / np.where(below > 0, below, 1.0), _rates(top, bottom))
    made: Array = rates @ weight
    return made
