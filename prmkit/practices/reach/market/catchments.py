"""Each partner's catchment: whom it serves and how far away, whom it would serve if size and distance alone decided, who is beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.huff import huff
from prmkit.estimators.sphere import nearest
from prmkit.practices.reach.market.gravity import LEAST_KM, Gravity, gravity, table
from prmkit.practices.reach.market.ground import HOLDS, Ground, degrees, ground, own_partners
from prmkit.practices.reach.market.spots import Spots, spots
from prmkit.practices.result import NotComputed

Array = NDArray[np.float64]

_NEIGHBOURS = 60
_FEW = 5
_Z = 1.645


@reads()
def catchments(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_catchments: one row a partner of the portfolio that sold in the 12 months and has a place."""
    found = ground(portfolio)
    if found.reason:
        return None, [NotComputed("catchments", None, found.reason, _needs(portfolio))]
    if not (found.customers["home"] >= 0).any():
        why = "which partner sold to which customer is not known: sales lines do not name the end customer"
        return None, [NotComputed("catchments", None, why, "sales")]
    rows = portfolio.fitted(_rows)
    made = rows[own_partners(rows["partner_id"], portfolio)].reset_index(drop=True)
    if made.empty:
        return None, [NotComputed("catchments", None, "no partner of this portfolio has usable coordinates", "partners")]
    return made, []


@reads()
def gravity_table(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_gravity: how far size and distance decide, and how well that names the partner of customers left out."""
    found = ground(portfolio)
    if found.reason:
        return None, [NotComputed("gravity", None, found.reason, _needs(portfolio))]
    told = gravity(portfolio)
    missing = [NotComputed("gravity", "low", f"usual values, not learnt: {told.reason}", "customers")] if told.reason else []
    return table(told, found.radius), missing


def _needs(portfolio: Portfolio) -> str:
    partners = portfolio.partners[["latitude", "longitude"]].notna().all(axis=1).any()
    return "customers" if partners else "partners"


@reads()
def _rows(portfolio: Portfolio) -> pd.DataFrame:
    found = ground(portfolio)
    partners, customers = found.partners, found.customers
    sellers = np.flatnonzero(partners["selling"].to_numpy())
    theirs = customers[customers["home"] >= 0]
    grouped = theirs.groupby("home")
    count = grouped.size().reindex(sellers, fill_value=0).to_numpy(dtype=float)
    reach = grouped["km"].quantile(HOLDS).reindex(sellers).to_numpy(dtype=float)
    expected, spread = _expected(found, spots(portfolio), gravity(portfolio), sellers)
    place = partners.iloc[sellers].reset_index(drop=True)
    apart = _neighbour(place)
    overlap = _nearer(found, theirs, sellers)
    return pd.DataFrame(
        {
            "partner_id": place["partner_id"],
            "territory": place["territory"],
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "placed_by": place["by"],
            "active": place["active"],
            "revenue": place["revenue"],
            "customers": count,
            "expected_customers": expected,
            "expected_low": np.maximum(expected - _Z * spread, 0.0),
            "expected_high": expected + _Z * spread,
            "located_revenue": grouped["partners"].sum().reindex(sellers, fill_value=0.0).to_numpy(dtype=float),
            "radius_km": np.where(count >= _FEW, reach, np.nan),
            "overlap": np.where(count > 0, overlap, np.nan),
            "nearest_neighbour_km": apart,
        }
    )


def _expected(found: Ground, where: Spots, pull: Gravity, sellers: NDArray[np.int64]) -> tuple[Array, Array]:
    """Served customers shared out by size and distance among the 60 nearest partners that sold, and the spread of luck around it."""
    place = found.partners.iloc[sellers]
    rows = where.rows
    here = rows["served"].to_numpy(dtype=float)
    use = np.flatnonzero(here > 0)
    apart, which = nearest(*degrees(rows.iloc[use]), *degrees(place), _NEIGHBOURS)
    size = place["size"].to_numpy(dtype=float)[which]
    chance = huff(size, apart, pull.size[0], max(pull.distance[0], 0.0), LEAST_KM)
    mean = np.bincount(which.ravel(), (here[use, None] * chance).ravel(), minlength=len(sellers))
    variance = np.bincount(which.ravel(), (here[use, None] * chance * (1 - chance)).ravel(), minlength=len(sellers))
    return mean.astype(np.float64), np.sqrt(variance)


def _neighbour(place: pd.DataFrame) -> Array:
    """km to the nearest other active partner."""
    act = np.flatnonzero(place["active"].to_numpy())
    if len(act) < 2:
        return np.full(len(place), np.nan)
    there = place.iloc[act]
    apart, which = nearest(*degrees(place), *degrees(there), 2)
    itself = act[which[:, 0]] == np.arange(len(place))
    made: Array = np.where(itself, apart[:, 1], apart[:, 0])  # at one place with another a partner may find itself second
    return made


def _nearer(found: Ground, theirs: pd.DataFrame, sellers: NDArray[np.int64]) -> Array:
    """Share of each partner's customers that have another active partner nearer than itself."""
    act = np.flatnonzero(found.partners["active"].to_numpy())
    there = found.partners.iloc[act]
    apart, which = nearest(*degrees(theirs), *degrees(there), 2)
    home = theirs["home"].to_numpy()
    other = np.where(act[which[:, 0]] == home, apart[:, -1] if apart.shape[1] > 1 else np.inf, apart[:, 0])
    nearer = pd.Series(other < theirs["km"].to_numpy() - 1e-9).groupby(home).mean()
    made: Array = nearer.reindex(sellers).to_numpy(dtype=float)
    return made
