"""What units added to a market bring, net of what they take from those that are there: a concave function, and its chords."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_PIECES = 12


@dataclass(frozen=True, slots=True)
class Markets:
    """T places that units are added to.

    present (T,): what the units there would bring in the window at the yield of those added; one (T,): what one added unit would
    bring. Both in money, before any sharing. elasticity: of a place's revenue to its units, above 0 and at most 1 (1: no sharing).
    """

    present: Array
    one: Array
    elasticity: float

    def __post_init__(self) -> None:
        if not 0 < self.elasticity <= 1:
            raise ValueError(f"an elasticity lies above 0 and at most at 1, not {self.elasticity}")

    @property
    def free(self) -> Array:
        """What can be added before anybody shares: one unit, where nobody is (T,)."""
        made: Array = np.where(self.present < self.one, self.one, 0.0)
        return made

    @property
    def base(self) -> Array:
        """What is there to share with (T,)."""
        made: Array = np.maximum(np.maximum(self.present, self.one), 1e-9)
        return made

    def gain(self, worth: Array, elasticity: Array | float | None = None) -> Array:
        """What the places sell more with units of so much `worth` (..., T) added: base ((1 + worth / base)^beta - 1)."""
        beta = self.elasticity if elasticity is None else np.asarray(elasticity)
        shared = np.maximum(worth - self.free, 0.0)
        made: Array = np.minimum(worth, self.free) + self.base * ((1 + shared / self.base) ** beta - 1)
        return made

    def own(self, worth: Array) -> Array:
        """What the added units themselves sell (T,); `gain` less than this was taken from those there before."""
        shared = np.maximum(worth - self.free, 0.0)
        made: Array = np.minimum(worth, self.free) + shared * (1 + shared / self.base) ** (self.elasticity - 1)
        return made

    def slope(self, worth: Array) -> Array:
        """What the next bit of worth adds, per bit (T,)."""
        shared = np.maximum(worth - self.free, 0.0)
        made: Array = np.where(worth < self.free, 1.0, self.elasticity * (1 + shared / self.base) ** (self.elasticity - 1))
        return made


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight pieces of each place's gain, in order of place and worth: length in worth, slope (falling within a place), place."""

    length: Array
    slope: Array
    place: Whole


def pieces(markets: Markets, most: Array, count: int = _PIECES) -> Pieces:
    """Chords of the gain up to `most` (T,) worth: never above it, and below by some 1% at most while places grow at most twentyfold.

    Ends lie by squares on the log of what is there, closest where little is added. Without sharing one piece says all.
    """
    parts = 1 if markets.elasticity == 1 else count
    length, slope, place = [], [], []
    top = np.maximum(most, markets.free + 1e-9)
    steps = np.linspace(0, 1, parts + 1) ** 2
    grown = np.log1p(np.maximum(top - markets.free, 0.0) / markets.base)
    ends = markets.free[:, None] + markets.base[:, None] * np.expm1(grown[:, None] * steps)
    ends = np.concatenate([np.zeros((len(top), 1)), ends], axis=1)
    at = np.stack([markets.gain(column) for column in ends.T], axis=1)
    for number in range(parts + 1):
        long = ends[:, number + 1] - ends[:, number]
        used = np.flatnonzero(long > 1e-9)
        length.append(long[used])
        slope.append((at[used, number + 1] - at[used, number]) / long[used])
        place.append(used)
    joined = np.concatenate(place)
    order = np.argsort(joined, kind="stable")
    return Pieces(np.concatenate(length)[order], np.concatenate(slope)[order], joined[order].astype(np.int64))
