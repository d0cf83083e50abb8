"""How much of the partner record is filled in, by count and by the revenue it covers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.data.readiness.needs import Alternative, declared


def profile(portfolio: Portfolio) -> pd.DataFrame:
    """attribute, filled_share, filled_revenue_share of each partner attribute, missing_revenue, unlocks, unlocked.

    The second share weighs partners by their revenue of the 12 months to as_of (net returns count as
    nothing); null where nobody bought. An empty or blank text is not filled. missing_revenue: revenue of the partners that lack
    it. unlocks: how many results tables need it or are better for it (needs.yaml), where nothing else on record does as well; unlocked:
    what is not known without it, in words.
    """
    partners = portfolio.partners
    attributes = [column for column in partners.columns if column != "partner_id"]
    filled = pd.DataFrame({column: _filled(partners[column]) for column in attributes}, index=partners.index)
    bought = portfolio.per_partner().clip(lower=0).to_numpy()
    total = bought.sum()
    by_revenue = bought @ filled.to_numpy(dtype=float) / total if total > 0 else np.full(len(attributes), np.nan)
    by_count = filled.mean().to_numpy() if len(partners) else np.full(len(attributes), np.nan)
    opens = [_unlocked(portfolio, attribute) for attribute in attributes]
    return pd.DataFrame(
        {
            "attribute": attributes,
            "filled_share": by_count,
            "filled_revenue_share": by_revenue,
            "missing_revenue": np.maximum(1 - by_revenue, 0.0) * total if total > 0 else np.nan,
            "unlocks": [len(found) for found in opens],
            "unlocked": pd.Series([" ".join(dict.fromkeys(found.values())) or None for found in opens], dtype="str"),
        }
    )


def _unlocked(portfolio: Portfolio, attribute: str) -> dict[str, str]:
    """Results table -> what is not known of it without this attribute; left out where another export serves as well."""
    found: dict[str, str] = {}
    for told in declared():
        if told.awaited:
            continue
        for need in (*told.needs, *told.helps):
            own = [one for one in need.alternatives if (one.table, one.column) == ("partners", attribute)]
            others = [one for one in need.alternatives if one not in own]
            if own and not any(_there(portfolio, one) for one in others):
                found.setdefault(f"{told.practice}_{told.table}", need.cost or told.effect)
    return found


def _there(portfolio: Portfolio, one: Alternative) -> bool:
    """Whether an alternative is on record for some partner at least."""
    rows = portfolio.partners if one.table == "partners" else portfolio.tables.get(one.table)
    if rows is not None and one.table == "estimates":
        rows = rows[rows["answer"].notna()]  # "not known" is an answer that says nothing
    if rows is None or not len(rows) or not one.column:
        return rows is not None and len(rows) > 0
    if one.column not in rows:
        return False
    values = rows[one.column].dropna()
    return bool(values.astype("str").map(one.matches).any()) if one.word else len(values) > 0


def _filled(values: pd.Series) -> pd.Series:
    if pd.api.types.is_string_dtype(values):
        return values.notna() & (values.fillna("").str.strip() != "")
    return values.notna()
