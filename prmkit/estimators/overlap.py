"""Which lists share more of their entries than chance would make them share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST = 200
"""An entry on more lists than this says nothing about any two of them, and is left out."""
LEAST = 2
"""Two lists that share fewer entries are no pair: one customer in common says nothing."""


@dataclass(frozen=True)
class Overlap:
    """Pairs of lists with two entries or more in common.

    pairs: one row a pair: one, other (numbers of lists), shared, expected (by chance), jaccard (of the union), containment (of the shorter
    list), odds (ratio of being on both), p (one-sided, exact), q (false discovery rate at which it is named).
    looked: how many pairs could have shared two. triples: one, other, column of every entry that two lists share.
    """

    pairs: pd.DataFrame
    looked: int
    triples: pd.DataFrame


def pair_overlaps(row: Whole, column: Whole, place: Whole, apart: pd.DataFrame | None = None) -> Overlap:
    """What any two lists share, held against what lists of these lengths would share by luck.

    row, column: (m,) list and entry of each incidence, without repetition. place: (columns,) where each entry lies: only entries of one
    place can be met by chance. apart: one, other, column (one < other) of entries that two lists share on purpose; not counted.

    Two lists drawn from the N entries of a place share n_i n_j / N. Entries that many lists hold are met more often: where all other pairs
    of the place share at a higher rate than 1 / N, that rate is expected, so that lengths of lists and popularity of entries are both kept.
    p: Fisher's exact test (upper tail of the hypergeometric distribution); for pairs that meet in several places the tail of the binomial
    of the same mean, which is no smaller (Hoeffding 1956, Annals of Mathematical Statistics 27:713-721). q: Benjamini and Hochberg (1995)
    over all pairs that could share two.
    """
    lists, places = _size(row), _size(place)
    triples = shared_entries(row, column, apart)
    at = place[triples["column"].to_numpy(dtype=np.int64)]
    counted = triples.groupby(["one", "other"], sort=True).size().rename("shared").reset_index()
    pairs = counted[counted["shared"] >= LEAST].reset_index(drop=True)
    length = sparse.csr_matrix((np.ones(len(row)), (row, place[column])), shape=(lists, places))
    cells = _where_they_meet(length, triples, at, pairs)
    sums, squares = (np.asarray(each.sum(axis=0)).ravel() for each in (length, length.multiply(length)))
    entries = np.bincount(place[np.unique(column)], minlength=places).astype(float)
    could, met = (sums**2 - squares) / 2, np.bincount(at, minlength=places).astype(float)
    where = cells["place"].to_numpy()
    least, rest = 1 / entries[where], could[where] - cells["could"]
    rate = np.maximum(np.where(rest > 0, (met[where] - cells["shared"]) / rest.where(rest > 0, 1.0), 0.0), least)
    cells = cells.assign(expected=np.minimum(cells["could"] * rate, np.minimum(cells["n_one"], cells["n_other"])), entries=entries[where])
    cells["whole"] = np.maximum(np.floor(1 / rate + 1e-9), np.maximum(cells["n_one"], cells["n_other"]))
    sizes = np.asarray(length.sum(axis=1)).ravel()
    made = _judged(pairs, cells, sizes)
    counts = np.asarray((length >= LEAST).sum(axis=0)).ravel()
    looked = max(int((counts * (counts - 1) // 2).sum()), len(pairs))
    return Overlap(made.assign(q=discovery_rate(made["p"].to_numpy(), looked)), looked, triples)


def shared_entries(row: Whole, column: Whole, apart: pd.DataFrame | None = None) -> pd.DataFrame:
    """one, other, column of each entry that two lists hold, one < other, without those in `apart` and entries of more than MOST lists."""
    holders = np.bincount(column, minlength=_size(column))
    use = (holders[column] > 1) & (holders[column] <= MOST)
    held = pd.DataFrame({"column": column[use], "row": row[use]})
    both = held.merge(held, on="column", suffixes=("_one", "_other"))
    both = both[both["row_one"] < both["row_other"]].rename(columns={"row_one": "one", "row_other": "other"})
    if apart is not None and len(apart):
        marked = both.merge(apart[["one", "other", "column"]].drop_duplicates(), how="left", indicator=True)
        both = marked[marked["_merge"] == "left_only"]
    return both[["one", "other", "column"]].reset_index(drop=True)


def one_against_all(row: Whole, column: Whole, place: Whole, held: Mask) -> pd.DataFrame:
    """Each list against one other (`held`: (columns,) whether an entry is on it): does that one meet it more often than it meets the rest?

    One row a list: shared, expected (at the rate at which the one list meets the others of the place), odds, p (Fisher's, one-sided; the
    binomial's for lists of several places), q. Without any other list in its places a list has no expectation (nan) and a p of 1.
    """
    hit = held[column]
    counted = pd.DataFrame({"pair": row, "place": place[column], "n_one": 1.0, "shared": hit.astype(float)})
    cells = counted.groupby(["pair", "place"], sort=True).sum().reset_index()
    every = cells.groupby("place")[["n_one", "shared"]].transform("sum")
    others, met = every["n_one"] - cells["n_one"], every["shared"] - cells["shared"]
    cells = cells.assign(entries=every["n_one"], n_other=every["shared"], whole=every["n_one"], met=met, others=others)
    lists = pd.RangeIndex(_size(row))
    shared = pd.Series(np.bincount(row, hit, minlength=len(lists)).astype(int), index=lists)
    cells = cells[others > 0]
    cells = cells.assign(expected=cells["n_one"] * cells["met"] / cells["others"])
    pairs = pd.DataFrame({"one": lists, "other": -1, "shared": shared})
    made = _tested(pairs, cells, np.bincount(row, minlength=len(lists)).astype(float))
    made.loc[~made.index.isin(cells["pair"]), "expected"] = np.nan
    return made.assign(q=discovery_rate(made["p"].to_numpy(), len(made)))


def discovery_rate(p: Array, looked: int) -> Array:
    """Benjamini and Hochberg's adjusted probabilities of the smallest of `looked` tests, the others being 1."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * looked / np.arange(1, len(p) + 1)
    made = np.empty(len(p))
    made[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return made


def _size(numbers: Whole) -> int:
    return int(numbers.max()) + 1 if len(numbers) else 0


def _where_they_meet(length: sparse.csr_matrix, triples: pd.DataFrame, at: Whole, pairs: pd.DataFrame) -> pd.DataFrame:
    """A row for each pair and place in which both have entries: how long the two lists are there, and what they share."""
    one, other = length[pairs["one"].to_numpy()], length[pairs["other"].to_numpy()]
    both = sparse.coo_matrix(one.multiply(other))
    cells = pd.DataFrame({"pair": both.row, "place": both.col, "could": both.data})
    lengths = {
        name: np.asarray(matrix[both.row, both.col]).ravel() if len(cells) else np.empty(0)
        for name, matrix in (("n_one", one), ("n_other", other))
    }
    number = pd.Series(pairs.index, index=pd.MultiIndex.from_frame(pairs[["one", "other"]]))
    pair = number.reindex(pd.MultiIndex.from_frame(triples[["one", "other"]])).to_numpy()
    seen = pd.DataFrame({"pair": pair, "place": at}).dropna().groupby(["pair", "place"]).size().rename("shared").reset_index()
    made = cells.assign(**lengths).merge(seen, on=["pair", "place"], how="left")
    return made.fillna({"shared": 0}).astype({"shared": float}).sort_values(["pair", "place"], ignore_index=True)


def _judged(pairs: pd.DataFrame, cells: pd.DataFrame, sizes: Array) -> pd.DataFrame:
    first, second = sizes[pairs["one"].to_numpy()], sizes[pairs["other"].to_numpy()]
    shared, short = pairs["shared"].to_numpy(), np.minimum(first, second)
    made = _tested(pairs, cells, short)
    return made.assign(jaccard=shared / (first + second - shared), containment=shared / short)


def _tested(pairs: pd.DataFrame, cells: pd.DataFrame, short: Array) -> pd.DataFrame:
    """Pairs with expected, odds and p, from their cells (pair, n_one, n_other, shared, expected, entries, whole)."""
    neither = (cells["entries"] - cells["n_one"] - cells["n_other"] + cells["shared"]).clip(lower=0)
    # half an entry is added to each corner, so that a list held whole has odds
    with_both = (cells["shared"] + 0.5) * (neither + 0.5) / cells["entries"]
    apart = (cells["n_one"] - cells["shared"] + 0.5) * (cells["n_other"] - cells["shared"] + 0.5) / cells["entries"]
    by = pd.DataFrame({"expected": cells["expected"], "with_both": with_both, "apart": apart, "places": 1}).groupby(cells["pair"]).sum()
    by = by.reindex(pairs.index, fill_value=0.0)
    shared, expected = pairs["shared"].to_numpy(), by["expected"].to_numpy()
    p = stats.binom.sf(shared - 1, np.maximum(short, 1), np.clip(expected / np.maximum(short, 1), 0, 1))
    p = np.where(by["places"] > 0, p, 1.0)
    single = cells[cells["pair"].map(by["places"]) == 1]
    tail = stats.hypergeom.sf(single["shared"] - 1, single["whole"], single["n_other"], single["n_one"])
    p[single["pair"].to_numpy(dtype=np.int64)] = tail
    odds = (by["with_both"] / by["apart"].where(by["apart"] > 0)).to_numpy()
    return pairs.assign(expected=expected, odds=odds, p=p)
