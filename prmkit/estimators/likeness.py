"""Which of some known groups a unit belongs to, told by columns that did not make the groups; and whether they tell anything."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_FOLDS = 5
_Z = 1.645
_STRENGTH = 0.1
"""Inverse weight of the penalty on coefficients of columns of variance 1."""


def likeness(x: Array, labels: Array, k: int, others: Array) -> Array:
    """Chance (m, k) that each of `others` (m, d) belongs to each of the groups of x (n, d): ridge multinomial logit (Hoerl 1970; Cox 1970).

    A group without a unit has chance 0. Raises ValueError where there are not two groups with units.
    """
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(labels)) < 2:
        raise ValueError("two groups with units are needed to tell others by them")
    model = LogisticRegression(C=_STRENGTH, max_iter=500).fit(x, labels)
    chances = np.zeros((len(others), k))
    chances[:, model.classes_] = model.predict_proba(others)
    return chances


def better_than_shares(x: Array, labels: Array, k: int, rng: np.random.Generator) -> bool:
    """Whether columns x (n, d) tell units they were not fitted to better than the groups' shares do: 95% sure, by log score, five folds."""
    n = len(x)
    if n < 10 * _FOLDS or (np.bincount(labels, minlength=k) > _FOLDS).sum() < 2:
        return False
    fold = rng.permutation(n) % _FOLDS
    gain = np.zeros(n)
    for one in range(_FOLDS):
        learn, look = fold != one, fold == one
        shares = (np.bincount(labels[learn], minlength=k) + 0.5) / (learn.sum() + k / 2)
        told = likeness(x[learn], labels[learn], k, x[look])
        own = np.maximum(told[np.arange(look.sum()), labels[look]], 1e-6)
        gain[look] = np.log(own) - np.log(shares[labels[look]])
    return bool(gain.mean() > _Z * gain.std(ddof=1) / np.sqrt(n))
