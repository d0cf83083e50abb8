"""Each partner's cases beside those of its like: the same type, the same size, the same kind of case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from prmkit.data.portfolio import Portfolio
from prmkit.data.reads import reads
from prmkit.estimators.lift import FEWEST, Evidence, lifts, of_counts, of_levels, of_shares
from prmkit.practices.know.strengths import count_cases, customer_cases, deal_cases
from prmkit.practices.know.strengths.cases import Array, Cases
from prmkit.practices.know.strengths.usual import Usual, usual_of

ENOUGH = 5
"""Own cases below which nothing is said of a partner."""
MAKERS: dict[str, Callable[[Portfolio], Cases | None]] = {
    "win_rate": deal_cases.win_rate,
    "vertical_win_rate": deal_cases.vertical_win_rate,
    "vertical_mix": customer_cases.vertical_mix,
    "deal_size": deal_cases.deal_size,
    "sales_cycle": deal_cases.sales_cycle,
    "low_price": deal_cases.low_price,
    "net_price": deal_cases.net_price,
    "csat": customer_cases.csat,
    "customer_survey": customer_cases.customer_survey,
    "response_time": customer_cases.response_time,
    "resolution_time": customer_cases.resolution_time,
    "renewal_rate": customer_cases.renewal_rate,
    "contract_share": customer_cases.contract_share,
    "technical_people": count_cases.technical_people,
    "families": count_cases.families,
    "customers_near": customer_cases.customers_near,
}


@dataclass(frozen=True)
class Compared:
    """One measure for every partner of a client.

    rows: by partner_id, lift, lift_low, lift_high, chance_none, seen, usual, cases; lifts are null where the partner has too few cases.
    missing: why there is nothing at all, "" where there is. noun: what a case is, one and many.
    """

    rows: pd.DataFrame
    missing: str = ""
    noun: tuple[str, str] = ("case", "cases")


def compared(portfolio: Portfolio) -> dict[str, Compared]:
    """Every measure, worked out once on the whole client."""
    return portfolio.fitted(_all)


@reads("worries", "privacy", "client")
def _all(portfolio: Portfolio) -> dict[str, Compared]:
    return {name: compare(portfolio, make(portfolio)) for name, make in MAKERS.items()}


def _ids(portfolio: Portfolio) -> pd.Index:
    made: pd.Index = pd.Index(portfolio.partners["partner_id"])
    return made


def compare(portfolio: Portfolio, cases: Cases | None) -> Compared:
    """Lift of each partner over its like in one measure, with its 90% interval."""
    ids = portfolio.fitted(_ids)
    nothing = pd.DataFrame(index=ids, columns=["lift", "lift_low", "lift_high", "chance_none", "seen", "usual"], dtype="float64").assign(
        cases=0
    )
    if cases is None:
        return Compared(nothing, "not on record")
    unit = ids.get_indexer(pd.Index(cases.partner_id))
    own = unit >= 0
    count = np.bincount(unit[own], minlength=len(ids))
    least = 1 if cases.kind == "count" else ENOUGH
    able = int((count >= least).sum())
    nothing = nothing.assign(cases=count)
    if able < FEWEST:
        return Compared(
            nothing, f"only {able} partners have {least} or more {cases.noun[1]}, {FEWEST} are needed to know what is usual", cases.noun
        )
    usual = usual_of(portfolio, cases, unit, count)
    if usual is None:
        return Compared(nothing, "what is usual could not be worked out", cases.noun)
    try:
        evidence = _evidence(cases, usual, unit, own, len(ids))
    except ValueError:
        return Compared(nothing, f"all {cases.noun[1]} of a partner are the same: nothing tells partners apart", cases.noun)
    found = lifts(evidence)
    seen, like = _means(cases, usual.level, unit, own, count)
    rows = pd.DataFrame(
        {"lift": found.mean, "lift_low": found.low, "lift_high": found.high, "chance_none": found.chance_none, "seen": seen, "usual": like},
        index=ids,
    )
    return Compared(rows.where(pd.Series(count >= least, index=ids), np.nan).assign(cases=count), "", cases.noun)


def _evidence(cases: Cases, learnt: Usual, unit: NDArray[np.int64], own: NDArray[np.bool_], units: int) -> Evidence:
    value, usual, unit, better = cases.value[own], learnt.level[own], unit[own], cases.better
    if cases.kind == "share":
        return of_shares(value, usual, unit, units, learnt.doubt)
    if cases.kind == "count":
        full, expected = np.zeros(units), np.ones(units)
        full[unit], expected[unit] = value, usual
        made = of_counts(full, expected)
        return Evidence(
            made.support * np.isin(np.arange(units), unit)[:, None], made.lift, np.bincount(unit, minlength=units).astype(float)
        )
    if cases.kind == "log":
        return of_levels(
            better * (value - usual), unit, units, lambda apart: np.expm1(apart) if better > 0 else -np.expm1(-apart), learnt.doubt
        )
    middle = abs(float(value.mean())) or 1.0
    return of_levels(better * (value - usual), unit, units, lambda apart: apart / middle, learnt.doubt)


def _means(cases: Cases, usual: Array, unit: NDArray[np.int64], own: NDArray[np.bool_], count: NDArray[np.int64]) -> tuple[Array, Array]:
    """Mean value seen and usual of each partner's cases, in the measure's own unit: of logs, the number whose log is the mean."""
    told = special.expit(usual) if cases.kind == "share" else usual
    many = np.maximum(count, 1)
    sums = [np.bincount(unit[own], values[own], minlength=len(count)) / many for values in (cases.value, told)]
    seen, like = (np.exp(mean) if cases.kind == "log" else mean for mean in sums)
    return seen, like
