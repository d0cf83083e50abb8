"""How many partners of which type to sign in which territory, at least cost for the goal with the chance asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from prmkit.data.portfolio import Portfolio
from prmkit.estimators.bootstrap import interval
from prmkit.estimators.two_way_factors import sums
from prmkit.practices.reach.allotment.binding import Limiting, limiting
from prmkit.practices.reach.allotment.cells import ANY, Cells, make_cells, type_of
from prmkit.practices.reach.allotment.draws import Draws
from prmkit.practices.reach.allotment.limits import Bounds, bounds
from prmkit.practices.reach.allotment.rounds import Solved, kept, solve, spread_plainly, trimmed
from prmkit.practices.reach.count.case import Case, draw_recruits
from prmkit.practices.reach.forecast.fit import LATER_MONTHS
from prmkit.practices.reach.territories import NONE, home

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Allocation:
    """An allocation with what it rests on. plain: the spreadsheet's spread for the same chance, None where no number gives it; later:
    the first day checked on which the goal would be within the limits, None if it is by then or not even then."""

    case: Case
    cells: Cells
    bounds: Bounds
    draws: Draws
    solved: Solved
    limiting: Limiting
    plain: Array | None
    later: pd.Timestamp | None

    @property
    def share_of_goal(self) -> float:
        """The part of the goal that is reached with the confidence asked for; 1 where all of it is."""
        lacking = max(self.draws.short(self.solved.units, self.case.target.confidence), 0.0)
        return 1 - lacking / self.draws.goal

    @property
    def recruits(self) -> pd.Series:
        """Recruits by territory."""
        by_place = sums(self.cells.place, self.solved.units, len(self.cells.territory))
        return pd.Series(by_place, index=list(self.cells.territory)).round().astype(int)

    @cached_property
    def rules(self) -> pd.DataFrame:
        """reach_allocation_rules: the allocation and the spreadsheet's spread, side by side."""
        rows = [_rule("least_cost", self.draws, self.cells, self.solved.units, self.solved.gap)]
        rows[0]["keeps_limits"] = True
        if self.plain is not None:
            rows.append(_rule("last_years_shares", self.draws, self.cells, self.plain, np.nan))
            rows[1]["keeps_limits"] = kept(self.bounds.options, self.plain)
        return pd.DataFrame(rows)


def allocate(case: Case, tables: Mapping[str, pd.DataFrame]) -> Allocation | str:
    """The allocation of a case with a goal, or why there is none. tables: plan, and coverage and saturation where they were made."""
    if case.target.revenue is None:
        return "without a goal there is nothing to spread recruits for"
    cells = make_cells(case)
    if cells is None:
        return "neither territories nor types tell recruits apart: the plan's number is all there is to say"
    if not (cells.worth > 0).any():
        return "recruits are not expected to sell anything"
    held, draws, sure = bounds(case, cells, tables), Draws.of(case, cells), case.target.confidence
    solved = solve(held.options, draws, sure)
    if solved is None:
        return f"the limits contradict each other: {', '.join(held.names)}"
    solved = trimmed(held.options, draws, solved, sure)
    limits = limiting(case.portfolio, held, draws, solved, sure, case.target.months, priced=bool(cells.priced))
    shares = _last_years_shares(case.portfolio, cells)
    plain = spread_plainly(draws, shares, sure, case.most) if solved.reached and solved.units.any() else None
    later = None if solved.reached else _later(case, tables)
    return Allocation(case, cells, held, draws, solved, limits, plain, later)


