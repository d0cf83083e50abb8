"""What one more product family brings a partner, from those that took one up, and who still lacks one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.bootstrap import bayesian_weights

Array = NDArray[np.float64]

_SHORTEST = 36
_FEWEST_STARTS = 20
_FEWEST_SELLERS = 3
_RECENT = 6
_YEAR = 12
_DRAWS = 200
_MOST_RATIO = 1.0


@dataclass(frozen=True)
class FurtherFamily:
    """ratio (draws,): what a further family adds in its first year over what its taker sells in a year besides; starts: how many
    takers were followed. kept (draws,): which part of the family's own sales came on top of the others.

    base: partner_id -> sales of the 12 months, of active partners that lack a family on offer. taking: share of active
    partners that took one up in the 12 months. reason: why there is none of it.
    """

    ratio: Array
    kept: Array
    starts: int
    base: pd.Series
    taking: float
    reason: str = ""


@reads()
def further_family(whole: Portfolio) -> FurtherFamily:
    """From the whole client's sales by family. Use it through `portfolio.fitted(further_family)`."""
    rows = whole.months[whole.months["product_family"].notna()]
    families = rows["product_family"].astype("category")
    if rows.empty or families.cat.categories.size < 2:
        return _none("sales carry no product family, or only one")
    if whole.history_months < _SHORTEST:
        return _none(f"{whole.history_months} months of sales by family are too few: what a further family brings takes {_SHORTEST}")
    ids = pd.Index(whole.partners["partner_id"])
    who, what = ids.get_indexer(pd.Index(rows["partner_id"])), families.cat.codes.to_numpy(dtype=np.int64)
    n, k = len(ids), families.cat.categories.size
    month, revenue = rows["month"].to_numpy(dtype=np.int64), rows["revenue"].to_numpy(dtype=float)
    inside = who >= 0
    cell, month, revenue = (who * k + what)[inside], month[inside], revenue[inside]
    first = np.full(n * k, -1, dtype=np.int64)
    sold = revenue > 0
    np.maximum.at(first, cell[sold], month[sold])
    own = first.reshape(n, k).max(axis=1)
    begun = np.flatnonzero((first >= _YEAR) & (first < 2 * _YEAR) & (np.repeat(own, k) >= first + 3))
    if len(begun) < _FEWEST_STARTS:
        return _none(f"{len(begun)} partners took up a further family a year or two ago: too few to tell what it brings")
    year = month > first[cell] - _YEAR
    brought = np.maximum(np.bincount(cell[year], revenue[year], minlength=n * k)[begun], 0.0)
    two_years = np.bincount(cell[month < 2 * _YEAR] // k, revenue[month < 2 * _YEAR], minlength=n)
    besides = np.maximum(two_years[begun // k] / 2 - brought, 0.0)
    takers = pd.DataFrame({"partner": begun // k, "brought": brought, "besides": besides}).groupby("partner").mean()
    weight = bayesian_weights(len(takers), _DRAWS, whole.settings.seed + 61)
    asked = weight @ takers["besides"].to_numpy()
    if (asked <= 0).any():
        return _none("partners that took up a further family sold nothing else")
    ratio = np.minimum(weight @ takers["brought"].to_numpy() / asked, _MOST_RATIO)
    kept = _on_top(cell // k, month, revenue, takers, n, whole.settings.seed)
    return FurtherFamily(ratio * kept, kept, len(takers), *_lacking(ids, cell, month, revenue, first, n, k))


def _on_top(who: NDArray[np.int64], month: NDArray[np.int64], revenue: Array, takers: pd.DataFrame, n: int, seed: int) -> Array:
    """Draws of the part of a further family's sales that was not taken from the partner's others, 0 to 1.

    By how much takers grew more from the year before to the year after than others that sold in all three years, over what the
    family brought. Growing partners take more up: it is rather too high than too low. Anything from 0 to 1 with too few to compare.
    """
    now, between, before = (
        np.bincount(who[month // _YEAR == year], revenue[month // _YEAR == year], minlength=n).astype(float) for year in range(3)
    )
    stayed = np.flatnonzero((before > 0) & (between > 0) & (now > 0))
    took = np.isin(stayed, takers.index.to_numpy())
    rng = np.random.default_rng([seed, 64])
    if min(took.sum(), (~took).sum()) < _FEWEST_STARTS:
        return rng.uniform(0.0, 1.0, _DRAWS)
    weight = bayesian_weights(len(stayed), _DRAWS, seed + 65)
    brought = takers["brought"].reindex(stayed[took]).to_numpy(dtype=float)
    grew, others = ((weight[:, part] @ now[stayed[part]]) / (weight[:, part] @ before[stayed[part]]) for part in (took, ~took))
    extra = (grew / others - 1) * (weight[:, took] @ before[stayed[took]]) / np.maximum(weight[:, took] @ brought, 1e-9)
    part: Array = np.clip(extra, 0.0, 1.0)
    return part


def _lacking(
    ids: pd.Index, cell: NDArray[np.int64], month: NDArray[np.int64], revenue: Array, first: NDArray[np.int64], n: int, k: int
) -> tuple[pd.Series, float]:
    recent = (month < _RECENT) & (revenue > 0)
    sellers = np.bincount(np.unique(cell[recent]) % k, minlength=k)
    on_offer = sellers >= _FEWEST_SELLERS
    year = np.bincount(cell[month < _YEAR], revenue[month < _YEAR], minlength=n * k).reshape(n, k)
    base = np.maximum(year.sum(axis=1), 0.0)
    active = base > 0
    lacks = active & ((year <= 0) & on_offer).any(axis=1)
    took = ((first.reshape(n, k) >= 0) & (first.reshape(n, k) < _YEAR)).any(axis=1) & (first.reshape(n, k).max(axis=1) >= _YEAR)
    taking = float(took[active].mean()) if active.any() else 0.0
    return pd.Series(base[lacks], index=ids[lacks]), taking


def _none(reason: str) -> FurtherFamily:
    return FurtherFamily(np.zeros(0), np.zeros(0), 0, pd.Series(dtype="float64"), 0.0, reason)
