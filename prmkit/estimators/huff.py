"""Which place a customer buys from: the gravity rule, and how far size and distance weigh, learnt from who did buy where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

SIZE, DISTANCE = 1.0, 2.0
"""Exponents of size and distance where nothing is learnt."""
LEAST_CASES = 300
_LEVEL = 0.90
_STEPS = 60
_CLOSE = 1e-9
_PRECISE = 1e-10


def huff(size: Array, distance: Array, a: float = SIZE, b: float = DISTANCE, least: float = 0.0) -> Array:
    """P_ij = A_j^a d_ij^-b / sum over j (Huff 1964).

    size: (m,) or (n, m), not negative. distance: (n, m); those below `least` count as `least`, inf = out of question.
    Returns (n, m); rows add up to 1, and to 0 where nothing is in question. Two places alike in everything share alike;
    a distance of nothing takes all, shared among those at no distance. Raises ValueError for negative sizes or distances.
    """
    if (np.asarray(size) < 0).any() or (distance < 0).any():
        raise ValueError("sizes and distances cannot be negative")
    apart = np.maximum(distance, least)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = a * np.log(size) - b * np.log(apart) if a else np.where(np.asarray(size) > 0, 0.0, -np.inf) - b * np.log(apart)
    pull = np.where(np.isfinite(distance) & ~np.isnan(pull), pull, -np.inf)
    here = np.isposinf(pull)
    pull = np.where(here.any(axis=1, keepdims=True), np.where(here, 0.0, -np.inf), pull)
    top = pull.max(axis=1, keepdims=True)
    weight = np.exp(pull - np.where(np.isfinite(top), top, 0.0))
    total = weight.sum(axis=1, keepdims=True)
    made: Array = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    return made


@dataclass(frozen=True, slots=True)
class Choices:
    """n choices, each among m alternatives at most.

    traits (n, m, p): what is known of each alternative, such as log size and minus log distance. offset (n, m): added to what each
    is worth: minus infinity where there is no such alternative, the log of how many others a drawn one stands for. chosen (n,).
    """

    traits: Array
    offset: Array
    chosen: Whole


@dataclass(frozen=True, slots=True)
class Logit:
    """A conditional logit: coefficients (p,), their covariance (p, p), robust to a wrong model, log likelihood, and how many choices."""

    coefficients: Array
    covariance: Array
    log_likelihood: float
    cases: int

    @property
    def errors(self) -> Array:
        """Standard errors (p,)."""
        made: Array = np.sqrt(np.diag(self.covariance))
        return made

    def ends(self) -> tuple[Array, Array]:
        """Ends of the 90% intervals."""
        reach = stats.norm.ppf((1 + _LEVEL) / 2) * self.errors
        return self.coefficients - reach, self.coefficients + reach


def fit_choices(choices: Choices) -> Logit | None:
    """Maximum likelihood by Newton's steps (McFadden 1974), errors by the sandwich; None where the data single out no maximum.

    No maximum: a trait that does not differ within choices, or one that foretells every choice.
    """
    n, _, p = choices.traits.shape
    traits = np.where(np.isfinite(choices.offset)[:, :, None], choices.traits, 0.0)
    taken = traits[np.arange(n), choices.chosen]
    beta = np.zeros(p)
    value = _log_likelihood(beta, traits, taken, choices)
    for _ in range(_STEPS):
        gradient, information, _ = _derivatives(beta, traits, taken, choices)
        if np.linalg.cond(information) > 1 / _PRECISE:
            return None
        step = np.linalg.solve(information, gradient)
        for _ in range(30):
            tried = _log_likelihood(beta + step, traits, taken, choices)
            if tried >= value - 1e-12 * abs(value):
                break
            step /= 2
        beta, value = beta + step, tried
        if np.abs(step).max() < _CLOSE:
            break
    else:
        return None
    _, information, scores = _derivatives(beta, traits, taken, choices)
    if np.abs(beta).max() > 50 or np.linalg.cond(information) > 1 / _PRECISE:
        return None
    inverse = np.linalg.inv(information)
    return Logit(beta, inverse @ (scores.T @ scores) @ inverse, value, n)


def _chances(beta: Array, traits: Array, choices: Choices) -> tuple[Array, Array]:
    worth = traits @ beta + choices.offset
    top = worth.max(axis=1, keepdims=True)
    weight = np.exp(worth - top)
    total = weight.sum(axis=1, keepdims=True)
    return weight / total, (top + np.log(total))[:, 0]


def _log_likelihood(beta: Array, traits: Array, taken: Array, choices: Choices) -> float:
    _, total = _chances(beta, traits, choices)
    own = taken @ beta + choices.offset[np.arange(len(taken)), choices.chosen]
    return float((own - total).sum())


def _derivatives(beta: Array, traits: Array, taken: Array, choices: Choices) -> tuple[Array, Array, Array]:
    """Gradient (p,), information (p, p), and each choice's score (n, p)."""
    chance, _ = _chances(beta, traits, choices)
    mean = np.einsum("nm,nmp->np", chance, traits)
    apart = traits - mean[:, None, :]
    information = np.einsum("nm,nmp,nmq->pq", chance, apart, apart, optimize=True)
    scores = taken - mean
    return scores.sum(axis=0), information, scores
