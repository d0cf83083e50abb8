"""What correlated drivers each explain of an outcome, how sure that is, and which of them can be said to matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from prmkit.estimators.bootstrap import LEVEL, bayesian_weights
from prmkit.estimators.incomplete import moments
from prmkit.estimators.shapley import divide

Array = NDArray[np.float64]

PER_DRIVER = 10
"""Respondents for each driver below which the answer is thin."""
FEWEST = 8
DRAWS = 400
NOTICED = 0.02
"""A standardised coefficient that nobody would notice, however surely it is above zero."""
_DOUBT = 0.05


@dataclass(frozen=True, slots=True)
class DriverShares:
    """One entry for each of p drivers, with the ends of 90% intervals.

    share: of what all drivers explain together. association: rank correlation with the outcome. own: standardised coefficient beside all
    other drivers. positive: chance that it is above NOTICED. top, top_three: chance to explain most, or to be among the three that do.
    explained: R squared, adjusted for the number of drivers, of what `beside` leaves of the outcome. chance: of so large an R squared
    where nothing matters. thin: few respondents for so many drivers. n: rows with an outcome and a driver; cases: independent ones
    among them (clusters, their weights allowed for).
    """

    share: Array
    low: Array
    high: Array
    association: Array
    association_low: Array
    association_high: Array
    own: Array
    own_low: Array
    own_high: Array
    positive: Array
    top: Array
    top_three: Array
    explained: float
    chance: float
    thin: bool
    n: int
    cases: float

    @property
    def tells(self) -> bool:
        """Whether the drivers together explain more than chance would, so that there is something to divide."""
        return self.chance < _DOUBT


def driver_shares(
    outcome: Array,
    drivers: Array,
    *,
    beside: Array | None = None,
    weights: Array | None = None,
    cluster: NDArray[Any] | None = None,
    seed: int = 1,
    draws: int = DRAWS,
) -> DriverShares | None:
    """Divide what `drivers` (n, p) explain of `outcome` (n,); nan where an answer is missing. None where too little is there.

    beside: (n, k) what is taken out of outcome and drivers first, such as a way of answering. weights: (n,) what each row stands for.
    cluster: (n,) rows that belong together. Shapley division of R squared (`shapley.divide`) on covariances that allow for missing
    answers (`incomplete.moments`); thin data on ranks, drawn towards all drivers being alike by how little the correlations are known
    (Schaefer and Strimmer 2005). Intervals from a Bayesian bootstrap over clusters. None below FEWEST clusters, or where the
    outcome or fewer than one driver varies, or of a column fewer than FEWEST are answered.
    """
    given = np.isfinite(outcome) & np.isfinite(drivers).any(axis=1)
    outcome, drivers = outcome[given], drivers[given]
    extra = np.zeros((len(outcome), 0)) if beside is None else beside[given]
    base = np.ones(len(outcome)) if weights is None else weights[given]
    groups = np.arange(len(outcome)) if cluster is None else np.unique(cluster[given], return_inverse=True)[1].ravel()
    values = np.column_stack([extra, drivers, outcome])
    if not _enough(values, groups):
        return None
    cases = effective(base, groups)
    count, taken = drivers.shape[1], extra.shape[1]
    redrawn = base * bayesian_weights(int(groups.max()) + 1, draws, seed)[:, groups]
    ranks = _left(_pairwise(values_of_ranks(values), np.vstack([base, redrawn])), taken)
    thin = cases < PER_DRIVER * count
    plain = ranks if thin else _left(_jointly(values, base, redrawn), taken)
    used = np.concatenate([_towards_alike(plain)[:1], plain[1:]]) if thin else plain
    division = divide(used)
    parts, shares = division.parts, division.shares
    raw = float(divide(plain[:1]).r_squared[0])
    freedom = cases - count - taken - 1
    chance = float(stats.f.sf(raw / count / max(1 - raw, 1e-12) * freedom, count, freedom)) if freedom > 0 else 1.0
    own = _own(used)
    wider = _stretched(cases, count + taken + 1)
    order = np.argsort(-parts[1:], axis=1)
    three = order[:, : min(3, count)]
    return DriverShares(
        share=shares[0],
        **_ends("", shares[0], shares[1:], wider, 0.0),
        association=ranks[0, -1, :-1],
        **_ends("association_", ranks[0, -1, :-1], ranks[1:, -1, :-1], wider, -1.0),
        own=own[0],
        **_ends("own_", own[0], own[1:], wider, -np.inf, np.inf),
        positive=(own[1:] > NOTICED).mean(axis=0),
        top=np.bincount(order[:, 0], minlength=count) / draws,
        top_three=np.bincount(three.ravel(), minlength=count) / draws,
        explained=max(0.0, 1 - (1 - raw) * (cases - taken - 1) / freedom) if freedom > 0 else float("nan"),
        chance=chance,
        thin=bool(thin),
        n=len(outcome),
        cases=float(cases),
    )


def effective(weights: Array, groups: NDArray[Any]) -> float:
    """How many equally weighted independent cases weighted rows in groups amount to (Kish)."""
    sums = np.bincount(groups, weights)
    return float(sums.sum() ** 2 / (sums**2).sum()) if len(weights) else 0.0


def values_of_ranks(values: Array) -> Array:
    """Ranks within each column, ties sharing their mean; nan stays."""
    made: Array = stats.rankdata(values, axis=0, nan_policy="omit")
    return made


def _enough(values: Array, groups: NDArray[Any]) -> bool:
    if len(values) == 0 or groups.max() + 1 < FEWEST:
        return False
    known = np.isfinite(values)
    spread = np.array([np.ptp(column[seen]) if seen.sum() >= FEWEST else 0.0 for column, seen in zip(values.T, known.T, strict=True)])
    return bool((spread > 0).all())


def _jointly(values: Array, base: Array, redrawn: Array) -> Array:
    """Covariances (1 + draws, q, q) under `base` and each of the redrawn weights, missing answers allowed for."""
    scaled = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    fit = moments(scaled, base, redrawn)
    return np.concatenate([fit.covariance[None], fit.drawn])


def _pairwise(values: Array, weights: Array) -> Array:
    """Correlations (w, q, q) under each row of weights, each from the rows that hold both values; made positive semidefinite."""
    seen = np.isfinite(values).astype(float)
    filled = np.where(seen > 0, (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0), 0.0)
    size = values.shape[1]

    def sums(left: Array, right: Array) -> Array:
        made: Array = (weights @ (left[:, :, None] * right[:, None, :]).reshape(len(values), -1)).reshape(-1, size, size)
        return made

    count = np.maximum(sums(seen, seen), 1e-9)
    mean, square = sums(filled, seen) / count, np.maximum(sums(filled**2, seen) / count, 1e-9)
    spread = np.sqrt(np.maximum(square - mean**2, 1e-9))
    turned = np.swapaxes(mean, 1, 2)
    plain = np.clip((sums(filled, filled) / count - mean * turned) / (spread * np.swapaxes(spread, 1, 2)), -1.0, 1.0)
    roots, vectors = np.linalg.eigh(plain)
    mended: Array = (vectors * np.maximum(roots, 1e-6)[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return mended


def _left(every: Array, taken: int) -> Array:
    """Correlations of what the first `taken` columns leave of the others."""
    for _ in range(taken):
        own = np.maximum(every[:, 0, 0], 1e-9)
        every = every[:, 1:, 1:] - every[:, 1:, :1] * every[:, :1, 1:] / own[:, None, None]
    spread = np.sqrt(np.maximum(np.diagonal(every, axis1=1, axis2=2), 1e-9))
    made: Array = np.clip(every / spread[:, :, None] / spread[:, None, :], -1.0, 1.0)
    return made


def _towards_alike(correlations: Array) -> Array:
    """Correlations drawn towards one value among drivers and one with the outcome, by how much of their differences is luck."""
    size = correlations.shape[-1]
    among, outcome = np.triu_indices(size - 1, 1), (np.arange(size - 1), np.full(size - 1, size - 1))
    made = correlations.copy()
    for rows, columns in (among, outcome):
        if not len(rows):
            continue
        seen = correlations[:, rows, columns]
        target = seen.mean(axis=1, keepdims=True)
        apart = ((seen[0] - target[0]) ** 2).sum()
        luck = (seen[1:] - target[1:]).var(axis=0).sum()
        keep = 1 - min(1.0, luck / apart) if apart > 0 else 0.0
        made[:, rows, columns] = made[:, columns, rows] = target + keep * (seen - target)
    return made


def _own(correlations: Array) -> Array:
    count = correlations.shape[-1] - 1
    inner = correlations[:, :-1, :-1] + 1e-6 * np.eye(count)
    made: Array = np.asarray(np.linalg.solve(inner, correlations[:, :-1, -1:])[..., 0], dtype=np.float64)
    return made


def _stretched(cases: float, fitted: int) -> float:
    """How much wider than its draws an interval is: the bootstrap divides by all cases, not by those left after `fitted` numbers."""
    freedom = max(cases - fitted, 3.0)
    return float(np.sqrt(max(cases, freedom) / freedom) * stats.t.ppf((1 + LEVEL) / 2, freedom) / stats.norm.ppf((1 + LEVEL) / 2))


def _ends(name: str, value: Array, drawn: Array, stretch: float, least: float, most: float = 1.0) -> dict[str, Array]:
    ends = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    wider = np.clip(value + stretch * (ends - value), least, most)
    return {f"{name}low": np.minimum(wider[0], value), f"{name}high": np.maximum(wider[1], value)}
