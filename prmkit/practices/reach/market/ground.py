"""Partners and customers on the ground: who is where, who is served by whom, and how far that reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.sphere import kilometres
from prmkit.practices.reach.market.customers import by_road, lapsed, main_partner
from prmkit.practices.reach.market.places import FAULTS, area, located
from prmkit.practices.reach.territories import active

Array = NDArray[np.float64]

LEAST_CUSTOMERS, LEAST_PARTNERS, LEAST_PAIRS = 30, 3, 30
HOLDS = 0.8
"""Share of sales that a catchment's radius holds."""
_SIZES = ("sales_headcount", "employees")
_FILLED = 0.8
_YEAR = 12


@dataclass(frozen=True)
class Ground:
    """Everything of the whole client that has a place.

    partners: partner_id, name, territory, latitude, longitude, by, revenue (12 months), selling (in the 12 months), active (in six),
    size (attractiveness, above zero); only those with a place. customers: customer_id, area, latitude, longitude, by, partners, direct
    (revenue on each road), served, lapsed, home (row of its main partner, -1 without), km to it; only those with a place.
    radius: km within which HOLDS of sales to customers with coordinates happen, nan where too few are. size_of: what size is.
    left_out: what was not used, in words. reason: why there is nothing to go by, "" where there is.
    """

    partners: pd.DataFrame
    customers: pd.DataFrame
    radius: float
    size_of: str
    left_out: tuple[str, ...]
    reason: str

    @property
    def pairs(self) -> pd.DataFrame:
        """Customers whose main partner has a place as well, both by coordinates of their own."""
        rows = self.customers[(self.customers["home"] >= 0) & (self.customers["by"] == "coordinates")]
        made: pd.DataFrame = rows[(self.partners["by"].to_numpy() == "coordinates")[rows["home"].to_numpy()]]
        return made


def ground(portfolio: Portfolio) -> Ground:
    """Worked out once for the whole client."""
    return portfolio.fitted(_ground)


def customer_list(portfolio: Portfolio) -> pd.DataFrame:
    """All known customers, listed or named on a line of the 12 months: customer_id, country, postal_code, latitude, longitude, area,
    partners, direct (revenue of the 12 months), served (by a partner), lapsed (bought in the 24 months before only), was (a year, then)."""
    return portfolio.fitted(_customer_list)


def degrees(rows: pd.DataFrame) -> tuple[Array, Array]:
    """Latitude and longitude of rows as arrays."""
    return rows["latitude"].to_numpy(dtype=float), rows["longitude"].to_numpy(dtype=float)


def own_partners(ids: pd.Series, portfolio: Portfolio) -> NDArray[np.bool_]:
    """Which of the ids are partners of the portfolio."""
    if portfolio.name == "all":
        return np.ones(len(ids), dtype=bool)
    made: NDArray[np.bool_] = ids.isin(portfolio.partners["partner_id"]).to_numpy()
    return made


@reads()
def _customer_list(portfolio: Portfolio) -> pd.DataFrame:
    where = ["country", "postal_code", "latitude", "longitude"]
    listed = portfolio.tables.get("customers")
    rows = pd.DataFrame({name: pd.Series(dtype="float64" if name[0] == "l" else "str") for name in ["customer_id", *where]})
    if listed is not None and len(listed):
        rows = listed.dropna(subset=["customer_id"]).drop_duplicates("customer_id")[["customer_id", *where]]
    road = by_road(portfolio)
    more = road.index.difference(pd.Index(rows["customer_id"]))
    rows = pd.concat([rows, pd.DataFrame({"customer_id": more.astype("str")})], ignore_index=True) if len(more) else rows
    rows = rows.reset_index(drop=True)
    for name in ("partners", "direct"):
        rows[name] = rows["customer_id"].map(road[name]).fillna(0.0).astype("float64")
    was = rows["customer_id"].map(lapsed(portfolio).set_index("customer_id")["revenue"]).astype("float64")
    return rows.assign(
        area=area(rows["country"], rows["postal_code"]), served=rows["partners"] > 0, lapsed=was.notna(), was=was.fillna(0.0)
    )


