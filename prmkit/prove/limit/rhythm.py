"""The order rate of buyers with a rhythm: an order at every third stroke of a clock that strikes at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special, stats

from prmkit.prove.limit.record import Record
from prmkit.simulate.state import Array, Whole

STAGES = 3
_NODES = 61
_WIDTH = 5.0
_TOGETHER = 1_000


@dataclass(frozen=True)
class WithRhythm:
    """Order rates of n partners for each possible last month there, by the forward rule over the hidden stage of the clock.

    weight: prior chance of this kind. mean (n,), shape: the gamma prior (None: all have the mean). counts (n, months). factor (n, months).
    The rate runs over a grid of 61 values, wide enough for every last month.
    """

    weight: float
    mean: Array
    shape: float | None
    counts: Array
    factor: Array

    @cached_property
    def rates(self) -> Array:
        """The grid (n, nodes), even on the log scale."""
        if self.shape is None:
            return self.mean[:, None]
        count, spent = self.counts.sum(axis=1), self.factor.sum(axis=1)
        bought = np.where(self.counts > 0, np.arange(self.counts.shape[1]), -1).max(axis=1)
        sure = np.where(np.arange(self.counts.shape[1]) <= bought[:, None], self.factor, 0.0).sum(axis=1)
        shape = self.shape + STAGES * count
        ends = [np.log(shape / (self.shape / self.mean + STAGES * seen)) for seen in (spent, sure)]
        wide = _WIDTH * np.sqrt(special.polygamma(1, np.maximum(shape, 0.1)))
        low, high = ends[0] - wide, ends[1] + np.minimum(wide, _WIDTH)
        made: Array = np.exp(low[:, None] + (high - low)[:, None] * np.linspace(0.0, 1.0, _NODES))
        return made

    @cached_property
    def _forward(self) -> tuple[Array, Array]:
        """Log chance of counts (n, nodes, months) up to each month, and the chances (n, nodes, 3) of the stage at the end."""
        rates = self.rates
        stage = np.full((*rates.shape, STAGES), 1.0 / STAGES)
        log, total = np.zeros((*rates.shape, self.counts.shape[1])), np.zeros(rates.shape)
        for month in range(self.counts.shape[1]):
            stage = _step(stage, STAGES * rates * self.factor[:, month : month + 1], self.counts[:, month])
            kept = stage.sum(axis=2)
            total = total + np.log(np.maximum(kept, 1e-300))
            stage = stage / np.maximum(kept, 1e-300)[:, :, None]
            log[:, :, month] = total
        return log, stage

    @cached_property
    def _weights(self) -> Array:
        """Log of prior times chance of the counts (n, nodes, months + 1), the last column for who is still there."""
        log, _ = self._forward
        log = np.concatenate([log, log[:, :, -1:]], axis=2)
        # the other kinds leave out the product of factor^count / count!
        common = np.where(self.counts > 0, self.counts * np.log(np.maximum(self.factor, 1e-300)), 0.0) - special.gammaln(self.counts + 1)
        log = log - common.sum(axis=1)[:, None, None]
        if self.shape is None:
            return np.asarray(log)
        step = np.log(self.rates[:, 1] / self.rates[:, 0])[:, None]
        prior: Array = stats.gamma.logpdf(self.rates, self.shape, scale=self.mean[:, None] / self.shape) + np.log(self.rates * step)
        made: Array = log + prior[:, :, None]
        return made

    @property
    def log_evidence(self) -> Array:
        """Log chance (n, months + 1) of the counts for each last month, on the scale of `AtRandom.log_evidence`."""
        if len(self.mean) > _TOGETHER:
            return np.concatenate([part.log_evidence for part, _ in self._parts()])
        made: Array = special.logsumexp(self._weights, axis=1)
        return made

    def draw(self, last: Whole, rng: np.random.Generator) -> Array:
        """A rate for each last month (n, d) given, spread within the step of the grid."""
        if len(self.mean) > _TOGETHER:
            return np.concatenate([part.draw(last[rows], rng) for part, rows in self._parts()])
        rows, u = np.arange(len(last))[:, None], rng.random(last.shape)
        weights = self._weights - self._weights.max(axis=1, keepdims=True)
        edges = np.cumsum(np.exp(weights), axis=1)
        edges = edges / edges[:, -1:]
        node = np.zeros(last.shape, dtype=np.int64)
        for each in range(edges.shape[1] - 1):
            node += u > edges[rows, each, last]
        rate = self.rates[rows, node]
        if self.shape is None:
            return rate
        step = np.log(self.rates[:, 1] / self.rates[:, 0])[:, None]
        made: Array = rate * np.exp(step * (rng.random(last.shape) - 0.5))
        return made

    def silence(self, ahead: Array) -> Array:
        """Chance (n, k) of no order in the first 1, 2, ... k coming months, of who stays; `ahead` (n, k): their factors."""
        if len(self.mean) > _TOGETHER:
            return np.concatenate([part.silence(ahead[rows]) for part, rows in self._parts()])
        weight = self._weights[:, :, -1]
        weight = np.exp(weight - special.logsumexp(weight, axis=1, keepdims=True))
        stage, none = self._forward[1], np.zeros(len(ahead))
        made = np.empty(ahead.shape)
        for month in range(ahead.shape[1]):
            stage = _step(stage, STAGES * self.rates * ahead[:, month : month + 1], none)
            made[:, month] = (weight * stage.sum(axis=2)).sum(axis=1)
        return made

    def _parts(self) -> Iterator[tuple[WithRhythm, slice]]:
        """The partners some at a time, so that a large programme does not need all grids at once."""
        for start in range(0, len(self.mean), _TOGETHER):
            rows = slice(start, start + _TOGETHER)
            yield WithRhythm(self.weight, self.mean[rows], self.shape, self.counts[rows], self.factor[rows]), rows


def _step(stage: Array, mean: Array, count: Array) -> Array:
    """Stages (n, nodes, 3) a month later, times the chance of its count (n,), for strokes of the given mean (n, nodes)."""
    made = np.zeros_like(stage)
    chances = {}
    for more in range(1 - STAGES, STAGES):
        strokes = STAGES * count[:, None] + more
        known = np.maximum(strokes, 0)
        chances[more] = np.where(strokes >= 0, np.exp(special.xlogy(known, mean) - mean - special.gammaln(known + 1)), 0.0)
    for before in range(STAGES):
        for after in range(STAGES):
            made[:, :, after] += stage[:, :, before] * chances[after - before]
    return made


def with_rhythm(record: Record, weight: float, times: float) -> WithRhythm:
    """Buyers with a rhythm whose rates are `times` those of the prior."""
    factor = record.factor[:, : record.months]
    return WithRhythm(weight, times * record.mean_rate, record.world.rate_shape, record.counts, factor)
