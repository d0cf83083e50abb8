"""What one more partner costs a year, and what revenue leaves in each territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from prmkit.data.portfolio import Portfolio
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.reach.territories import active

_ENOUGH = 0.5
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class PartnerCost:
    """A year's cost of one more partner; None where it is not known, `said` in words."""

    amount: float | None
    basis: Literal["setting", "measured", "none"]
    said: str


def partner_cost(whole: Portfolio) -> PartnerCost:
    """economics.partner_cost, else the mean cost to serve of the active partners where it is on record for half of them or more."""
    named = whole.settings.economics.partner_cost
    if named:
        return PartnerCost(float(named), "setting", "A partner's cost a year is the one that the engagement names.")
    selling = active(whole)
    served = cost_to_serve(whole).set_index("partner_id")
    known = served[~served["missing"] & served.index.isin(selling[selling].index)]
    mean = float(known["cost_to_serve"].mean()) if len(known) else 0.0
    if not selling.any() or len(known) < _ENOUGH * selling.sum() or mean <= 0:
        return PartnerCost(None, "none", "What one more partner costs a year is not known: set economics.partner_cost.")
    said = (
        f"A partner's cost a year is the mean cost to serve on record of {len(known)} active partners: signing and training are not in it."
    )
    return PartnerCost(mean, "measured", said)


def margins(whole: Portfolio) -> pd.Series:
    """Gross margin as a share of the 12 months' partner revenue by territory of sale; null where half of it or more carries no cost and the
    engagement names no margin, and where there is no revenue."""
    rows = whole.months[whole.months["month"] < 12]
    home = whole.partners.drop_duplicates("partner_id").set_index("partner_id")["territory"]
    where = rows["territory"].fillna(rows["partner_id"].map(home))
    sums = rows.groupby(where)[["revenue", "cost", "costed_revenue"]].sum()
    known = sums["costed_revenue"] - sums["cost"]
    bare = sums["revenue"] - sums["costed_revenue"]
    named = whole.settings.economics.gross_margin
    if named is not None:
        rate = (known + bare.mask(bare.abs() < _CENT, 0.0) * named) / sums["revenue"]
    else:
        rate = (known / sums["costed_revenue"].replace(0.0, np.nan)).where(sums["costed_revenue"] > _ENOUGH * sums["revenue"])
    return rate.where(sums["revenue"] > 0)
