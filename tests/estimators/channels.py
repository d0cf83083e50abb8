"""Made-up channels whose future is known, for the tests of the reach estimators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MONTHS, AHEAD = 36, 12
GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class World:
    """A channel drawn from `seed`: log-normal yields, lapses, a ramp, a selling rhythm, a common trend with shocks.

    listed: share of those signed that sell. revenue (n, 36): all on the list, those that never sold
    included; future: what they sell in the 12 months after, everything known.
    """

    seed: int
    sigma: float
    hazard: float
    ramp: float
    beat: float
    noise: float
    listed: float
    common: np.ndarray
    revenue: np.ndarray
    future: float

    def recruits(self, count: int, seed: int) -> float:
        """What `count` recruits signed evenly over the 12 months really bring in them."""
        rng = np.random.default_rng([self.seed, 1, seed])
        start = MONTHS + np.floor(np.mod(0.5 + GOLDEN * np.arange(count), 1) * AHEAD).astype(int)
        sold = _sales(self, start, rng) * (rng.random(count) < self.listed)[:, None]
        return float(sold[:, MONTHS:].sum())


def _sales(world: World, start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n, months = len(start), MONTHS + AHEAD
    level = np.exp(rng.normal(np.log(5000) - world.sigma**2 / 2, world.sigma, n))
    age = np.arange(months) - start[:, None]
    life = rng.geometric(world.hazard, n) - np.minimum(start, 0)
    alive = (age >= 0) & (age < life[:, None])
    grown = np.minimum(1.0, (age + 0.5) / world.ramp)
    sells = age % 3 == 0 if world.beat < 0.5 else (rng.random(age.shape) < world.beat) | (age == 0)
    luck = np.exp(rng.normal(-(world.noise**2) / 2, world.noise, age.shape))
    return alive * sells * level[:, None] / world.beat * grown * luck * world.common


def world(seed: int) -> World:
    """About 100 to 250 units; a third of the worlds order every month, a third at random, a third every third month."""
    rng = np.random.default_rng(seed)
    old, new = int(rng.integers(40, 90)), rng.poisson(rng.uniform(1.5, 5), MONTHS)
    growth, shock = rng.normal(0, 0.07), rng.uniform(0.01, 0.045)
    months = np.arange(MONTHS + AHEAD)
    common = np.exp(np.cumsum(rng.normal(0, shock, len(months))) + growth * months / 12)
    made = World(
        seed=seed,
        sigma=rng.uniform(0.8, 1.4),
        hazard=rng.uniform(0.01, 0.03),
        ramp=rng.uniform(0.5, 9),
        beat=float(rng.choice([1.0, 0.6, 1 / 3])),
        noise=rng.uniform(0.3, 0.7),
        listed=rng.uniform(0.4, 0.8),
        common=common,
        revenue=np.empty(0),
        future=0.0,
    )
    start = np.concatenate([np.full(old, -24), np.repeat(np.arange(MONTHS), new)])
    sold = _sales(made, start, rng)
    ever = sold[:, :MONTHS].sum(axis=1) > 0
    never = np.zeros((round(ever.sum() * (1 / made.listed - 1)), MONTHS))
    return World(**{**made.__dict__, "revenue": np.concatenate([sold[ever, :MONTHS], never]), "future": float(sold[ever, MONTHS:].sum())})
