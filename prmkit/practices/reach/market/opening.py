"""What is open to a newcomer, spot by spot: customers that nobody serves, what they would buy, and the share that a newcomer would win."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.sphere import nearest
from prmkit.practices.reach.market.gravity import LEAST_KM, Gravity, gravity
from prmkit.practices.reach.market.ground import Ground, degrees, ground
from prmkit.practices.reach.market.spots import Spots, spots

Array = NDArray[np.float64]

DRAWS = 200
_STREAM = 63
_NEIGHBOURS = 60
_LEAST_OPEN, _OPEN_SHARE = 20, 0.05
_LEAST_SERVED = 30


@dataclass(frozen=True)
class Opening:
    """By spot: count (s,) of open customers; weight (s,): what a newcomer nearby should sell to them a year; draws (d, s) of it.

    mode: "open" where the list of customers holds some that buy nothing, "far" where it holds buyers only and those beyond the radius of
    every active partner stand for what is open. typical: sales a year to a served customer; reached: share of customers near a partner that
    are served. reason: why nothing is open, "" otherwise.
    """

    mode: str
    count: Array
    weight: Array
    draws: Array
    typical: float
    reached: float
    reason: str


def opening(portfolio: Portfolio) -> Opening:
    """Worked out once for the whole client; its ground must have a radius."""
    return portfolio.fitted(_opening)


def newcomer_share(found: Ground, pull: Gravity, latitude: Array, longitude: Array, apart: Array) -> Array:
    """Share of each place's custom that an active partner of middling size at distance `apart` would draw from the present ones."""
    there = found.partners[found.partners["active"]]
    distance, which = nearest(latitude, longitude, *degrees(there), _NEIGHBOURS)
    size = there["size"].to_numpy(dtype=float)
    a, b = pull.size[0], max(pull.distance[0], 0.0)
    present = (size[which] ** a * np.maximum(distance, LEAST_KM) ** -b).sum(axis=1)
    own = np.median(size) ** a * np.maximum(apart, LEAST_KM) ** -b
    made: Array = own / (own + present)
    return made


@reads()
def _opening(portfolio: Portfolio) -> Opening:
    found, where, pull = ground(portfolio), spots(portfolio), gravity(portfolio)
    rows = where.rows
    served = found.customers[found.customers["served"]]["partners"].to_numpy(dtype=float)
    count, open_ = rows["open"].to_numpy(dtype=float), float(rows["open"].sum())
    if len(served) < _LEAST_SERVED:
        return _none(rows.index.size, f"{len(served)} customers with a place bought through partners: {_LEAST_SERVED} are needed")
    rng = np.random.default_rng([portfolio.settings.seed, _STREAM])
    share = newcomer_share(found, pull, *degrees(rows), np.full(len(rows), found.radius / 2))
    typical = float(served.mean())
    error = float(served.std(ddof=1)) / typical / np.sqrt(len(served))
    value = np.exp(error * rng.standard_normal((DRAWS, 1)) - error**2 / 2)
    if open_ < max(_LEAST_OPEN, _OPEN_SHARE * float(rows["customers"].sum())):
        return _far(found, where, share, typical, value, rng)
    near = rows["nearest_km"].to_numpy(dtype=float) <= found.radius / 2
    yes, no = float(rows["served"].to_numpy()[near].sum()), float(count[near].sum())
    reached = (yes + 0.5) / (yes + no + 1)
    worth = (rows["open"] - rows["lapsed"]).to_numpy(dtype=float) * typical + rows["was"].to_numpy(dtype=float)
    weight = worth * reached * share
    chance = rng.beta(yes + 0.5, no + 0.5, (DRAWS, 1)) / reached
    return Opening("open", count, weight, _redrawn(count, weight, rng) * value * chance, typical, reached, "")


def _far(found: Ground, where: Spots, share: Array, typical: float, value: Array, rng: np.random.Generator) -> Opening:
    """Buyers beyond every active partner's radius: what they buy now, and from afar."""
    rows = where.rows
    far = rows["nearest_km"].to_numpy(dtype=float) > found.radius
    count = np.where(far, rows["served"].to_numpy(dtype=float), 0.0)
    if count.sum() < _LEAST_OPEN:
        why = (
            "nearly all customers on record buy, and nearly all lie within the usual distance of an active partner: "
            "a list of prospects would show what is open"
        )
        return _none(len(rows), why)
    weight = np.where(far, rows["revenue"].to_numpy(dtype=float), 0.0) * share
    return Opening("far", count, weight, _redrawn(count, weight, rng) * value, typical, float("nan"), "")


def _redrawn(count: Array, weight: Array, rng: np.random.Generator) -> Array:
    """How many customers of each kind there might have been (Rubin's Bayesian bootstrap, counted by spots)."""
    drawn = rng.standard_gamma(np.maximum(count, 1e-9), (DRAWS, len(count))) / np.maximum(count, 1e-9)
    made: Array = drawn * weight
    return made


def _none(spots: int, reason: str) -> Opening:
    return Opening("none", np.zeros(spots), np.zeros(spots), np.zeros((DRAWS, spots)), float("nan"), float("nan"), reason)
