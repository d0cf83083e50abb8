"""Where partners belong that the search for segments could not see: those that did not answer, or do not buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.likeness import better_than_shares, likeness
from prmkit.practices.know.segments.momentum import Momentum
from prmkit.practices.know.segments.segment_blocks import Block, behaviour_block
from prmkit.practices.know.segments.segment_rules import FULL, Segment

Array = NDArray[Any]

NOT_KNOWN = Segment(
    "needs not known",
    "Did not answer the survey, and nothing on record tells what it needs.",
    "Ask at the next call what matters most to them; until then treat them by size and momentum.",
)
NEW = Segment("new", "First purchase within the last six months: too early to say how it buys.", FULL[4].treatment)
_FEWEST = 10


@dataclass(frozen=True)
class Placed:
    """chances: (n, segments) of all partners, the discovered segments first and `further` after them. by: (n,) what placed each."""

    chances: Array
    by: Array
    further: tuple[Segment, ...]


def place_others(portfolio: Portfolio, block: Block, inside: Array, moving: Momentum, rng: np.random.Generator) -> Placed:
    """All partners: those of the block by their chances `inside` (n of the block, k), others by likeness or by rule."""
    n, k = len(portfolio.partners), inside.shape[1]
    if block.name == "needs":
        chances, by = _by_likeness(portfolio, block, inside, n, rng)
        further: tuple[Segment, ...] = (NOT_KNOWN,)
    else:
        revenue = moving.rows["revenue"].to_numpy()
        outside = np.select([~np.isfinite(moving.first_month), revenue <= 0], [2, 1], default=0)
        further = (NEW, *FULL[5:])
        chances, by = np.column_stack([np.zeros((n, k)), np.eye(3)[outside]]), np.full(n, "rule", dtype=object)
    chances[block.place] = np.column_stack([inside, np.zeros((len(block), len(further)))])
    by[block.place] = {"needs": "answers", "behaviour": "buying", "both": "answers and buying"}[block.name]
    used = chances.sum(axis=0) > 0
    used[:k] = True
    return Placed(chances[:, used], by, tuple(one for one, there in zip(further, used[k:], strict=True) if there))


def _by_likeness(portfolio: Portfolio, block: Block, inside: Array, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Those that did not answer by how they buy, where that tells segments apart better than their shares do; else not known."""
    k = inside.shape[1]
    chances, by = np.column_stack([np.zeros((n, k)), np.ones(n)]), np.full(n, "rule", dtype=object)
    buying = behaviour_block(portfolio)
    if buying is None:
        return chances, by
    _, told, asked = np.intersect1d(block.place, buying.place, return_indices=True)
    labels = inside[told].argmax(axis=1)
    x = np.where(np.isfinite(buying.x), buying.x, 0.0)
    if np.bincount(labels, minlength=k).min() < _FEWEST or not better_than_shares(x[asked], labels, k, rng):
        return chances, by
    chances[buying.place] = np.column_stack([likeness(x[asked], labels, k, x), np.zeros(len(buying))])
    by[buying.place] = "likeness"
    return chances, by
