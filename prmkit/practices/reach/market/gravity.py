"""How far size and distance decide whom a customer buys from, learnt from who bought where, and tested on customers left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.huff import DISTANCE, LEAST_CASES, SIZE, Choices, Logit, fit_choices
from prmkit.estimators.sphere import kilometres, nearest
from prmkit.practices.reach.market.ground import Ground, degrees, ground

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAST_KM = 1.0
"""Distances below count as this: a customer next door is not drawn without end."""
_STREAM = 62
_CASES = 2_000
_FULL, _NEAR, _FAR = 120, 40, 40
_FLAT = 0.2
_Z = 1.645


@dataclass(frozen=True)
class Gravity:
    """size, distance: exponents with the ends of their 90% intervals, (estimate, low, high); learnt: from the client's own sales,
    else the usual 1 and 2. cases: customers behind it. hit, hit_nearest: share of customers left out whose partner was named, and by the
    rule of the nearest partner; gain: the difference with its ends; nan where nothing was learnt. reason: why nothing was learnt."""

    size: tuple[float, float, float]
    distance: tuple[float, float, float]
    learnt: bool
    cases: int
    hit: float
    hit_nearest: float
    gain: tuple[float, float, float]
    reason: str

    @property
    def flat(self) -> bool:
        """Whether distance hardly decides: then places are no ground for anything."""
        return self.learnt and self.distance[2] < _FLAT


def gravity(portfolio: Portfolio) -> Gravity:
    """Worked out once for the whole client."""
    return portfolio.fitted(_gravity)


def table(found: Gravity, radius: float) -> pd.DataFrame:
    """reach_gravity: what decides whom a customer buys from, as measures with their ranges."""
    basis = "learnt" if found.learnt else "usual"
    rows: list[tuple[str, float, float, float, str]] = [
        ("size_exponent", *found.size, basis),
        ("distance_exponent", *found.distance, basis),
        ("radius_km", radius, np.nan, np.nan, "measured"),
    ]
    if found.learnt:
        rows += [
            ("hit_rate", found.hit, np.nan, np.nan, "tested"),
            ("hit_rate_nearest", found.hit_nearest, np.nan, np.nan, "tested"),
            ("hit_rate_gain", *found.gain, "tested"),
        ]
    made = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "basis"])
    return made.assign(customers=found.cases).dropna(subset=["value"])


@reads()
def _gravity(portfolio: Portfolio) -> Gravity:
    found = ground(portfolio)
    pairs = found.pairs if not found.reason else pd.DataFrame()
    if len(pairs) < LEAST_CASES:
        return _usual(len(pairs), f"{len(pairs)} customers whose place and whose partner's place are known: {LEAST_CASES} are needed")
    rng = np.random.default_rng([portfolio.settings.seed, _STREAM])
    chosen = np.sort(rng.choice(len(pairs), min(len(pairs), _CASES), replace=False))
    sized = found.size_of != ""
    choices, own, apart = _choices(found, pairs.iloc[chosen], rng, sized=sized)
    fit = fit_choices(choices)
    if fit is None or not _sound(fit):
        return _usual(len(pairs), "who bought from whom singles out no weight of size and distance")
    low, high = fit.ends()
    hits = _hits(choices, own, apart)
    estimates = [(float(fit.coefficients[place]), float(low[place]), float(high[place])) for place in range(len(low))]
    distance, size = estimates[0], estimates[1] if sized else (0.0, 0.0, 0.0)
    return Gravity(size, distance, True, len(chosen), *hits, "")


def _usual(cases: int, reason: str) -> Gravity:
    nan = float("nan")
    return Gravity((SIZE, nan, nan), (DISTANCE, nan, nan), False, cases, nan, nan, (nan, nan, nan), reason)


def _sound(fit: Logit) -> bool:
    return bool(np.isfinite(fit.errors).all())


def _choices(found: Ground, pairs: pd.DataFrame, rng: np.random.Generator, *, sized: bool) -> tuple[Choices, Array, Array]:
    """Among all partners that sold, or the 40 nearest and as many of the others, drawn, each standing for as many as it was drawn from.

    Returns the choices, whether each alternative is the own partner (n, m), and distances (n, m) with inf where there is none.
    """
    sellers = np.flatnonzero(found.partners["selling"].to_numpy())
    place = found.partners.iloc[sellers]
    row = np.full(len(found.partners), -1, dtype=np.int64)
    row[sellers] = np.arange(len(sellers))
    home = row[pairs["home"].to_numpy()]
    lat, lon = degrees(pairs)
    if len(sellers) <= _FULL:
        which = np.repeat(np.arange(len(sellers), dtype=np.int64)[None, :], len(pairs), axis=0)
        offset = np.zeros(which.shape)
    else:
        which, offset = _drawn(lat, lon, place, home, rng)
    apart = kilometres(lat[:, None], lon[:, None], place["latitude"].to_numpy()[which], place["longitude"].to_numpy()[which])
    traits = [-np.log(np.maximum(apart, LEAST_KM))]
    if sized:
        traits.append(np.log(place["size"].to_numpy(dtype=float))[which])
    own = which == home[:, None]
    return Choices(np.stack(traits, axis=2), offset, own.argmax(axis=1).astype(np.int64)), own, apart


def _drawn(lat: Array, lon: Array, place: pd.DataFrame, home: Whole, rng: np.random.Generator) -> tuple[Whole, Array]:
    """Stratified sampling of alternatives (McFadden 1978): the near ones all, of the far ones 40, the own partner among them."""
    _, near = nearest(lat, lon, *degrees(place), _NEAR)
    count = len(place)
    far = np.empty((len(lat), _FAR), dtype=np.int64)
    inside = (near == home[:, None]).any(axis=1)
    for number in range(len(lat)):
        out = np.sort(near[number]) if inside[number] else np.sort(np.append(near[number], home[number]))
        rank = rng.choice(count - len(out), _FAR, replace=False, shuffle=False)
        far[number] = rank + np.searchsorted(out - np.arange(len(out)), rank, side="right")
        if not inside[number]:
            far[number, 0] = home[number]
    offset = np.concatenate([np.zeros(near.shape), np.full(far.shape, np.log((count - _NEAR) / _FAR))], axis=1)
    return np.concatenate([near, far], axis=1), offset


def _hits(choices: Choices, own: Array, apart: Array) -> tuple[float, float, tuple[float, float, float]]:
    """Each half foretold by the fit to the other, among the 40 nearest where others were drawn, against the nearest partner."""
    width = _NEAR if choices.offset.shape[1] == _NEAR + _FAR and (choices.offset > 0).any() else choices.offset.shape[1]
    half = np.arange(len(own)) % 2 == 0
    ours = np.zeros(len(own))
    for part in (half, ~half):
        fit = fit_choices(Choices(choices.traits[~part], choices.offset[~part], choices.chosen[~part]))
        if fit is None:
            return float("nan"), float("nan"), (float("nan"),) * 3
        ours[part] = _named(choices.traits[part, :width] @ fit.coefficients, own[part, :width])
    theirs = _named(-apart[:, :width], own[:, :width])
    gain = ours - theirs
    error = _Z * float(gain.std(ddof=1)) / np.sqrt(len(gain))
    return float(ours.mean()), float(theirs.mean()), (float(gain.mean()), float(gain.mean() - error), float(gain.mean() + error))


def _named(worth: Array, own: Array) -> Array:
    best = worth >= worth.max(axis=1, keepdims=True) - 1e-9
    made: Array = (best & own.astype(bool)).sum(axis=1) / best.sum(axis=1)
    return made
