"""What partners sell month by month: expected, and as it came."""

from __future__ import annotations

import numpy as np

from prmkit.simulate.arithmetic import exp
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.state import Array, State


def expected_revenue(state: State) -> Array:
    """Expected revenue of each partner and month (n, span), in EUR: its traits and its actual life known, the luck of single orders not."""
    network, lives = state.network, state.lives
    value = exp(network.log_size) * mean_lift(state.world)
    made: Array = (network.rate * value)[:, None] * lives.factor * lives.alive
    return made


def realised_revenue(state: State) -> Array:
    """What each partner sold (n, span), in EUR, months ahead included."""
    shape = state.lives.alive.shape
    cell = state.orders.partner * shape[1] + state.orders.month
    made: Array = np.asarray(np.bincount(cell, state.orders.value, minlength=shape[0] * shape[1]), dtype=np.float64).reshape(shape)
    return made
