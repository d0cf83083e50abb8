"""When was a unit there, if all that is on record are the months in which it sold?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

_SHRINK = 2.0
_ROUNDS = 10
_FIRST_LEAVING = 0.015
_BELIEVED = 0.01
_USUAL_START = 12
_RATES = (0.02, 3.0)
_LEAST_LEAVING, _MOST_LEAVING = 1e-4, 0.5


@dataclass(frozen=True, slots=True)
class Presence:
    """chance (n, h): that a unit was there in a month, oldest first, all its sales known. start (n,): the month it came in, 0 where it
    was there
    from the first. joined (n,): months by which it came before the history, nan where that is not known. leaving: chance to leave in a
    month.
    """

    chance: Array
    start: Whole
    joined: Array
    leaving: float


def presence(sold: Mask, joined: Array) -> Presence:
    """Chance to be there from its own rhythm: surely from its start to its last sale, ever less the longer it is silent after.

    A unit that sold at a rate l and leaves at a rate h is still there t months after its last sale, of G months that passed since then
    without one, with a chance of [e^(-(l+h)t) h/(l+h) (1 - e^(-(l+h)(G-t))) + e^(-(l+h)G)] / [h/(l+h) (1 - e^(-(l+h)G)) + e^(-(l+h)G)];
    h is that of all units (expectation-maximisation).

    sold: (n, h) months with revenue above zero, oldest first; units that never sold were never there. joined: (n,) month in which each
    joined, negative before the first, nan where not known. It is believed where the silence from then to the first sale fits the unit's
    own rhythm or is a year at most; else a unit starts one usual gap before its first sale.
    """
    months = sold.shape[1]
    ever: Mask = np.asarray(sold.any(axis=1))
    first, last = np.argmax(sold, axis=1), months - 1 - np.argmax(sold[:, ::-1], axis=1)
    count, span = sold.sum(axis=1), np.where(ever, last - first + 1, 0)
    usual = count.sum() / max(span.sum(), 1)
    rate = _rate(count, span, usual)
    silent = first - joined
    believed = np.isfinite(joined) & (silent >= 0) & ((silent <= _USUAL_START) | (np.exp(-rate * np.minimum(silent, first)) > _BELIEVED))
    start = np.clip(np.where(believed, np.where(np.isfinite(joined), joined, 0), first - np.round(1 / rate)), 0, months - 1).astype(
        np.int64
    )
    since = np.arange(months)[None, :] - last[:, None]
    gap = (months - 1 - last)[:, None].astype(float)
    came = (np.arange(months)[None, :] >= start[:, None]) & ever[:, None]
    chance, leaving = came.astype(float), _FIRST_LEAVING
    for _ in range(_ROUNDS):
        rate = _rate(count, chance.sum(axis=1), usual)
        still, at_end = _after_last(np.maximum(since, 0).astype(float), gap, rate[:, None], leaving)
        chance = np.where(came, np.where(since <= 0, 1.0, still), 0.0)
        left = float((1 - at_end[:, 0])[ever].sum())
        leaving = float(np.clip(left / max(chance.sum(), 1.0), _LEAST_LEAVING, _MOST_LEAVING))
    return Presence(chance, start, np.where(believed, joined, np.nan), leaving)


def _rate(count: Whole, months: Array | Whole, usual: float) -> Array:
    """Rate of selling months a month that fits `count` of them in `months`, drawn a little to the usual share."""
    share = (count + _SHRINK * usual) / np.maximum(months + _SHRINK, 1)
    made: Array = np.clip(-np.log1p(-np.clip(share, 0.0, 0.95)), *_RATES)
    return made


def _after_last(since: Array, gap: Array, rate: Array, leaving: float) -> tuple[Array, Array]:
    """Chance to be there `since` months after the last sale, and at the end of the gap, given no sale in it."""
    both = rate + leaving
    part = leaving / both
    stayed = np.exp(-both * gap)
    whole = part * (1 - np.exp(-both * gap)) + stayed
    still = np.exp(-both * since) * part * (1 - np.exp(-both * np.maximum(gap - since, 0))) + stayed
    return still / whole, stayed / whole
