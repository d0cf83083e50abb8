"""The group of needs that a respondent truly belongs to, told what each group wants and how people tick boxes."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.state import Array, Whole

_GRID = 31
_TOP = 5


def likeliest_group(answers: Array, profiles: Array, shares: Array, spread: float, style: float) -> Whole:
    """The likeliest of k groups for each respondent (n,): answers (n, d) are whole numbers from 1 to 5, nan where not given.

    profiles: (k, d) means before rounding. shares: (k,). spread: standard deviation of an answer. style: of a respondent's own level.
    """
    from scipy.stats import norm

    seen = np.isfinite(answers)
    ticked = np.where(seen, answers, 1).astype(np.int64) - 1
    levels = np.linspace(-3, 3, _GRID)
    edges = np.concatenate([[-np.inf], np.arange(1.5, _TOP), [np.inf]])
    logs = np.empty((len(answers), len(profiles)))
    for group, profile in enumerate(profiles):
        each = []
        for level in levels:
            below = norm.cdf((edges[:, None] - profile - level * style) / spread)
            chance = np.log(np.diff(below, axis=0) + 1e-12)
            each.append(np.where(seen, chance[ticked, np.arange(len(profile))], 0.0).sum(axis=1) - level**2 / 2)
        logs[:, group] = np.logaddexp.reduce(each, axis=0) + np.log(shares[group])
    made: Whole = logs.argmax(axis=1)
    return made
