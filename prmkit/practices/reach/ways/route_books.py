"""The books of each route over the 12 months to as_of: what it sold, by case and by kind, and what is not on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.sales_lines import Days
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.incentive_spend import incentive_spend

Array = NDArray[Any]

_CENT = 0.005
ALWAYS = "sales force and channel management"


@dataclass(frozen=True)
class Book:
    """One route: `cells` case, family, territory, revenue, margin (null where not known), assumed; cases are partners, or months of direct
    sales. costs: case (index) -> incentives off the invoice, cost of sale. incentives: all, those on the invoice too. cost_of_sale: None
    where nothing of it is on record."""

    route: str
    cells: pd.DataFrame
    costs: pd.DataFrame
    incentives: float
    cost_of_sale: float | None
    missing: str

    @property
    def revenue(self) -> float:
        """Net revenue of the 12 months."""
        return float(self.cells["revenue"].sum())

    @property
    def margin(self) -> float | None:
        """Gross margin; None where it is not known for all of it."""
        return None if self.cells["margin"].isna().any() else float(self.cells["margin"].sum())

    def cases(self) -> pd.DataFrame:
        """Revenue, margin and costs by case."""
        sums = self.cells.groupby("case")[["revenue", "margin"]].sum()
        return sums.join(self.costs, how="outer").fillna(0.0)


def year(portfolio: Portfolio) -> Days:
    """The 12 months to as_of."""
    start = calendar.month_end(portfolio.as_of, 12) + pd.Timedelta(days=1)
    return Days(start.date(), portfolio.as_of.date())


def partner_book(portfolio: Portfolio) -> Book:
    """All sales through partners."""
    return _partner(portfolio, "partner", _cells(portfolio, portfolio.months[portfolio.months["month"] < 12], "partner_id"))


def tiers(portfolio: Portfolio, book: Book) -> list[Book]:
    """Its two parts where some lines came through a distributor: one tier and two, costs shared out by revenue of each partner."""
    supplied = portfolio.client.lines.two_tier(portfolio.measure, year(portfolio))
    supplied = supplied[supplied["partner_id"].isin(portfolio.partners["partner_id"])]
    if supplied.empty:
        return []
    two = _cells(portfolio, supplied, "partner_id")
    keys = ["case", "family", "territory"]
    whole = book.cells.groupby(keys, dropna=False)[["revenue", "margin", "assumed"]].sum(min_count=1)
    part = two.groupby(keys, dropna=False)[["revenue", "margin", "assumed"]].sum(min_count=1).reindex(whole.index, fill_value=0.0)
    rest = (whole - part).reset_index()
    share = part["revenue"].groupby("case").sum().clip(lower=0) / whole["revenue"].groupby("case").sum().where(lambda total: total > 0)
    share = share.reindex(book.costs.index).fillna(0.0).clip(0, 1)
    made = []
    for name, cells, weight in (("partner_one_tier", rest, 1 - share), ("partner_two_tier", part.reset_index(), share)):
        costs = book.costs.mul(weight, axis=0)
        served = None if book.cost_of_sale is None else float(costs["cost_of_sale"].sum())
        made.append(Book(name, cells, costs, float(costs["incentives"].sum() + costs["on_invoice"].sum()), served, book.missing))
    return made


def direct_book(portfolio: Portfolio) -> Book | None:
    """What we sold ourselves; None without a direct sale."""
    sold = portfolio.direct[portfolio.direct["month"] < 12]
    if sold.empty:
        return None
    cells = _cells(portfolio, sold, "month")
    share = portfolio.settings.economics.direct_cost_of_sale
    by_month = cells.groupby("case")["revenue"].sum()
    costs = pd.DataFrame({"incentives": 0.0, "on_invoice": 0.0, "cost_of_sale": by_month * (share or 0.0)}, index=by_month.index)
    said = [ALWAYS if share is None else "", *_goods(portfolio, cells)]
    if share is not None:
        said.append("cost of sale, taken at the engagement's rate")
    return Book(
        "direct",
        cells,
        costs,
        0.0,
        None if share is None else float(costs["cost_of_sale"].sum()),
        "; ".join(part for part in said if part),
    )


def _partner(portfolio: Portfolio, route: str, cells: pd.DataFrame) -> Book:
    spend, served = incentive_spend(portfolio).set_index("partner_id"), cost_to_serve(portfolio).set_index("partner_id")
    training = _training(portfolio)
    known = portfolio.has("support")
    cost = served["cost_to_serve"] + training.reindex(served.index, fill_value=0.0)
    costs = pd.DataFrame({"incentives": spend["off_invoice"], "on_invoice": spend["on_invoice"], "cost_of_sale": cost if known else 0.0})
    costs.index.name = "case"
    said = [ALWAYS] if not known else ["channel management beyond what support records"]
    said += [name for name, table in (("support", "support"), ("incentives", "incentives")) if not portfolio.has(table)]
    said += ["training"] if not training.any() else []
    said += _goods(portfolio, cells)
    incentives = float(costs["incentives"].sum() + costs["on_invoice"].sum())
    return Book(route, cells, costs, incentives, float(cost.sum()) if known else None, "; ".join(said))


def _training(portfolio: Portfolio) -> pd.Series:
    """What partners' trainings of the 12 months cost us (their cost, else hours at the engagement's rate), unless cost to serve has it."""
    nothing = pd.Series(dtype="float64")
    if not portfolio.has("trainings") or "training" in portfolio.settings.prune.include:
        return nothing
    rows = portfolio.tables["trainings"]
    start = calendar.month_end(portfolio.as_of, 12)
    rows = rows[rows["partner_id"].notna() & (rows["completed_on"] > start) & (rows["completed_on"] <= portfolio.as_of)]
    rate = portfolio.settings.economics.hourly_cost
    priced = rows["cost"].astype("float64")
    priced = priced if rate is None else priced.fillna(rows["hours"].astype("float64") * rate)
    return priced.groupby(rows["partner_id"]).sum()


def _cells(portfolio: Portfolio, rows: pd.DataFrame, case: str) -> pd.DataFrame:
    """Revenue and margin by case, family and territory."""
    rate = portfolio.settings.economics.gross_margin
    bare = rows["revenue"] - rows["costed_revenue"]
    bare = bare.mask(bare.abs() < _CENT, 0.0)
    known = rows["costed_revenue"] - rows["cost"].fillna(0.0)
    margin = known + bare * rate if rate is not None else known.mask(bare != 0)
    made = pd.DataFrame(
        {
            "case": rows[case],
            "family": rows["product_family"].fillna("unknown"),
            "territory": rows["territory"].fillna("unknown"),
            "revenue": rows["revenue"],
            "margin": margin,
            "assumed": bare if rate is not None else 0.0,
        }
    )
    return made.reset_index(drop=True)


def _goods(portfolio: Portfolio, cells: pd.DataFrame) -> list[str]:
    if cells["margin"].isna().any():
        return ["cost of goods"]
    return ["cost of goods, taken at the engagement's rate"] if cells["assumed"].abs().sum() > 0 else []


def matrix(cells: pd.DataFrame, keys: list[str], kinds: pd.Index) -> tuple[Array, Array]:
    """Margin and revenue of each case (rows) by kind (columns), kinds in the order given."""
    kind = pd.MultiIndex.from_frame(cells[keys]) if len(keys) > 1 else pd.Index(cells[keys[0]])
    column = kinds.get_indexer(kind)
    row, cases = pd.factorize(cells["case"])
    place = row * len(kinds) + column
    size = len(cases) * len(kinds)
    top, bottom = (np.bincount(place, cells[name].to_numpy(dtype=float), size).reshape(len(cases), -1) for name in ("margin", "revenue"))
    return top, bottom