@reads()
def _ground(portfolio: Portfolio) -> Ground:
    customers, partners = customer_list(portfolio), _partners(portfolio)
    told = []
    for rows, noun in ((partners, "partner"), (customers, "customer")):
        place = located(rows)
        for name in ("latitude", "longitude", "by"):
            rows[name] = place[name]
        told += [_said(count, noun, str(word)) for word, count in place["fault"].value_counts().items() if word]
        by_area = int((place["by"] == "postal area").sum())
        told += [f"{by_area} {noun}{'s' * (by_area != 1)} placed in the middle of the postal area"] if by_area else []
    size, size_of = _size(portfolio, partners)
    partners = partners.assign(size=size)
    partners, customers = (rows[rows["by"] != ""].reset_index(drop=True) for rows in (partners, customers))
    customers = _home(portfolio, partners, customers)
    few = partners["active"].sum() < LEAST_PARTNERS or len(customers) < LEAST_CUSTOMERS
    reason = _too_few(partners, customers) if few else ""
    made = Ground(partners, customers, np.nan, size_of, tuple(told), reason)
    return Ground(partners, customers, np.nan if few else _radius(made.pairs), size_of, tuple(told), reason)


def _partners(portfolio: Portfolio) -> pd.DataFrame:
    rows = portfolio.partners.drop_duplicates("partner_id")[
        ["partner_id", "name", "territory", "country", "postal_code", "latitude", "longitude"]
    ].reset_index(drop=True)
    year, now = (series.groupby(level=0).first() for series in (portfolio.per_partner(), active(portfolio)))
    rows["revenue"] = rows["partner_id"].map(year).fillna(0.0).astype("float64")
    rows["selling"] = rows["revenue"] > 0
    rows["active"] = rows["partner_id"].map(now).fillna(False).astype(bool) & rows["selling"]
    return rows.assign(area=area(rows["country"], rows["postal_code"]))


def _size(portfolio: Portfolio, partners: pd.DataFrame) -> tuple[Array, str]:
    """People where most partners state them, else sales of the year before: never those of the year that is to be explained."""
    own = portfolio.partners.drop_duplicates("partner_id").reset_index(drop=True)
    selling = partners["selling"].to_numpy()
    for column in _SIZES:
        value = own[column].to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(value) & (value > 0)
        if selling.any() and known[selling].mean() >= _FILLED:
            return np.where(known, value, np.median(value[known & selling])), column.replace("_", " ")
    if portfolio.history_months >= 2 * _YEAR:
        value = partners["partner_id"].map(portfolio.per_partner(first=_YEAR).groupby(level=0).first()).fillna(0.0).to_numpy(dtype=float)
        if (value[selling] > 0).sum() >= LEAST_PARTNERS:
            least = float(np.quantile(value[selling & (value > 0)], 0.05))
            return np.maximum(value, least), "sales of the year before"
    return np.ones(len(partners)), ""


def _home(portfolio: Portfolio, partners: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    row = pd.Series(np.arange(len(partners)), index=partners["partner_id"].to_numpy())
    home = customers["customer_id"].map(main_partner(portfolio)).map(row).fillna(-1).astype("int64")
    apart = np.full(len(customers), np.nan)
    there = home.to_numpy() >= 0
    apart[there] = kilometres(*degrees(customers[there]), *degrees(partners.iloc[home.to_numpy()[there]]))
    return customers.assign(home=home, km=apart)


def _radius(pairs: pd.DataFrame) -> float:
    """The weighted quantile of distances, by revenue; at least one km."""
    if len(pairs) < LEAST_PAIRS:
        return float("nan")
    ordered = pairs.sort_values("km", kind="stable")
    held = ordered["partners"].cumsum() / ordered["partners"].sum()
    return max(float(ordered["km"].iloc[int(np.searchsorted(held.to_numpy(), HOLDS))]), 1.0)


def _said(count: int, noun: str, fault: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)} {FAULTS[fault]}"


def _too_few(partners: pd.DataFrame, customers: pd.DataFrame) -> str:
    there = int(partners["active"].sum()) if len(partners) else 0
    return (
        f"usable coordinates of {there} active partners and {len(customers)} customers: {LEAST_PARTNERS} and {LEAST_CUSTOMERS} are needed"
    )
