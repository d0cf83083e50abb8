"""Where recruits could go and of which type: what one of them brings there, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data import calendar
from prmkit.data.portfolio import Portfolio
from prmkit.estimators.attrition import yearly
from prmkit.estimators.shared_market import Markets
from prmkit.estimators.two_way_factors import TwoWay, lasting, relative_rate, sums, two_way_factors
from prmkit.practices.cost_to_serve import cost_to_serve
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.forecast.fit import fit_reach
from prmkit.practices.reach.territories import MIN_PARTNERS, NONE, active, home

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

ANY = "any type"
_MOST_PLACES = 500
_FUNNEL_YEARS = 3
_NEARLY_ONE = 0.99


@dataclass(frozen=True)
class Kinds:
    """What sets types and territories apart in the whole client; names in the order of the factors.

    factors: of mature yield; selling (k,): chance of coming to sell, over that of all; leaving (k,): hazard over that of all;
    listed (k,): partners on the list; serving (k,): cost to serve of one over that of all.
    """

    places: pd.Index
    types: pd.Index
    factors: TwoWay
    selling: Array
    leaving: Array
    listed: Whole
    serving: Array


@dataclass(frozen=True)
class Cells:
    """Territory x type, one entry each (c,), territories first.

    factor: what a recruit there sells over the average recruit of the case; worth: in money, before sharing; cost: of one (1 where
    `priced` is ""). markets: how recruits share with those there, as the plan counts it; spread_by: the same with a little sharing where
    the plan counts none, so that recruits that nothing tells apart are not heaped in one place. unit (T,): what one more that sells brings;
    present (T,): partners that sell. unsure_place (T,), unsure_type (k,): log standard
    deviations of the yield factors.
    """

    territory: tuple[str, ...]
    types: tuple[str, ...]
    place: Whole
    kind: Whole
    factor: Array
    worth: Array
    cost: Array
    priced: str
    markets: Markets
    spread_by: Markets
    unit: Array
    present: Whole
    unsure_place: Array
    unsure_type: Array
    left_out: tuple[str, ...]
    hidden: int


def kinds(whole: Portfolio) -> Kinds | None:
    """Type and territory factors of the whole client. Use it through `portfolio.fitted(kinds)`."""
    channel = whole.fitted(fit_reach).channel
    if channel is None:
        return None
    where, typed = home(whole).to_numpy(dtype=object), type_of(whole).to_numpy(dtype=object)
    place, places = pd.factorize(where, sort=True)
    kind, types = pd.factorize(typed, sort=True)
    pool, level = channel.pool, channel.yields.level[channel.pool]
    factors = two_way_factors(level, place[pool], kind[pool], len(places), len(types), MIN_PARTNERS)
    count = sums(kind, None, len(types))
    sold = sums(kind, channel.lives.sold.astype(float), len(types))
    lapses = sums(kind, channel.table.lapses.sum(axis=1), len(types))
    months = sums(kind, channel.table.months.sum(axis=1), len(types))
    return Kinds(
        places=pd.Index(places, dtype="str"),
        types=pd.Index(types, dtype="str"),
        factors=factors,
        selling=relative_rate(sold, count),
        leaving=relative_rate(lapses, months),
        listed=count.astype(np.int64),
        serving=_serving(whole, kind, count),
    )


def type_of(portfolio: Portfolio) -> pd.Series:
    """Each partner's type, by partner_id; "any type" where it is not known."""
    return portfolio.partners.set_index("partner_id")["partner_type"].fillna(ANY)


def _serving(whole: Portfolio, kind: Whole, count: Array) -> Array:
    if not whole.has("support"):
        return np.ones(len(count))
    cost = cost_to_serve(whole).set_index("partner_id")["cost_to_serve"].reindex(whole.partners["partner_id"]).fillna(0.0).to_numpy()
    if cost.sum() <= 0:
        return np.ones(len(count))
    usual = float(cost.mean())
    made: Array = (sums(kind, cost, len(count)) / usual + MIN_PARTNERS) / (count + MIN_PARTNERS)
    return made


