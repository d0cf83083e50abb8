"""What a partner truly brought in the last 12 months with luck taken out, as far as its record can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from prmkit.prove.limit.life import fit_life
from prmkit.prove.limit.size import fit_size
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.state import Array, State

YEAR = 12


def expected_revenue(state: State, draws: int, seed: int = 0) -> Array:
    """Draws (n, draws) of the expected revenue, EUR, of the 12 months to the as-of date.

    Rate and order size by their posteriors, the months in which the partner was there by that of its last month; what it truly is stands
    in `simulate.revenue.expected_revenue`, summed over the same months.
    """
    months = state.months
    return drawn_revenue(state, draws, np.random.default_rng(seed), [slice(max(months - YEAR, 0), months)])[0]


def expected_margin(state: State, draws: int, seed: int = 0) -> Array:
    """The same of the gross margin: margin rates are known well from the lines, and taken as they truly are."""
    return expected_revenue(state, draws, seed) * state.network.margin[:, None]


def drawn_revenue(state: State, draws: int, rng: np.random.Generator, windows: Sequence[slice]) -> list[Array]:
    """Draws (n, draws) of the expected revenue of each of several spans of months of the history, the same partners in all of them."""
    life, months = fit_life(state), np.arange(state.months)
    factor = life.record.factor[:, : state.months]
    rate, last = life.draw(draws, rng)
    value = rate * np.exp(fit_size(state).draw(draws, rng)) * mean_lift(state.world)
    made = []
    for window in windows:
        grown = np.cumsum(np.where((months >= window.start) & (months < window.stop), factor, 0.0), axis=1)
        # who never sells has a rate of 0, whatever the months
        made.append(value * np.take_along_axis(grown, np.clip(last, 0, state.months - 1), axis=1))
    return made
