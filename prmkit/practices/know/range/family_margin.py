"""What a unit of revenue leaves, by product family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.practices.margin_rate import margin_rate

_ENOUGH = 0.5
_CENT = 0.005


@dataclass(frozen=True, slots=True)
class FamilyMargin:
    """rate: (k,) gross margin per unit of revenue of each family, nan where it is not known; ones throughout where `known` is False: values
    are revenue then. said: in words."""

    rate: NDArray[np.float64]
    known: bool
    said: str


def family_margin(portfolio: Portfolio, families: tuple[str, ...]) -> FamilyMargin:
    """Gross margin rates of the 12 months, of the whole client.

    A family most of whose revenue carries a cost has its own rate, any other the one the engagement names, else that of all sales. Where
    that is not known either, values of all families stay revenue.
    """
    whole = portfolio.whole
    year = whole.months[whole.months["month"] < 12]
    sums = year.groupby("product_family")[["revenue", "cost", "costed_revenue"]].sum().reindex(list(families), fill_value=0.0)
    revenue, costed, cost = (sums[name].to_numpy(dtype=float) for name in ("revenue", "costed_revenue", "cost"))
    own = (costed > _CENT) & (costed >= _ENOUGH * revenue)
    rate = np.divide(costed - cost, costed, out=np.full(len(families), np.nan), where=own)
    usual = margin_rate(whole)
    stated = portfolio.settings.economics.gross_margin
    fallback = stated if stated is not None else usual.rate
    sold = revenue > _CENT
    if fallback is None and not own[sold].all():
        return FamilyMargin(np.ones(len(families)), False, usual.said)
    filled = np.where(own, rate, np.nan if fallback is None else fallback)
    said = "Priced at the gross margin of each family's sales in the 12 months"
    return FamilyMargin(filled, True, f"{said}." if own[sold].all() else f"{said}; of families without costs at the margin of all sales.")
