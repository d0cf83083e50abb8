"""Whether a few units carry more of the total than log-normal yields would let them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.capacity import top_share

Array = NDArray[np.float64]

TENTH = 0.1
ENOUGH = 20
_DRAWS = 400
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Tail:
    """Part of the total that the largest tenth makes: seen, and what log-normal yields of this spread give (mean and upper end of samples).

    heavier: more than the upper end (one in twenty by chance).
    """

    seen: float
    expected: float
    upper: float
    sigma: float

    @property
    def heavier(self) -> bool:
        """Whether the tail is heavier than log-normal."""
        return self.seen > self.upper


def tail(values: Array, seed: int) -> Tail | None:
    """The tail of values above zero (n,), against samples of the same size from a log-normal of the same spread of logs; None below 20.

    In a large sample the expected share is Phi(sigma - z(0.9)); in a small one it is less, which is why samples are drawn.
    """
    kept = values[values > 0]
    if len(kept) < ENOUGH:
        return None
    sigma = float(np.log(kept).std(ddof=1))
    rng = np.random.default_rng(seed)
    size = min(len(kept), 2_000)
    made = np.exp(sigma * rng.standard_normal((_DRAWS, size)))
    shares = _top(made)
    expected = top_share(sigma, TENTH) if len(kept) > size else float(shares.mean())
    return Tail(float(_top(kept[None, :])[0]), expected, float(np.quantile(shares, _LEVEL)), sigma)


def _top(values: Array) -> Array:
    count = max(round(TENTH * values.shape[1]), 1)
    largest = np.partition(values, values.shape[1] - count, axis=1)[:, -count:]
    made: Array = largest.sum(axis=1) / values.sum(axis=1)
    return made
