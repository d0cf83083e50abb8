"""How new product families spread over the partners."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.analogue import FEWEST, NextRatio, next_ratio

NEW_MONTHS = 24
_YOUNGEST = 3
_BEGINNING = 3


def launches(portfolio: Portfolio) -> pd.DataFrame | None:
    """One row a product family that was sold or has a launch date; None where sales carry no family.

    launched_on: the earliest launch date of its products, else the end of the month of its first sale
    through any partner (`launch_is` says which); null where it was sold from the beginning of the records.
    partners_selling: partners with net revenue from it in the 12 months. new_product_share: its share
    of the 12-month revenue through partners where it is new (first sold or launched, whichever came
    first, in the 24 months to as_of); null for older ones. partners_expected_12m: partners that will sell
    it in the 12 months after as_of, from how earlier launches went on from the same age.
    """
    whole = portfolio.whole
    sold = whole.months[whole.months["product_family"].notna()]
    stated = _stated(portfolio)
    families = pd.Index(sorted({*sold["product_family"], *stated.index}), name="product_family")
    if sold.empty:
        return None
    age = sold.groupby("product_family")["month"].max().reindex(families)
    from_start = age >= whole.history_months - _BEGINNING
    first_sold = pd.Series(
        [calendar.month_end(portfolio.as_of, int(month)) if month == month else pd.NaT for month in age],
        index=families,
        dtype="datetime64[us]",
    )
    launched = stated.reindex(families).fillna(first_sold.mask(from_start))
    began = pd.concat([stated.reindex(families), first_sold], axis=1).min(axis=1)
    new = (began > calendar.month_end(portfolio.as_of, NEW_MONTHS)) & ~from_start
    year = portfolio.months[portfolio.months["month"] < 12]
    revenue = year.groupby("product_family")["revenue"].sum().reindex(families, fill_value=0.0)
    total = portfolio.per_partner().sum()
    selling = _sellers(portfolio, 0, 12).reindex(families, fill_value=0)
    share = (revenue / total if total > 0 else revenue * np.nan).where(new)
    made = pd.DataFrame(
        {
            "product_family": families,
            "launched_on": launched,
            "partners_selling": selling.astype("int64"),
            "new_product_share": share,
            "revenue_12m": revenue,
            "first_sold_by": first_sold,
            "launch_is": np.select(
                [stated.reindex(families).notna(), launched.notna()], ["stated", "first sale"], default="before the records"
            ),
        }
    )
    expected = pd.DataFrame(
        [_expected(portfolio, str(family), age[family], bool(new[family]), selling[family]) for family in families], index=families
    )
    return made.join(expected).reset_index(drop=True)


def _stated(portfolio: Portfolio) -> pd.Series:
    products = portfolio.whole.tables.get("products")
    if products is None or products.empty:
        return pd.Series(dtype="datetime64[us]")
    return products.dropna(subset=["family", "launched_on"]).groupby("family")["launched_on"].min()


def _sellers(portfolio: Portfolio, first: int, count: int) -> pd.Series:
    """Partners with net revenue above zero from each family over `count` months from `first` back."""
    rows = portfolio.months[portfolio.months["month"].between(first, first + count - 1)]
    sums = rows.groupby(["product_family", "partner_id"])["revenue"].sum()
    return (sums > 0).groupby("product_family").sum()


def _expected(portfolio: Portfolio, family: str, age: float, new: bool, selling: int) -> dict[str, object]:
    if not new or age != age:
        return {"reason": "not a launch of the last 24 months" if age == age else "never sold through partners"}
    if age + 1 < _YOUNGEST or not selling:
        return {"reason": "launched too recently to tell" if selling else "nobody sells it now"}
    ratio = portfolio.fitted(_ratios).get(int(age))
    if ratio is None:
        return {"reason": f"fewer than {FEWEST} earlier launches that are still sold can be followed for a year from the same age"}
    ends = np.minimum(np.array([ratio.value, ratio.low, ratio.high]) * selling, len(portfolio.partners))
    return {"partners_expected_12m": ends[0], "expected_low": ends[1], "expected_high": ends[2], "reason": None}


def _ratios(portfolio: Portfolio) -> dict[int, NextRatio | None]:
    """Per age in months: sellers in the year after that age over sellers in the year up to it, of earlier launches."""
    months = portfolio.months[portfolio.months["product_family"].notna()]
    oldest = months.groupby("product_family")["month"].max()
    launched = oldest[
        (oldest < portfolio.history_months - _BEGINNING) & oldest.index.isin(months.loc[months["month"] < 12, "product_family"])
    ]
    return {int(age): next_ratio(_followed(portfolio, launched, int(age))) for age in sorted(set(oldest[oldest < NEW_MONTHS]))}


def _followed(portfolio: Portfolio, launched: pd.Series, age: int) -> np.ndarray:
    ratios = []
    for start, families in launched[launched >= age + 12].groupby(launched):
        then = int(start) - age
        before, after = (_sellers(portfolio, first, 12).reindex(families.index, fill_value=0) for first in (then, then - 12))
        ratios += list((after / before)[(before > 0) & (after > 0)])
    return np.array(ratios)
