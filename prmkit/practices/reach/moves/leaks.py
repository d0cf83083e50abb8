"""Discounts that neither the size of the sale, nor the family, nor the tier explains, and discounts of tiers not earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.bootstrap import bayesian_weights
from prmkit.estimators.shrinkage import shrink
from prmkit.practices.enable.compliance import compliance

Array = NDArray[np.float64]

_FEWEST_PARTNERS = 20
_FEWEST_LIKE = 30
_BANDS = 8
_DRAWS = 200
_SLIGHT = 0.005
"""Half a point of the list price is no leak."""


@dataclass(frozen=True)
class PriceLeak:
    """leak: partner_id -> list value of discount a year above the median of like sales, luck taken out, and of tiers held without
    being earned; listed: list value of what each bought. basis: in words. reason: why there is none of it."""

    leak: pd.Series
    listed: pd.Series
    basis: str
    reason: str = ""

    def of(self, portfolio: Portfolio) -> tuple[Array, float]:
        """Draws (200,) of the leak of a portfolio's partners, from weightings of them, and its list value."""
        ids = pd.Index(portfolio.partners["partner_id"])
        own = self.leak[self.leak.index.isin(ids)].to_numpy(dtype=float)
        listed = float(self.listed[self.listed.index.isin(ids)].sum())
        if not len(own):
            return np.zeros(_DRAWS), listed
        return bayesian_weights(len(own), _DRAWS, portfolio.settings.seed + 62) @ own, listed


@reads()
def price_leak(whole: Portfolio) -> PriceLeak:
    """From sales lines that carry a list price or a discount, else from deals won. Use it through `portfolio.fitted(price_leak)`."""
    sales, basis = _of_sales(whole), "sales of the 12 months"
    if sales["partner_id"].nunique() < _FEWEST_PARTNERS:
        sales, basis = _of_deals(whole), "deals won in the 12 months"
    if sales["partner_id"].nunique() < _FEWEST_PARTNERS:
        return _none("neither sales lines nor won deals of 20 partners say what the list price or the discount was")
    tier = whole.partners.set_index("partner_id")["tier"].reindex(sales["partner_id"]).fillna("").to_numpy(dtype=object)
    sales = sales.assign(tier=tier, rate=1 - sales["paid"] / sales["listed"])
    excess = sales["rate"] - _usual(sales)
    partners = _by_partner(sales.assign(excess=excess))
    leak = (partners["over"].where(partners["over"] > _SLIGHT, 0.0) * partners["listed"]).rename("leak")
    unearned = _unearned(whole)
    leak = leak.add(unearned, fill_value=0.0)
    if leak.sum() <= 0:
        return _none("discounts of like sales differ by no more than chance")
    return PriceLeak(leak, partners["listed"], basis + (" and tiers held without being earned" if unearned.sum() > 0 else ""))


def _of_sales(whole: Portfolio) -> pd.DataFrame:
    rows = whole.months[whole.months["month"] < 12]
    bare = rows["list_amount"].isna() & rows["discount"].notna()
    listed = rows["list_amount"].where(~bare, rows["revenue"] + rows["discount"])
    paid = rows["listed_revenue"].where(~bare, rows["revenue"])
    made = pd.DataFrame({"partner_id": rows["partner_id"], "family": rows["product_family"].fillna(""), "listed": listed, "paid": paid})
    return _sound(made)


def _of_deals(whole: Portfolio) -> pd.DataFrame:
    deals = whole.tables.get("deals")
    if deals is None or deals.empty:
        return _sound(pd.DataFrame({"partner_id": [], "family": [], "listed": [], "paid": []}))
    won = deals[(deals["outcome"] == "won") & (deals["closed_on"] > calendar.month_end(whole.as_of, 12)) & deals["partner_id"].notna()]
    listed = won["list_amount"].fillna(won["amount"] + won["discount"])
    return _sound(pd.DataFrame({"partner_id": won["partner_id"], "family": "", "listed": listed, "paid": won["amount"]}))


def _sound(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[(rows["listed"] > 0) & (rows["paid"] > 0) & (rows["paid"] <= 1.5 * rows["listed"])]
    return rows.reset_index(drop=True)


def _usual(sales: pd.DataFrame) -> pd.Series:
    """The median discount of like sales: of the size band, tier and family where 30 are alike, else of band and tier, else of the band."""
    band = pd.qcut(sales["listed"].rank(method="first"), _BANDS, labels=False)
    usual = sales.groupby(band)["rate"].transform("median")
    for keys in ([band, sales["tier"]], [band, sales["tier"], sales["family"]]):
        grouped = sales.groupby(keys)["rate"]
        usual = grouped.transform("median").where(grouped.transform("size") >= _FEWEST_LIKE, usual)
    return usual


def _by_partner(sales: pd.DataFrame) -> pd.DataFrame:
    """listed, over: how far above (below zero: under) the usual discount each partner truly is, drawn to none by the luck of few sales."""
    sums = sales.assign(weighed=sales["excess"] * sales["listed"], squared=sales["listed"] ** 2).groupby("partner_id")
    made = sums[["listed", "weighed", "squared"]].sum()
    mean = made["weighed"] / made["listed"]
    apart = sales["excess"] - sales["partner_id"].map(mean)
    within = float((apart**2).sum() / max(len(sales) - len(made), 1))
    luck = (within * made["squared"] / made["listed"] ** 2).to_numpy(dtype=float)
    weight = 1 / (luck + within / len(sales) + 1e-9)
    values = mean.to_numpy(dtype=float)
    centre = float((weight * values).sum() / weight.sum())
    between = max(0.0, float((weight * ((values - centre) ** 2 - luck)).sum() / weight.sum()))
    return made.assign(over=shrink(values, luck, centre, between).mean)


def _unearned(whole: Portfolio) -> pd.Series:
    """partner_id -> discount of the 12 months that a tier gives which the partner no longer earns, where every metric could be told."""
    rows = compliance(whole)
    if rows is None or rows.empty:
        return pd.Series(dtype="float64")
    unsure = set(rows.loc[rows["reason"].notna(), "partner_id"])
    known = rows[(rows["unearned_discount"] > 0) & ~rows["partner_id"].isin(unsure)]
    made: pd.Series = known.groupby("partner_id")["unearned_discount"].sum()
    return made


def _none(reason: str) -> PriceLeak:
    return PriceLeak(pd.Series(dtype="float64"), pd.Series(dtype="float64"), "", reason)
