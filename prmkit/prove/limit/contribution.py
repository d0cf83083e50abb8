"""What a partner truly brought in the last 12 months with luck taken out, as far as its record can tell."""

from __future__ import annotations

import numpy as np

from prmkit.prove.limit.life import Life, fit_life
from prmkit.prove.limit.size import GridSize, NormalSize, fit_size
from prmkit.simulate.orders import mean_lift
from prmkit.simulate.state import Array, State

YEAR = 12


def expected_revenue(state: State, draws: int, seed: int = 0) -> Array:
    """Draws (n, draws) of the expected revenue, EUR, of the 12 months to the as-of date.

    Rate and order size by their posteriors, the months in which the partner was there by that of its last month; what it truly is stands
    in `simulate.revenue.expected_revenue`, summed over the same months.
    """
    return drawn_revenue(state, fit_life(state), fit_size(state), draws, np.random.default_rng(seed))


def expected_margin(state: State, draws: int, seed: int = 0) -> Array:
    """The same of the gross margin: margin rates are known well from the lines, and taken as they truly are."""
    return expected_revenue(state, draws, seed) * state.network.margin[:, None]


def drawn_revenue(state: State, life: Life, size: NormalSize | GridSize, draws: int, rng: np.random.Generator) -> Array:
    """The same from posteriors already worked out."""
    months, first = state.months, max(state.months - YEAR, 0)
    grown = np.cumsum(np.where(np.arange(months) >= first, life.record.factor[:, :months], 0.0), axis=1)
    rate, last = life.draw(draws, rng)
    # who never sells has a rate of 0, whatever the months
    exposure = np.take_along_axis(grown, np.clip(last, 0, months - 1), axis=1)
    made: Array = rate * exposure * np.exp(size.draw(draws, rng)) * mean_lift(state.world)
    return made
