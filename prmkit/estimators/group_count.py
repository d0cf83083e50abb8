"""How many groups there are in rows of numbers, one of the answers being none: several measures judged together by a written rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.mixture import Mixture, fit_mixture, fits, sums
from prmkit.estimators.partition import Gap, adjusted_rand, best_overlap, between, outcome_gap
from prmkit.estimators.unsegmented import unsegmented

Array = NDArray[Any]

MOST = 7
OVER_CHANCE = 4.0
"""Standard deviations that the gain in likelihood has to lie above what is gained in data without groups."""
STABLE = 0.6
SMALLEST = 0.05
FEWEST = 10
BETWEEN = 1.05
NAMED = 0.5
"""Overlap (Jaccard) with itself in bootstrap refits below which a group is not worth a name (Hennig 2007)."""
_ROWS, _SAMPLE = 2_000, 700
_REFITS, _REFERENCES = 12, 9
_NONE = Gap(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Count:
    """What is known of one number of groups, nan for a single one where the measure has no meaning.

    over_chance: gain in likelihood over one group, in standard deviations above the gain in data sets without groups. stability: mean
    adjusted Rand index of bootstrap refits. overlap: (k,) the same group by group (Jaccard). smallest: share of the smallest group.
    between: units half way between neighbours for each at the thinner centre. gap: in an outcome that was not fitted.
    """

    found: Mixture
    over_chance: float
    stability: float
    overlap: Array
    smallest: float
    between: float
    gap: Gap
    gap_decides: bool = False

    @property
    def k(self) -> int:
        """How many groups."""
        return len(self.found.shares)

    @property
    def failing(self) -> tuple[str, ...]:
        """Names of the measures that speak against so many groups, gap among them where it decides."""
        small = self.smallest < SMALLEST or self.smallest * self.found.rows < FEWEST
        against = {
            "over_chance": self.over_chance < OVER_CHANCE,
            "stability": self.stability < STABLE,
            "overlap": self.overlap.min() < NAMED,
            "smallest": small,
            "between": self.between > BETWEEN,
            "gap": self.gap_decides and not self.gap.low > 0,
        }
        return tuple(name for name, fails in against.items() if fails) if self.k > 1 else ()


@dataclass(frozen=True)
class GroupCount:
    """Every number of groups tried, from 1, and the one chosen: the best by BIC of those that nothing speaks against, else 1."""

    counts: tuple[Count, ...]
    chosen: int

    @property
    def best(self) -> Count:
        """The chosen number of groups."""
        return self.counts[self.chosen - 1]


def group_count(
    x: Array,
    rng: np.random.Generator,
    *,
    most: int = MOST,
    outcome: Array | None = None,
    gap: Callable[[int, Mixture], Gap] | None = None,
    gap_decides: bool = False,
) -> GroupCount:
    """Judge 1 to `most` groups of rows x (n, d), columns of variance about 1, nan where a cell is missing.

    outcome: (n,) something not in x in which groups might differ, nan where not known; gap: how else the gap is measured for k groups;
    gap_decides: whether groups that do not differ in it are turned down.
    Fitted on at most 2,000 rows drawn at random; chance and stability are measured on at most 700 of them. Raises ValueError for fewer
    than 30 rows or a column without a value.
    """
    if len(x) < 30:
        raise ValueError(f"the number of groups cannot be judged from {len(x)} rows")
    rows = rng.permutation(len(x))[:_ROWS]
    fitted, few = x[rows], x[rows[:_SAMPLE]]
    most = max(1, min(most, len(x) // FEWEST))
    mixtures = [fit_mixture(fitted, k, rng, starts=10) for k in range(1, most + 1)]
    gained = over_chance(few, most, rng)
    weights = rng.multinomial(len(few), np.full(len(few), 1 / len(few)), _REFITS).astype(float)
    counts = [Count(mixtures[0], float("nan"), float("nan"), np.ones(1), 1.0, float("nan"), _NONE)]
    for found, above in zip(mixtures[1:], gained, strict=True):
        stability, overlap = _stability(few, found, weights, rng)
        labels = found.chances(x).argmax(axis=1)
        smallest = float(np.bincount(labels, minlength=len(found.shares)).min() / len(x))
        seen = _NONE if outcome is None else outcome_gap(labels, len(found.shares), outcome, rng)
        seen = gap(len(found.shares), found) if gap else seen
        counts.append(Count(found, above, stability, overlap, smallest, between(fitted, len(found.shares), rng), seen, gap_decides))
    standing = [count for count in counts if not count.failing]
    return GroupCount(tuple(counts), min(standing, key=lambda count: (count.found.bic, count.k)).k)


def over_chance(x: Array, most: int, rng: np.random.Generator) -> list[float]:
    """For 2 to `most` groups of x (n, d): standard deviations by which likelihood gains more than in data without groups."""
    data, references = sums(x), sums(unsegmented(x, _REFERENCES, rng))
    own, usual = fits(data, 1, rng)[0][0], fits(references, 1, rng, batch=_REFERENCES)[0]
    made = []
    for k in range(2, most + 1):
        gain = fits(data, k, rng, starts=8)[0][0] - own
        chance = fits(references, k, rng, batch=_REFERENCES, starts=3)[0] - usual
        made.append(float((gain - chance.mean()) / max(chance.std(ddof=1), 1e-9)))
    return made


def _stability(x: Array, found: Mixture, weights: Array, rng: np.random.Generator) -> tuple[float, Array]:
    labels, k = found.chances(x).argmax(axis=1), len(found.shares)
    refits = fits(sums(x), k, rng, batch=len(weights), starts=3, weights=weights)[1].argmax(axis=1)
    overlap = np.mean([best_overlap(labels, other, k) for other in refits], axis=0)
    return float(np.mean([adjusted_rand(labels, other) for other in refits])), overlap