def allocation_rows(made: Allocation) -> pd.DataFrame:
    """reach_allocation: cells with recruits, most revenue first; revenue is net of what is taken from partners already there."""
    cells, units = made.cells, made.solved.units
    used, drawn, taken = made.draws.by_cell(units)
    worth = sums(cells.place, cells.worth * units, len(cells.territory))
    slope, rows = cells.markets.slope(worth), []
    for number, cell in enumerate(used):
        low, high = interval(drawn[:, number])
        place, more = cells.place[cell], float(cells.worth[cell] * slope[cells.place[cell]])
        count = int(units[cell])
        net = float(drawn[:, number].mean())
        rows.append(
            {
                "territory": cells.territory[place],
                "partner_type": cells.types[cells.kind[cell]],
                "recruits": count,
                "cost": count * float(cells.cost[cell]) if cells.priced else np.nan,
                "revenue": net,
                "revenue_low": low,
                "revenue_high": high,
                "marginal_cost_per_revenue": float(cells.cost[cell]) / more if cells.priced and more > 0 else np.nan,
                "why": _why(made, int(cell), float(worth[place])),
                "taken_from_neighbours": float(taken[:, number].mean()) if made.draws.sharing is not None else np.nan,
                "spreadsheet_recruits": np.nan if made.plain is None else float(made.plain[cell]),
            }
        )
    columns = [
        "territory",
        "partner_type",
        "recruits",
        "cost",
        "revenue",
        "revenue_low",
        "revenue_high",
        "marginal_cost_per_revenue",
        "why",
    ]
    frame = pd.DataFrame(rows, columns=[*columns, "taken_from_neighbours", "spreadsheet_recruits"])
    return frame.sort_values(["revenue", "territory", "partner_type"], ascending=[False, True, True], kind="stable").reset_index(drop=True)


def _why(made: Allocation, cell: int, worth: float) -> str:
    """What speaks for a cell: its return, its own goal, or that nobody is there."""
    cells, place = made.cells, int(made.cells.place[cell])
    per_cost = cells.worth / cells.cost
    best = per_cost[cell] / max(float(np.median(per_cost)), 1e-12)
    said = []
    fewer = max(worth - float(cells.worth[cell]), 0.0)
    if made.bounds.needs[place] > float(cells.spread_by.gain(_at(cells, place, fewer))[place]):
        said.append("its own goal asks for it")
    if cells.present[place] == 0:
        said.append("nobody sells there yet")
    if best >= 1.05:
        said.append(f"a recruit brings {best:.1f} times the revenue per cost of the middle choice")
    return "; ".join(said) or "after better places were filled up to their limits"


def _at(cells: Cells, place: int, worth: float) -> Array:
    made = np.zeros(len(cells.territory))
    made[place] = worth
    return made


def _last_years_shares(portfolio: Portfolio, cells: Cells) -> Array:
    """Shares (c,) of last year's revenue by partners' territory and type; by partners listed where nothing was sold."""
    code = _code(portfolio, cells)
    for weight in (portfolio.per_partner().clip(lower=0).to_numpy(dtype=float), np.ones(len(portfolio.partners))):
        there = sums(code, weight, len(cells.place))
        if there.sum() > 0:
            shares: Array = there / there.sum()
            return shares
    return np.full(len(cells.place), 1 / len(cells.place))


def _code(portfolio: Portfolio, cells: Cells) -> NDArray[np.int64]:
    """The cell of each partner, -1 where it has none."""
    ids = portfolio.partners["partner_id"]
    where = home(portfolio).reindex(ids) if cells.territory != (NONE,) else pd.Series(NONE, index=ids)
    typed = type_of(portfolio).reindex(ids) if cells.types != (ANY,) else pd.Series(ANY, index=ids)
    place, kind = pd.Index(cells.territory).get_indexer(pd.Index(where)), pd.Index(cells.types).get_indexer(pd.Index(typed))
    return np.where((place >= 0) & (kind >= 0), place * len(cells.types) + kind, -1).astype(np.int64)


def _later(case: Case, tables: Mapping[str, pd.DataFrame]) -> pd.Timestamp | None:
    """The goal's day a quarter on, where its limits then leave room for it; territories' own goals are left out."""
    aim = case.target.later(LATER_MONTHS)
    recruits = draw_recruits(case.portfolio, case.channel, case.later, aim, case.rows, case.factor, case.recruits.simulated)
    then = replace(case, target=aim, now=case.later, recruits=recruits)
    cells = make_cells(then)
    if cells is None:
        return None
    held = bounds(then, cells, {**tables, "plan": tables["plan"].drop(columns="gap", errors="ignore")})
    solved = solve(held.options, Draws.of(then, cells), aim.confidence)
    return aim.by if solved is not None and solved.reached else None


def _rule(rule: str, draws: Draws, cells: Cells, units: Array, gap: float) -> dict[str, object]:
    added = draws.by_cell(units)[1].sum(axis=1)
    low, high = interval(added)
    return {
        "rule": rule,
        "recruits": int(units.sum()),
        "cost": float(cells.cost @ units) if cells.priced else np.nan,
        "chance": draws.chance(units),
        "revenue": float(added.mean()),
        "revenue_low": low,
        "revenue_high": high,
        "gap_to_best": gap,
    }
