"""Where the next partners should be on the ground: the sites that together cover most of what is open, and how sure each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.covering import best_cover, drawn_covers, greedy_cover, ranked
from prmkit.estimators.sphere import cells, kilometres, within
from prmkit.practices.reach.market.gravity import Gravity, gravity
from prmkit.practices.reach.market.ground import Ground, degrees, ground, own_partners
from prmkit.practices.reach.market.opening import Opening, newcomer_share, opening
from prmkit.practices.reach.market.spots import spots

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_SITES = 10
_MOST_DEMANDS, _MOST_CANDIDATES = 1_500, 240
_CELL = 1 / 5
_WORTHWHILE, _NESTED, _LOST = 0.05, 0.02, 0.005
_NAMED = 3
_MOST = 0.5


@dataclass(frozen=True)
class SiteChoice:
    """rows: reach_sites of one portfolio; rules: reach_site_rules, what other ways of choosing as many sites would cover."""

    rows: pd.DataFrame
    rules: pd.DataFrame


def choose_sites(portfolio: Portfolio) -> SiteChoice | str:
    """Sites among the spots nearest to the portfolio's own active partners, or why none can be named."""
    found = ground(portfolio)
    if found.reason:
        return found.reason
    if not np.isfinite(found.radius):
        return "how far partners' sales reach is not known: too few customers whose place and whose partner's place are known"
    if gravity(portfolio).flat:
        return "distance hardly decides whom customers buy from: a place is no reason for a partner"
    open_, where = opening(portfolio), spots(portfolio)
    if open_.reason:
        return open_.reason
    own = own_partners(found.partners["partner_id"], portfolio)[where.rows["nearest"].to_numpy()]
    weight = np.where(own, open_.weight, 0.0)
    if weight.sum() <= 0:
        return "no open customer lies nearest to a partner of this portfolio"
    return _chosen(found, gravity(portfolio), where.rows, open_, weight)


def _chosen(found: Ground, pull: Gravity, rows: pd.DataFrame, open_: Opening, weight: Array) -> SiteChoice:
    lat, lon = degrees(rows)
    cell = _pooled(lat, lon, weight, found.radius)
    sums = np.bincount(cell, weight).astype(np.float64)
    middle = [np.bincount(cell, weight * axis) / np.where(sums > 0, sums, 1.0) for axis in (lat, lon)]
    kept = np.sort(np.argsort(-sums, kind="stable")[: min(_MOST_DEMANDS, int((sums > 0).sum()))])
    place = middle[0][kept], middle[1][kept]
    around = _matrix(within(*place, *place, found.radius), len(kept))
    candidates = _candidates(around, sums[kept])
    reaches = around[candidates]
    picked, ways = _settled(reaches, around, sums[kept])
    sites = _centred(place, around, sums[kept], candidates[picked])
    everywhere = _matrix(within(place[0][sites], place[1][sites], lat, lon, found.radius), len(lat))
    sites = sites[ranked(everywhere, weight, np.arange(len(sites))).sites]
    drawn = np.stack([np.bincount(cell, row, minlength=len(sums)).astype(np.float64) for row in open_.draws * (weight > 0)])[:, kept]
    steady = _stability(around, sums[kept], sites, candidates, drawn_covers(reaches, drawn, len(sites)))
    told = _told(found, pull, rows, open_, weight, (place[0][sites], place[1][sites]), steady)
    rules = pd.DataFrame({"rule": list(ways), "sites": len(picked), "covered": list(ways.values())})
    return SiteChoice(told, rules.assign(share_of_chosen=rules["covered"] / ways["chosen"]))


def _settled(reaches: sparse.csr_array, around: sparse.csr_array, weight: Array) -> tuple[Whole, dict[str, float]]:
    """The sites (numbers of candidates) and what they and other ways of choosing as many cover.

    One site after the other where that covers all but a fiftieth of the best choice of as many: such a plan holds whatever number is
    signed in the end. Else the best choice together. No more sites than add a twentieth of what the first does.
    """
    steps = greedy_cover(reaches, weight, MOST_SITES)
    count = int((steps.added >= _WORTHWHILE * steps.added[0]).sum())
    one_by_one, together = greedy_cover(reaches, weight, count), best_cover(reaches, weight, count)
    nested = one_by_one.covered >= (1 - _NESTED) * together.covered
    chosen = one_by_one if nested else together
    largest = np.argsort(-(around @ weight), kind="stable")[:count].astype(np.int64)
    return chosen.sites, {
        "chosen": chosen.covered,
        "chosen_together": together.covered,
        "one_after_the_other": one_by_one.covered,
        "largest_first": ranked(around, weight, largest).covered,
        "at_most": max(together.bound, chosen.covered),
    }


def _centred(place: tuple[Array, Array], around: sparse.csr_array, weight: Array, sites: Whole) -> Whole:
    """Of the places that cover what a site covers, all but a two-hundredth, the one nearest to all of it: many cover alike."""
    left, made = weight.copy(), sites.copy()
    for number, site in enumerate(sites):
        own = around.indices[around.indptr[site] : around.indptr[site + 1]]
        demand = np.zeros(len(weight))
        demand[own] = left[own]
        beside = own[(around @ demand)[own] >= (1 - _LOST) * demand.sum()]
        apart = kilometres(place[0][beside, None], place[1][beside, None], place[0][own], place[1][own])
        made[number] = beside[int(np.argmin(apart @ demand[own]))]
        left[own] = 0.0
    return made


