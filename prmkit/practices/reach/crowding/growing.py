"""More partners in the same market: how far they share what is to be had."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.capacity import Recruits
from prmkit.estimators.channel import Channel
from prmkit.estimators.saturation import FEW_PLACES, Elasticity, estimable, fit_elasticity
from prmkit.practices.reach.territories import MIN_PARTNERS, active

_QUARTER, _HALF_YEAR = 3, 6


def quarters(whole: Portfolio) -> pd.DataFrame:
    """territory, quarter (0 ends on as_of), revenue, partners (with net revenue above zero in the six months to its end).

    Only territories with eight partners or more on average, so that one partner is not the market.
    """
    count = (whole.history_months - _HALF_YEAR) // _QUARTER + 1
    sales = whole.months.dropna(subset=["territory"]).groupby(["territory", "partner_id", "month"], as_index=False)["revenue"].sum()
    rows = []
    for quarter in range(max(count, 0)):
        first = quarter * _QUARTER
        half = sales[sales["month"].between(first, first + _HALF_YEAR - 1)]
        selling = half.groupby(["territory", "partner_id"])["revenue"].sum()
        partners = (selling > 0).groupby("territory").sum().rename("partners")
        revenue = half[half["month"] < first + _QUARTER].groupby("territory")["revenue"].sum()
        rows.append(pd.concat([revenue, partners], axis=1).assign(quarter=quarter))
    if not rows:
        return pd.DataFrame({"territory": pd.Series(dtype="str"), "quarter": [], "revenue": [], "partners": []})
    panel = pd.concat(rows).rename_axis("territory").reset_index().fillna({"revenue": 0.0})
    panel = panel[(panel["partners"] > 0) & (panel["revenue"] >= 0)]
    enough = panel.groupby("territory")["partners"].transform("mean") >= MIN_PARTNERS
    kept: pd.DataFrame = panel[enough].reset_index(drop=True)
    return kept


def elasticity(whole: Portfolio) -> Elasticity | str:
    """Elasticity of a territory's revenue to its active partners, or why it cannot be told."""
    panel = whole.fitted(quarters)
    if panel.empty:
        return "no territory has eight active partners or more"
    place, period = panel["territory"].astype("category").cat.codes, panel["quarter"]
    places, periods = np.asarray(place, dtype=np.int64), np.asarray(period, dtype=np.int64)
    units = panel["partners"].to_numpy(dtype=float)
    reason = estimable(places, periods, units)
    return reason or fit_elasticity(panel["revenue"].to_numpy(dtype=float), units, places, periods)


def counts_in_plan(found: Elasticity | str) -> bool:
    """Whether the plan lets recruits share the market: only where the data alone tell the elasticity."""
    return not isinstance(found, str) and found.places >= FEW_PLACES


def crowding(portfolio: Portfolio, recruits: Recruits, channel: Channel) -> Recruits:
    """Recruits that share the market where its elasticity was measured on fifteen territories or more."""
    found = portfolio.fitted(elasticity)
    if isinstance(found, str) or not counts_in_plan(found):
        return recruits
    draws = found.draws(len(recruits.mean), np.random.default_rng([portfolio.settings.seed, 8]))
    present = float(active(portfolio).sum())
    selling = float(channel.activated.mean())
    return replace(recruits, crowding=(max(present, 1.0), selling, np.minimum(draws, 1.0)))
