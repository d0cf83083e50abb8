"""Whether and when a partner has left, and its order rate: exact sums over every month in which it may have been there last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from prmkit.prove.limit.rate import AtRandom, at_random, exposure
from prmkit.prove.limit.record import Record, record_of
from prmkit.prove.limit.rhythm import WithRhythm, with_rhythm
from prmkit.prove.limit.signs import log_signs
from prmkit.prove.limit.size import fit_size
from prmkit.simulate.network import LARGE
from prmkit.simulate.state import Array, State, Whole

Kind = AtRandom | WithRhythm


@dataclass(frozen=True)
class Life:
    """The posterior of n partners. kinds: what a partner may be (orders at random or with a rhythm, large or not).

    log (kinds, n, months + 1): log of prior times chance of the record, for each last month there; the last column is for who is still
    there in the coming month. never (n,): the same for partners that do not sell.
    """

    record: Record
    kinds: tuple[Kind, ...]
    log: Array
    never: Array

    @cached_property
    def evidence(self) -> Array:
        """Log chance (n,) of what is on record of each partner, less what does not depend on the order rate's path."""
        made: Array = np.logaddexp(special.logsumexp(self.log, axis=(0, 2)), self.never)
        return made

    @cached_property
    def chance(self) -> Array:
        """Posterior chances (kinds, n, months + 1)."""
        made: Array = np.exp(self.log - self.evidence[:, None])
        return made

    @cached_property
    def there(self) -> Array:
        """Chance (n,) that a partner is still there after the as-of date."""
        made: Array = self.chance[:, :, -1].sum(axis=0)
        return made

    def draw(self, draws: int, rng: np.random.Generator) -> tuple[Array, Whole]:
        """Draws (n, draws) of the order rate and the last month there.

        `months` for who is still there after the as-of date; -1, with a rate of 0, for who never sells.
        """
        _, n, columns = self.chance.shape
        edges = np.cumsum(self.chance.transpose(1, 0, 2).reshape(n, -1), axis=1)
        rows = np.arange(n)[:, None]
        flat = (np.minimum(edges, 1.0) + rows).ravel()
        cell = np.searchsorted(flat, rng.random((n, draws)) + rows, side="right") - rows * edges.shape[1]
        never = cell >= edges.shape[1]
        # by rounding, the chances may add up to a little less than one
        never &= (self.never > -np.inf)[:, None]
        cell = np.clip(cell, 0, edges.shape[1] - 1)
        last, kind = cell % columns, cell // columns
        rate = np.zeros((n, draws))
        for number, each in enumerate(self.kinds):
            drawn = each.draw(last, rng)
            rate = np.where(kind == number, drawn, rate)
        return np.where(never, 0.0, rate), np.where(never, -1, last).astype(np.int64)


def fit_life(state: State) -> Life:
    """The posterior of every partner of a programme, from its record up to the as-of date."""
    record, size = record_of(state), fit_size(state)
    return life_of(record, signs(state, record, size.mean, size.variance))


def life_of(record: Record, log_signs: Array | float = 0.0) -> Life:
    """The posterior from a record; log_signs (n, months + 1): log chance of what else was heard, for each last month."""
    kinds = kinds_of(record)
    log = log_prior(record) + log_signs
    sells = np.log(record.world.activation) + np.where(record.sells, 0.0, -np.inf)[:, None] + log
    weighted = np.stack([np.log(kind.weight) + sells + kind.log_evidence for kind in kinds])
    silent = (record.seen < 0) & (record.counts.sum(axis=1) == 0)
    idle = np.log1p(-record.world.activation) if record.world.activation < 1 else -np.inf
    never = np.where(record.sells, np.where(silent, idle, -np.inf), 0.0)
    return Life(record, kinds, weighted, never)


def kinds_of(record: Record) -> tuple[Kind, ...]:
    """What partners of a world may be."""
    world = record.world
    made: list[Kind] = []
    for large, times in ((1.0 - world.mixture, 1.0), (world.mixture, LARGE)):
        made.append(at_random(record, large * (1.0 - world.regular), times))
        made.append(with_rhythm(record, large * world.regular, times))
    return tuple(kind for kind in made if kind.weight > 0)


def log_prior(record: Record) -> Array:
    """Log chance (n, months + 1) of each last month, by the hazards alone; minus infinity before the last sign of life."""
    months, column = record.months, np.arange(record.months + 1)
    hazard = record.hazard[:, :months]
    stays = np.where(np.arange(months) >= record.start[:, None], np.log1p(-hazard), 0.0)
    kept = np.concatenate([np.zeros((record.size, 1)), np.cumsum(stays, axis=1)], axis=1)
    leaves = np.concatenate([np.log(hazard), np.zeros((record.size, 1))], axis=1)
    possible = column >= np.maximum(record.start, record.seen)[:, None]
    return np.where(possible, kept + leaves, -np.inf)


def signs(state: State, record: Record, log_size: Array, variance: Array) -> Array:
    """Log chance (n, months + 1) of what was heard besides the orders; log_size, variance (n,): posterior of the mean log order."""
    shape = state.world.rate_shape
    count = record.counts.sum(axis=1)
    log_rate, unsure = AtRandom(1.0, record.mean_rate, shape, count, exposure(record)).log_moments()
    return log_signs(state, record, log_rate + log_size[:, None], unsure + variance[:, None])
