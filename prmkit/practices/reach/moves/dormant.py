"""Partners that signed and have not sold yet: who they are, and how many of their kind start late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.activation import WITHIN_MONTHS
from prmkit.practices.reach.forecast.history import history
from prmkit.practices.result import NotComputed

_MONTH_DAYS = 365.25 / 12
_ENOUGH = 20
_UNKNOWN_LATE = 0.25


def not_selling(portfolio: Portfolio) -> pd.DataFrame:
    """partner_id, territory, partner_type, signed_on, months_signed, waiting: signed partners without a sale on record.

    Prospects and partners that left are no part of it. waiting: signed within the 12 months in which new partners start;
    the forecast counts on a share of these and on none of the others. Longest signed first, unknown dates last.
    """
    partners = portfolio.partners
    sold = set(portfolio.orders.loc[portfolio.orders["revenue"] > 0, "partner_id"])
    gone = (partners["ended_on"].notna() & (partners["ended_on"] <= portfolio.as_of)) | partners["status"].isin(["prospect", "terminated"])
    signed = partners["joined_on"]
    if portfolio.has("recruits"):
        dates = portfolio.tables["recruits"].dropna(subset=["partner_id"]).groupby("partner_id")["signed_on"].min()
        signed = signed.fillna(dates.reindex(partners["partner_id"]).set_axis(partners.index))
    known = signed.isna() | (signed <= portfolio.as_of)
    rows = partners[~partners["partner_id"].isin(sold) & ~gone.fillna(False).astype(bool) & known]
    months = (portfolio.as_of - signed[rows.index]).dt.days / _MONTH_DAYS
    made = pd.DataFrame(
        {
            "partner_id": rows["partner_id"],
            "territory": rows["territory"],
            "partner_type": rows["partner_type"],
            "signed_on": signed[rows.index],
            "months_signed": np.floor(months),
            "waiting": (months <= WITHIN_MONTHS).astype("boolean").mask(months.isna()),
        }
    )
    return made.sort_values(["months_signed", "partner_id"], ascending=[False, True], na_position="last", kind="stable", ignore_index=True)


@reads()
def dormant(portfolio: Portfolio) -> tuple[pd.DataFrame | None, list[NotComputed]]:
    """reach_dormant: the same; without a sale by anyone nobody is called dormant."""
    if portfolio.orders.empty:
        return None, [NotComputed("dormant", None, "there are no partner sales", "sales")]
    rows = not_selling(portfolio)
    missing = []
    if len(rows) and rows["signed_on"].isna().any():
        missing.append(NotComputed("dormant", "signed_on", "when partners joined is not on record for all of them", "partners.joined_on"))
    return rows, missing


@dataclass(frozen=True, slots=True)
class LateStart:
    """Chance that a partner without a sale a year after signing starts in the year after that; `known` where dates told it."""

    share: float
    of: int
    known: bool


@reads()
def late_start(whole: Portfolio) -> LateStart:
    """Of partners signed two years ago or more and without a sale a year on. Use it through `portfolio.fitted(late_start)`."""
    past = history(whole)
    months = past.revenue.shape[1]
    sells = past.revenue > 0
    first = np.where(sells.any(axis=1), sells.argmax(axis=1), 10**6)
    seen = np.isfinite(past.signed) & (past.signed >= 0) & (past.signed <= months - 2 * WITHIN_MONTHS)
    wait = first - np.where(np.isfinite(past.signed), past.signed, 0)
    still = seen & (wait > WITHIN_MONTHS) & ~past.gone
    n = int(still.sum())
    if n < _ENOUGH:
        return LateStart(_UNKNOWN_LATE, n, False)
    started = int((wait[still] <= 2 * WITHIN_MONTHS).sum())
    return LateStart((started + 0.5) / (n + 1), n, True)
