"""Where the next partner goes: what one more would bring in each territory, whom it would sit beside, and whether it may."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.estimators.bootstrap import interval
from prmkit.practices.reach.agreed.in_force import exclusive
from prmkit.practices.reach.allotment.cells import Cells, make_cells
from prmkit.practices.reach.allotment.limits import barred_places
from prmkit.practices.reach.count.case import Case

Array = NDArray[np.float64]

_STREAM = 62


def next_partner(case: Case, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | str:
    """reach_next_partner: the best type for each territory, cheapest revenue first, those where nobody may be added last; or why not.

    revenue is what one recruit signed at some time before the goal's last day adds to the goal's 12 months, net of what it takes from
    those there; its interval is of that expectation, not of one recruit's luck.
    """
    cells = make_cells(case)
    if cells is None or not (cells.worth > 0).any():
        return "neither territories nor types tell recruits apart"
    slope = cells.markets.gain(np.minimum(_best_worth(cells), np.inf)) / np.maximum(_best_worth(cells), 1e-12)
    best = _best(cells)
    unsure = _uncertainty(case, cells, best)
    barred = barred_places(case.portfolio, tables.get("saturation"))
    alone = exclusive(case.portfolio).drop_duplicates("territory").set_index("territory")["agreement_id"]
    rows = []
    for place, name in enumerate(cells.territory):
        cell = best[place]
        net, own = float(cells.worth[cell] * slope[place]), float(cells.markets.own(_best_worth(cells))[place])
        low, high = interval(unsure[:, place] * net)
        rows.append(
            {
                "territory": name,
                "partner_type": cells.types[cells.kind[cell]],
                "revenue": net,
                "revenue_low": low,
                "revenue_high": high,
                "taken_from_neighbours": max(own - net, 0.0),
                "cost": float(cells.cost[cell]) if cells.priced else np.nan,
                "marginal_cost_per_revenue": float(cells.cost[cell]) / net if cells.priced and net > 0 else np.nan,
                "neighbours": int(cells.present[place]),
                "exclusive_agreement": alone.get(name),
                "allowed": name not in barred,
                "why": barred.get(name, _why(int(cells.present[place]))),
            }
        )
    made = pd.DataFrame(rows)
    return made.sort_values(["allowed", "revenue", "territory"], ascending=[False, False, True], kind="stable").reset_index(drop=True)


def _why(neighbours: int) -> str:
    return "nobody sells there yet" if not neighbours else "no contract on file stands against it"


def _best(cells: Cells) -> NDArray[np.int64]:
    """The cell (T,) with most worth per cost in each territory."""
    rate = (cells.worth / cells.cost).reshape(len(cells.territory), len(cells.types))
    made: NDArray[np.int64] = np.arange(len(rate)) * rate.shape[1] + rate.argmax(axis=1)
    return made


def _best_worth(cells: Cells) -> Array:
    return cells.worth[_best(cells)]


def _uncertainty(case: Case, cells: Cells, best: NDArray[np.int64]) -> Array:
    """Factors (D, T) on the expected revenue: what is not known of the channel, the territory and the type."""
    rng = np.random.default_rng([case.portfolio.settings.seed, _STREAM])
    mean = case.recruits.mean * case.trend
    kind = cells.kind[best]
    place = rng.standard_normal((len(mean), len(cells.unsure_place)))
    typed = rng.standard_normal((len(mean), len(cells.unsure_type)))[:, kind]
    wide = np.exp(
        cells.unsure_place * place - cells.unsure_place**2 / 2 + cells.unsure_type[kind] * typed - cells.unsure_type[kind] ** 2 / 2
    )
    made: Array = (mean / float(mean.mean()))[:, None] * wide
    return made
