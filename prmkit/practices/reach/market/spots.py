"""Customers of one place counted together, and the nearest active partner of each place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.sphere import cells, nearest, spots_of
from prmkit.practices.reach.market.ground import degrees, ground

_MOST_SPOTS = 4_000
_NO_RADIUS = 50.0


@dataclass(frozen=True)
class Spots:
    """Customers of one place counted together: each on its own where there are few thousand, else by cells.

    rows: latitude, longitude, customers, served, direct_only, open (neither), lapsed (of these), was (their sales a year, then),
    revenue (through partners), direct, nearest (row of the nearest active partner), nearest_km, area (the commonest postal area).
    which (n,): the spot of each customer of the ground.
    km: width of a cell, 0 where every customer is a spot.
    """

    rows: pd.DataFrame
    which: NDArray[np.int64]
    km: float


def spots(portfolio: Portfolio) -> Spots:
    """The spots of the whole client's ground, which must hold something; counted once."""
    return portfolio.fitted(_spots)


@reads()
def _spots(portfolio: Portfolio) -> Spots:
    found = ground(portfolio)
    customers = found.customers
    lat, lon = degrees(customers)
    km = 0.0
    which = spots_of(lat, lon)
    if which.max(initial=0) >= _MOST_SPOTS:
        km = (found.radius if np.isfinite(found.radius) else _NO_RADIUS) / 4
        which = cells(lat, lon, km)
        while which.max() >= _MOST_SPOTS:
            km *= 1.5
            which = cells(lat, lon, km)
    rows = _counted(customers, which)
    act = np.flatnonzero(found.partners["active"].to_numpy())
    there = found.partners.iloc[act]
    distance, number = nearest(*degrees(rows), *degrees(there), 1)
    return Spots(rows.assign(nearest=act[number[:, 0]], nearest_km=distance[:, 0]), which, km)


def _counted(customers: pd.DataFrame, which: NDArray[np.int64]) -> pd.DataFrame:
    served, direct = customers["served"].to_numpy(), (customers["direct"] > 0).to_numpy()
    flags = pd.DataFrame(
        {
            "customers": 1,
            "served": served,
            "direct_only": direct & ~served,
            "open": ~direct & ~served,
            "lapsed": customers["lapsed"].to_numpy() & ~direct & ~served,
            "was": np.where(customers["lapsed"].to_numpy() & ~direct & ~served, customers["was"].to_numpy(), 0.0),
            "revenue": customers["partners"].to_numpy(),
            "direct": customers["direct"].to_numpy(),
        }
    )
    sums = flags.groupby(which).sum()
    middle = customers[["latitude", "longitude"]].groupby(which).mean()
    named = pd.DataFrame({"spot": which, "area": customers["area"].to_numpy()}).dropna()
    counts = named.value_counts(sort=False).rename("times").reset_index()
    counts = counts.sort_values(["spot", "times", "area"], ascending=[True, False, True], kind="stable").drop_duplicates("spot")
    return middle.join(sums).assign(area=counts.set_index("spot")["area"].reindex(middle.index).astype("str"))
