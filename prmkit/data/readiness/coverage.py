"""How far the client's data meet a need: a share of revenue, of partners or of rows, between 0 and 1."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from prmkit.data.client import Client
from prmkit.data.readiness.lines import Lines, read_lines
from prmkit.data.readiness.needs import Alternative, Need


class Coverage:
    """Coverage of one client's data, each share computed once.

    - a column of `sales`: the share of partner revenue on lines that have it filled;
    - a column of `partners`: the share of partners that have it filled;
    - a column of `products`: the share of partner revenue with products that have it filled;
    - a column of another table: the share of partner revenue of the partners with a row that has it filled;
      where no such row names a partner, the share of rows;
    - a setting: 1 or 0; months of sales: those there are over those that are needed.
    Sales lines after as_of are left out. A client without revenue is measured in partners and rows.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._known: dict[str, float] = {}

    @cached_property
    def lines(self) -> Lines:
        """The client's lines through partners."""
        return read_lines(self.client)

    def of(self, need: Need) -> float:
        """The coverage of the best alternative."""
        return max(self._share(alternative) for alternative in need.alternatives)

    def _share(self, alternative: Alternative) -> float:
        if alternative.written not in self._known:
            self._known[alternative.written] = self._measure(alternative)
        return self._known[alternative.written]

    def _measure(self, alternative: Alternative) -> float:
        if alternative.months:
            return min(1.0, self.lines.months / alternative.months)
        if alternative.setting:
            return float(_is_set(self.client.engagement, alternative.setting))
        if alternative.table == "sales":
            return self.lines.filled.get(alternative.column or "date", 0.0)
        frame = self.client.tables.get(alternative.table)
        return 0.0 if frame is None or frame.empty else self._table(alternative, frame)

    def _table(self, alternative: Alternative, frame: pd.DataFrame) -> float:
        filled = _filled(alternative, frame)
        if alternative.table == "partners":
            return float(filled.mean())
        if alternative.table == "products" and self.lines.by_product.sum() > 0 and self.lines.filled.get("product_id", 0.0) > 0:
            revenue = self.lines.by_product
            return float(revenue[revenue.index.isin(frame.loc[filled, "product_id"])].sum() / revenue.sum())
        named = set(frame.loc[filled, "partner_id"].dropna()) if "partner_id" in frame else set[str]()
        if named:
            return float(self._weights[self._weights.index.isin(named)].sum())
        return float(filled.any()) if alternative.word else float(filled.mean())

    @cached_property
    def _weights(self) -> pd.Series[Any]:
        """Each partner's share of partner revenue; equal shares where there is none."""
        partners = self.client.tables.get("partners", pd.DataFrame({"partner_id": []}))["partner_id"]
        if partners.empty:
            return pd.Series(dtype="float64")
        revenue = partners.map(self.lines.by_partner).fillna(0.0).clip(lower=0.0).astype("float64")
        revenue.index = pd.Index(partners)
        return revenue / revenue.sum() if revenue.sum() > 0 else pd.Series(1 / len(partners), index=revenue.index)


def _filled(alternative: Alternative, frame: pd.DataFrame) -> pd.Series[Any]:
    """Which rows have the column filled, with the word where one is asked for; every row where no column is named.

    A question that was asked and not answered ("don't know") is not filled.
    """
    if not alternative.column:
        return pd.Series(True, index=frame.index)
    if alternative.column not in frame:
        return pd.Series(False, index=frame.index)
    values = frame[alternative.column]
    if not alternative.word:
        return values.notna()
    told = values.isin([word for word in values.dropna().unique() if alternative.matches(word)])
    return told & frame["answer"].notna() if "answer" in frame else told


def _is_set(settings: Any, path: str) -> bool:
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, dict) else getattr(settings, name, None)
    return settings is not None and settings != {}
