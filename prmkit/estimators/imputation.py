"""What untreated cases would have sold: case and month effects that multiply, fitted on untreated cells alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-8
LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class UntreatedEffects:
    """Poisson effects of `draws` weighted fits on cases x months.

    case: (cases, draws); month: (draws, months), nan where a month has no untreated cell at all;
    their product is the expected outcome of a cell had nothing been done. converged: whether every
    draw met the tolerance; steps: alternating steps taken.
    """

    case: Array
    month: Array
    converged: bool
    steps: int


def untreated_effects(outcome: Array, untreated: Mask, weights: Array | None = None, month: Array | None = None) -> UntreatedEffects:
    """Fit E[outcome] = case effect x month effect on the untreated cells, by Poisson pseudo-likelihood.

    The scores have a closed form each way (a case's effect is its untreated sum over the sum of its
    months' effects, and the other way round), so the two are scaled in turn until no month effect
    moves by more than TOLERANCE: zeros are welcome and no logarithm is taken. All draws go
    through the same matrix products.

    Parameters
    ----------
    outcome: (cases, months), sums of one unit; negative cells (returns) are kept, a case whose untreated sum is not positive gets effect 0.
    untreated: (cases, months), True where nothing had been done yet and the case was there.
    weights: (draws, cases) weights of the cases, one fit a row; default a single fit with equal weights.
    month: (months,) month effects to start from.

    Wooldridge, Econometrics Journal 2023;26:C31-C66 (Poisson with two-way effects);
    Borusyak, Jaravel and Spiess, Review of Economic Studies 2024;91:3253-3285 (imputation).
    """
    kept = np.where(untreated, outcome, 0.0)
    cases = np.maximum(kept.sum(axis=1), 0.0)
    weights = np.ones((1, len(outcome))) if weights is None else weights
    months = np.maximum(weights @ kept, 0.0)
    patterns, pattern = _patterns(untreated)
    held = _summed(weights * cases, pattern, len(patterns))
    empty = ~untreated.any(axis=0)
    effect = np.ones_like(months) if month is None else np.tile(np.where(np.isfinite(month), month, 1.0), (len(weights), 1))
    effect[:, empty] = 0.0
    steps, moved = 0, np.inf
    while moved > TOLERANCE and steps < LIMIT:
        steps += 1
        reach = _over(held, effect @ patterns.T) @ patterns
        new = _over(months, reach)
        new = _over(new * (~empty).sum(), new.sum(axis=1, keepdims=True))
        moved = float(np.abs(new - effect).max(initial=0.0))
        effect = new
    expected = (patterns @ effect.T)[pattern]
    effect[:, empty] = np.nan
    return UntreatedEffects(_over(cases[:, None], expected), effect, moved <= TOLERANCE, steps)


def _patterns(untreated: Mask) -> tuple[Array, NDArray[np.intp]]:
    """The distinct rows of the mask and which of them each case has: cases alike in time share all their sums of months."""
    packed = np.ascontiguousarray(np.packbits(untreated, axis=1))
    _, first, pattern = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_index=True, return_inverse=True)
    return untreated[first].astype(np.float64), pattern


def _summed(values: Array, pattern: NDArray[np.intp], count: int) -> Array:
    """Sums of (draws, cases) over the cases of each pattern: (draws, patterns)."""
    order = np.argsort(pattern, kind="stable")
    starts = np.searchsorted(pattern[order], np.arange(count))
    made: Array = np.add.reduceat(values[:, order], starts, axis=1)
    return made


def _over(above: Array, below: Array) -> Array:
    """Quotient, 0 where nothing is below."""
    made: Array = np.divide(above, below, out=np.zeros(np.broadcast_shapes(above.shape, below.shape)), where=below > 0)
    return made
