"""Area by area: customers, who serves them, and which areas have customers and no partner."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.sphere import cells
from prmkit.practices.reach.market.ground import Ground, customer_list, degrees, ground, own_partners
from prmkit.practices.reach.market.opening import opening
from prmkit.practices.reach.market.places import area
from prmkit.practices.reach.market.spots import spots
from prmkit.practices.reach.territories import active
from prmkit.practices.result import NotComputed

LEAST_CUSTOMERS, LEAST_PARTNERS = 30, 3
_MOST_CELLS = 400
_NO_RADIUS = 50.0
_COUNTS = ("customers", "served", "direct_only", "open", "revenue", "direct")
_COLUMNS = {
    "served": "customers_of_partners",
    "direct_only": "customers_direct",
    "open": "customers_open",
    "revenue": "partner_revenue",
    "direct": "direct_revenue",
}


@reads()
def areas(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_areas: cells on the ground where coordinates are known, else postal areas; customers and partners of each."""
    found = ground(portfolio)
    if not found.reason:
        cut = _on_ground(portfolio, found)
        return (cut, []) if len(cut) else (None, [NotComputed("areas", None, "no customer lies nearest to these partners", "customers")])
    rows = postal(portfolio)
    if rows is None:
        why = f"{found.reason}; and postal codes of too few partners or customers stand in for them"
        return None, [NotComputed("areas", None, why, "customers")]
    return rows, [NotComputed("areas", "latitude", found.reason, "customers")]


def postal(portfolio: Portfolio) -> pd.DataFrame | None:
    """Postal areas of the countries in which the portfolio has partners; None where too few codes are known."""
    rows = portfolio.fitted(_postal)
    if rows is None or portfolio.name == "all":
        return rows
    own = portfolio.partners
    mine = area(own["country"], own["postal_code"]).dropna().str.split(" ").str[0].unique()
    kept = rows[rows["area"].str.split(" ").str[0].isin(mine)].reset_index(drop=True)
    return kept if len(kept) else None


@reads()
def _postal(portfolio: Portfolio) -> pd.DataFrame | None:
    customers, partners = customer_list(portfolio), portfolio.partners
    act = partners["partner_id"].map(active(portfolio).groupby(level=0).first()).fillna(False).astype(bool)
    where = area(partners["country"], partners["postal_code"])
    if (act & where.notna()).sum() < LEAST_PARTNERS or customers["area"].notna().sum() < LEAST_CUSTOMERS:
        return None
    flags = _flags(customers)
    sums = flags.groupby(customers["area"]).sum()
    rows = sums.assign(active_partners=where[act].value_counts().reindex(sums.index, fill_value=0)).rename_axis("area").reset_index()
    named: pd.DataFrame = rows.rename(columns=_COLUMNS).assign(basis="postal areas")
    return named.sort_values(["customers", "area"], ascending=[False, True], kind="stable", ignore_index=True)


def _flags(customers: pd.DataFrame) -> pd.DataFrame:
    direct = (customers["direct"] > 0) & ~customers["served"]
    return pd.DataFrame(
        {
            "customers": 1,
            "served": customers["served"],
            "direct_only": direct,
            "open": ~direct & ~customers["served"],
            "revenue": customers["partners"],
            "direct": customers["direct"],
        }
    )


def _on_ground(portfolio: Portfolio, found: Ground) -> pd.DataFrame:
    rows = spots(portfolio).rows
    own = own_partners(found.partners["partner_id"], portfolio)
    mine = own[rows["nearest"].to_numpy()]
    rows = rows.assign(open_demand=opening(portfolio).weight if np.isfinite(found.radius) else np.nan).loc[mine]
    if rows.empty:
        return pd.DataFrame()
    km = found.radius / 2 if np.isfinite(found.radius) else _NO_RADIUS
    lat, lon = degrees(rows)
    code = cells(lat, lon, km)
    while code.max() >= _MOST_CELLS:
        km *= 1.3
        code = cells(lat, lon, km)
    each = rows.groupby(code)
    weights = rows["customers"].to_numpy(dtype=float)
    count = np.bincount(code, weights)
    north, east = (np.bincount(code, weights * axis) / count for axis in (lat, lon))
    label = rows.sort_values("customers", ascending=False, kind="stable").groupby(code[np.argsort(-weights, kind="stable")])["area"].first()
    made: pd.DataFrame = each[[*_COUNTS, "open_demand"]].sum(min_count=1).rename(columns=_COLUMNS)
    made = made.assign(
        area=[_label(name, *spot) for name, *spot in zip(label.reindex(made.index), north, east, strict=True)],
        basis="places",
        latitude=north,
        longitude=east,
        width_km=km,
        active_partners=_inside(found, lat, lon, km, code),
        nearest_partner_km=each["nearest_km"].min(),
    )
    return made.sort_values(["customers", "area"], ascending=[False, True], kind="stable", ignore_index=True)


def _inside(found: Ground, lat: np.ndarray, lon: np.ndarray, km: float, code: np.ndarray) -> np.ndarray:
    """Active partners in each cell."""
    there = found.partners[found.partners["active"]]
    north, east = degrees(there)
    every = cells(np.concatenate([lat, north]), np.concatenate([lon, east]), km)
    counts = np.bincount(every[len(lat) :], minlength=int(every.max()) + 1)
    cell = np.empty(int(code.max()) + 1, dtype=np.int64)
    cell[code] = every[: len(lat)]
    made: np.ndarray = counts[cell]
    return made


def _label(area_name: object, north: float, east: float) -> str:
    spot = f"{abs(north):.2f}° {'N' if north >= 0 else 'S'}, {abs(east):.2f}° {'E' if east >= 0 else 'W'}"
    return f"{area_name} ({spot})" if isinstance(area_name, str) and area_name else spot