def make_cells(case: Case) -> Cells | None:
    """The cells of a case; None where neither a territory nor a type tells recruits apart."""
    portfolio, whole = case.portfolio, case.portfolio.fitted(kinds)
    assert whole is not None
    names, hidden = _territories(portfolio)
    types, left_out = _types(portfolio, whole)
    if len(names) * len(types) < 2:
        return None
    at, of = whole.places.get_indexer(pd.Index(names)), whole.types.get_indexer(pd.Index(types))
    rows, columns = whole.factors.rows, whole.factors.columns
    here = np.where(at >= 0, rows.factor[at], 1.0)
    hazard = -np.log1p(-min(float(yearly(case.channel.attrition.pooled).mean()), 0.99)) / 12
    stay = lasting(hazard * whole.leaving[of], case.target.months) / lasting(hazard, case.target.months)
    each = columns.factor[of] * whole.selling[of] * stay
    factor = (here[:, None] * each[None, :]).ravel() / case.factor
    one = float((case.recruits.mean * case.trend).mean())
    place, kind = np.repeat(np.arange(len(names)), len(types)), np.tile(np.arange(len(types)), len(names))
    cost, priced = _cost(case, whole.serving[of])
    selling = active(portfolio)
    present = home(portfolio)[selling].value_counts().reindex(list(names), fill_value=0).to_numpy(dtype=np.int64)
    crowding, sharing = case.recruits.crowding, case.recruits.sharing
    shared = 1.0 if crowding is None else min(float(crowding[2].mean()), 1.0)
    there = 1.0 if sharing is None else max(float(sharing.there @ sharing.lasting), 1e-6)
    sells = max(float(case.channel.activated.mean()), 1e-6)
    unit = np.maximum(one * here / case.factor, 1e-9) / sells
    return Cells(
        territory=names,
        types=types,
        place=place,
        kind=kind,
        factor=factor,
        worth=np.maximum(factor * one, 0.0),
        cost=cost[kind],
        priced=priced,
        markets=Markets(present * unit / there, unit, shared),
        spread_by=Markets(present * unit / there, unit, min(shared, _NEARLY_ONE)),
        unit=unit,
        present=np.asarray(present, dtype=np.int64),
        unsure_place=np.where(at >= 0, rows.unsure[at], rows.unsure.max(initial=0.0)),
        unsure_type=columns.unsure[of],
        left_out=left_out,
        hidden=hidden,
    )


def _territories(portfolio: Portfolio) -> tuple[tuple[str, ...], int]:
    """Territories that recruits could go to, and how many more there are than are looked at."""
    listed = home(portfolio)
    count = listed[listed != NONE].value_counts()
    table = portfolio.tables.get("territories")
    if table is not None and len(table) and portfolio.name == "all":
        known = table["market_potential"].fillna(0.0).gt(0) | table["revenue_goal"].fillna(0.0).gt(0)
        count = count.add(pd.Series(0, index=table.loc[known, "territory"].dropna().unique()), fill_value=0)
    if count.empty:
        return (NONE,), 0
    names = count.rename_axis("name").reset_index(name="n").sort_values(["n", "name"], ascending=[False, True])["name"]
    return tuple(sorted(str(name) for name in names.head(_MOST_PLACES))), max(len(names) - _MOST_PLACES, 0)


def _types(portfolio: Portfolio, whole: Kinds) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types of this portfolio that eight starters or more can tell of, and those left out; all as one where none can."""
    own = set(type_of(portfolio))
    enough = [name for name, seen in zip(whole.types, whole.factors.columns.seen, strict=True) if seen >= MIN_PARTNERS and name in own]
    if not enough:
        return (ANY,), ()
    return tuple(enough), tuple(sorted(own - set(enough) - {ANY}))


def _cost(case: Case, serving: Array) -> tuple[Array, str]:
    """What one recruit of each type costs until the goal's last day, and what that is made of; ones and "" where nothing is known."""
    money = case.portfolio.settings.economics
    recruit, said = money.recruit_cost, "the engagement's recruit_cost"
    if recruit is None:
        recruit, said = _funnel_cost(case.portfolio.whole), "what signing one cost in the recruitment funnel"
    parts = [said] if recruit is not None else []
    cost = np.full(len(serving), recruit or 0.0)
    if money.partner_cost is not None:
        cost = cost + money.partner_cost * case.target.months / 24 * serving
        spread = " by what each type costs to serve" if len(set(np.round(serving, 6))) > 1 else ""
        parts.append(f"partner_cost for the months that one signed evenly is there{spread}")
    if not parts or (cost <= 0).any():
        return np.ones(len(serving)), ""
    return cost, " and ".join(parts)


def _funnel_cost(whole: Portfolio) -> float | None:
    """What the prospects of the last three years cost, over those of them that signed; None below eight signed."""
    rows = whole.tables.get("recruits")
    if rows is None or not rows["cost"].notna().any():
        return None
    recent = rows[rows["contacted_on"] > calendar.month_end(whole.as_of, 12 * _FUNNEL_YEARS)]
    signed = int(recent["signed_on"].notna().sum())
    spent = float(recent["cost"].sum())
    return spent / signed if signed >= MIN_PARTNERS and spent > 0 else None
