"""A real market in which every purchase is known: AdventureWorks' resellers, one family of products taken as our brand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from prmkit import resources
from prmkit.data.portfolio import Portfolio, open_portfolio
from tests.data.handmade import client, line

RAW = resources.folder("data_samples") / "adventureworks"
AS_OF = "2013-11-29"
YEAR, BEFORE = ("2012-11-29", "2013-11-29"), ("2011-11-29", "2012-11-29")


@dataclass(frozen=True)
class Market:
    """Purchases of every reseller by day and family; `spent` is by reseller (rows) and family in 12 months."""

    days: pd.DataFrame
    spent: pd.DataFrame
    before: pd.DataFrame

    def share(self, brand: str, *, before: bool = False) -> pd.Series:
        """What part of each reseller's purchases is of the brand."""
        spent = self.before if before else self.spent
        return spent[brand] / spent.sum(axis=1)

    def rank(self, brand: str) -> pd.Series:
        """The brand's place among the families each reseller buys."""
        return self.spent.where(self.spent > 0).rank(axis=1, ascending=False, method="first")[brand]

    def vendors(self) -> pd.Series:
        """How many families each reseller buys."""
        return (self.spent > 0).sum(axis=1)

    def open(self, folder: Path, brand: str, partners: pd.DataFrame, channel: str = "sell_through", **rows: Any) -> Portfolio:
        """The brand as a client that sees its own sales, and of its `partners` (index: reseller) what these columns and rows say."""
        ours = self.days[self.days["family"] == brand]
        lines = [
            line(str(day.date()), str(key), f"{amount:.4f}", channel=channel)
            for key, day, amount in zip(ours["ResellerKey"], ours["OrderDate"], ours["SalesAmount"], strict=True)
        ]
        listed = [{"partner_id": key, "name": f"Shop {key}", **row.dropna().to_dict()} for key, row in partners.iterrows()]
        folder.mkdir(exist_ok=True)
        return open_portfolio(client(folder, lines, {"as_of": AS_OF}, partners=listed, **rows))


def market() -> Market:
    """Read from the raw files."""
    lines = pd.read_csv(
        RAW / "FactResellerSales.csv.gz",
        usecols=["ResellerKey", "ProductKey", "OrderDate", "SalesAmount"],
        dtype={"ResellerKey": "str"},
        parse_dates=["OrderDate"],
    )
    products = pd.read_csv(RAW / "DimProduct.csv").set_index("ProductKey")["ProductSubcategoryKey"]
    families = pd.read_csv(RAW / "DimProductSubcategory.csv").set_index("ProductSubcategoryKey")["EnglishProductSubcategoryName"]
    lines = lines.assign(family=lines["ProductKey"].map(pd.to_numeric(products, errors="coerce")).map(families))
    days = lines.groupby(["ResellerKey", "OrderDate", "family"], as_index=False)["SalesAmount"].sum()

    def spent(ends: tuple[str, str]) -> pd.DataFrame:
        rows = days[(days["OrderDate"] > ends[0]) & (days["OrderDate"] <= ends[1])]
        return rows.pivot_table(index="ResellerKey", columns="family", values="SalesAmount", aggfunc="sum", fill_value=0.0)

    return Market(days, spent(YEAR), spent(BEFORE))


def told(keys: pd.Index, question: str, scores: pd.Series) -> list[dict[str, Any]]:
    """Answers of these resellers to one question."""
    return [
        {
            "response_id": f"{question}-{key}",
            "respondent": "partner",
            "partner_id": key,
            "date": pd.Timestamp("2013-10-15"),
            "question_id": question,
            "score": float(scores[key]),
        }
        for key in keys
        if np.isfinite(scores[key])
    ]
