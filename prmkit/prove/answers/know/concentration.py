"""How concentrated revenue is said to be, against very many partners of the same kind."""

from __future__ import annotations

from functools import cache

import numpy as np

from prmkit.estimators.concentration import ENOUGH_HOLDERS, concentration
from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Estimates, Outcome
from prmkit.simulate import WORLDS, make_state
from prmkit.simulate.revenue import realised_revenue
from prmkit.simulate.state import AHEAD

_POPULATION, _POPULATION_SEED = 20_000, 1_000_003
_MEASURES = ("top_20_share", "gini")


def concentration_of(case: Case) -> Outcome | None:
    """Top-fifth share and Gini against those of very many partners of the same kind."""
    rows = case.table("know", "concentration").set_index("measure").reindex(_MEASURES)
    truth = np.array(_population(case.world.name, case.state.months))
    value, low, high = (rows[name].to_numpy(dtype=float) for name in ("value", "low", "high"))
    given = np.isfinite(low)
    enough = np.full(2, case.state.lives.alive[:, -AHEAD - 1].sum() >= ENOUGH_HOLDERS)
    return Outcome(Estimates.of(truth, np.where(given, value, np.nan), low, high, naive=value, should=enough))


@cache
def _population(world: str, months: int) -> tuple[float, ...]:
    state = make_state(WORLDS.get(world), _POPULATION_SEED, _POPULATION, months)
    bought = realised_revenue(state)[:, months - 12 : months].sum(axis=1)
    found = concentration(bought[bought > 0], seed=1)
    return tuple(found[name].value for name in _MEASURES)


CONCENTRATION_ANSWERS = (
    Answer(
        "know.concentration",
        "know",
        "How far does revenue hang on a few partners?",
        "top-fifth share and Gini",
        "the figure as it stands",
        "not worked out",
        concentration_of,
    ),
)
