"""Which of several answers of one respondent stands out, against its own level and what is usual, once luck is allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prmkit.estimators.incomplete import moments

Array = NDArray[np.float64]

FEWEST = 30
LEAST = 0.5
"""A difference that somebody would notice, in standard deviations of luck."""
_DRAWS, _NULLS, _CELLS = 300, 40, 4_000_000


@dataclass(frozen=True, slots=True)
class Standout:
    """What is expected of each of k answers of n respondents; nan rows with fewer than two answers.

    lift: (n, k) by how much it truly exceeds what is usual for the question and the respondent's own level. chance: (n, k) that no other
    exceeds it by more, that it does so by LEAST, and that it lies above the respondent's own mean. signal: the part of the variance of
    such differences that is no luck.
    """

    lift: Array
    chance: Array
    signal: float


def standout(values: Array, counts: NDArray[Any], *, most_luck: float = np.inf, seed: int = 1) -> Standout | None:
    """values (n, k): answers, nan where missing, each the mean of `counts` (n,) people. None where fewer than FEWEST answered, or k < 3.

    most_luck: what the standard deviation of luck in one answer is at most, from experience; without it, wants that differ between
    respondents in every direction alike cannot be told from luck.

    An answer is what is usual, the respondent's level, what it truly wants more than others, and luck. Luck is alike for all questions
    and is read off the smaller half of the eigenvalues of the covariances between questions, level taken out (probabilistic principal
    components: Tipping and Bishop, JRSS B 1999;61:611-622); what is left of the covariances is true, less what luck alone would leave
    of so few respondents. Each respondent's true differences are normal around their expectation given its answers (Kalman's formula),
    drawn _DRAWS times.
    """
    answered = np.isfinite(values).sum(axis=1) >= 2
    size = values.shape[1]
    if size < 3 or answered.sum() < FEWEST or (np.isfinite(values[answered]).sum(axis=0) < FEWEST).any():
        return None
    fit = moments(values[answered], np.ones(int(answered.sum())))
    level = np.eye(size) - 1 / size
    roots, vectors = np.linalg.eigh(level @ fit.covariance @ level)
    luck = min(float(roots[1 : 1 + size // 2].mean()), most_luck**2)
    rng = np.random.default_rng(seed)
    true = np.maximum(roots - luck, 0.0)
    true[0] = 0.0
    true *= _beyond_luck(float(true.sum()), luck, int(answered.sum()), size - 1, rng)
    spread = (vectors * true) @ vectors.T
    styles = max(float(fit.covariance.mean()) - luck / size, 0.0) + 10 * float(np.trace(fit.covariance)) / size
    usual = fit.mean - fit.mean.mean()
    lift, chance = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    drawn = rng.standard_normal((_DRAWS, size))
    key = np.column_stack([np.isfinite(values), np.maximum(counts, 1)])[answered]
    kinds, which = np.unique(key, axis=0, return_inverse=True)
    places = np.flatnonzero(answered)
    for kind, row in enumerate(kinds):
        mine, seen = places[which.ravel() == kind], row[:size].astype(bool)
        inner = spread[np.ix_(seen, seen)] + styles + luck / float(row[size]) * np.eye(int(seen.sum())) + 1e-9 * np.eye(int(seen.sum()))
        gain = np.linalg.solve(inner, spread[seen]).T
        expected = (values[mine][:, seen] - fit.mean[seen]) @ gain.T
        own, axes = np.linalg.eigh(spread - gain @ spread[seen])
        around = drawn @ (axes * np.sqrt(np.maximum(own, 0.0))).T
        lift[mine] = expected
        for start in range(0, len(mine), max(1, _CELLS // (_DRAWS * size))):
            part = slice(start, start + max(1, _CELLS // (_DRAWS * size)))
            chance[mine[part]] = _largest(expected[part], around, usual, LEAST * np.sqrt(luck))
    total = float(roots[1:].sum())
    return Standout(lift, chance, float(true.sum()) / total if total > 0 else 0.0)


def _beyond_luck(seen: float, luck: float, n: int, size: int, rng: np.random.Generator) -> float:
    """Which part of the variance `seen` above luck would not be seen of n respondents that differ by luck alone."""
    null = np.empty(_NULLS)
    for place in range(_NULLS):
        roots = np.linalg.eigvalsh(np.cov(rng.standard_normal((min(n, 2000), size)).T) * luck)
        null[place] = np.maximum(roots - roots[: (size + 1) // 2].mean(), 0.0).sum() * np.sqrt(min(n, 2000) / n)
    return float(np.clip(1 - null.mean() / seen, 0.0, 1.0)) if seen > 0 else 0.0


def _largest(expected: Array, around: Array, usual: Array, least: float) -> Array:
    """Share of draws (rows, k) in which a question is the largest difference, of `least` or more, and above the respondent's own mean."""
    drawn = expected[:, None, :] + around
    best = drawn.argmax(axis=2)
    most = np.take_along_axis(drawn, best[:, :, None], axis=2)[:, :, 0]
    above = (most >= least) & (most + usual[best] > 0)
    made = np.zeros(expected.shape)
    for question in range(expected.shape[1]):
        made[:, question] = ((best == question) & above).mean(axis=1)
    return made
