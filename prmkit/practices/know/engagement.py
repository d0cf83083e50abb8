"""Does a partner order as often as others of its kind and size?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.expected_count import ExpectedCount, expected_count

Array = NDArray[Any]

ENOUGH = 60
RARE = 10
_ABSENT = "unknown"


def engagement(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, seen (order days in the 12 months to as_of), expected, expected_low, expected_high, reason.

    Expected: what partners of the same type, size and time with us order where they order at all, so
    that one gone quiet stands out against them. Only partners whose first order is more than
    12 months old are judged; nine in ten single partners of the kind fall into the range.
    """
    found = portfolio.fitted(_expected)
    ids = portfolio.partners["partner_id"]
    seen = _order_days(portfolio)
    columns = ["expected", "expected_low", "expected_high", "reason"]
    return pd.DataFrame({"partner_id": ids, "seen": seen}).join(found[columns], on="partner_id")


def _order_days(portfolio: Portfolio) -> Array:
    year = portfolio.orders[portfolio.orders["month"] < 12]
    return year.groupby("partner_id")["order_days"].sum().reindex(portfolio.partners["partner_id"], fill_value=0).to_numpy(dtype=float)


def _expected(portfolio: Portfolio) -> pd.DataFrame:
    ids = portfolio.partners["partner_id"]
    tenure = ids.map(portfolio.orders.groupby("partner_id")["month"].max()).to_numpy(dtype=float)
    seen, judged = _order_days(portfolio), tenure >= 12
    reason = np.select([~np.isfinite(tenure), ~judged], ["never ordered", "with us for less than 12 months"], default="")
    made = pd.DataFrame({"expected": np.nan, "expected_low": np.nan, "expected_high": np.nan}, index=pd.Index(ids))
    learned = int((judged & (seen > 0)).sum())
    fit = _fit(portfolio, judged, tenure, seen) if learned >= ENOUGH else None
    if fit is None:
        reason = np.where(judged, f"too few to learn from: {learned} partners of more than 12 months ordered, {ENOUGH} are needed", reason)
    else:
        made.loc[judged, :] = np.column_stack([fit.expected, fit.low, fit.high])
    return made.assign(reason=pd.Series(reason, index=made.index, dtype="str").replace("", None))


def _fit(portfolio: Portfolio, judged: Array, tenure: Array, seen: Array) -> ExpectedCount | None:
    partners = portfolio.partners[judged]
    orders = seen[judged] > 0
    kind = partners["partner_type"].fillna(_ABSENT)
    size = partners["employees"].astype("float64")
    logs = pd.Series(np.log(size.where(size > 0)), index=partners.index)
    columns = {"intercept": np.ones(len(partners)), "tenure": _centred(np.log(tenure[judged] + 1))}
    if logs.notna()[orders].sum() >= RARE:
        columns["size"] = _centred(logs.fillna(logs.mean()).to_numpy())
        columns["size_missing"] = logs.isna().to_numpy(dtype=float)
    common = kind[orders].value_counts()
    for name in sorted(common[common >= RARE].index)[1:]:
        columns[f"type_{name}"] = (kind == name).to_numpy(dtype=float)
    design = np.column_stack([values for name, values in columns.items() if name == "intercept" or np.ptp(values[orders]) > 0])
    return expected_count(seen[judged][orders], design[orders], design)


def _centred(values: Array) -> Array:
    return np.asarray(values - values.mean())
