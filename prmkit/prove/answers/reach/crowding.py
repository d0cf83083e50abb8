"""What is said of territories with too many partners, against how much they truly share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.prove.case import Case
from prmkit.prove.score import Answer, Array, Claims, Estimates, Mask, Outcome, Stakes
from prmkit.simulate.arithmetic import exp
from prmkit.simulate.lives import ramp
from prmkit.simulate.orders import mean_lift

_ENOUGH_PLACES = 6
_YEAR = 12
_STEP = 0.1


def elasticity(case: Case) -> Outcome | None:
    """How a territory's revenue answers to its number of selling partners."""
    rows = case.table("reach", "crowding_checks")
    row = rows[(rows["check"] == "elasticity") & rows["passed"].fillna(False).astype(bool)]
    told = row[["value", "low", "high"]].iloc[0].tolist() if len(row) else [None, None, None]
    return Outcome(Estimates.single(case.world.elasticity, *told, naive=1.0, should=len(case.state.network.places) >= _ENOUGH_PLACES))


def next_partner(case: Case) -> Outcome | None:
    """Revenue a year that one more partner truly adds in each territory, once grown: what an average one there is expected to sell, and
    what
    the others lose."""
    rows, truth = _rows(case), _average(case)
    if rows.empty:
        return None
    rows, average = _both(rows, truth)
    made = case.world.elasticity * average
    told = (rows[f"next_partner_revenue{end}"] for end in ("", "_low", "_high"))
    return Outcome(
        Estimates.of(made, *told, naive=rows["average_revenue"], should=rows["partners"] >= 1, scale=max(float(made.mean()), 1.0))
        if len(rows)
        else None
    )


def over_distribution(case: Case) -> Outcome | None:
    """Territories called too full: false where the next partner truly earns more than it costs. What the answer is worth: a tenth more
    partners where the next one is said to earn more than it costs, and a tenth fewer elsewhere."""
    rows = _rows(case)
    rows = rows[rows["next_partner_margin"].notna()] if "next_partner_margin" in rows else rows
    if rows.empty or rows["partner_cost"].isna().all():
        return None
    rows, average = _both(rows, _average(case))
    cost, rate = rows["partner_cost"].to_numpy(dtype=float), _margin(case, rows["territory"])
    gain = case.world.elasticity * average * rate - cost
    too_many, naive = (rows["verdict"] == "too_many").to_numpy(), (rows["spreadsheet"] == "stop").to_numpy()
    chance = rows["over_distributed_probability"].to_numpy(dtype=float)[too_many]
    claims = Claims(
        made=int(too_many.sum()),
        false=int((gain[too_many] > 0).sum()),
        stated=float(1 - chance.mean()) if too_many.any() else 0.0,
        naive_made=int(naive.sum()),
        naive_false=int((gain[naive] > 0).sum()),
        looked=len(rows),
        naive_looked=len(rows),
    )
    return Outcome(stakes=_stakes(rows, gain, naive), claims=claims)


def chance_too_many(case: Case) -> Outcome | None:
    """The chance stated that a territory's next partner brings less than it costs, as a Brier score; the spreadsheet's is certain."""
    rows = _rows(case)
    rows = rows[rows["over_distributed_probability"].notna()]
    if rows.empty:
        return None
    rows, average = _both(rows, _average(case))
    gain = case.world.elasticity * average * _margin(case, rows["territory"]) - rows["partner_cost"].to_numpy(dtype=float)
    true = (gain < 0).astype(float)
    chance, naive = rows["over_distributed_probability"].to_numpy(dtype=float), (rows["spreadsheet"] == "stop").to_numpy(dtype=float)
    return Outcome(stakes=Stakes(-float(((chance - true) ** 2).mean()), -float(((naive - true) ** 2).mean()), 0.0))


def _rows(case: Case) -> pd.DataFrame:
    rows = case.table("reach", "saturation")
    return rows[rows["next_partner_revenue"].notna()].reset_index(drop=True)


def _average(case: Case) -> pd.Series:
    """Expected revenue a year of an average partner that is there and has sold, by territory: grown, in the last year's demand, the
    effects of
    programmes in it."""
    state = case.state
    there = state.lives.alive[:, state.months - 1] & (state.orders.counts[:, : state.months].sum(axis=1) > 0)
    months = slice(max(state.months - _YEAR, 0), state.months)
    grown = np.column_stack([ramp(case.world, month - state.network.joined) for month in range(months.start, months.stop)])
    present = state.lives.alive[:, months]
    share = np.where(present, state.lives.factor[:, months] / np.maximum(grown, 1e-9), 0.0).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    year = _YEAR * state.network.rate * exp(state.network.log_size) * mean_lift(case.world) * share
    count = len(state.network.places)
    sums, here = (
        np.bincount(state.network.territory[there], year[there], count),
        np.bincount(state.network.territory[there], minlength=count),
    )
    return pd.Series(sums / np.maximum(here, 1), index=list(state.network.places)).where(here > 0)


def _both(rows: pd.DataFrame, average: pd.Series) -> tuple[pd.DataFrame, Array]:
    """Rows of territories that truly have partners, and what an average one there is expected to sell."""
    found = rows["territory"].map(average)
    return rows[found.notna()].reset_index(drop=True), found.dropna().to_numpy(dtype=float)


def _margin(case: Case, territories: pd.Series) -> Array:
    """True gross margin of expected revenue by territory."""
    known = case.truth.partners.groupby("territory")[["expected_margin", "expected_revenue"]].sum()
    made: Array = (
        territories.map(known["expected_margin"] / known["expected_revenue"].replace(0.0, np.nan)).fillna(case.world.margin).to_numpy(float)
    )
    return made


def _stakes(rows: pd.DataFrame, gain: Array, naive: Mask) -> Stakes:
    """Margin less cost, a year, of a tenth more partners where the next one is said to pay, and a tenth fewer elsewhere."""
    step = _STEP * rows["partners"].to_numpy(dtype=float) * gain
    tool = np.where(rows["next_partner_margin"] > rows["partner_cost"], step, -step)
    return Stakes(float(tool.sum()), float(np.where(naive, -step, step).sum()), float(np.abs(step).sum()))


CROWDING_ANSWERS = (
    Answer(
        "reach.elasticity",
        "reach",
        "Do more partners in a territory bring more, or share what there is?",
        "whole",
        "every partner adds the average",
        "not worked out",
        elasticity,
    ),
    Answer(
        "reach.next_partner",
        "reach",
        "What does one more partner add to a territory's revenue in a year?",
        "territory",
        "what the average partner there sells",
        "not worked out",
        next_partner,
    ),
    Answer(
        "reach.over_distribution",
        "reach",
        "Which territories have more partners than pay, and which have room?",
        "territory",
        "add wherever the average partner's margin is above its cost",
        "more or fewer by the true margin of the next one",
        over_distribution,
    ),
    Answer(
        "reach.chance_too_many",
        "reach",
        "How likely is it that a territory's next partner costs more than it brings?",
        "territory",
        "certain, by the average",
        "the truth",
        chance_too_many,
    ),
)
