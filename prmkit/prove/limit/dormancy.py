"""The chance that a partner goes silent: its record known, and beside it what is true of it."""

from __future__ import annotations

import numpy as np

from prmkit.prove.limit.hazard import hazard_if_there
from prmkit.prove.limit.life import Life, fit_life
from prmkit.simulate.state import Array, State

HALF = 6


def chance_silent(state: State, months: int = HALF, life: Life | None = None) -> Array:
    """Chance (n,) of no order in the coming `months`, given what is on record: gone already, leaving in time, or there without an order."""
    fitted = life or fit_life(state)
    record = fitted.record
    ahead = slice(record.months, record.months + months)
    leaving = _leaving(record.hazard[:, ahead])
    there = np.zeros(record.size)
    for kind, chance in zip(fitted.kinds, fitted.chance, strict=True):
        there += chance[:, -1] * (leaving * kind.silence(record.factor[:, ahead])).sum(axis=1)
    return np.clip(1.0 - fitted.there + there, 0.0, 1.0)


def true_chance_silent(state: State, months: int = HALF) -> Array:
    """The same (n,) for who knows the order rate of a partner and whether it is there; of partners whose orders come at random."""
    ahead = slice(state.months, state.months + months)
    factor = np.cumsum(state.lives.factor[:, ahead], axis=1)
    quiet = (_leaving(hazard_if_there(state)[:, ahead]) * np.exp(-state.network.rate[:, None] * factor)).sum(axis=1)
    return np.where(state.lives.alive[:, state.months], quiet, 1.0)


def _leaving(hazard: Array) -> Array:
    """Chance (n, k) that the 1st, 2nd, ... month ahead is the last of who is there now; the k-th stands for all later ones too."""
    kept = np.cumprod(1.0 - hazard, axis=1)
    before = np.concatenate([np.ones((len(hazard), 1)), kept[:, :-1]], axis=1)
    made: Array = before * hazard
    made[:, -1] = before[:, -1]
    return made
