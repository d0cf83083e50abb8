"""What partners are sorted by: what they say they need, and how they buy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.survey import Voices
from prmkit.publish import words

Array = NDArray[Any]
Kind = Literal["need", "size", "frequency", "breadth", "recency", "growth", "mix"]

FEWEST_ITEMS = 3
FAMILIES = 4
SETTLED = 6
"""Months since the first purchase from which a partner's way of buying can be told."""
_FARTHEST = 3.5


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that partners are sorted by; name is the need's or the product family's, else ""."""

    kind: Kind
    name: str = ""


@dataclass(frozen=True)
class Block:
    """Partners and what they are sorted by.

    place: (n,) positions among the client's partners. raw: (n, d) in units that a person reads, nan where not known. x: the same on a scale
    on which no column decides by its unit: logs where it is skewed, each of mean 0 and variance 1.
    """

    name: str
    columns: tuple[Column, ...]
    place: Array
    raw: Array
    x: Array

    def __len__(self) -> int:
        return len(self.place)


def needs_block(portfolio: Portfolio, voices: Voices) -> Block | None:
    """How important each need is to a partner against its own average answer, so that ticking high changes nothing; None if not asked.

    Respondents of one partner count by their mean. Drivers stand in where no need was asked for. An answer counts from half of the
    questions on.
    """
    items = voices.named("need:", ":importance")
    items = items if items.shape[1] >= FEWEST_ITEMS else voices.named("driver:")
    if items.shape[1] < FEWEST_ITEMS:
        return None
    answered = items.notna().sum(axis=1) >= max(FEWEST_ITEMS, items.shape[1] / 2)
    own = items[answered].sub(items[answered].mean(axis=1), axis=0)
    place = pd.Index(portfolio.partners["partner_id"])
    partners = voices.by_partner(own)
    partners = partners[partners.index.isin(place)]
    raw = partners.to_numpy(dtype=float)
    keep = _varying(raw)
    columns = tuple(Column("need", words.plain(name).replace("_", " ")) for name in partners.columns)
    return _block("needs", columns, place.get_indexer(partners.index), raw, raw, keep) if keep.sum() >= FEWEST_ITEMS else None


def behaviour_block(portfolio: Portfolio, back: int = 0) -> Block | None:
    """How partners bought in the 12 months that ended `back` months ago; None without any.

    Partners that bought within them, and first did so at least six months earlier. Size and frequency are per month there; a product
    family counts by its share of purchases.
    """
    partners = portfolio.partners["partner_id"]
    n, orders = len(partners), portfolio.orders
    orders = orders.assign(place=pd.Index(partners).get_indexer(orders["partner_id"]))
    orders = orders[(orders["month"] >= back) & (orders["place"] >= 0)]
    if orders.empty:
        return None
    bought = orders[orders["revenue"] > 0]
    first = _extreme(bought, n, "max") - back
    last = _extreme(bought, n, "min") - back
    months = np.clip(first + 1, 1, 12)
    now, then = (_sum(orders[orders["month"].between(back + start, back + start + 11)], n, "revenue") for start in (0, 12))
    number = _sum(orders[orders["month"].between(back, back + 11)], n, "orders")
    mix, families = _mix(portfolio, back, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where((first >= 23) & (now > 0) & (then > 0), now / then, np.nan)
        raw = np.column_stack([now / months, number / months, (mix > 0).sum(axis=1), last, growth, mix[:, : len(families)]])
    there = np.flatnonzero((now > 0) & (number > 0) & (first >= SETTLED - 1))
    raw = raw[there]
    kinds: tuple[Kind, ...] = ("size", "frequency", "breadth", "recency", "growth")
    columns = (*(Column(kind) for kind in kinds), *(Column("mix", words.plain(name)) for name in families))
    scaled = np.column_stack(
        [np.log(raw[:, :2]), np.log1p(raw[:, 2:4]), np.log(raw[:, 4:5]), np.arcsin(np.sqrt(np.clip(raw[:, 5:], 0, 1)))]
    )
    keep = _varying(scaled)
    return _block("behaviour", columns, there, raw, scaled, keep) if len(there) >= 2 and keep.any() else None


def both_blocks(needs: Block, behaviour: Block) -> Block:
    """The partners that are in both, with the columns of both."""
    place, one, other = np.intersect1d(needs.place, behaviour.place, return_indices=True)
    raw = np.column_stack([needs.raw[one], behaviour.raw[other]])
    x = np.column_stack([needs.x[one], behaviour.x[other]])
    return _block("both", (*needs.columns, *behaviour.columns), place, raw, x, _varying(x))


def growth_since(portfolio: Portfolio) -> Array:
    """Change of every partner's last six months on the same six a year before, as a share of the larger: -1 stopped, 1 came back.

    nan where both are empty, and for partners that first bought less than 18 months ago.
    """
    place, n = pd.Index(portfolio.partners["partner_id"]), len(portfolio.partners)
    orders = portfolio.orders.assign(place=place.get_indexer(portfolio.orders["partner_id"]))
    now, then = (np.maximum(_sum(orders[orders["month"].between(start, start + 5)], n, "revenue"), 0.0) for start in (0, 12))
    larger = np.maximum(now, then)
    there = (larger > 0) & (_extreme(orders[orders["revenue"] > 0], n, "max") >= 17)
    return np.where(there, (now - then) / np.where(larger > 0, larger, 1.0), np.nan)


def _mix(portfolio: Portfolio, back: int, n: int) -> tuple[Array, list[str]]:
    """Share of each product family in each partner's purchases (n, families), largest families first, and the names of the first few."""
    rows = portfolio.months
    rows = rows[rows["month"].between(back, back + 11) & rows["product_family"].notna() & (rows["revenue"] > 0)]
    place = pd.Index(portfolio.partners["partner_id"]).get_indexer(rows["partner_id"])
    codes, names = pd.factorize(rows["product_family"], sort=True)
    if not len(names):
        return np.zeros((n, 1)), []
    sums = np.bincount(place * len(names) + codes, rows["revenue"], minlength=n * len(names)).reshape(n, -1)
    order = np.argsort(-sums.sum(axis=0), kind="stable")
    shares = sums[:, order] / np.maximum(sums.sum(axis=1, keepdims=True), 1e-9)
    return shares, [str(names[at]) for at in order[:FAMILIES]] if len(names) > 1 else []


def _sum(rows: pd.DataFrame, n: int, column: str) -> Array:
    made: Array = np.bincount(rows["place"], rows[column].to_numpy(dtype=float), minlength=n)
    return made


def _extreme(rows: pd.DataFrame, n: int, how: str) -> Array:
    made: Array = rows.groupby("place")["month"].agg(how).reindex(range(n)).to_numpy(dtype=float)
    return made


def _varying(x: Array) -> Array:
    """Columns known for at least half of the rows, and not the same for nearly all."""
    seen = np.isfinite(x)
    keep = np.zeros(x.shape[1], dtype=bool)
    for column in np.flatnonzero(seen.mean(axis=0) >= 0.5) if len(x) else ():
        values = x[seen[:, column], column]
        keep[column] = np.ptp(values) > 0 and np.unique(values, return_counts=True)[1].max() < 0.9 * len(values)
    return keep


def _block(name: str, columns: Sequence[Column], place: Array, raw: Array, scaled: Array, keep: Array) -> Block:
    kept = scaled[:, keep]
    centred = kept - np.nanmean(kept, axis=0)
    x = np.clip(centred / np.nanstd(centred, axis=0), -_FARTHEST, _FARTHEST)
    return Block(name, tuple(column for column, kept in zip(columns, keep, strict=True) if kept), place, raw[:, keep], x)
