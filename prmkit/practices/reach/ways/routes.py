"""What each route to market leaves once its margin, incentives and cost of sale are counted, and the two compared like for like."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.ratio import ratio_of_sums
from prmkit.estimators.standardised import Difference, difference_of_ratios, standardised_difference
from prmkit.practices.reach.ways.route_books import Book, direct_book, matrix, partner_book, tiers, year
from prmkit.practices.reach.ways.route_customers import retention, served
from prmkit.practices.result import NotComputed

PARTS = {"partner_one_tier": "partner", "partner_two_tier": "partner"}
_MOST_KINDS = 60
_ENOUGH_SHARED = 0.5


def routes(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_routes over the 12 months to as_of: the partner route (and its tiers, where a distributor is named) and direct sales.

    contribution_rate = (margin - incentives not already on the invoice - cost_of_sale where on record) / revenue; before_cost_of_sale is
    the same without the last. Intervals come from other partners that there might have been (partner) and other months (direct).
    On the row of the partner route: versus_direct, its contribution rate less that of direct sales, both before the cost of sale where one
    is not known; like_for_like, the same at one mix of product families and territories (or families) that both sell, of which
    shared_mix is the share of revenue; break_even, the cost of direct sale, as a share of direct revenue, at which both leave the same.
    """
    partner, direct = partner_book(portfolio), direct_book(portfolio)
    books = [book for book in (partner, direct) if book is not None and book.revenue > 0]
    if not books:
        return None, [NotComputed("routes", None, "there are no sales in the 12 months to as_of", "sales")]
    if partner in books and partner.margin is not None:
        books[1:1] = [book for book in tiers(portfolio, partner) if book.revenue > 0]
    seed = portfolio.settings.seed
    rows = pd.DataFrame([_row(book, seed) for book in books])
    rows = rows.merge(served(portfolio), on="route", how="left").merge(retention(portfolio), on="route", how="left")
    rows = rows.assign(
        order_size=_over(rows["revenue"], rows["orders"]),
        revenue_per_customer=_over(rows["customer_revenue"], rows["customers"]),
        customers_per_partner=_over(rows["customers"], rows["cases"]).where(rows["route"] != "direct"),
    )
    if direct in books and partner in books and direct is not None:
        rows = _compared(rows, partner, direct, seed)
    return rows, _missing(rows, books)


def _row(book: Book, seed: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "route": book.route,
        "part_of": PARTS.get(book.route),
        "revenue": book.revenue,
        "margin": book.margin,
        "incentives": book.incentives,
        "cost_of_sale": book.cost_of_sale,
        "missing_costs": book.missing,
        "cases": int((book.cells.groupby("case")["revenue"].sum() > 0).sum()),
    }
    if book.margin is None:
        return row
    cases = book.cases()
    found = ratio_of_sums(_left(cases, cost=True), cases["revenue"].to_numpy(dtype=float), seed)
    before = float(_left(cases, cost=False).sum()) / book.revenue
    ends = {"low": found.low, "high": found.high} if np.isfinite(found.low) else {}
    return row | {"contribution_rate": found.value, "before_cost_of_sale": before} | ends


def _left(cases: pd.DataFrame, *, cost: bool) -> np.ndarray:
    left = cases["margin"] - cases["incentives"] - (cases["cost_of_sale"] if cost else 0.0)
    made: np.ndarray = left.to_numpy(dtype=float)
    return made


def _compared(rows: pd.DataFrame, partner: Book, direct: Book, seed: int) -> pd.DataFrame:
    if partner.margin is None or direct.margin is None:
        return rows
    both = partner.cost_of_sale is not None and direct.cost_of_sale is not None
    ours, theirs = partner.cases(), direct.cases()
    sold, sold_direct = (one["revenue"].to_numpy(dtype=float) for one in (ours, theirs))
    plain = difference_of_ratios((_left(ours, cost=both), sold), (_left(theirs, cost=both), sold_direct), seed)
    even = difference_of_ratios((_left(theirs, cost=False), sold_direct), (_left(ours, cost=True), sold), seed)
    at = rows["route"] == "partner"
    said = {"versus_direct": plain, "break_even": even, "like_for_like": _alike(partner, direct, both, seed)}
    for name, found in said.items():
        if found is not None:
            for column, value in ((name, found.value), (f"{name}_low", found.low), (f"{name}_high", found.high)):
                rows = rows.assign(**{column: np.where(at, value, np.nan)})
    mix = said["like_for_like"]
    if mix is None:
        return rows
    said_of = pd.Series(_mix(partner, direct)[1], index=rows.index, dtype="str").where(at)
    return rows.assign(shared_mix=np.where(at, mix.shared, np.nan), mix_of=said_of)


def _alike(partner: Book, direct: Book, both: bool, seed: int) -> Difference | None:
    """The difference at the mix that both sell; costs that are not told by product stand as a share of revenue."""
    keys, _ = _mix(partner, direct)
    kinds = _kinds(partner, direct, keys)
    sides = [_net(book, keys, kinds, both) for book in (partner, direct)]
    try:
        found = standardised_difference(sides[0], sides[1], seed)
    except ValueError:
        return None
    return found if found.shared >= _ENOUGH_SHARED else None


def _net(book: Book, keys: list[str], kinds: pd.Index, both: bool) -> tuple[np.ndarray, np.ndarray]:
    top, bottom = matrix(book.cells, keys, kinds)
    borne = book.costs["incentives"].sum() + (book.costs["cost_of_sale"].sum() if both else 0.0)
    return top - bottom * (borne / book.revenue), bottom


def _mix(partner: Book, direct: Book) -> tuple[list[str], str]:
    """What the two are made alike by: family and territory where that leaves few enough kinds and enough in common, else family."""
    fine = ["family", "territory"]
    kinds = _kinds(partner, direct, fine)
    if len(kinds) <= _MOST_KINDS and _common(partner, direct, fine) >= _ENOUGH_SHARED:
        return fine, "product family and territory"
    return ["family"], "product family"


def _kinds(partner: Book, direct: Book, keys: list[str]) -> pd.Index:
    listed = pd.concat([partner.cells[keys], direct.cells[keys]]).drop_duplicates().sort_values(keys)
    return pd.MultiIndex.from_frame(listed) if len(keys) > 1 else pd.Index(listed[keys[0]])


def _common(partner: Book, direct: Book, keys: list[str]) -> float:
    """Share of the revenue of both in kinds that both sell."""
    sums = [book.cells.groupby(keys)["revenue"].sum().clip(lower=0) for book in (partner, direct)]
    pair = pd.concat(sums, axis=1, keys=["one", "other"]).fillna(0.0)
    whole = pair.to_numpy().sum()
    return float(pair[(pair > 0).all(axis=1)].to_numpy().sum() / whole) if whole > 0 else 0.0


def _over(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return (top / bottom.where(bottom > 0)).astype("float64")


def _missing(rows: pd.DataFrame, books: list[Book]) -> list[NotComputed]:
    missing = []
    if rows["cost_of_sale"].isna().any():
        lacking = " and ".join(f"{book.route} sales" for book in books if book.cost_of_sale is None and book.route not in PARTS)
        why = f"what it costs to sell is not on record for {lacking}"
        missing.append(NotComputed("routes", "cost_of_sale", why, "support, settings.economics.direct_cost_of_sale"))
    if any(book.margin is None for book in books):
        why = "sales lines carry no cost and the engagement names no gross margin"
        missing += [NotComputed("routes", column, why, "sales") for column in ("margin", "contribution_rate")]
    return missing


__all__ = ["PARTS", "routes", "year"]
