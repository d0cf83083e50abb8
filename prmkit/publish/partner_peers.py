"""How peers do, told so that no peer can be told apart: a rounded band of a fixed group.

The rules are those statistical offices use for small cells: enough members, none that dominates,
quantiles instead of extremes, a coarse grid that is the same for everyone (Hundepool et al.,
Statistical Disclosure Control, 2012; the group and its band are the same for all its
members, so that two partners who compare their reports learn nothing from the difference).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

# Neighbours are a third to two thirds apart, so that no number shown pins a value down to a tenth of itself.
_GRID = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0])
_DOMINANT_SHARE = 0.85
_COUNT_STEP = 5


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """One way to group partners: `words` say it to a reader, `members` is partner_id -> group or null."""

    words: str
    members: pd.Series


@dataclass(frozen=True, slots=True)
class PeerBand:
    """Where the middle half of a group lies, on a coarse grid; `at_least` peers, the reader not counted."""

    words: str
    at_least: int
    lower: float
    middle: float
    upper: float


def on_grid(value: float) -> float:
    """The nearest, in ratio, of 1, 1.5, 2, 3, 5, 7 times a power of ten; 0 stays 0, a negative value keeps its sign."""
    if value == 0 or not np.isfinite(value):
        return 0.0
    power = 10.0 ** np.floor(np.log10(abs(value)))
    nearest = _GRID[np.abs(np.log(_GRID) - np.log(abs(value) / power)).argmin()]
    return float(np.sign(value) * round(nearest * power, 10))


def band(values: np.ndarray, words: str, min_peers: int, own_counts: bool) -> PeerBand | None:
    """The band of one group's values (all above zero), or None where it would give a member away.

    values: of the whole group, shape (members,), the reader's own among them when `own_counts`.
    min_peers: fewest others the reader must be compared with.
    """
    peers = len(values) - int(own_counts)
    if peers < max(min_peers, 1) or np.sort(values)[-2:].sum() > _DOMINANT_SHARE * values.sum():
        return None
    lower, middle, upper = (on_grid(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    at_least = peers // _COUNT_STEP * _COUNT_STEP or peers
    return PeerBand(words, at_least, lower, middle, upper)


def peer_band(values: pd.Series, groups: Sequence[PeerGroup], partner_id: str, min_peers: int) -> PeerBand | None:
    """The band of the first of `groups` that is large enough, None when none is.

    values: one amount a partner, indexed by partner_id; partners at or below zero are no peers.
    """
    trading = values[values > 0]
    for group in groups:
        own = group.members.get(partner_id)
        if own is None or pd.isna(own):
            continue
        members = trading[trading.index.map(group.members.to_dict()) == own]
        made = band(members.to_numpy(), group.words, min_peers, partner_id in members.index)
        if made is not None:
            return made
    return None
