"""Where so many sites cover most of a demand: exactly, site by site, and how sure each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

SECONDS = 1.0
GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Cover:
    """Chosen sites, the one that adds most first.

    sites (k,): their numbers. added (k,): demand each covers that none before it does. covered: their sum. bound: no choice
    of as many sites can cover more. exact: whether nothing better exists, to a millionth.
    """

    sites: Whole
    added: Array
    covered: float
    bound: float

    @property
    def gap(self) -> float:
        """How much more the best choice could cover at most, as a share of what is covered."""
        return max(self.bound / self.covered - 1, 0.0) if self.covered > 0 else 0.0

    @property
    def exact(self) -> bool:
        """Whether nothing better exists."""
        return self.gap <= 10 * GAP


def greedy_cover(reaches: sparse.csr_array, weight: Array, count: int) -> Cover:
    """Take the site that adds most, again and again: at least 1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978).

    reaches: sites x demands, above zero where a site covers a demand. weight: (demands,), not negative. Stops where nothing is added.
    """
    _check(reaches, weight, count)
    open_, chosen, added = weight.astype(np.float64).copy(), [], []
    for _ in range(min(count, reaches.shape[0])):
        gain = _flags(reaches) @ open_
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        chosen.append(best)
        added.append(float(gain[best]))
        open_[reaches.indices[reaches.indptr[best] : reaches.indptr[best + 1]]] = 0.0
    covered = float(sum(added))
    most = _bound(reaches, weight, count)
    return Cover(np.array(chosen, dtype=np.int64), np.array(added), covered, max(min(most, covered / (1 - np.exp(-1))), covered))


def best_cover(reaches: sparse.csr_array, weight: Array, count: int, seconds: float = SECONDS) -> Cover:
    """The maximal covering location problem (Church and ReVelle 1974) solved by HiGHS.

    Greedy where HiGHS finds nothing better in `seconds`; `bound` then says how much better the best can be.
    Demands that the same sites cover are counted together first. Raises ValueError as `greedy_cover`.
    """
    start = exchanged(reaches, weight, greedy_cover(reaches, weight, count))
    if count <= 1 or len(start.sites) < count or start.covered <= 0:
        return Cover(start.sites, start.added, start.covered, start.covered)  # one site, or all that add anything, cannot be bettered
    pooled, sums = _pooled(_flags(reaches), weight)
    sites, demands = pooled.shape
    cost = np.concatenate([np.zeros(sites), -sums])
    rows = sparse.hstack([-pooled.T, sparse.eye_array(demands)], format="csr")
    few = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(demands)])[None, :])
    found = optimize.milp(
        cost / sums.sum(),
        constraints=[optimize.LinearConstraint(rows, -np.inf, 0.0), optimize.LinearConstraint(few, 0.0, count)],
        integrality=np.concatenate([np.ones(sites), np.zeros(demands)]),
        bounds=optimize.Bounds(0.0, 1.0),
        options={"time_limit": seconds, "mip_rel_gap": GAP},
    )
    bound = start.bound
    if found.mip_dual_bound is not None and np.isfinite(found.mip_dual_bound):
        bound = min(bound, max(-float(found.mip_dual_bound) * float(sums.sum()), start.covered))
    if found.x is None:
        return Cover(start.sites, start.added, start.covered, bound)
    ordered = ranked(reaches, weight, np.flatnonzero(found.x[:sites] > 0.5))
    best = ordered if ordered.covered > start.covered * (1 + GAP) else start
    return Cover(best.sites, best.added, best.covered, max(bound, best.covered))


def exchanged(reaches: sparse.csr_array, weight: Array, start: Cover) -> Cover:
    """The choice after every single exchange of a chosen site for another that covers more (Teitz and Bart 1968)."""
    flags, sites, covered = _flags(reaches), list(start.sites), start.covered
    improved = len(sites) > 0
    while improved:
        improved = False
        for place in range(len(sites)):
            rest = sites[:place] + sites[place + 1 :]
            open_ = np.where(np.asarray(flags[rest].sum(axis=0)) > 0, 0.0, weight)
            gain = flags @ open_
            best = int(np.argmax(gain))
            total = float(weight.sum() - open_.sum() + gain[best])
            if total > covered * (1 + 1e-9):
                sites, covered, improved = [*rest, best], total, True
                break
    found = ranked(reaches, weight, np.array(sorted(sites), dtype=np.int64))
    return Cover(found.sites, found.added, found.covered, max(start.bound, found.covered)) if found.covered > start.covered else start


def ranked(reaches: sparse.csr_array, weight: Array, sites: Whole) -> Cover:
    """The sites given in the order in which each adds most; those that add nothing are left out."""
    found = greedy_cover(reaches[sites], weight, len(sites)) if len(sites) else Cover(sites, np.zeros(0), 0.0, 0.0)
    return Cover(sites[found.sites], found.added, found.covered, found.covered)


def drawn_covers(reaches: sparse.csr_array, weights: Array, count: int) -> Whole:
    """The greedy choice for each of many demands (draws, demands): (draws, count) numbers of sites, -1 where nothing is added."""
    flags = _flags(reaches)
    open_ = weights.T.astype(np.float64).copy()
    draws = open_.shape[1]
    made = np.full((draws, count), -1, dtype=np.int64)
    for turn in range(min(count, reaches.shape[0])):
        gain = flags @ open_
        best = gain.argmax(axis=0)
        there = gain[best, np.arange(draws)] > 0
        made[there, turn] = best[there]
        open_ *= 1 - flags[best].T.toarray() * there
    return made


def _check(reaches: sparse.csr_array, weight: Array, count: int) -> None:
    if count < 0 or (weight < 0).any() or not np.isfinite(weight).all():
        raise ValueError("covering needs demands that are finite and not negative, and a count of sites that is not negative")
    if reaches.shape[1] != len(weight):
        raise ValueError(f"{reaches.shape[1]} demands can be reached, {len(weight)} have a weight")


def _flags(reaches: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(reaches.indices)), reaches.indices, reaches.indptr), shape=reaches.shape)


def _bound(reaches: sparse.csr_array, weight: Array, count: int) -> float:
    """No more than all that can be reached, nor than the largest sites would cover if none overlapped."""
    flags = _flags(reaches)
    alone = np.sort(flags @ weight)[::-1][:count]
    reachable = np.unique(reaches.indices)
    return float(min(weight[reachable].sum(), alone.sum()))


def _pooled(flags: sparse.csr_array, weight: Array) -> tuple[sparse.csr_array, Array]:
    """Demands that exactly the same sites reach, made one; those that nothing reaches, or that weigh nothing, left out."""
    columns = flags.tocsc()
    key = np.random.default_rng(0).standard_normal(flags.shape[0])
    signature = np.round(columns.T @ key, 9)
    used = (np.diff(columns.indptr) > 0) & (weight > 0)
    _, first, which = np.unique(signature[used], return_index=True, return_inverse=True)
    return sparse.csr_array(columns[:, np.flatnonzero(used)[first]]), np.bincount(which, weight[used]).astype(np.float64)
