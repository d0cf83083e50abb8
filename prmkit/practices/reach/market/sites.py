"""Where the next partners should be: on the ground, else by postal areas, else by territories."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.saturation import marginal_yield
from prmkit.practices.reach.crowding.growing import elasticity
from prmkit.practices.reach.market.areas import postal
from prmkit.practices.reach.market.customers import by_road
from prmkit.practices.reach.market.ground import ground
from prmkit.practices.reach.market.reachable import reachable
from prmkit.practices.reach.market.site_choice import MOST_SITES, SiteChoice, choose_sites
from prmkit.practices.result import NotComputed

_STREAM = 64
_DRAWS = 400
_LEAST_SERVED = 30
_FIRST = 3
Made = tuple[pd.DataFrame | None, list[NotComputed]]


@reads()
def sites(portfolio: Portfolio) -> Made:
    """reach_sites: places, postal areas or territories for the next partners, the best first, by what the data hold."""
    chosen = _choice(portfolio)
    if isinstance(chosen, SiteChoice):
        return chosen.rows, []
    missing = [NotComputed("sites", column, chosen, "customers") for column in ("latitude", "taken_from_neighbours")]
    on_paper, why = _postal_areas(portfolio) if ground(portfolio).reason else (None, "")
    if on_paper is not None:
        return on_paper, missing
    by_territory = _territories(portfolio)
    if by_territory is not None:
        return by_territory, missing
    reason = "; ".join(part for part in (chosen, why, reachable(portfolio).reason) if part)
    return None, [NotComputed("sites", None, reason, "customers")]


@reads()
def site_rules(portfolio: Portfolio) -> Made:
    """reach_site_rules: what the sites cover together, beside other ways of choosing as many."""
    chosen = _choice(portfolio)
    if isinstance(chosen, SiteChoice):
        return chosen.rules, []
    return None, [NotComputed("site_rules", None, chosen, "customers")]


def _choice(portfolio: Portfolio) -> SiteChoice | str:
    """Chosen once for a portfolio."""
    key = ("reach sites", portfolio.name, portfolio.as_of, portfolio.measure)
    if key not in portfolio.client.fits:
        portfolio.client.fits[key] = choose_sites(portfolio)
    made: SiteChoice | str = portfolio.client.fits[key]
    return made


def _postal_areas(portfolio: Portfolio) -> tuple[pd.DataFrame | None, str]:
    """Areas by what a newcomer should sell to those nobody serves, shared alike with the active partners of the area."""
    rows = postal(portfolio)
    if rows is None:
        return None, ""
    through = by_road(portfolio)["partners"].to_numpy(dtype=float)
    served = through[through > 0]
    if len(served) < _LEAST_SERVED:
        return None, f"{len(served)} customers are known to have bought through partners: {_LEAST_SERVED} are needed to say what one brings"
    with_partner = rows["active_partners"] > 0
    yes, no = (float(rows.loc[with_partner, name].sum()) for name in ("customers_of_partners", "customers_open"))
    if rows["customers_open"].sum() == 0:
        return None, "all customers on record buy: a list of prospects would show what is open"
    rng = np.random.default_rng([portfolio.settings.seed, _STREAM])
    error = float(served.std(ddof=1) / served.mean() / np.sqrt(len(served)))
    value = served.mean() * np.exp(error * rng.standard_normal(_DRAWS) - error**2 / 2) * rng.beta(yes + 0.5, no + 0.5, _DRAWS)
    count = rows["customers_open"].to_numpy(dtype=float)
    share = 1 / (rows["active_partners"].to_numpy(dtype=float) + 1)
    drawn = rng.standard_gamma(np.maximum(count, 1e-9)[:, None], (len(rows), _DRAWS)) * (count > 0)[:, None] * share[:, None] * value
    mean = count * share * served.mean() * (yes + 0.5) / (yes + no + 1)
    made = pd.DataFrame(
        {
            "place": "postal area " + rows["area"].astype("str"),
            "basis": "postal areas",
            "customers_open": count,
            "demand_covered": mean,
            "active_partners": rows["active_partners"].astype("float64"),
        }
    )
    return _first(made, drawn), ""


def _territories(portfolio: Portfolio) -> pd.DataFrame | None:
    """Territories by realistic white space, with what the next partner there should sell."""
    found = reachable(portfolio)
    own = set(portfolio.partners["territory"].dropna()) | set(portfolio.months["territory"].dropna())
    use = found.known & (found.books.index.isin(own) | (portfolio.name == "all"))
    if not use.any() or found.more[use].mean() <= 0:
        return None
    books = found.books[use]
    bend = portfolio.fitted(elasticity)
    yields = np.full(len(books), np.nan)
    partners = books["active_partners"].to_numpy(dtype=float)
    if not isinstance(bend, str):
        sold = np.where(partners > 0, books["partner_revenue"], np.nan)
        yields = np.array([marginal_yield(r, n, bend.estimate) if n > 0 else np.nan for r, n in zip(sold, partners, strict=True)])
    made = pd.DataFrame(
        {
            "place": "territory " + books.index.astype("str"),
            "territory": books.index,
            "basis": "territories",
            "customers_open": (books["end_customers"] - books["customers_served"]).to_numpy(dtype=float),
            "demand_covered": found.more[use].mean(axis=1),
            "active_partners": partners,
            "next_partner_revenue": yields,
        }
    )
    return _first(made, found.more[use])


def _first(rows: pd.DataFrame, draws: np.ndarray) -> pd.DataFrame:
    """At most ten rows, largest first, with ranges; stability: in how many draws a row is among the first three."""
    low, high = np.quantile(draws, [0.05, 0.95], axis=1)
    place = (-draws).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    rows = rows.assign(demand_low=low, demand_high=high, stability=(place < _FIRST).mean(axis=1))
    order = rows[rows["demand_covered"] > 0].sort_values(["demand_covered", "place"], ascending=[False, True], kind="stable")
    return order.head(MOST_SITES).reset_index(drop=True).assign(rank=lambda frame: np.arange(1, len(frame) + 1))
