"""What an allocation has to keep to: hands to take partners in, money, cover, promises to partners, and markets that are full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.least_cost import Limit, Options, at_most_gained, by_group, largest, least_excess, on_gain, on_units
from prmkit.estimators.shared_market import pieces
from prmkit.practices.reach.agreed.in_force import exclusive
from prmkit.practices.reach.allotment.cells import Cells, type_of
from prmkit.practices.reach.count.case import Case
from prmkit.practices.reach.count.onboarding import capacities
from prmkit.practices.reach.territories import home

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROOM = 2.0
_HANDS = {
    "told": "the engagement's own onboarding_capacity",
    "hours": "as many as partner managers have hours for",
    "most_seen": "as many as were signed at the most in any three months of the record",
}
_FAR = 20.0
_MORE_LIKELY_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """A limit as people read it. level: a month for onboarding, money for a budget, else null; unit: of the level."""

    name: str
    words: str
    level: float
    unit: str


@dataclass(frozen=True)
class Bounds:
    """Everything an allocation keeps to. barred: territory -> why nobody is added there. needs (T,): revenue still lacking to a
    territory's own goal, nan without. aside: what was left out, in words."""

    options: Options
    told: tuple[Told, ...]
    barred: Mapping[str, str]
    needs: Array
    aside: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all limits."""
        return tuple(one.name for one in self.told)


def bounds(case: Case, cells: Cells, tables: Mapping[str, pd.DataFrame]) -> Bounds:
    """The limits of a case; tables: plan, and where they could be made coverage and saturation."""
    a_year, by_place, by_type, seen = _hands(case, cells)
    barred = barred_places(case.portfolio, tables.get("saturation"))
    shut = np.array([name in barred for name in cells.territory])
    years = case.target.months / 12
    ends = np.minimum(by_place[cells.place], by_type[cells.kind]) * years
    top = np.minimum(ends, a_year * years)
    usable = np.floor(np.where(np.isfinite(top), np.maximum(top, 1.0), case.most))
    empty = Options(cells.cost, cells.worth, cells.place, usable, pieces(cells.spread_by, _most_worth(cells, usable, by_place * years)))
    made: list[tuple[Told, Limit]] = []
    if np.isfinite(a_year):
        limit = on_units(empty, "onboarding", np.ones(empty.kinds), most=a_year * years)
        made.append((Told("onboarding", seen, a_year / 12, "partners a month"), limit))
        rows = np.floor(np.maximum(by_place * years, 1.0))
        words = "no territory takes in more than twice what it ever did in a year, or twice its share of all"
        made.append((Told("territory", words, np.nan, "partners"), by_group(empty, "territory", cells.place, most=rows)))
        if len(cells.types) > 1:
            rows = np.floor(np.maximum(by_type * years, 1.0))
            words = "no type is signed more than twice as often as it ever was in a year, or twice its share of all"
            made.append((Told("type", words, np.nan, "partners"), by_group(empty, "type", cells.kind, most=rows)))
    made += _budget(case, cells, empty) + _white_space(cells, empty, tables.get("coverage"))
    if shut.any():
        held = by_group(empty, "barred", np.where(shut[cells.place], 0, -1), most=0.0)
        made.append(
            (Told("barred", "nobody is added where exclusivity was promised or too many sell already", np.nan, "territories"), held)
        )
    needs, aside = _needs(case, cells, tables["plan"], shut)
    made += _cover(case, cells, empty, shut) + _own_goals(empty, needs)
    options, more = _reconciled(replace(empty, limits=tuple(limit for _, limit in made)), cells)
    return Bounds(options, tuple(told for told, _ in made), barred, needs, aside + more)


def _reconciled(options: Options, cells: Cells) -> tuple[Options, tuple[str, ...]]:
    """The same with what territories want for themselves lowered to what the other limits leave room for, and which had to give."""
    said: tuple[str, ...] = ()
    for name, words in (
        ("territory goals", "Within the limits the territory's own goal is out of reach"),
        ("cover", "Nobody can be placed in"),
    ):
        if all(limit.name != name for limit in options.limits) or largest(options, whole=False) is not None:
            continue
        given = least_excess(options, -np.inf, name)
        if given is None:
            options = options.without(name)
            continue
        (limit,) = (one for one in options.limits if one.name == name)
        lower = limit.least - given.excess * (1 + 1e-6) - 1e-6
        lower = np.floor(lower + 1e-9) if name == "cover" else lower * np.where(lower > 0, 1 - 1e-6, 1.0)
        options = replace(options, limits=tuple(replace(one, least=lower) if one is limit else one for one in options.limits))
        lost = int((given.excess > 1e-6 * np.maximum(np.abs(limit.least), 1.0)).sum())
        said += (f"{words}: {lost} of {len(limit.least)} territories.",)
    return options, said


def barred_places(portfolio: Portfolio, saturation: pd.DataFrame | None) -> dict[str, str]:
    """Territory -> why no partner is added there: an exclusive contract in force, or more likely than not too many partners."""
    made: dict[str, str] = {}
    if saturation is not None and "over_distributed_probability" in saturation:
        full = saturation[saturation["over_distributed_probability"] > _MORE_LIKELY_THAN_NOT]
        made |= {str(name): "more likely than not it has too many partners already" for name in full["territory"]}
    for row in exclusive(portfolio).itertuples(index=False):
        made[str(row.territory)] = f"agreement {row.agreement_id} makes {row.partner_id} exclusive there"
    return made


def _hands(case: Case, cells: Cells) -> tuple[float, Array, Array, str]:
    """Partners that can be taken in a year: in all, by territory, by type, inf where nobody was seen to start; and what that rests on."""
    life, whole = case.channel.lives, case.portfolio
    rows = case.rows
    start, dated = life.start[rows], life.dated[rows] & (life.start[rows] >= 0) & (life.start[rows] < life.months)
    dated &= life.sold[rows] | (life.clock == "signing")
    scale = 1.0 if life.clock == "signing" else 1 / max(float(case.channel.activated.mean()), 1e-6)
    ids = case.fit.partner_id[rows]
    place = pd.Index(cells.territory).get_indexer(pd.Index(home(whole).reindex(ids)))
    kind = (
        pd.Index(cells.types).get_indexer(pd.Index(type_of(whole).reindex(ids))) if len(cells.types) > 1 else np.zeros(len(ids), dtype=int)
    )
    ways, _ = capacities(case)
    a_year, said = (12 * ways[0].per_month, _HANDS[ways[0].basis]) if ways else (0.0, "")
    if a_year <= 0:
        return np.inf, np.full(len(cells.territory), np.inf), np.full(len(cells.types), np.inf), ""
    each = []
    for code, count in ((place, len(cells.territory)), (kind, len(cells.types))):
        seen = scale * _busiest(start[dated], code[dated], count, life.months)
        listed = np.bincount(code[code >= 0], minlength=count).astype(float)
        each.append(_ROOM * np.maximum(seen, a_year * listed / max(float(listed.sum()), 1.0)))
    return a_year, each[0], each[1], said


def _busiest(start: Whole, code: Whole, groups: int, months: int) -> Array:
    """The most starts in any 12 months of each group (groups,)."""
    grid = np.zeros((groups, months + 1))
    inside = code >= 0
    np.add.at(grid, (code[inside], start[inside] + 1), 1.0)
    so_far = np.cumsum(grid, axis=1)
    width = min(12, months)
    made: Array = (so_far[:, width:] - so_far[:, :-width]).max(axis=1)
    return made


def _most_worth(cells: Cells, usable: Array, by_place: Array) -> Array:
    """How far the gain of each place has to be known: beyond its own limit, so that it can be asked what a wider one would bring."""
    best = np.zeros(len(cells.territory))
    np.maximum.at(best, cells.place, cells.worth)
    total = np.bincount(cells.place, np.where(np.isfinite(usable), usable, 0.0), len(best))
    count = np.where(np.isfinite(by_place), np.minimum(np.maximum(by_place, 1.0), total), total)
    made: Array = _FAR * best * np.maximum(count, 1.0)
    return made


def _budget(case: Case, cells: Cells, options: Options) -> list[tuple[Told, Limit]]:
    told = case.portfolio.settings.reach.get("budget")
    if not isinstance(told, int | float) or not cells.priced:
        return []
    return [
        (Told("budget", "the engagement's own budget", float(told), "money"), on_units(options, "budget", cells.cost, most=float(told)))
    ]


def _white_space(cells: Cells, options: Options, coverage: pd.DataFrame | None) -> list[tuple[Told, Limit]]:
    if coverage is None or coverage.empty:
        return []
    known = coverage[coverage["territory"].isin(cells.territory) & coverage["white_space"].notna()].drop_duplicates("territory")
    if known.empty:
        return []
    at = pd.Index(cells.territory).get_indexer(pd.Index(known["territory"])).astype(np.int64)
    words = "recruits bring no more than the market that is left in their territory"
    limit = at_most_gained(options, "white space", at, known["white_space"].to_numpy(dtype=float))
    return [(Told("white space", words, np.nan, "money"), limit)]


def _cover(case: Case, cells: Cells, options: Options, shut: NDArray[np.bool_]) -> list[tuple[Told, Limit]]:
    """Every territory with a potential or a goal has somebody: at least one recruit where nobody sells."""
    table = case.portfolio.tables.get("territories")
    if table is None or not len(table):
        return []
    wanted = table["market_potential"].fillna(0.0).gt(0) | table["revenue_goal"].fillna(0.0).gt(0)
    named = np.isin(np.array(cells.territory, dtype=object), table.loc[wanted, "territory"].dropna().to_numpy(dtype=object))
    bare = np.flatnonzero(named & (cells.present == 0) & ~shut)
    if not len(bare):
        return []
    group = np.full(len(cells.territory), -1)
    group[bare] = np.arange(len(bare))
    words = "every territory with a market or a goal of its own has at least one partner"
    return [(Told("cover", words, float(len(bare)), "territories"), by_group(options, "cover", group[cells.place], least=1.0))]


def _needs(case: Case, cells: Cells, plan: pd.DataFrame, shut: NDArray[np.bool_]) -> tuple[Array, tuple[str, ...]]:
    """Revenue (T,) that recruits have to bring for the territory's own goal to be expected; nan without a goal."""
    if "gap" not in plan:
        return np.full(len(cells.territory), np.nan), ()
    gap = plan.drop_duplicates("territory").set_index("territory")["gap"].astype("float64")
    lacking: Array = np.array(gap.reindex(list(cells.territory)).to_list(), dtype=np.float64)
    lost = shut & (lacking > 0)
    lacking[lost] = np.nan
    names = ", ".join(name for name, gone in zip(cells.territory, lost, strict=True) if gone)
    said = f"Where nobody is added the territory's own goal is out of reach: {names}."
    return lacking, (said,) if names else ()


def _own_goals(options: Options, needs: Array) -> list[tuple[Told, Limit]]:
    places = np.flatnonzero(needs > 0).astype(np.int64)
    if not len(places):
        return []
    words = "each territory's own goal is expected to be reached"
    return [
        (
            Told("territory goals", words, float(len(places)), "territories"),
            on_gain(options, "territory goals", places, least=needs[places]),
        )
    ]
