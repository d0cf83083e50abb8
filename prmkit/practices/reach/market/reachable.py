"""Which part of each territory's white space can realistically be had: what the better territories truly sell, luck taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.attainable import LEAST_PLACES, attainable
from prmkit.practices.reach.market.potential import Potential, potential
from prmkit.practices.reach.market.territory_books import territory_books, whole_year

Array = NDArray[np.float64]

_STREAM = 61
_HALF = 0.5


@dataclass(frozen=True)
class Reachable:
    """The markets of the whole client's territories, in the order of `books`.

    usual, better (n, d): draws of the share of its market that a territory usually sells and that the better quarter of territories of its
    size sell; of sales to an end customer where `per_customer`. more (n, d): money a year between the two. nan where not known;
    reason: why nothing could be told of any, "" where it could.
    """

    books: pd.DataFrame
    potential: Potential
    usual: Array
    better: Array
    more: Array
    per_customer: bool
    reason: str

    @property
    def known(self) -> NDArray[np.bool_]:
        """Territories of which something is told."""
        made: NDArray[np.bool_] = np.isfinite(self.more[:, 0])
        return made

    @property
    def barely(self) -> Array:
        """Chance that a territory sells less than half of what the better quarter does, (n,)."""
        made: Array = np.where(self.known, (self.usual < _HALF * self.better).mean(axis=1), np.nan)
        return made


def reachable(portfolio: Portfolio) -> Reachable:
    """Worked out once for the whole client."""
    return portfolio.fitted(_reachable)


@reads()
def _reachable(portfolio: Portfolio) -> Reachable:
    rng = np.random.default_rng([portfolio.settings.seed, _STREAM])
    books = territory_books(portfolio)
    market = potential(books, rng)
    blank = np.full(market.draws.shape, np.nan)
    if not whole_year(portfolio):
        why = f"only {portfolio.history_months} months of sales: a market is a year's, and 12 are needed"
        return Reachable(books, market, blank, blank, blank, False, why)
    size, per_customer = market.value, False
    if _selling(books, market, size) < LEAST_PLACES:
        size, per_customer = books["end_customers"].to_numpy(dtype=float), True
    there = _selling(books, market, size)
    if there < LEAST_PLACES:
        why = f"territories with sales and a known market or known end customers: {there}; {LEAST_PLACES} are needed to compare"
        return Reachable(books, market, blank, blank, blank, False, why)
    return _compared(books, market, _counted(books, market, size), size, rng, per_customer=per_customer)


def _selling(books: pd.DataFrame, market: Potential, size: Array) -> int:
    return int((_counted(books, market, size) & (books["revenue"].to_numpy(dtype=float) > 0)).sum())


def _counted(books: pd.DataFrame, market: Potential, size: Array) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = np.isfinite(size) & (books["revenue"].to_numpy(dtype=float) >= 0) & ~market.contradicted
    return made


def _compared(
    books: pd.DataFrame, market: Potential, use: NDArray[np.bool_], size: Array, rng: np.random.Generator, *, per_customer: bool
) -> Reachable:
    revenue, luck = books["revenue"].to_numpy(dtype=float), books["luck"].to_numpy(dtype=float)
    doubt = luck[use] + (0.0 if per_customer else market.variance[use])
    found = attainable(revenue[use] / size[use], doubt, size[use], rng, market.draws.shape[1])
    usual, better, more = (np.full(market.draws.shape, np.nan) for _ in range(3))
    usual[use], better[use], more[use] = found.share, found.better, found.more * size[use, None]
    return Reachable(books, market, usual, better, more, per_customer, "")
