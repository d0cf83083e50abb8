"""How many prospects have to be approached for one to sign."""

from __future__ import annotations

import pandas as pd

from prmkit.data.portfolio import Portfolio

_ENOUGH = 20


def conversion(whole: Portfolio) -> float | None:
    """Share of contacted prospects that signed: the engagement's own, else of those contacted a year or more ago; None if too few."""
    told = whole.settings.reach.get("conversion")
    if isinstance(told, int | float) and told > 0:
        return float(told)
    recruits = whole.tables.get("recruits")
    if recruits is None or not len(recruits):
        return None
    ripe = recruits["contacted_on"].notna() & (recruits["contacted_on"] <= whole.as_of - pd.DateOffset(months=12))
    signed = recruits.loc[ripe, "signed_on"].notna()
    return float(signed.mean()) if ripe.sum() >= _ENOUGH and signed.any() else None
