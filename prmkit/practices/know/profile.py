"""How much of the partner record is filled in, by count and by the revenue it covers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio


def profile(portfolio: Portfolio) -> pd.DataFrame:
    """attribute, filled_share, filled_revenue_share of each partner attribute.

    The second weighs partners by their revenue of the 12 months to as_of (net returns count as
    nothing); null where nobody bought. An empty or blank text is not filled.
    """
    partners = portfolio.partners
    attributes = [column for column in partners.columns if column != "partner_id"]
    filled = pd.DataFrame({column: _filled(partners[column]) for column in attributes}, index=partners.index)
    bought = portfolio.per_partner().clip(lower=0).to_numpy()
    total = bought.sum()
    by_revenue = bought @ filled.to_numpy(dtype=float) / total if total > 0 else np.full(len(attributes), np.nan)
    by_count = filled.mean().to_numpy() if len(partners) else np.full(len(attributes), np.nan)
    return pd.DataFrame({"attribute": attributes, "filled_share": by_count, "filled_revenue_share": by_revenue})


def _filled(values: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(values):
        return values.notna() & (values.fillna("").str.strip() != "")
    return values.notna()
