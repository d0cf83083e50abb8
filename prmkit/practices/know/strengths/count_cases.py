"""What can be counted at a partner: people certified, families sold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.aligned import aligned
from prmkit.practices.enable.certified import certified
from prmkit.practices.know.strengths.cases import Cases, log_above_zero, scaled


def technical_people(portfolio: Portfolio) -> Cases | None:
    """Technical people with a certificate that holds, beside partners with as many technical people or employees."""
    if not portfolio.has("trainings"):
        return None
    ids = _buying(portfolio)
    counts = aligned(certified(portfolio, "technical"), ids).fillna(0.0).to_numpy(float)
    if not counts.any():
        return None
    heads = portfolio.partners.set_index("partner_id")["technical_headcount"].reindex(ids)
    return Cases(ids, counts, "count", ("certified person", "certified people"), 1, scaled(log_above_zero(heads), "technical headcount"))


def families(portfolio: Portfolio) -> Cases | None:
    """Product families sold in the 12 months, beside partners that sell as much."""
    rows = portfolio.months[(portfolio.months["month"] < 12) & (portfolio.months["revenue"] > 0)]
    rows = rows[rows["product_family"].notna()]
    if rows["product_family"].nunique() < 2:
        return None
    ids = _buying(portfolio)
    counts = aligned(rows.groupby("partner_id")["product_family"].nunique(), ids).fillna(0.0).to_numpy(float)
    sold = scaled(np.log(portfolio.per_partner().reindex(ids).to_numpy(float)), "revenue")
    return Cases(ids, counts, "count", ("product family", "product families"), 1, sold)


def _buying(portfolio: Portfolio) -> pd.Series:
    year = portfolio.per_partner()
    return portfolio.partners["partner_id"][(year > 0).to_numpy()].reset_index(drop=True)