def _pooled(lat: Array, lon: Array, weight: Array, radius: float) -> Whole:
    """Spots as they are while they are few, else in cells a fifth of the radius wide."""
    if (weight > 0).sum() <= _MOST_DEMANDS:
        return np.arange(len(lat), dtype=np.int64)
    return cells(lat, lon, radius * _CELL)


def _matrix(lists: list[list[int]], width: int) -> sparse.csr_array:
    lengths = np.array([len(one) for one in lists])
    indices = np.concatenate([np.asarray(one, dtype=np.int64) for one in lists])
    return sparse.csr_array((np.ones(len(indices)), indices, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(lists), width))


def _candidates(around: sparse.csr_array, weight: Array) -> Whole:
    """All where they are few; else those that greedy steps choose, and round each of these the sites that cover most."""
    if len(weight) <= _MOST_CANDIDATES:
        return np.arange(len(weight), dtype=np.int64)
    steps = greedy_cover(around, weight, 3 * MOST_SITES).sites
    gain = around @ weight
    made = set(steps.tolist())
    each = max((_MOST_CANDIDATES - len(made)) // len(steps), 1)
    for site in steps:
        beside = around.indices[around.indptr[site] : around.indptr[site + 1]]
        made |= set(beside[np.argsort(-gain[beside], kind="stable")[:each]].tolist())
    return np.array(sorted(made), dtype=np.int64)


def _stability(around: sparse.csr_array, weight: Array, sites: Whole, candidates: Whole, drawn: Whole) -> Array:
    """In how many draws of the demand one chosen site covers most of what each covers here."""
    made = np.empty(len(sites))
    for number, site in enumerate(sites):
        own = around.indices[around.indptr[site] : around.indptr[site + 1]]
        demand = np.zeros(len(weight))
        demand[own] = weight[own]
        same = np.append((around @ demand)[candidates] >= _MOST * demand.sum(), False)  # -1, no site, is the last
        made[number] = same[drawn].any(axis=1).mean()
    return made


def _told(
    found: Ground, pull: Gravity, rows: pd.DataFrame, open_: Opening, weight: Array, sites: tuple[Array, Array], steady: Array
) -> pd.DataFrame:
    """The table: what each site covers that none before it does, counted on all spots."""
    lat, lon = degrees(rows)
    left, made = weight > 0, []
    for number, (north, east) in enumerate(zip(*sites, strict=True)):
        apart = kilometres(lat, lon, north, east)
        inside = left & (apart <= found.radius)
        left &= ~inside
        low, high = np.quantile(open_.draws[:, inside].sum(axis=1), [0.05, 0.95])
        closest = int(np.argmin(np.where(weight > 0, apart, np.inf)))
        beside = kilometres(*degrees(found.partners[found.partners["active"]]), north, east)
        taken, whose = _taken(found, pull, north, east)
        made.append(
            {
                "rank": number + 1,
                "place": _words(rows["area"].iloc[closest], north, east),
                "latitude": north,
                "longitude": east,
                "territory": found.partners["territory"].iloc[int(rows["nearest"].iloc[closest])],
                "basis": "places",
                "customers_open": float(open_.count[inside].sum()),
                "demand_covered": float(weight[inside].sum()),
                "demand_low": float(low),
                "demand_high": float(high),
                "stability": float(steady[number]),
                "taken_from_neighbours": taken,
                "neighbours": whose,
                "nearest_partner_km": float(beside.min()),
                "radius_km": found.radius,
                "mode": open_.mode,
            }
        )
    return pd.DataFrame(made)


def _taken(found: Ground, pull: Gravity, north: float, east: float) -> tuple[float, str]:
    """Sales a year that a newcomer there would draw from the present partners, and from which most (ids)."""
    customers = found.customers
    apart = kilometres(*degrees(customers), north, east)
    near = (apart <= found.radius) & customers["served"].to_numpy()
    if not near.any():
        return 0.0, ""
    theirs = customers[near]
    share = newcomer_share(found, pull, theirs["latitude"].to_numpy(dtype=float), theirs["longitude"].to_numpy(dtype=float), apart[near])
    lost = pd.Series(theirs["partners"].to_numpy(dtype=float) * share, index=theirs["home"].to_numpy())
    each = lost[lost.index >= 0].groupby(level=0).sum().sort_values(ascending=False, kind="stable").head(_NAMED)
    return float(lost.sum()), "; ".join(found.partners["partner_id"].iloc[each.index.to_numpy()].astype(str))


def _words(area: object, north: float, east: float) -> str:
    spot = f"{abs(north):.2f}° {'N' if north >= 0 else 'S'}, {abs(east):.2f}° {'E' if east >= 0 else 'W'}"
    return f"{area} ({spot})" if isinstance(area, str) and area else spot
