"""How often each unit sells while it is there, and whether it still is: months with and without a sale, read together.

A unit that sells in one month of five is often silent for half a year and has not left. Gaps seen in a short history are the short
ones, so that counting them makes every slow unit look gone. Here the silence at the end counts too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_CHANCES = 1 / (1 + np.exp(-np.linspace(-4.5, 4.5, 19)))
_ROUNDS, _CLOSE = 200, 1e-7
_SPREAD = 0.5
_LAPSES, _MONTHS = 0.5, 25.0
_DOUBT = 0.10
_LONGEST = 60
_NONE = 1e-9


@dataclass(frozen=True, slots=True)
class Beat:
    """Chances of a month with a sale, mixed over units, and a common chance of leaving after any month.

    share (k,): weight of each of `chances` (k,); leaves: the monthly chance of leaving. alive (n,): posterior chance that the unit has
        not left; sells (n,): expected chance of a sale in a coming month, should it still be there; usual (n,): the same of
    a month of its life, whether it is there or not. 0 and nan where it never sold.
    """

    chances: Array
    share: Array
    leaves: float
    alive: Array
    sells: Array
    usual: Array

    def telling(self, least: int) -> Whole:
        """Silent months (n,) after which a unit of its chance is there with less than one chance in ten; at least `least`."""
        months = np.arange(least, _LONGEST + 1)
        sells = np.where(np.isfinite(self.usual), self.usual, float(self.share @ self.chances))
        quiet = np.clip((1 - sells) * (1 - self.leaves), 1e-12, 1 - 1e-9)[:, None]
        still = quiet**months
        gone = self.leaves * (1 - still) / (1 - quiet)
        told = still < _DOUBT * (still + gone)
        return np.where(told.any(axis=1), months[np.argmax(told, axis=1)], _LONGEST).astype(np.int64)

    def waiting(self, chance: float, waited: Array) -> tuple[Array, Array]:
        """What to think of units without a sale so far, `chance` being the share of all signed that ever sell.

        waited (m,): months they could have sold in, those of a ramp counted by its share. Returns the chance (m,) that each is one that
        sells and is there, and its expected yield over that of units at large (m,): who waits long sells seldom.
        """
        quiet = (1 - self.chances)[None, :] * (1 - self.leaves)
        still = self.share * quiet ** np.maximum(waited, 0.0)[:, None]
        left = self.share * self.leaves * (1 - quiet ** np.maximum(waited, 0.0)[:, None]) / (1 - quiet)
        there = chance * still.sum(axis=1)
        sells = there / np.maximum(there + chance * left.sum(axis=1) + 1 - chance, 1e-12)
        slow = (still @ self.chances) / np.maximum(still.sum(axis=1), 1e-12) / float(self.share @ self.chances)
        return sells, slow


def fit_beat(first: Whole, last: Whole, sales: Whole, months: int) -> Beat:
    """Largest posterior by EM, over a fixed grid of chances.

    first, last (n,): month of the first and the last sale; sales (n,): months with a sale, 0 where none; months: length of the history.
    The model is the beta-geometric/beta-Bernoulli one (Fader, Hardie and Shang 2010) with a free mixture in place of its first beta and
    one point in place of its second.
    """
    sold = sales > 0
    told = np.stack([sales - 1, last - first, months - 1 - first], axis=1)
    kinds, place, count = np.unique(told[sold], axis=0, return_inverse=True, return_counts=True)
    alive, sells, usual = np.zeros(len(sales)), np.full(len(sales), np.nan), np.full(len(sales), np.nan)
    share, leaves = np.full(len(_CHANCES), 1 / len(_CHANCES)), _LAPSES / _MONTHS
    if not len(kinds):
        return Beat(_CHANCES, share, leaves, alive, sells, usual)
    share, leaves, there, gone = _climb(kinds.astype(float), count.astype(float), share, leaves)
    here, place = there.sum(axis=1), place.ravel()
    alive[sold], usual[sold] = here[place], ((there + gone) @ _CHANCES)[place]
    sells[sold] = np.where(here > _NONE, (there @ _CHANCES) / np.maximum(here, _NONE), (there + gone) @ _CHANCES)[place]
    return Beat(_CHANCES, share, leaves, alive, sells, usual)


def _climb(kinds: Array, count: Array, share: Array, leaves: float) -> tuple[Array, float, Array, Array]:
    """Shares, the chance of leaving, and the posterior of each kind: there and of a chance (kinds, k), gone and of a chance."""
    sales, last, seen = (kinds[:, k, None] for k in range(3))
    silent, p = seen - last, _CHANCES[None, :]
    fixed = sales * np.log(p) + (last - sales) * np.log1p(-p)
    before = -np.inf
    for _ in range(_ROUNDS):
        stays = 1 - leaves
        quiet = (1 - p) * stays
        still = quiet**silent
        left = leaves * (1 - still) / (1 - quiet)
        log = fixed + last * np.log(stays)
        top = log.max(axis=1, keepdims=True)
        weight = share * np.exp(log - top)
        there, gone = weight * still, weight * left
        total = (there + gone).sum(axis=1, keepdims=True)
        fit = float(count @ (np.log(total[:, 0]) + top[:, 0]))
        there, gone = there / total, gone / total
        if fit - before < _CLOSE * abs(fit):
            break
        before = fit
        share = count @ (there + gone) + _SPREAD / len(share)
        share = share / share.sum()
        waited = _mean_wait(quiet, still, silent)
        at_risk = float(count @ (there * seen + gone * (last + waited + 1)).sum(axis=1))
        leaves = (float(count @ gone.sum(axis=1)) + _LAPSES) / (at_risk + _MONTHS)
    return share, leaves, there, gone


def _mean_wait(quiet: Array, still: Array, silent: Array) -> Array:
    """Mean silent months before leaving, for a unit that left within the `silent` ones: mean of a geometric cut off there."""
    inside = np.maximum(1 - still, 1e-12)
    made: Array = np.where(silent > 0, quiet / (1 - quiet) - silent * still / inside, 0.0)
    return np.clip(made, 0.0, np.maximum(silent - 1, 0.0))
