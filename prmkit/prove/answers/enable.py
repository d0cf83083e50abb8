"""What is said of what training and incentives add, against what they truly cause."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prmkit.prove.case import Case
from prmkit.prove.limit import effect as limits
from prmkit.prove.score import Answer, Claims, Estimates, Outcome
from prmkit.simulate.revenue import realised_revenue
from prmkit.simulate.state import NEVER, Array, State, Whole

ENOUGH_TREATED = 15
_YEAR = 12


def course_effect(case: Case) -> Outcome | None:
    """What the sales course added in the 12 months after it."""
    row = _row(case.table("enable", "training_effect"), "course_id", "SALES-101")
    truth = float(_truth(case)["effect"]["SALES-101"])
    naive = before_after(case.state, case.state.course.wave + 1, _YEAR)
    told = limits.course(case.state)
    return Outcome(_effect(case, row, truth, naive, told, case.state.course.wave))


def fund_effect(case: Case) -> Outcome | None:
    """What marketing funds added while the campaign ran."""
    row = _row(case.table("enable", "incentives"), "programme", "mdf/campaign")
    truth = float(_truth(case)["effect"]["mdf/campaign"])
    naive = before_after(case.state, case.state.funding.start, case.state.funding.length)
    told = limits.funding(case.state)
    return Outcome(_effect(case, row, truth, naive, told, case.state.funding.start))


def lift(case: Case) -> Outcome | None:
    """Revenue that the funds added in the last 12 months."""
    row = _row(case.table("enable", "incentives"), "programme", "mdf/campaign")
    state = case.state
    last = np.arange(state.months - _YEAR, state.months)
    into = last - state.funding.start[:, None]
    running = (into >= 0) & (into < state.funding.length)
    naive = float((realised_revenue(state)[:, last] * running).sum())
    if naive <= 0:
        return None
    ends = (row.get("lift"), row.get("lift_low"), row.get("lift_high"))
    truth = float(_truth(case)["lift"]["mdf/campaign"])
    return Outcome(Estimates.single(truth, *ends, naive=naive, should=_can(case, state.funding.start), scale=naive))


def refused(case: Case) -> Outcome | None:
    """Programmes that follow the sale: no data can tell what they add, so that the only right answer is none."""
    rows = case.table("enable", "incentives").set_index("programme")["effect"]
    names = [name for name in ("spiff/launch", "rebate/annual") if name in rows.index]
    if not names:
        return None
    nothing = np.zeros(len(names), dtype=bool)
    return Outcome(Estimates.of(np.zeros(len(names)), rows.reindex(names).to_numpy(dtype=float), should=nothing))


def claims(case: Case) -> Outcome | None:
    """Courses and programmes said to work: their whole range lies above zero. False where they truly add nothing."""
    truth = _truth(case)["effect"]
    tables = [case.table("enable", "training_effect").set_index("course_id"), case.table("enable", "incentives").set_index("programme")]
    rows = pd.concat([table[["effect_low"]].astype("float64") for table in tables])
    said = rows["effect_low"].dropna()
    made = said[said > 0].index
    false = sum(float(truth.get(name, 0.0)) <= 0 for name in made)
    naive = {"SALES-101": before_after(case.state, case.state.course.wave + 1, _YEAR)}
    naive["TECH-201"] = before_after(case.state, case.state.course.technical + 1, _YEAR)
    naive["mdf/campaign"] = before_after(case.state, case.state.funding.start, case.state.funding.length)
    works = [name for name, value in naive.items() if value > 0]
    wrong = sum(float(truth.get(name, 0.0)) <= 0 for name in works)
    return Outcome(claims=Claims(len(made), false, np.nan, len(works), wrong, looked=len(said), naive_looked=len(naive)))


def before_after(state: State, start: Whole, length: int) -> float:
    """The spreadsheet rule: sales of those who took part in the months after, over the same number of months before, less one."""
    sold = realised_revenue(state)[:, : state.months]
    before = after = 0.0
    for partner in np.flatnonzero(start < NEVER):
        begin = int(start[partner])
        end = min(begin + length, state.months)
        span = end - begin
        if span > 0 and begin - span >= 0:
            before += float(sold[partner, begin - span : begin].sum())
            after += float(sold[partner, begin:end].sum())
    return after / before - 1 if before > 0 else np.nan


def _effect(case: Case, row: pd.Series, truth: float, naive: float, told: Array, date: Whole) -> Estimates:
    return Estimates.single(
        truth,
        row.get("effect"),
        row.get("effect_low"),
        row.get("effect_high"),
        naive=naive,
        limit=told[0],
        limit_low=told[1],
        limit_high=told[2],
        should=_can(case, date),
    )


def _can(case: Case, date: Whole) -> bool:
    """Whether the data can carry it: enough partners took part after half a year of sales, and not because they were rising already."""
    history = date - np.maximum(case.state.network.joined, 0) >= 6
    return bool(((date < NEVER) & history).sum() >= ENOUGH_TREATED and case.world.assignment != "rising")


def _row(rows: pd.DataFrame, key: str, name: str) -> pd.Series:
    found = rows[rows[key] == name]
    return pd.Series(dtype="float64") if found.empty else found.iloc[0]


def _truth(case: Case) -> pd.DataFrame:
    return case.truth.programmes.set_index("programme")


ANSWERS_OF_ENABLE = (
    Answer(
        "enable.course_effect",
        "enable",
        "What did the sales course add?",
        "course",
        "sales after over sales before",
        "every partner's rate integrated out, told all that moves sales besides",
        course_effect,
    ),
    Answer(
        "enable.fund_effect",
        "enable",
        "What did marketing funds add while the campaign ran?",
        "programme",
        "sales during over sales before",
        "as for the course",
        fund_effect,
    ),
    Answer(
        "enable.lift",
        "enable",
        "How much revenue of the last 12 months is owed to the funds?",
        "programme",
        "all that was sold during the campaign",
        "not worked out",
        lift,
    ),
    Answer(
        "enable.refused",
        "enable",
        "Are programmes refused that no data can tell the effect of?",
        "programme",
        "none",
        "none",
        refused,
    ),
    Answer(
        "enable.claims",
        "enable",
        "Of the programmes said to work, how many do nothing?",
        "programme",
        "sales after above sales before",
        "none",
        claims,
    ),
)
