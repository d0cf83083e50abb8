"""What the elasticity rests on, and the tests that it has to pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.neighbours import Slope
from prmkit.estimators.saturation import CONFLICT, PRIOR_MEAN, Elasticity
from prmkit.practices.reach.crowding.growing import SURE, Lead, Measured, measured
from prmkit.practices.reach.crowding.market import market
from prmkit.practices.reach.crowding.next_partner import next_partner
from prmkit.practices.result import NotComputed


@reads()
def crowding_checks(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_crowding_checks: the elasticity, what the data alone say, the looks into the future, and the territory it hangs on most."""
    fit = portfolio.fitted(measured)
    if fit.slope is None or fit.elasticity is None:
        return None, [NotComputed("crowding_checks", None, fit.reason or "not measured", "sales")]
    rows = [
        _alone(fit.elasticity),
        *(_lead(lead, fit.elasticity.places) for lead in fit.leads),
        *_influence(portfolio, fit.slope, fit.elasticity),
    ]
    if not np.isnan(fit.elasticity.conflict):
        rows.append(_conflict(fit.elasticity))
    rows.insert(0, _together(fit))
    found = portfolio.fitted(next_partner)
    if found is not None:
        said = "how much the elasticity differs between territories, as a standard deviation"
        rows.append(_row("spread", found.spread, said=said))
    return pd.DataFrame(rows), []


def _row(check: str, value: float, low: float = np.nan, high: float = np.nan, passed: bool | None = None, said: str = "") -> dict[str, Any]:
    return {"check": check, "value": value, "low": low, "high": high, "passed": pd.NA if passed is None else passed, "said": said}


def _together(fit: Measured) -> dict[str, Any]:
    found = fit.elasticity
    assert found is not None
    said = fit.reason or f"data and what was known before together; the data decide {found.data_weight:.0%} of it"
    return _row("elasticity", found.estimate, found.low, found.high, fit.reason is None, said)


def _alone(found: Elasticity) -> dict[str, Any]:
    width = found.data_error * float(stats.t.ppf(0.95, max(found.places - 1, 1)))
    said = f"partners' own sales against how many others were there, {found.places} territories over {found.periods} quarters"
    return _row("data_alone", found.data, found.data - width, found.data + width, None, said)


def _lead(lead: Lead, places: int) -> dict[str, Any]:
    width = lead.error * float(stats.t.ppf(SURE, max(places - 1, 1)))
    name = "half_year_ahead" if lead.quarters == 2 else "year_ahead"
    span = f"the {2 * SURE - 1:.1%} range"
    said = f"sales today against the number of others {3 * lead.quarters} months later; {span} must hold none"
    return _row(name, lead.slope, lead.slope - width, lead.slope + width, not lead.fires, said)


def _influence(portfolio: Portfolio, slope: Slope, found: Elasticity) -> list[dict[str, Any]]:
    moved = np.abs(slope.without - slope.estimate)
    at = int(np.argmax(moved))
    half = found.data_error * float(stats.t.ppf(0.95, max(found.places - 1, 1)))
    said = f"what the data say without {portfolio.fitted(market).fitted[at]}, the territory that moves it most"
    return [_row("without_one", 1 + float(slope.without[at]), passed=bool(moved[at] <= half), said=said)]


def _conflict(found: Elasticity) -> dict[str, Any]:
    said = f"data against what is usual ({PRIOR_MEAN:.2f}), in standard deviations; beyond {CONFLICT:.0f} they contradict each other"
    return _row("against_usual", found.conflict, passed=not found.prior_contradicted, said=said)


def doubts(portfolio: Portfolio) -> int:
    """How many checks make findings less sure: resting on what was known before, a contradiction, one territory that decides."""
    fit = portfolio.fitted(measured)
    if fit.elasticity is None or fit.slope is None:
        return 0
    found = fit.elasticity
    half = found.data_error * float(stats.t.ppf(0.95, max(found.places - 1, 1)))
    outweighs = bool(np.abs(fit.slope.without - fit.slope.estimate).max() > half)
    return int(found.data_weight < 0.5) + int(found.prior_contradicted) + int(outweighs)
