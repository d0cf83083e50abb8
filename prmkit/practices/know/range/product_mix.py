"""What each partner bought of each product family, month by month, laid out for looks at any earlier month."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.practices.know.range.line_cards import LineCards, line_cards

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_FAMILIES = 40
FEWEST_SELLERS = 3
CENT = 0.005
"""A net sum is above zero where it is above half a cent: running sums leave dust."""
_FRESH = 6
_LONGEST = 600


@dataclass(frozen=True)
class ProductMix:
    """The buying history of a client by family.

    partner_id: (n,) in id order. family: (k,) names, largest revenue first, at most 40. left_out: families beyond those.
    running: (months + 1, n, k) net revenue of months 0 ... m - 1 added up. retired_by: (k,) month (counted back from as_of) by which
    all products of a family were retired, -1 where not. kind: (n,) partner type, null as "". cards: what else partners carry.
    """

    portfolio: Portfolio
    partner_id: pd.Series[Any]
    family: tuple[str, ...]
    left_out: int
    running: Array
    retired_by: Array
    kind: NDArray[np.object_]
    cards: LineCards

    @property
    def depth(self) -> int:
        """Months of history."""
        return len(self.running) - 1

    def sold(self, first: int, count: int) -> Array:
        """Net revenue (n, k) of months `first` to `first` + `count` - 1."""
        made: Array = self.running[min(first + count, self.depth)] - self.running[max(first, 0)]
        return made

    @cached_property
    def total(self) -> Array:
        """Net revenue (months + 1, n) of all families, added up as in `running`."""
        made: Array = self.running.sum(axis=2)
        return made

    @cached_property
    def often(self) -> NDArray[np.int64]:
        """Months with net sales above zero (months + 1, n), added up as in `running`."""
        made: NDArray[np.int64] = np.concatenate(
            [np.zeros((1, self.total.shape[1]), dtype=np.int64), np.cumsum(np.diff(self.total, axis=0) > CENT, axis=0)]
        )
        return made

    def bought(self, first: int, count: int) -> Array:
        """Net revenue (n,) of all families in months `first` to `first` + `count` - 1."""
        made: Array = self.total[min(first + count, self.depth)] - self.total[max(first, 0)]
        return made

    @cached_property
    def first_month(self) -> NDArray[np.int64]:
        """Month (n, k) of the first net sale above zero of each family, counted back; -1 where there is none."""
        first = np.full(self.running.shape[1:], -1, dtype=np.int64)
        for month in range(self.depth):
            first[self.running[month + 1] - self.running[month] > CENT] = month
        return first

    def on_offer(self, month: int, look_back: int) -> Mask:
        """Families (k,) that at least three partners bought in the `look_back` months before the end of `month`, somebody in the last
        six, and that were not retired."""
        sellers = (self.sold(month, look_back) > CENT).sum(axis=0)
        fresh = (self.sold(month, _FRESH) > CENT).any(axis=0)
        made: Mask = (sellers >= FEWEST_SELLERS) & fresh & ~(self.retired_by >= month)
        return made


def product_mix(portfolio: Portfolio) -> ProductMix | None:
    """Lay out a whole client; None where no sale through a partner carries a product family."""
    rows = portfolio.months[portfolio.months["product_family"].notna()]
    if rows.empty:
        return None
    names = rows.groupby("product_family")["revenue"].sum().sort_values(ascending=False, kind="stable").index
    kept = pd.Index(names[:MOST_FAMILIES])
    ids = portfolio.partners["partner_id"]
    who, what = pd.Index(ids).get_indexer(rows["partner_id"]), kept.get_indexer(rows["product_family"])
    inside = (who >= 0) & (what >= 0)
    n, k, depth = len(ids), len(kept), portfolio.history_months
    cell = (rows["month"].to_numpy() * n + who) * k + what
    months = np.bincount(cell[inside], rows["revenue"].to_numpy()[inside], minlength=depth * n * k).reshape(depth, n, k)
    running = np.concatenate([np.zeros((1, n, k)), np.cumsum(months, axis=0)])
    kind = portfolio.partners["partner_type"].fillna("").to_numpy(dtype=object)
    return ProductMix(
        portfolio, ids, tuple(kept), len(names) - k, running, _retired_by(portfolio, kept), kind, line_cards(portfolio, ids, tuple(kept))
    )


def _retired_by(portfolio: Portfolio, families: pd.Index[Any]) -> Array:
    products = portfolio.whole.tables.get("products")
    made = np.full(len(families), -1.0)
    if products is None or products.empty:
        return made
    known = products[products["family"].isin(families)]
    last = known.groupby("family")["retired_on"].max()
    gone = last[known["retired_on"].notna().groupby(known["family"]).all() & (last <= portfolio.as_of)]
    for family, day in gone.items():
        made[families.get_loc(family)] = _months_back(portfolio.as_of, day)
    return made


def _months_back(as_of: pd.Timestamp, day: pd.Timestamp) -> int:
    """The month, counted back from as_of, at whose end `day` had come."""
    back = 0
    while back < _LONGEST and calendar.month_end(as_of, back + 1) >= day:
        back += 1
    return back
