"""How large each territory's market is: as stated, else worked out from its end customers, else not said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.attainable import Ratio, ratio_of_places

Array = NDArray[np.float64]

STATED, LIKE, SERVED, NONE = "stated", "like_territories", "served_customers", "none"
BASES = {
    STATED: "as stated in the list of territories",
    LIKE: "end customers times the stated potential of an end customer elsewhere",
    SERVED: "end customers times what a served customer buys from us where many are served",
}
_ENOUGH = 20
_DRAWS = 400


@dataclass(frozen=True)
class Potential:
    """A year's market by territory, in order: value (n,), draws (n, d), nan where not known; basis (n,): a word of BASES or "none".

    contradicted (n,): we sell more there than the potential stated. variance (n,): of the log, for not being stated.
    """

    value: Array
    draws: Array
    basis: NDArray[np.object_]
    contradicted: NDArray[np.bool_]
    variance: Array

    @property
    def ends(self) -> tuple[Array, Array]:
        """Ends of the 90% interval; the value itself where it is stated."""
        known = np.isfinite(self.value)
        low, high = np.full(len(known), np.nan), np.full(len(known), np.nan)
        low[known], high[known] = np.quantile(self.draws[known], [0.05, 0.95], axis=1)
        return low, high


def potential(books: pd.DataFrame, rng: np.random.Generator, draws: int = _DRAWS) -> Potential:
    """The market of each territory of `territory_books`."""
    stated, customers, revenue = (books[name].to_numpy(dtype=float) for name in ("stated", "end_customers", "revenue"))
    contradicted = np.isfinite(stated) & (revenue > stated)
    believed = np.where(contradicted, np.nan, stated)
    basis = np.where(np.isfinite(stated), STATED, NONE).astype(object)
    drawn = np.repeat(stated[:, None], draws, axis=1)
    value, variance = stated.copy(), np.zeros(len(stated))
    for name, ratio in ((LIKE, _like(believed, customers)), (SERVED, _served(books))):
        fill = (basis == NONE) & np.isfinite(customers)
        if ratio is None or not fill.any():
            continue
        each = ratio.draws(draws, int(fill.sum()), rng) * customers[fill, None]
        drawn[fill], value[fill], basis[fill] = each, np.median(each, axis=1), name
        variance[fill] = np.log(each).var(axis=1)
        if name == SERVED:  # a market smaller than what is sold in it cannot be
            drawn[fill] = np.maximum(drawn[fill], np.maximum(revenue[fill, None], 0.0))
            value[fill] = np.maximum(value[fill], revenue[fill])
    return Potential(value, drawn, basis, contradicted, variance)


def _like(stated: Array, customers: Array) -> Ratio | None:
    """Stated potential of an end customer, where both are known."""
    both = np.isfinite(stated) & np.isfinite(customers)
    return ratio_of_places(stated[both] / customers[both], np.full(int(both.sum()), 1e-6))


def _served(books: pd.DataFrame) -> Ratio | None:
    """What a served customer buys from us in a year, in the half of territories where the largest share of customers is served."""
    share = (books["customers_served"] / books["end_customers"]).to_numpy(dtype=float)
    known = np.isfinite(share) & (share <= 1) & (books["customers_served"].to_numpy(dtype=float) >= _ENOUGH)
    if not known.any():
        return None
    well = known & (share >= np.median(share[known]))
    served, revenue = books["customers_served"].to_numpy(dtype=float)[well], books["revenue"].to_numpy(dtype=float)[well]
    return ratio_of_places(revenue / served, books["luck"].to_numpy(dtype=float)[well])
